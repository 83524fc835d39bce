"""The attributes of one tag -> those that the allowlist lets through, with values that cannot harm.

Addresses by their whole shape, ids and links to them under the comment's own prefix, and
every other value by the attribute's own pattern.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sitegen.markup.untrusted.addresses import decoded, is_ordinary, safe_address
from sitegen.markup.untrusted.characters import plain_characters
from sitegen.markup.untrusted.elements import URLS, accepts

if TYPE_CHECKING:
    from collections.abc import Callable

    from sitegen.markup.untrusted.changes import ChangeKind, Notes
    from sitegen.markup.untrusted.policy import Policy

_ATTRIBUTE = re.compile(
    r"""([A-Za-z_:][A-Za-z0-9_:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""", re.ASCII
)
Attributes = tuple[tuple[str, str], ...]


class AttributeReader:
    """Reads the attributes of one comment's tags, and remembers the ids it has given."""

    def __init__(
        self, policy: Policy, id_prefix: str, accepts_address: Callable[[str], bool], notes: Notes
    ) -> None:
        self._policy = policy
        self._id_prefix = id_prefix
        self._accepts_address = accepts_address
        self._notes = notes
        self._ids: set[str] = set()

    def read(self, element: str, markup: str, offset: int) -> Attributes:
        """Return what stays of the attributes in a tag; `offset` is their place in the text."""
        kept: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(markup):
            name = found[1].lower()
            place = (offset + found.start(), offset + found.end())
            written = found[2] or found[3] or found[4] or ""
            if "&" in written:
                # Decoded once, then judged: `java&#10;script:`, `&#x202e;`.
                written = plain_characters(decoded(written))
            value = self._value(element, name, written)
            if value is None or name in kept:
                self._note_removed(element, name, place, found[0])
            else:
                kept[name] = self._own_id(value, place) if name == "id" else value
        return tuple(kept.items())

    def _value(self, element: str, name: str, written: str) -> str | None:
        """Return the value an attribute keeps, or None if the attribute has to go."""
        allowed = self._policy.attributes[element].get(name)
        if allowed is None:
            return None
        if name in URLS:
            return self._address(written)
        if name == "class":
            kept = [one for one in written.split() if _matches(one, allowed)]
            return " ".join(one for one in kept if accepts(element, name, one)) or None
        if not accepts(element, name, written) or (allowed and not _matches(written, allowed)):
            return None
        return written

    def _address(self, written: str) -> str | None:
        address = safe_address(written)
        if address is None or not (is_ordinary(address) or self._accepts_address(address)):
            return None
        if address[0] == "#":
            return f"#{own_id(self._id_prefix, address[1:])}"
        return address

    def _own_id(self, value: str, place: tuple[int, int]) -> str:
        """Return an id that no other element of this comment, or of the page, has."""
        unique, number = value, 2
        while unique in self._ids:
            unique, number = f"{value[:55]}-{number}", number + 1
        self._ids.add(unique)
        became = own_id(self._id_prefix, unique)
        if became != value:
            self._notes.add("id-renamed", place, value, became, "ids are the comment's own")
        return became

    def _note_removed(self, element: str, name: str, place: tuple[int, int], found: str) -> None:
        if name in self._policy.attributes[element]:
            kind: ChangeKind = "address-removed" if name in URLS else "attribute-removed"
            self._notes.add(kind, place, found, "", f"`{name}` may not be this")
        elif name != "rel":
            # Every link gets our own `rel`, so one that is missing says nothing.
            why = f"`{name}` is not allowed on `<{element}>`"
            self._notes.add("attribute-removed", place, found, "", why)


def _matches(value: str, allowed: tuple[str, ...]) -> bool:
    return any(value.startswith(one[:-1]) if one.endswith("*") else value == one for one in allowed)


def own_id(prefix: str, name: str) -> str:
    """Return an id in the page for an id in a comment.

    The `~` keeps them apart: no comment's id holds one, so `comment-ada-` and `b` can never
    make the anchor of the comment `ada-b`.
    """
    return f"{prefix}~{name}" if prefix else name
