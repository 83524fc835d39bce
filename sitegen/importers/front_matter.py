"""The head of an article in YAML, TOML or Pelican's `Key: value` -> entries that know their line."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from typing import Any, TypeAlias

import msgspec
import yaml

Value: TypeAlias = "str | list[Value] | dict[str, Value]"


class Entry(msgspec.Struct, frozen=True):
    """One key with its value; every value is text, a list or a mapping."""

    key: str
    value: Any
    line: int


class Head(msgspec.Struct, frozen=True):
    """What stands before the text of an article, and the text."""

    entries: tuple[Entry, ...]
    body: str
    body_line: int
    repeated: tuple[Entry, ...] = ()
    """Entries whose key came before; the last one counts, as it did."""


class HeadError(Exception):
    """The head cannot be read: why, and at which line."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason, line)
        self.reason = reason
        self.line = line


def read_head(text: str) -> Head:
    """Return the front matter between two lines of `---` or `+++`, and the rest of the file.

    Raises:
        HeadError: It is not what it begins like.
    """
    first, _, rest = text.partition("\n")
    fence = first.rstrip()
    if fence not in {"---", "+++"}:
        return Head((), text, 1)
    lines = rest.split("\n")
    end = next((number for number, line in enumerate(lines) if line.rstrip() == fence), None)
    if end is None:
        raise HeadError("the front matter has no end", 1)
    head, body = "\n".join(lines[:end]), "\n".join(lines[end + 1 :])
    entries = list(_toml(head, 2) if fence == "+++" else _yaml(head, 2))
    return _without_repeats(entries, body, end + 3)


_LINE = re.compile(r"([A-Za-z][A-Za-z0-9_ -]*):(.*)")


def read_pelican_head(text: str) -> Head:
    """Return Pelican's lines of `Key: value` before the first empty line, and the rest of the file."""
    if text.startswith("---\n"):
        return read_head(text)
    entries: list[Entry] = []
    lines = text.split("\n")
    end = 0
    for number, line in enumerate(lines):
        match = _LINE.fullmatch(line)
        if match:
            entries.append(Entry(match[1].strip(), match[2].strip(), number + 1))
        elif entries and line.startswith("    ") and line.strip():
            last = entries.pop()
            entries.append(Entry(last.key, f"{last.value}\n{line.strip()}".strip(), last.line))
        else:
            break
        end = number + 1
    return _without_repeats(entries, "\n".join(lines[end:]), end + 1)


def read_settings(text: str, name: str) -> dict[str, Any]:
    """Return what a generator's configuration in YAML or TOML says, its keys in lower case.

    Raises:
        HeadError: It cannot be read.
    """
    entries = _toml(text, 1) if name.endswith(".toml") else _yaml(text, 1)
    return {entry.key.lower(): entry.value for entry in entries}


def _without_repeats(entries: list[Entry], body: str, line: int) -> Head:
    last = {entry.key.lower(): entry for entry in entries}
    repeated = tuple(entry for entry in entries if last[entry.key.lower()] is not entry)
    return Head(tuple(last.values()), body, line, repeated)


def _yaml(text: str, first_line: int) -> Iterator[Entry]:
    """Yield the keys of a YAML mapping, the repeated ones too."""
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = str(getattr(error, "problem", "") or "this is not YAML").lower()
        raise HeadError(reason, first_line + (mark.line if mark else 0)) from None
    if builder.root is not None and not isinstance(builder.root, _Pairs):
        raise HeadError("expected lines of `key: value`", first_line)
    for key, value, line in builder.root or ():
        yield Entry(key, value, first_line + line)


class _Pairs(list[tuple[str, Any, int]]):
    """The keys of a mapping that is being read, with values and lines."""

    key: tuple[str, int] | None = None


class _Builder:
    """Makes values from parse events; nothing is composed, so no depth can end the process."""

    def __init__(self) -> None:
        self.root: Any = None
        self.open: list[_Pairs | list[Any]] = []
        self.anchors: dict[str, Any] = {}
        self.names: list[str | None] = []

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line if event.start_mark else 0
        if isinstance(event, yaml.ScalarEvent):
            is_null = event.implicit[0] and event.value.lower() in {"", "~", "null"}
            self._put("" if is_null else event.value, line, event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            self._put(self.anchors.get(event.anchor or "", ""), line, None)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self.open.append(_Pairs() if isinstance(event, yaml.MappingStartEvent) else [])
            self.names.append(event.anchor)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            done: Any = self.open.pop()
            if isinstance(done, _Pairs) and self.open:
                done = {key: value for key, value, _ in done}
            self._put(done, line, self.names.pop())

    def _put(self, value: Any, line: int, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = value
        top = self.open[-1] if self.open else None
        if top is None:
            self.root = value
        elif not isinstance(top, _Pairs):
            top.append(value)
        elif top.key is None:
            top.key = (str(value), line)
        else:
            top.append((top.key[0], value, top.key[1]))
            top.key = None


_TOML_LINE = re.compile(r"line (\d+)")


def _toml(text: str, first_line: int) -> Iterator[Entry]:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said, _, place = str(error).partition(" (at")
        at = _TOML_LINE.search(place)
        line = int(at[1]) - 1 if at else text.count("\n")
        raise HeadError(said.lower(), first_line + line) from None
    lines = text.split("\n")
    for key, value in found.items():
        wanted = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}\b")
        line = next((number for number, line in enumerate(lines) if wanted.match(line)), 0)
        yield Entry(key, _text(value), first_line + line)


def _text(value: Any) -> Any:
    """Return a value of TOML as YAML's text would have it."""
    if isinstance(value, dict):
        return {key: _text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_text(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
