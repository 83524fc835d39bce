"""The tokens of a Markdown text: their words, and where in the file they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sitegen.errors import Location

if TYPE_CHECKING:
    from markdown_it.token import Token


def inside(token: Token) -> Iterator[Token]:
    """Yield all tokens inside a token, in order."""
    for child in token.children or ():
        yield child
        if child.children:
            yield from inside(child)


def plain_text(token: Token, *, with_pictures: bool = True) -> str:
    """Return the words of an inline token, without markup."""
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif child.type in {"text", "code_inline", "math_inline", "math_inline_double"}:
            parts.append(child.content)
        elif child.type == "image" and with_pictures:
            parts.append(plain_text(child))
    return "".join(parts).strip()


class Places:
    """Finds in a file what a parser has taken out of it."""

    def __init__(self, text: str, first_line: int) -> None:
        """Take a text and the line of its file at which it begins."""
        self.lines = text.split("\n")
        self.first_line = first_line
        self.last: tuple[int, int, int] = (0, 0, 0)  # block, line and column after the last find

    def find(self, wanted: str, block: Sequence[int] | None) -> Location:
        """Return where something stands: after what was found last in its block, if it can be.

        Args:
            wanted: What stands there; as written, or percent-encoded by the parser.
            block: The lines of its block, from 0: the first, and the one after the last.
        """
        from mdurl import decode

        start, end = block or (0, len(self.lines))
        since = self.last[1:] if self.last[0] == start else (start, 0)
        for spelling in dict.fromkeys((wanted, decode(wanted))):
            width = len(spelling)
            for sought, (line, column), stop in (
                (spelling, since, end),
                (spelling, (start, 0), end),
                (f"]: {spelling}", (0, 0), len(self.lines)),
                (spelling, (0, 0), len(self.lines)),
            ):
                found = self._search(sought, line, column, stop)
                if found:
                    at = found[1] + len(sought) - width
                    self.last = (start, found[0], at + width)
                    return Location("", self.first_line + found[0], at + 1, "", width)
        return Location("", self.first_line + start, 1)

    def _search(self, wanted: str, line: int, column: int, end: int) -> tuple[int, int] | None:
        for index in range(line, min(end, len(self.lines))):
            at = self.lines[index].find(wanted, column if index == line else 0)
            if at >= 0:
                return index, at
        return None
