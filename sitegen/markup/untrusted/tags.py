"""A stranger's text -> pieces: text, and the tags that the allowlist lets through.

What looks like a tag but is no allowed one is text, and so shown as it was written: half of
the unknown tags in real comments are code (`List<T>`). What decides is this module's own
strict grammar, not a browser's forgiving one: whatever a browser would read as a tag and we
do not, reaches the page with its `<` escaped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sitegen.markup.untrusted.addresses import decoded
from sitegen.markup.untrusted.characters import plain_characters

if TYPE_CHECKING:
    from sitegen.markup.untrusted.attributes import AttributeReader
    from sitegen.markup.untrusted.changes import Notes
    from sitegen.markup.untrusted.policy import Policy

MAX_TAG = 2_500
MAX_TAGS = 300

# Every attribute has a value: `if (a <b and c> d)` is no tag. No quote spans a `<` or a `>`:
# an attribute can neither swallow a sentence nor hide a tag. Possessive, so linear.
_TAG = re.compile(
    r"""<(/?)([A-Za-z][A-Za-z0-9]{0,15})"""
    r"""((?:\s++[A-Za-z_:][A-Za-z0-9_:.-]*+\s*+=\s*+"""
    r"""(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'=<>`]++))*+)\s*+/?>""",
    re.ASCII,
)
_LOOKS_LIKE_A_TAG = re.compile(r"<[A-Za-z/!?][^<>]{0,200}>?")
_BREAKS = {"p": "\n\n", "div": "\n", "br": "\n"}
_SPACE_AFTER = {
    "p": re.compile(r"[ \t\n]+"),
    "div": re.compile(r"[ \t\n]+"),
    "br": re.compile(r"[ \t]*\n"),
}
"""White space that a break already stands for: a `<br>` at the end of a line breaks once."""
# One letter between angle brackets without attributes is more often a type or a comparison
# than a tag whose end somebody forgot: `List<b>`, `a<i>c`.
_ONE_LETTER_ENDS = re.compile(r"</([abisuqABISUQ])\s*>", re.ASCII)


class TooMuchMarkup(Exception):  # noqa: N818 - not an error of anybody: the text is shown as written
    """More tags or deeper ones than a comment may have; says so."""


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


class TagReader:
    """One reading of one text."""

    def __init__(self, policy: Policy, attributes: AttributeReader, notes: Notes) -> None:
        self._names = policy.names
        self._attributes = attributes
        self.notes = notes
        self._text_read = ""
        self._ends: dict[str, int] | None = None
        """One-letter tag -> where its last end tag stands; sought when first needed."""

    def pieces(self, text: str) -> list[Piece]:
        """Return the pieces of a normalised text, in order."""
        pieces: list[Piece] = []
        done = tags = 0
        self._text_read, self._ends = text, None
        for tag in _TAG.finditer(text):
            written = tag[2].lower()
            piece = self._piece(tag, written)
            if piece is None:
                continue
            start, end = tag.span()
            tags += isinstance(piece, Start)
            if tags > MAX_TAGS:
                raise TooMuchMarkup(f"it has more than {MAX_TAGS} tags")
            if start > done:
                pieces.append(self._text(text[done:start], done))
            pieces.append(piece)
            done = end
            if written in _BREAKS and (space := _SPACE_AFTER[written].match(text, end)):
                done = space.end()
        if done < len(text):
            pieces.append(self._text(text[done:], done))
        return pieces

    def _text(self, text: str, offset: int) -> Text:
        if self.notes.wanted:
            for tag in _LOOKS_LIKE_A_TAG.finditer(text):
                place = (offset + tag.start(), offset + tag.end())
                self.notes.add("tag-shown", place, tag[0], tag[0], "no tag that is allowed here")
        # What a reference stands for may be what was removed before: `&#x202e;`.
        return Text(plain_characters(decoded(text)) if "&" in text else text)

    def _piece(self, tag: re.Match[str], written: str) -> Piece | None:
        """Return what a tag means, or None if it is text."""
        place = tag.span()
        if place[1] - place[0] > MAX_TAG:
            return None
        if written in _BREAKS:
            if written == "div":
                self.notes.add("tag-mapped", place, tag[0], "a line break", "no `<div>` here")
            return Text(_BREAKS[written])
        name = self._names.get(written)
        if name is None:
            return None
        if tag[1]:
            return End(name, place, tag[0])
        if not tag[3] and len(written) == 1 and self._is_code(written, place[1]):
            return None
        if name != written:
            why = f"`<{name}>` means the same and is allowed"
            self.notes.add("tag-mapped", place, tag[0], f"<{name}>", why)
        attributes = self._attributes.read(name, tag[3], tag.start(3)) if tag[3] else ()
        # A link without an address is none.
        ghost = name == "a" and not any(attribute == "href" for attribute, _ in attributes)
        return Start(name, attributes, place, tag[0], written == "pre", ghost)

    def _is_code(self, letter: str, position: int) -> bool:
        """Return whether a bare one-letter tag is a type or a comparison: nothing ends it."""
        if self._ends is None:
            ends = _ONE_LETTER_ENDS.finditer(self._text_read)
            self._ends = {end[1].lower(): end.start() for end in ends}
        return letter == "a" or self._ends.get(letter, -1) < position
