"""One value of a file -> what it means, or a problem where it stands; and the same as JSON Schema."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from sitegen.errors import Location, Problem, quoted
from sitegen.sources.dates import NotAMomentError, parse_moment
from sitegen.sources.nodes import Mapping, Node, Scalar, Sequence

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


language = matching(
    r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*",
    "a language tag",
    "write it as in BCP 47: en, de-AT, pt-BR",
)


link = matching(
    r"(?:https?://|/(?!/))[^\s<>\"]*",
    "a path of the site or a web address",
    "begin with / or https://",
)


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
"""A date or a date with its time, as `dates.parse_moment` reads it; in UTC."""


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
