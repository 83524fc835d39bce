"""An allowlist as tables to look things up in: what a tag becomes, and which attributes it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from sitegen.markup.addresses import safe_address
from sitegen.markup.allowlist import Allowlist
from sitegen.markup.elements import BREAKS, GLOBAL_ATTRIBUTES, URLS, accepts

_EQUIVALENTS = {
    "b": "strong",
    "i": "em",
    "strong": "b",
    "em": "i",
    "strike": "del",
    "s": "del",
    "del": "s",
    "tt": "code",
}
_GLOBAL: Mapping[str, tuple[str, ...]] = dict.fromkeys(GLOBAL_ATTRIBUTES, ())


class Policy(msgspec.Struct, frozen=True, eq=False):
    """What one allowlist means for each tag."""

    attributes: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Element -> attribute -> values, empty for any that the attribute itself accepts."""
    names: Mapping[str, str]
    """Tag as written, in lower case -> element it becomes."""

    def value(self, element: str, attribute: str, value: str) -> str | None:
        """Return the value an attribute keeps, or None if the attribute has to go."""
        allowed = self.attributes[element].get(attribute)
        if allowed is None:
            return None
        if attribute in URLS:
            return safe_address(value)
        if attribute == "class":
            kept = [
                name
                for name in value.split()
                if _matches(name, allowed) and accepts(element, attribute, name)
            ]
            return " ".join(kept) or None
        if not accepts(element, attribute, value) or (allowed and not _matches(value, allowed)):
            return None
        return value


def _matches(value: str, allowed: tuple[str, ...]) -> bool:
    return any(value.startswith(one[:-1]) if one.endswith("*") else value == one for one in allowed)


@lru_cache(maxsize=64)
def policy_of(allowlist: Allowlist) -> Policy:
    """Return the tables of an allowlist."""
    attributes: dict[str, Mapping[str, tuple[str, ...]]] = {
        element.name: {
            **_GLOBAL,
            **{attribute.name: attribute.values for attribute in element.attributes},
        }
        for element in allowlist.elements
        if element.name not in BREAKS
    }
    names = {name: name for name in attributes}
    for written, element in _EQUIVALENTS.items():
        if element in attributes:
            names.setdefault(written, element)
    if "code" in attributes:
        names.setdefault("pre", "code")
    return Policy(attributes, names)
