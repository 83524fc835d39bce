"""The comments of one article as they were found -> which are brought, and what each one answers.

A deleted comment stays as a tombstone while something below it is shown; one of ours always
does. A reply whose parent is not brought moves up to the nearest comment above it that is; one
that answers itself, by whatever detour, stands at the top level.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from sitegen.importers.comments.found import Found


class Placed(msgspec.Struct, frozen=True):
    """One comment, and what it answers of those that are brought."""

    found: Found
    parent: str = ""
    """The id in the source of the nearest comment above that is brought."""
    notes: tuple[str, ...] = ()
    left: str = ""
    """Why it is not brought."""


def placed(thread: list[Found], is_here: Callable[[str], bool]) -> list[Placed]:
    """Return every comment of an article with its place, in the order given.

    Args:
        thread: As found in one export.
        is_here: Whether the site has the comment of this id already, from an earlier import.
    """
    by_id: dict[str, Found] = {}
    for found in thread:
        by_id.setdefault(found.id, found)
    needed = _needed(by_id)
    tops = _tops_of_rings(by_id)
    rows = []
    for found in thread:
        if by_id[found.id] is not found:
            rows.append(Placed(found, left="it stands in the export twice"))
        elif found.left:
            rows.append(Placed(found, left=found.left))
        elif found.removed and found.id not in needed and found.kind != "as_is":
            rows.append(Placed(found, left="it was deleted, and nothing answers it"))
        else:
            rows.append(_placed(found, by_id, is_here, is_top=found.id in tops))
    return rows


def _needed(by_id: Mapping[str, Found]) -> set[str]:
    """Return the ids of what is shown, and of everything above it."""
    needed: set[str] = set()
    for found in by_id.values():
        name = "" if found.left or found.removed else found.id
        while name and name in by_id and name not in needed:
            needed.add(name)
            name = by_id[name].parent
    return needed


def _placed(
    found: Found, by_id: Mapping[str, Found], is_here: Callable[[str], bool], *, is_top: bool
) -> Placed:
    seen = {found.id}
    name = found.parent
    while name in by_id and name not in seen and by_id[name].left:
        seen.add(name)
        name = by_id[name].parent
    if not found.parent:
        return Placed(found)
    if name in seen or is_top:
        return Placed(found, notes=("it answers itself, so it stands at the top level",))
    if name and name not in by_id and not is_here(name):
        return Placed(
            found, notes=("what it answers is not in the export, so it stands at the top level",)
        )
    if name != found.parent:
        return Placed(found, name, ("what it answers is not brought, so it moved up",))
    return Placed(found, name)


def _tops_of_rings(by_id: Mapping[str, Found]) -> set[str]:
    """Return the first comment, as the export has them, of each ring of answers that has no beginning."""
    places = {name: place for place, name in enumerate(by_id)}
    tops = set()
    walked: dict[str, str] = {}
    """Id -> where the walk upwards began that came by first."""
    for start in by_id:
        name = start
        while name in by_id and name not in walked:
            walked[name] = start
            name = by_id[name].parent
        if name in by_id and walked[name] == start:  # the walk has come back to its own steps
            ring = [name]
            while (name := by_id[name].parent) != ring[0]:
                ring.append(name)
            tops.add(min(ring, key=places.__getitem__))
    return tops
