"""An allowlist as tables to look tags up in: what a tag becomes, which attributes it may have."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sitegen.markup.untrusted.elements import BREAKS, GLOBAL_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sitegen.markup.untrusted.allowlist import Allowlist

_EQUIVALENTS = {
    "b": "strong",
    "i": "em",
    "strong": "b",
    "em": "i",
    "strike": "del",
    "s": "del",
    "del": "s",
    "tt": "code",
    "pre": "code",
}
"""Tag -> the element that means the same, for formats that allow only that one."""


class Policy(NamedTuple):
    """What one allowlist means for each tag."""

    attributes: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Element -> attribute -> values, empty for any that the attribute itself accepts."""
    names: Mapping[str, str]
    """Tag as written, in lower case -> element it becomes."""
    links: bool
    """Whether it lets links through; then addresses turn into links."""


@lru_cache(maxsize=64)
def policy_of(allowlist: Allowlist) -> Policy:
    """Return the tables of an allowlist."""
    attributes = {
        element.name: dict.fromkeys(GLOBAL_ATTRIBUTES, ())
        | {attribute.name: attribute.values for attribute in element.attributes}
        for element in allowlist.elements
        if element.name not in BREAKS
    }
    names = {name: name for name in attributes}
    for written, element in _EQUIVALENTS.items():
        if element in attributes:
            names.setdefault(written, element)
    return Policy(attributes, names, "href" in attributes.get("a", ()))
