"""Pieces in any order -> pieces that nest: every tag is closed, every list item stands in a list.

After this the tree builders of both gates find nothing to repair. A builder that repairs is
where attacks begin (mutation XSS) and where 5 KB become 1.4 MB (formatting elements that are
opened again in each of 400 paragraphs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitegen.markup.untrusted.characters import plain_characters
from sitegen.markup.untrusted.elements import CHILD, HEADINGS, INLINE, PARENTS
from sitegen.markup.untrusted.tags import MAX_TAGS, End, Piece, Start, Text, TooMuchMarkup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sitegen.markup.untrusted.changes import Notes

MAX_DEPTH = 40


class _Tree:
    """The elements that are open, and the pieces so far."""

    def __init__(self, notes: Notes) -> None:
        self.pieces: list[Piece] = []
        self._text: list[str] = []
        """Text since the last tag that stays: one piece, whatever tags were left out of it."""
        self._open: list[Start] = []
        self._blocks = [""]
        """The names of the open blocks, the innermost last; none is the page."""
        self._ended: list[str] = []
        self._links_ended = 0
        self._notes = notes
        self._tags = 0

    def text(self, text: str) -> None:
        """Add text; in a list or a table it gets an item or a cell to stand in."""
        if self._blocks[-1] in CHILD:
            if not text.strip():
                return
            self._fill(self._blocks[-1])
        self._text.append(text)

    def start(self, start: Start) -> None:
        """Open an element where it may stand."""
        if start.name in INLINE:
            self._start_inline(start)
        elif any(one.keeps_lines for one in self._open):
            self.text(start.source)
        elif start.name in PARENTS:
            self._start_part(start)
        else:
            if self._blocks[-1] in HEADINGS:
                self._close(self._find(self._blocks[-1]))
            self._fill(self._blocks[-1])
            self._push(start)
            if start.name == "hr":
                self._pop()

    def end(self, end: End) -> None:
        """Close the element that an end tag means, if there is one."""
        found = self._find(end.name)
        if found is not None:
            self._close(found)
        elif end.name in INLINE and any(one.name == end.name for one in self._open):
            # Opened outside this block: it ends where the block ends.
            self._ended.append(end.name)
        elif end.name == "a" and self._links_ended:
            self._links_ended -= 1
            self._notes.add("tag-removed", end.place, end.source, "", "its link has ended already")
        elif end.name in INLINE:
            self.text(end.source)
        else:
            self._notes.add("tag-mapped", end.place, end.source, "a line break", "it ends nothing")
            self.text("\n")

    def close_all(self) -> None:
        """Close what is still open."""
        self._close_above(0)
        self._add_text()

    def _add(self, tag: Start | End) -> None:
        self._add_text()
        self.pieces.append(tag)

    def _add_text(self) -> None:
        if self._text:
            text = "".join(self._text)
            # Marks that a tag stood between may be too many together.
            self.pieces.append(Text(text if text.isascii() else plain_characters(text)))
            self._text = []

    def _fill(self, block: str) -> None:
        """Open what content of a list or a table has to stand in."""
        while block in CHILD:
            block = CHILD[block]
            self._push(Start(block))

    def _start_inline(self, start: Start) -> None:
        if start.name == "a" and (found := self._find("a")) is not None:
            self._close(found)
            self._links_ended += 1
        if start.name in ("a", "code"):
            again = any(one.name == start.name and not one.ghost for one in self._open)
            # A link in a link, code in code: browsers take them apart.
            start = start._replace(ghost=start.ghost or again)
        self._fill(self._blocks[-1])
        if start.keeps_lines:
            self._text.append("\n\n")
        self._push(start)

    def _start_part(self, start: Start) -> None:
        """Open a list item or a part of a table, closing the parts before it."""
        for index in range(len(self._open) - 1, -1, -1):
            name = self._open[index].name
            if name in PARENTS[start.name]:
                self._close_above(index + 1)
                if start.name == "tr" and name == "table":
                    self._push(Start("tbody"))
                self._push(start)
                return
            if name not in INLINE and name not in PARENTS:
                break
        self._notes.add(
            "tag-mapped", start.place, start.source, "a line break", "it stands in no list or table"
        )
        self.text("\n")

    def _find(self, name: str) -> int | None:
        """Return which open element an end tag may close: none beyond its block or list."""
        for index in range(len(self._open) - 1, -1, -1):
            one = self._open[index].name
            if one == name:
                return index
            if one not in INLINE and (name in INLINE or (name in PARENTS and one not in PARENTS)):
                return None
        return None

    def _close(self, index: int | None) -> None:
        """Close an open element; inline ones that were opened inside an inline one go on."""
        assert index is not None
        again = [one for one in self._open[index + 1 :] if one.name in INLINE and one.name != "a"]
        closed = self._open[index]
        self._close_above(index)
        if closed.name in INLINE:
            for one in again:
                self._push(one)

    def _close_above(self, index: int) -> None:
        while len(self._open) > index:
            self._pop()
        while self._ended and self._open and self._open[-1].name == self._ended[-1]:
            self._ended.pop()
            self._pop()

    def _push(self, start: Start) -> None:
        self._tags += 1
        if self._tags > MAX_TAGS or len(self._open) >= MAX_DEPTH:
            raise TooMuchMarkup(
                f"it has more than {MAX_TAGS} tags or nests deeper than {MAX_DEPTH}"
            )
        self._open.append(start)
        if start.name not in INLINE:
            self._blocks.append(start.name)
        if not start.ghost:
            self._add(start)

    def _pop(self) -> None:
        start = self._open.pop()
        if start.name not in INLINE:
            self._blocks.pop()
        if start.ghost:
            return
        if start.name in INLINE and not self._text and self.pieces[-1] is start:
            self._take_back()
        else:
            self._add(End(start.name))
        if start.keeps_lines and start.name in INLINE:
            self._text.append("\n\n")

    def _take_back(self) -> None:
        """Leave out the element that was opened last: nothing stands in it, so nothing shows."""
        self.pieces.pop()
        if self.pieces and isinstance(self.pieces[-1], Text):
            self._text = [self.pieces.pop()[0]]


def nested(pieces: Iterable[Piece], notes: Notes) -> list[Piece]:
    """Return pieces in which every start has its end, in the right order.

    Raises:
        TooMuchMarkup: More than 300 tags, or nesting deeper than 40.
    """
    tree = _Tree(notes)
    for piece in pieces:
        if isinstance(piece, Text):
            tree.text(piece.text)
        elif isinstance(piece, Start):
            tree.start(piece)
        else:
            tree.end(piece)
    tree.close_all()
    return tree.pieces
