"""What an article's HTML leaves open until the site is known: marks in it, and what takes their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec
from markupsafe import Markup


class Heading(msgspec.Struct, frozen=True):
    """A heading of the text: its level from 1 to 6, its id in the page, its words."""

    level: int
    id: str
    text: str


class Body(msgspec.Struct, frozen=True):
    """A rendered Markdown text."""

    html: str
    """With marks; never to be shown as it is."""
    headings: tuple[Heading, ...] = ()


class Source(msgspec.Struct, frozen=True):
    """One choice of a browser for a picture: its type, addresses with widths, how wide it is shown."""

    type: str
    srcset: str
    sizes: str


class Place(msgspec.Struct, frozen=True):
    """What the site knows of a reference of a text."""

    address: str
    width: int = 0
    """Of a picture, in pixels; 0 where nobody knows."""
    height: int = 0
    sources: tuple[Source, ...] = ()
    """The same picture in other formats and widths."""


# NUL, number, kind, NUL: Markdown holds no NUL of its own.
_MARK = re.compile("\0([0-9a-z:]+)([a-z])\0")
# Only in a tag: code that shows a link is text, in which quotation marks stand as they are.
_WITHIN = re.compile(r'<a(?:\s[^<>]*)?\shref="#')
ADDRESS, SIZE, OPENING, CLOSING, BACK, TITLE = "a", "s", "o", "c", "b", "t"
WORDS = {
    "back_to_text": "Back to reference {n}",
    "alert_note": "Note",
    "alert_tip": "Tip",
    "alert_important": "Important",
    "alert_warning": "Warning",
    "alert_caution": "Caution",
}
"""The words that a text's HTML holds and its author did not write, by their names in themes."""


def own_words(theirs: Mapping[str, str]) -> dict[str, str]:
    """Return what a theme says for each of `WORDS`; the English word where it says nothing."""
    return {name: theirs.get(name, english) for name, english in WORDS.items()}


def mark(number: int | str, kind: str) -> str:
    """Return the mark for something about a reference or footnote, by its number, or a kind of alert."""
    return f"\0{number}{kind}\0"


def fill(
    body: Body, places: Iterable[Place], words: Mapping[str, str] = WORDS, page: str = ""
) -> Markup:
    """Return a body's HTML with what was left open.

    Trusted: articles are reviewed like code. The addresses are escaped here.

    Args:
        body: The rendered text.
        places: What each of its references leads to, in order.
        words: What to say for each of `WORDS`; `{n}` is the number of a footnote.
        page: The address of the text's page, where links within the text need it.
    """
    known = list(places)

    def put(found: re.Match[str]) -> str:
        number, kind = found.groups()
        if kind == BACK:
            return str(Markup.escape(words["back_to_text"].replace("{n}", number)))
        if kind == TITLE:
            return str(Markup.escape(words[f"alert_{number}"]))
        return _ABOUT[kind](known[int(number)])

    html = _MARK.sub(put, body.html)
    if page:
        html = _WITHIN.sub(lambda link: f"{link[0][:-1]}{Markup.escape(page)}#", html)
    return Markup(html)  # noqa: S704 - see the docstring


def _address(place: Place) -> str:
    return str(Markup.escape(place.address))


def _size(place: Place) -> str:
    return f' width="{place.width}" height="{place.height}"' if place.width else ""


def _opening(place: Place) -> str:
    sources = (
        f'<source type="{source.type}" srcset="{Markup.escape(source.srcset)}"'
        f' sizes="{Markup.escape(source.sizes)}">'
        for source in place.sources
    )
    return f"<picture>{''.join(sources)}" if place.sources else ""


def _closing(place: Place) -> str:
    return "</picture>" if place.sources else ""


_ABOUT = {ADDRESS: _address, SIZE: _size, OPENING: _opening, CLOSING: _closing}
_ID = re.compile(r"""\s(?:id|name)\s*=\s*["']?([^"'\s>]+)""")


def without_marks(body: Body) -> str:
    """Return a body's HTML without what was left open, for its words."""
    return _MARK.sub("", body.html)


def anchors_of(body: Body) -> frozenset[str]:
    """Return every id that a link into the text may name, those of raw HTML included."""
    return frozenset(_ID.findall(body.html))
