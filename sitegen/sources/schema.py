"""What keys a file may hold and what their values mean; written once, used three times.

The same table of keys converts a file, lists its mistakes with places and cures, and
prints the JSON Schema and the manual's tables, so these cannot disagree.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingOf
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from sitegen.errors import Location, Problem, quoted
from sitegen.sources.fields import Mapping, Node, Scalar, Sequence
from sitegen.sources.moments import NotAMomentError, parse_moment

JsonSchema = dict[str, Any]


class Reader:
    """What converting needs besides the node: the site's zone, and where faults are put."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.problems: list[Problem] = []

    def report(self, code: str, message: str, location: Location, hint: str = "") -> None:
        """Take note of a fault; reading goes on, so that all are told at once."""
        self.problems.append(Problem(code, message, location, hint))


class Kind(msgspec.Struct, frozen=True):
    """A kind of value: how it is read, and how a JSON Schema says it.

    `read` returns the value, or None after it has reported why there is none.
    """

    read: Callable[[Node, Reader], Any]
    schema: JsonSchema


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
        present.add(name.text)
        if isinstance(node, Scalar) and node.plain and not node.text:
            present.discard(name.text)
            continue
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


def _expect(node: Node, reader: Reader, expected: str) -> Scalar | None:
    if isinstance(node, Scalar):
        return node
    shape = "list" if isinstance(node, Sequence) else "mapping"
    reader.report("value", f"found a {shape}, expected {expected}", node.location)
    return None


def text(*, max_length: int = 10_000, one_line: bool = True) -> Kind:
    """Return the kind of a text that is not empty; white space at its ends is dropped."""

    def read(node: Node, reader: Reader) -> str | None:
        scalar = _expect(node, reader, "a text")
        if scalar is None:
            return None
        value = scalar.text.strip() if one_line else scalar.text
        if one_line and "\n" in value:
            value = " ".join(value.split())
        if not value.strip():
            reader.report(
                "value", "the text is empty", scalar.location, "write it, or delete the key"
            )
        elif len(value) > max_length:
            message = f"the text has {len(value)} characters, at most {max_length} are allowed"
            reader.report("value", message, scalar.location, "shorten it")
        else:
            return value
        return None

    return Kind(read, {"type": "string", "minLength": 1, "maxLength": max_length})


def matching(pattern: str, expected: str, hint: str, *, max_length: int = 2000) -> Kind:
    """Return the kind of a one-line text that fits a whole pattern; `expected` says it in words."""
    compiled = re.compile(pattern)

    def read(node: Node, reader: Reader) -> str | None:
        scalar = _expect(node, reader, expected)
        if scalar is None:
            return None
        value = scalar.text.strip()
        if len(value) <= max_length and compiled.fullmatch(value):
            return value
        reader.report("value", f"{quoted(value)} is not {expected}", scalar.location, hint)
        return None

    return Kind(read, {"type": "string", "pattern": f"^(?:{pattern})$", "maxLength": max_length})


def choice(*values: str) -> Kind:
    """Return the kind of a text that is one of some words."""

    def read(node: Node, reader: Reader) -> str | None:
        expected = f"one of {', '.join(values)}"
        scalar = _expect(node, reader, expected)
        if scalar is None:
            return None
        value = scalar.text.strip()
        if value in values:
            return value
        close = difflib.get_close_matches(value.lower(), values, n=1, cutoff=0.6)
        hint = f"did you mean `{close[0]}`?" if close else ""
        reader.report("value", f"{quoted(value)} is not {expected}", scalar.location, hint)
        return None

    return Kind(read, {"enum": list(values)})


_YES_NO = {"true": True, "false": False}


def _read_flag(node: Node, reader: Reader) -> bool | None:
    scalar = _expect(node, reader, "true or false")
    if scalar is None:
        return None
    value = _YES_NO.get(scalar.text.strip().lower())
    if value is None:
        reader.report(
            "value",
            f"{quoted(scalar.text)} is neither true nor false",
            scalar.location,
            "write true or false",
        )
    return value


flag = Kind(_read_flag, {"type": "boolean"})
"""`true` or `false`, and nothing else: yes, no, on and off are texts."""


def whole_number(least: int, most: int) -> Kind:
    """Return the kind of a whole number within bounds."""
    expected = f"a whole number from {least} to {most}"

    def read(node: Node, reader: Reader) -> int | None:
        scalar = _expect(node, reader, expected)
        if scalar is None:
            return None
        value = scalar.text.strip()
        if re.fullmatch(r"[0-9]{1,9}", value) and least <= int(value) <= most:
            return int(value)
        reader.report("value", f"{quoted(value)} is not {expected}", scalar.location)
        return None

    return Kind(read, {"type": "integer", "minimum": least, "maximum": most})


def _read_moment(node: Node, reader: Reader) -> object:
    scalar = _expect(node, reader, "a date")
    if scalar is None:
        return None
    try:
        return parse_moment(scalar.text.strip(), reader.zone)
    except NotAMomentError as error:
        reason, hint = error.args
        reader.report(
            "date", f"{quoted(scalar.text)} is not a date: {reason}", scalar.location, hint
        )
        return None


moment = Kind(
    _read_moment,
    {"type": ["string", "integer"], "description": "YYYY-MM-DD, or with time and zone"},
)
"""A date or a date with its time, as `moments.parse_moment` reads it; in UTC."""


def list_of(kind: Kind, *, or_one: bool = False, max_items: int = 1000) -> Kind:
    """Return the kind of a list of values; with `or_one`, one value stands for a list of one."""

    def read(node: Node, reader: Reader) -> tuple[Any, ...] | None:
        if isinstance(node, Scalar) and or_one:
            value = kind.read(node, reader)
            return None if value is None else (value,)
        if not isinstance(node, Sequence):
            reader.report(
                "value",
                "expected a list",
                node.location,
                "write `[one, two]`, or one `- item` a line",
            )
            return None
        if len(node.items) > max_items:
            reader.report("value", f"the list has more than {max_items} items", node.location)
            return None
        values = [kind.read(item, reader) for item in node.items]
        return tuple(value for value in values if value is not None)

    items: JsonSchema = {"type": "array", "items": kind.schema, "maxItems": max_items}
    return Kind(read, {"anyOf": [items, kind.schema]} if or_one else items)


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


def table(names: Kind, values: Kind) -> Kind:
    """Return the kind of a mapping with free names: a dictionary of name -> value."""

    def read(node: Node, reader: Reader) -> dict[str, Any] | None:
        if not isinstance(node, Mapping):
            reader.report("value", "expected a mapping of `name: value` lines", node.location)
            return None
        pairs = [
            (names.read(name, reader), values.read(value, reader)) for name, value in node.entries
        ]
        return {name: value for name, value in pairs if name is not None and value is not None}

    schema = {"type": "object", "additionalProperties": values.schema}
    allowed = {key: names.schema[key] for key in ("pattern", "enum") if key in names.schema}
    if allowed:
        schema["propertyNames"] = allowed
    return Kind(read, schema)


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return tuple(_plain(item) for item in node.items)
    return {key.text: _plain(value) for key, value in node.entries}


def _read_anything(node: Node, reader: Reader) -> Any:
    if isinstance(node, Mapping):
        return _plain(node)
    reader.report("value", "expected a mapping of `name: value` lines", node.location)
    return None


anything = Kind(_read_anything, {"type": "object"})
"""A mapping of the author's own; every value in it is text, a list or a mapping."""


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


def frozen(values: MappingOf[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return a dictionary as sorted pairs, which a frozen record can hold."""
    return tuple(sorted(values.items()))
