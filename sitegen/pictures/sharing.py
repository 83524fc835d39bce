"""The words of an article -> the picture that is shown where its address is shared."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 630  # pixels: what those who show them ask for
_MARGIN = 84
_ROOM = (WIDTH - 2 * _MARGIN, 340)  # for the title
_SIZES = range(88, 43, -4)  # of the title's letters, the largest that fits
_LEADING = 1.2
_FOOT = 34
# Hebrew, Arabic and their like, and those of India and around it: to set them letter by letter
# is wrong, and to do it right takes libraries that are another version on every machine.
JOINED = re.compile(
    "[\u0590-\u0dff\u0f00-\u109f\u1780-\u18af\u1900-\u1cff\ua840-\uabff"
    "\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U000111ff\U0001e800-\U0001eeff]"
)
_WIDE = "\u2e80-\u2fff\u3005-\u3007\u3021-\u30ff\u31c0-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CLOSING = (
    "\u2026\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\u30fc"
    "\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
)
_PIECE = re.compile(rf"\s*(?:[{_WIDE}][{_CLOSING}]*|[^\s{_WIDE}]+)")


class Design(msgspec.Struct, frozen=True):
    """How a theme wants sharing pictures to look."""

    background: str = "#fdfcf9"
    color: str = "#23211d"
    accent: str = "#a23b1d"
    font: str = ""
    """A file in the theme's `fonts/`, TrueType or OpenType; that of the theme below if empty."""


def draw(design: Design, font: bytes, title: str, foot: str) -> bytes:
    """Return a sharing picture, as PNG of a few colours.

    Equal words give equal bytes on every machine: letters are set one after the other by
    FreeType alone, in this font alone. What it is `lacking` is left out.

    Args:
        design: The theme's colours.
        font: The file of the font.
        title: Of the article.
        foot: The line below: who publishes.

    Raises:
        ValueError: That is no font.
    """
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, HEIGHT), design.background)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, WIDTH, 18), fill=design.accent)
    unseen = lacking(font, title + foot)
    letters, lines = _fitting(font, without(title, unseen))
    top = _MARGIN + 20
    for number, line in enumerate(lines):
        place = (_MARGIN, top + number * letters.size * _LEADING)
        pen.text(place, line, fill=design.color, font=letters)
    small = _font(font, _FOOT)
    line = _cut(small, without(foot, unseen), _ROOM[0])
    pen.text((_MARGIN, HEIGHT - _MARGIN), line, fill=design.accent, font=small, anchor="ls")
    made = io.BytesIO()
    picture.quantize(32, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def _font(data: bytes, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    try:
        # Raqm would set all scripts, and uses whatever library of another this machine has.
        return ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise ValueError(str(error)) from error


def _fitting(font: bytes, title: str) -> tuple[FreeTypeFont, list[str]]:
    """Return the title in lines, in the largest letters in which all of it fits, else cut."""
    letters = _font(font, _SIZES[0])
    lines: list[str] = []
    for size in _SIZES:
        letters = _font(font, size)
        lines = _lines(letters, title)
        if len(lines) <= _room_for(size) and all(_fits(letters, line) for line in lines):
            return letters, lines
    kept = lines[: _room_for(_SIZES[-1])]
    if len(kept) < len(lines):
        kept[-1] += "…"
    return letters, [_cut(letters, line, _ROOM[0]) for line in kept]


def _room_for(size: int) -> int:
    return int(_ROOM[1] / (size * _LEADING))


def _fits(letters: FreeTypeFont, line: str) -> bool:
    return letters.getlength(line) <= _ROOM[0]


def pieces(text: str) -> list[str]:
    """Return the parts of a text before which a line may break, with the blanks before them.

    Han and kana need no blanks for that; what closes stays with what is before it.

    >>> pieces("A day out"), pieces("第一雪。 x")
    (['A', ' day', ' out'], ['第', '一', '雪。', ' x'])
    """
    return _PIECE.findall(text)


def _lines(letters: FreeTypeFont, text: str) -> list[str]:
    lines = [""]
    for piece in pieces(text):
        longer = lines[-1] + piece
        if lines == [""] or _fits(letters, longer):
            lines[-1] = longer
        else:
            lines.append(piece.strip())
    return lines


def _cut(letters: FreeTypeFont, line: str, width: int) -> str:
    if letters.getlength(line) <= width:
        return line
    while line and letters.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line.rstrip(' …')}…"


def lacking(font: bytes, letters: Iterable[str]) -> frozenset[str]:
    """Return those of some characters that cannot be shown: without a shape, or set otherwise.

    Raises:
        ValueError: That is no font.
    """
    face = _font(font, _FOOT)
    nothing = bytes(face.getmask("\uffff"))
    return frozenset(
        one
        for one in {*letters} - {" "}
        if JOINED.match(one) or bytes(face.getmask(one)) == nothing
    )


def without(text: str, unseen: Collection[str]) -> str:
    """Return a text without some characters, and without words of which nothing else is left."""
    kept = []
    for word in text.split():
        rest = "".join(one for one in word if one not in unseen)
        if rest == word or any(one.isalnum() for one in rest):
            kept.append(rest)
    return " ".join(kept)
