"""The words of an article -> the picture that is shown where its address is shared."""

from __future__ import annotations

import io
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


class Design(msgspec.Struct, frozen=True):
    """How a theme wants sharing pictures to look."""

    background: str = "#fdfcf9"
    color: str = "#23211d"
    accent: str = "#a23b1d"
    font: str = ""
    """A file in the theme's `fonts/`, TrueType or OpenType; that of the theme below if empty."""


def draw(design: Design, font: bytes, title: str, foot: str) -> bytes:
    """Return a sharing picture, as PNG of a few colours.

    Equal words give equal bytes: letters are set one after the other by FreeType alone, so
    scripts that join letters or run from right to left need a picture of their own.
    Characters that the font lacks are left out.

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
    letters, lines = _fitting(font, title)
    top = _MARGIN + 20
    for number, line in enumerate(lines):
        place = (_MARGIN, top + number * letters.size * _LEADING)
        pen.text(place, line, fill=design.color, font=letters)
    small = _font(font, _FOOT)
    line = _cut(small, _known(small, foot), _ROOM[0])
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
    words = _known(letters, title).split(" ")
    lines: list[str] = []
    for size in _SIZES:
        letters = _font(font, size)
        lines = _lines(letters, words)
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


def _lines(letters: FreeTypeFont, words: list[str]) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _fits(letters, longer):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _cut(letters: FreeTypeFont, line: str, width: int) -> str:
    if letters.getlength(line) <= width:
        return line
    while line and letters.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line.rstrip(' …')}…"


def _known(letters: FreeTypeFont, text: str) -> str:
    """Return a text without what a font has no shape for, and without words of which nothing is left."""
    nothing = bytes(letters.getmask("\uffff"))
    lacking = {one for one in set(text) if bytes(letters.getmask(one)) == nothing} - {" "}
    kept = []
    for word in text.split():
        rest = "".join(one for one in word if one not in lacking)
        if rest == word or any(one.isalnum() for one in rest):
            kept.append(rest)
    return " ".join(kept)
