"""Two texts -> the words of the one that the other does not show: the proof that nothing is lost."""

from __future__ import annotations

import html
import re
from collections import Counter
from html.parser import HTMLParser

from sitegen.importers.comments.found import Found

_WORD = re.compile(r"[^\W_]+")
# What Markdown says by other means than words: numbers of lists, languages of code.
_MARKERS = re.compile(
    r"^[ \t>]*(?:[-*+] +)?\d{1,9}[.)](?=\s)|^[ \t>]*(?:```|~~~)[^\n]*", re.MULTILINE
)
_SHOWN = ("href", "alt", "title", "src", "data")


class _Shown(HTMLParser):
    """Collects what a reader sees of HTML, and the addresses that it leads to."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.addresses: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BETWEEN_WORDS or tag in {"sub", "sup"}:
            self.parts.append(" ")
        self.addresses += [value for name, value in attrs if value and name in _SHOWN]

    def handle_endtag(self, tag: str) -> None:
        if tag in _BETWEEN_WORDS:
            self.parts.append(" ")


_BETWEEN_WORDS = frozenset({
    "p", "br", "div", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "h1", "h2", "h3", "h4",
    "h5", "h6", "tr", "td", "th", "table", "caption", "hr", "img", "section", "article", "header", "footer",
    "figure", "figcaption", "address", "details", "summary", "form", "center",
})  # fmt: skip


def words_of_html(text: str) -> list[str]:
    """Return the words that HTML shows, in order, in one case."""
    shown = _Shown()
    shown.feed(text)
    shown.close()
    return _WORD.findall("".join(shown.parts).casefold())


def lost_words(found: Found, rendered: str) -> tuple[str, ...]:
    """Return the words of a comment's source that the page made of it does not show.

    Args:
        found: As the export has it.
        rendered: The HTML of the comment as a build makes it.
    """
    is_html = found.kind in {"html", "html_lines"}
    if is_html:
        wanted = words_of_html(found.body)
    elif found.kind == "markdown" or found.format == "markdown":
        wanted = _WORD.findall(html.unescape(_MARKERS.sub("", found.body)).casefold())
    elif found.kind == "as_is":
        wanted = words_of_html(found.body)
    else:
        wanted = _WORD.findall(found.body.casefold())
    shown = _Shown()
    shown.feed(rendered)
    shown.close()
    page = "".join(shown.parts).casefold()
    addresses = " ".join(shown.addresses).casefold()
    missing = Counter(wanted) - Counter(_WORD.findall(page))
    # In Markdown, s`hortname` shows one word: its signs parted what belongs together.
    if missing and not is_html and "".join(wanted) in "".join(_WORD.findall(page)):
        return ()
    if missing:
        missing -= Counter(_WORD.findall(f"{addresses} {html.unescape(addresses)}"))
    return tuple(missing.elements())
