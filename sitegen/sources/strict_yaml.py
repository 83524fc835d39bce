"""YAML text -> nodes that know their line and column, read from parse events only.

Nothing is composed or constructed: composing an untrusted file can end the process
(libyaml on deep nesting), merge keys and aliases can keep it busy for ever, and YAML's
own types turn a person called No into False. So every scalar stays text, converted
later by a schema, and anything beyond mappings, lists and text is refused.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NoReturn

import msgspec
import yaml

from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.sources.decoding import with_excerpts
from sitegen.sources.nodes import Mapping, Node, Scalar, Sequence


class Limits(msgspec.Struct, frozen=True):
    """How much a file may hold before it is refused."""

    size: int
    """Bytes."""
    depth: int
    """Levels of nesting; 1 is a flat mapping."""
    items: int
    """Keys and list items in all."""


STRANGERS = Limits(size=64 * 1024, depth=1, items=32)
AUTHORS = Limits(size=1024 * 1024, depth=12, items=20_000)

# YAML 1.1 ends a line at NEL, LS and PS, which no diff view shows: one key could hide two.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_FORBIDDEN_IN_VALUES = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)


def parse_mapping(text: str, path: str, limits: Limits, first_line: int = 1) -> Mapping:
    """Return the one mapping that a YAML text holds.

    Args:
        text: Decoded, with LF line ends.
        path: For the places in messages.
        limits: How much it may hold.
        first_line: The line of the file at which `text` begins.

    Raises:
        SiteError: All that can be told is told at once; a syntax error ends the reading.
    """
    try:
        return _Reader(text, path, limits, first_line).document()
    except SiteError as error:
        raise SiteError(*with_excerpts(error.problems, text, first_line)) from None


@functools.cache
def _event_loader() -> type:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Reader:
    """Events -> nodes, without recursion, with every fault collected."""

    def __init__(self, text: str, path: str, limits: Limits, first_line: int) -> None:
        self.text = text
        self.path = path
        self.limits = limits
        self.offset = first_line
        self.problems: list[Problem] = []
        self.count = 0

    def document(self) -> Mapping:
        if len(self.text) > self.limits.size:
            message = f"the file holds more than {self.limits.size // 1024} KiB"
            self.fail("size", message, Location(self.path))
        found = _FORBIDDEN.search(self.text)
        if found:
            line = self.text.count("\n", 0, found.start())
            column = found.start() - (self.text.rfind("\n", 0, found.start()) + 1)
            message = f"character U+{ord(found[0]):04X} may not stand in YAML here"
            hint = "delete it; it cannot be seen in most editors"
            self.fail("control-character", message, self.at(line, column), hint)
        root = None
        try:
            root = self.nodes()
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            # Without libyaml, an escape beyond Unicode ends in chr(), which raises the latter two.
            self.problems.append(self.syntax_problem(error))
        if self.problems:
            raise SiteError(*self.problems)
        if not isinstance(root, Mapping):
            place = root.location if root else Location(self.path, self.offset, 1)
            hint = "write at least one `key: value`"
            self.fail("not-a-mapping", "found no `key: value` lines", place, hint)
        return root

    def fail(self, code: str, message: str, location: Location, hint: str = "") -> NoReturn:
        raise SiteError(*self.problems, Problem(code, message, location, hint))

    def report(self, code: str, message: str, location: Location, hint: str = "") -> None:
        self.problems.append(Problem(code, message, location, hint))

    def at(self, line: int, column: int, width: int = 1) -> Location:
        """Return the place for a line and column that count from 0 within the text."""
        return Location(self.path, line + self.offset, column + 1, "", width)

    def place(self, event: yaml.NodeEvent) -> Location:
        start, end = event.start_mark, event.end_mark
        assert start is not None
        assert end is not None
        width = end.column - start.column if end.line == start.line else 1
        return self.at(start.line, start.column, max(1, width))

    def nodes(self) -> Node | None:
        """Return the root of the only document; nested collections wait on a stack."""
        root: Node | None = None
        stack: list[_Open] = []
        for event in self.events():
            node: Node
            if isinstance(event, yaml.ScalarEvent):
                node = self.scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                if len(stack) >= self.limits.depth:
                    self.fail("nesting", self.too_deep(), self.place(event), "write plain text")
                stack.append(_Open(self.place(event), isinstance(event, yaml.MappingStartEvent)))
                continue
            else:
                node = self.close(stack.pop())
            if stack:
                stack[-1].children.append(node)
            else:
                root = node
        return root

    def too_deep(self) -> str:
        if self.limits.depth == 1:
            return "found a list or mapping where a text is expected"
        return f"lists and mappings are nested more than {self.limits.depth} deep"

    def events(self) -> Iterator[yaml.Event]:
        """Yield scalars and collections of the first document; refuse what could harm."""
        documents = 0
        for event in yaml.parse(self.text, Loader=_event_loader()):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    place = self.at(event.start_mark.line if event.start_mark else 0, 0)
                    self.fail("documents", "a second document begins here", place, "keep one")
                if event.version or event.tags:
                    message = "YAML directives are not allowed"
                    self.fail("directive", message, self.at(0, 0), "delete the `%` line")
            elif isinstance(event, yaml.AliasEvent):
                self.forbid("alias", event, "aliases", "*")
            elif isinstance(event, yaml.NodeEvent):
                self.refuse_properties(event)
                self.count += 1
                if self.count > 2 * self.limits.items + 1:  # keys, values, and the whole
                    message = f"found more than {self.limits.items} values"
                    self.fail("size", message, self.place(event))
                yield event
            elif isinstance(event, yaml.CollectionEndEvent):
                yield event

    def refuse_properties(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self.forbid("alias", event, "anchors", "&")
        if getattr(event, "tag", None) is not None:
            self.forbid("tag", event, "tags", "!")

    def forbid(self, code: str, event: yaml.NodeEvent, what: str, sign: str) -> NoReturn:
        message = f"YAML {what} (`{sign}name`) are not allowed"
        hint = f"if the text begins with `{sign}`, put it in quotes"
        self.fail(code, message, self.place(event), hint)

    def scalar(self, event: yaml.ScalarEvent) -> Scalar:
        plain = event.style is None or event.style == ""
        location = self.place(event)
        bad = _FORBIDDEN_IN_VALUES.search(event.value)
        if bad:
            message = (
                f"an escape in this text means U+{ord(bad[0]):04X}, which may not be published"
            )
            self.report("control-character", message, location, "delete the escape")
        return Scalar(event.value, location, plain)

    def close(self, opened: _Open) -> Node:
        children = opened.children
        if not opened.is_mapping:
            return Sequence(tuple(children), opened.location)
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.report("key", "a key must be a text", key.location)
            elif key.text == "<<":
                self.report(
                    "alias",
                    "YAML merge keys (`<<`) are not allowed",
                    key.location,
                    "write the keys out",
                )
            elif key.text in entries:
                first = entries[key.text][0].location.line
                message = (
                    f"key {quoted(key.text)} stands here again; it was first set in line {first}"
                )
                self.report("repeated-key", message, key.location, "keep one of the two")
            else:
                entries[key.text] = (key, value)
        return Mapping(tuple(entries.values()), opened.location)

    def syntax_problem(self, error: Exception) -> Problem:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        detail = getattr(error, "problem", None) or str(error)
        if mark is None:
            return Problem("yaml", f"this is not YAML: {detail}", Location(self.path))
        place = self.at(mark.line, mark.column)
        line = self.text.split("\n")[mark.line : mark.line + 1]
        hint = _syntax_hint(str(detail), line[0] if line else "", mark.column)
        return Problem("yaml", f"this is not YAML: {detail}", place, hint)


class _Open:
    """A collection whose end has not been read."""

    def __init__(self, location: Location, is_mapping: bool) -> None:
        self.location = location
        self.is_mapping = is_mapping
        self.children: list[Node] = []


def _syntax_hint(detail: str, line: str, column: int) -> str:
    if "\t" in line[: column + 1]:
        return "a tab stands here: indent with blanks"
    if "mapping values" in detail:
        return "put a value that holds `: ` in quotes"
    if "cannot start any token" in detail:
        return "put a value that begins with this sign in quotes"
    if "could not find expected ':'" in detail or "did not find expected key" in detail:
        return "write `key: value`, and indent the lines that go on with blanks"
    return "put the value in quotes"
