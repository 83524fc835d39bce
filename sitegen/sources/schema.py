"""What keys a file may hold and what their values mean; written once, used three times.

The same table of keys converts a file, lists its mistakes with places and cures, and
prints the JSON Schema and the manual's tables, so these cannot disagree.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from sitegen.errors import quoted
from sitegen.sources.kinds import JsonSchema, Kind, Reader
from sitegen.sources.nodes import Mapping, Node, says_nothing


class Key(msgspec.Struct, frozen=True):
    """One key of a file."""

    name: str
    kind: Kind
    doc: str
    """One sentence for the manual and for editors."""
    required: bool = False
    default: Any = None


def read_keys(
    mapping: Mapping, keys: tuple[Key, ...], reader: Reader, inside: str = ""
) -> dict[str, Any]:
    """Return key -> converted value for every known key; faults go to the reader.

    A key without a value (`slug:`) counts as absent. A required key that is absent or
    faulty is missing from the result, so look at `reader.problems` before using it.
    """
    known = {key.name: key for key in keys}
    values: dict[str, Any] = {key.name: key.default for key in keys if not key.required}
    present = set()
    for name, node in mapping.entries:
        key = known.get(name.text)
        if key is None:
            reader.report(
                "unknown-key",
                f"unknown key {quoted(inside + name.text)}",
                name.location,
                meant(name.text, known),
            )
            continue
        if says_nothing(node):
            continue
        present.add(name.text)
        value = key.kind.read(node, reader)
        if value is not None:
            values[key.name] = value
    for key in keys:
        if key.required and key.name not in present:
            place = mapping.location
            reader.report(
                "missing-key",
                f"key {quoted(inside + key.name)} is missing",
                place,
                f"add `{key.name}: …`",
            )
    return values


def meant(name: str, known: Iterable[str]) -> str:
    """Return a hint for an unknown name: the one that is like it, else all."""
    names = sorted(known)
    close = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else f"known keys: {', '.join(names)}"


def record(keys: tuple[Key, ...], make: Callable[..., Any] = dict, inside: str = "") -> Kind:
    """Return the kind of a mapping with known keys; `make` gets them as keyword arguments."""

    def read(node: Node, reader: Reader) -> Any:
        if not isinstance(node, Mapping):
            reader.report("value", "expected a mapping of `key: value` lines", node.location)
            return None
        before = len(reader.problems)
        values = read_keys(node, keys, reader, inside)
        return make(**values) if len(reader.problems) == before else None

    return Kind(read, keys_schema(keys))


def keys_schema(keys: tuple[Key, ...], title: str = "", about: str = "") -> JsonSchema:
    """Return the JSON Schema (2020-12) of a mapping with these keys."""
    properties = {key.name: {**key.kind.schema, "description": key.doc} for key in keys}
    schema: JsonSchema = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [key.name for key in keys if key.required]
    if required:
        schema["required"] = required
    if title:
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": title,
            "description": about,
            **schema,
        }
    return schema
