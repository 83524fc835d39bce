"""What a YAML file holds: mappings, lists and texts, each with its place."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from sitegen.errors import Location


class Scalar(msgspec.Struct, frozen=True):
    """A text; `plain` is false when it was quoted or a block, so that `""` is not nothing."""

    text: str
    location: Location
    plain: bool = True


class Sequence(msgspec.Struct, frozen=True):
    """A list, in the order of the file."""

    items: tuple[Node, ...]
    location: Location


class Mapping(msgspec.Struct, frozen=True):
    """Keys with their values, in the order of the file; no key twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    location: Location


Node: TypeAlias = Scalar | Sequence | Mapping


def place_of(node: Node, *names: str) -> Location:
    """Return the place of what stands below some keys, one in the other; of the last that is there."""
    for name in names:
        if isinstance(node, Mapping):
            node = next((value for key, value in node.entries if key.text == name), node)
    return node.location


def says_nothing(node: Node) -> bool:
    """Return whether a key has no value, as in `slug:`; one that is empty in quotes has one."""
    return isinstance(node, Scalar) and node.plain and not node.text
