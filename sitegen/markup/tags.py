"""A stranger's text -> pieces: text, and the tags that the allowlist lets through.

What looks like a tag but is no allowed one is text, and so shown as it was written: half of
the unknown tags in real comments are code (`List<T>`). What decides is this module's own
strict grammar, not a browser's forgiving one: whatever a browser would read as a tag and we
do not, reaches the page with its `<` escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sitegen.markup.addresses import decoded, is_ordinary
from sitegen.markup.changes import Change
from sitegen.markup.characters import plain_characters
from sitegen.markup.elements import URLS
from sitegen.markup.policy import Policy

MAX_TAG = 2_500

# Every attribute has a value: `if (a <b and c> d)` is no tag. No quote spans a `<` or a `>`:
# an attribute can neither swallow a sentence nor hide a tag. Possessive, so linear.
_TAG = re.compile(
    r"""<(/?)([A-Za-z][A-Za-z0-9]{0,15})"""
    r"""((?:\s++[A-Za-z_:][A-Za-z0-9_:.-]*+\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'=<>`]++))*+)\s*+/?>""",
    re.ASCII,
)
_ATTRIBUTE = re.compile(
    r"""([A-Za-z_:][A-Za-z0-9_:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""", re.ASCII
)
_LOOKS_LIKE_A_TAG = re.compile(r"<[A-Za-z/!?][^<>]{0,200}>?")
_BREAKS = {"p": "\n\n", "div": "\n", "br": "\n"}
_SPACE_AFTER = {
    "p": re.compile(r"[ \t\n]+"),
    "div": re.compile(r"[ \t\n]+"),
    "br": re.compile(r"[ \t]*\n"),
}
"""White space in the source that a break already stands for: `<br>` at the end of a line breaks once."""
# One letter between angle brackets without attributes is more often a type or a comparison
# than a tag whose end somebody forgot: `List<b>`, `a<i>c`.
_ONE_LETTER_ENDS = re.compile(r"</([abisuqABISUQ])\s*>", re.ASCII)


class Text(NamedTuple):
    """Text, references decoded."""

    text: str


class Start(NamedTuple):
    """A start tag of an allowed element."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    place: tuple[int, int] = (0, 0)
    source: str = ""
    keeps_lines: bool = False
    """Whether it was written as `<pre>`."""
    ghost: bool = False
    """Whether it is left out and only waits for its end tag, to leave that out too."""


class End(NamedTuple):
    """An end tag of an allowed element."""

    name: str
    place: tuple[int, int] = (0, 0)
    source: str = ""


Piece = Text | Start | End


class Reader:
    """One reading of one text; `changes` collects what is not taken as written, if wanted."""

    def __init__(
        self,
        policy: Policy,
        id_prefix: str,
        accepts: Callable[[str], bool],
        changes: list[Change] | None,
    ) -> None:
        self._policy = policy
        self._id_prefix = id_prefix
        self._accepts = accepts
        self._changes = changes
        self._ids: set[str] = set()

    def pieces(self, text: str) -> Iterator[Piece]:
        """Yield the pieces of a normalised text, in order."""
        done = 0
        last_end = {found[1].lower(): found.start() for found in _ONE_LETTER_ENDS.finditer(text)}
        for tag in _TAG.finditer(text):
            name = tag[2].lower()
            piece = self._piece(tag, name, last_end)
            if piece is None:
                continue
            if tag.start() > done:
                yield self._text(text, done, tag.start())
            done = tag.end()
            yield piece
            if name in _BREAKS and (space := _SPACE_AFTER[name].match(text, done)):
                done = space.end()
        if done < len(text):
            yield self._text(text, done, len(text))

    def _text(self, text: str, start: int, end: int) -> Text:
        piece = text[start:end]
        if self._changes is not None:
            for found in _LOOKS_LIKE_A_TAG.finditer(piece):
                place = (start + found.start(), start + found.end())
                self.note(
                    "tag-shown", place, found[0], found[0], "no tag that the text format allows"
                )
        # Decoded references may be what was removed before: `&#x202e;`.
        return Text(plain_characters(decoded(piece)))

    def _piece(self, tag: re.Match[str], written: str, last_end: dict[str, int]) -> Piece | None:
        """Return what a tag means, or None if it is text."""
        if len(tag[0]) > MAX_TAG:
            return None
        if written in _BREAKS:
            if written == "div":
                self.note(
                    "tag-mapped", tag.span(), tag[0], "a line break", "no `<div>` in comments"
                )
            return Text(_BREAKS[written])
        name = self._policy.names.get(written)
        if name is None:
            return None
        if tag[1]:
            return End(name, tag.span(), tag[0])
        if (
            not tag[3]
            and len(written) == 1
            and (written == "a" or last_end.get(written, -1) < tag.end())
        ):
            return None
        if name != written:
            self.note("tag-mapped", tag.span(), tag[0], f"<{name}>", f"`<{name}>` means the same")
        attributes = self._attributes(name, tag) if tag[3] else ()
        # A link without an address is none.
        ghost = name == "a" and not any(attribute == "href" for attribute, _ in attributes)
        return Start(name, attributes, tag.span(), tag[0], written == "pre", ghost)

    def _attributes(self, element: str, tag: re.Match[str]) -> tuple[tuple[str, str], ...]:
        kept: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(tag[3]):
            name = found[1].lower()
            place = (tag.start(3) + found.start(), tag.start(3) + found.end())
            written = plain_characters(decoded(found[2] or found[3] or found[4] or ""))
            value = self._policy.value(element, name, written)
            if (
                value is not None
                and name in URLS
                and not (is_ordinary(value) or self._accepts(value))
            ):
                value = None
            if value is None or name in kept:
                kind = (
                    "address-removed" if name in URLS and name not in kept else "attribute-removed"
                )
                if name != "rel" or element != "a":
                    self.note(
                        kind,
                        place,
                        found[0],
                        "",
                        f"`{name}` on `<{element}>` may not be or hold this",
                    )
                continue
            kept[name] = self._own_id(value, place) if name == "id" else value
        return tuple(kept.items())

    def _own_id(self, value: str, place: tuple[int, int]) -> str:
        """Return an id that no other element of this comment has."""
        unique, number = value, 2
        while unique in self._ids:
            unique, number = f"{value[:55]}-{number}", number + 1
        self._ids.add(unique)
        if self._id_prefix or unique != value:
            self.note(
                "id-renamed",
                place,
                value,
                own_id(self._id_prefix, unique),
                "ids are the comment's own",
            )
        return unique

    def note(self, kind: str, place: tuple[int, int], found: str, became: str, why: str) -> None:
        """Note a change, if changes are wanted."""
        if self._changes is not None:
            self._changes.append(Change(kind, *place, found, became, why))  # type: ignore[arg-type]


def own_id(prefix: str, name: str) -> str:
    """Return an id in the page for an id in a comment.

    The `~` keeps them apart: no comment's id holds one, so `comment-ada-` and `b` can never
    make the anchor of the comment `ada-b`.
    """
    return f"{prefix}~{name}" if prefix else name
