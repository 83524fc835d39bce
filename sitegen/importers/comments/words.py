"""Two texts -> the words of the one that the other does not show: the proof that nothing is lost.

The tests read the same exports with a parser of HTML that is not ours, and find the same words.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator

from sitegen.importers.comments.found import Found
from sitegen.importers.comments.html_tokens import tokens

_WORD = re.compile(r"[^\W_]+")
# What Markdown says by other means than words: numbers of lists, languages of code.
_MARKERS = re.compile(
    r"^[ \t>]*(?:[-*+] +)?\d{1,9}[.)](?=\s)|^[ \t>]*(?:```|~~~)[^\n]*", re.MULTILINE
)
_SAYING = ("href", "alt", "title", "src", "data")


_BETWEEN_WORDS = frozenset({
    "p", "br", "div", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "h1", "h2", "h3", "h4",
    "h5", "h6", "tr", "td", "th", "table", "caption", "hr", "img", "section", "article", "header", "footer",
    "figure", "figcaption", "address", "details", "summary", "form", "center",
})  # fmt: skip


def words_of_html(text: str) -> list[str]:
    """Return the words that HTML shows, in order, in one case."""
    return _WORD.findall(_shown(text).casefold())


def _shown(text: str) -> str:
    """Return what a reader sees of HTML."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    for token in tokens(text):
        if isinstance(token, str):
            yield html.unescape(token)
        elif token.name in _BETWEEN_WORDS or (token.name in {"sub", "sup"} and not token.is_end):
            yield " "


def _addresses(text: str) -> str:
    """Return the addresses that HTML leads to, and the other words of its tags."""
    found = (token.attributes for token in tokens(text) if not isinstance(token, str))
    return " ".join(values[name] for values in found for name in _SAYING if name in values)


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
    page = _WORD.findall(_shown(rendered).casefold())
    missing = Counter(wanted) - Counter(page)
    # In Markdown, s`hortname` shows one word: its signs parted what belongs together.
    if missing and not is_html and "".join(wanted) in "".join(page):
        return ()
    if missing:
        addresses = _addresses(rendered).casefold()
        missing -= Counter(_WORD.findall(f"{addresses} {html.unescape(addresses)}"))
    return tuple(missing.elements())
