"""An article's Markdown -> HTML whose links wait for the site to be known.

CommonMark with GitHub's extensions, footnotes, definition lists, and what the site has
switched on. Authors are trusted as code is: their raw HTML stays. A reference that does not
leave the site becomes a mark in the HTML and a record beside it, so the result depends on
the text alone and the address is filled in when every page's permalink is known.
"""

from __future__ import annotations

import functools
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from sitegen.errors import Problem
from sitegen.markup.articles import dialect as dialects
from sitegen.markup.articles.dialect import Dialect
from sitegen.markup.articles.formulas import set_formulas
from sitegen.markup.articles.headings import name_headings, outline
from sitegen.markup.articles.marks import Body
from sitegen.markup.articles.places import Places, inside, plain_text
from sitegen.markup.articles.presentation import prepare, present
from sitegen.markup.articles.references import Link, References

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_SUMMARY = 280  # characters: about two sentences, what feeds and search results show


class RenderedText(msgspec.Struct, frozen=True):
    """A Markdown text: its body, and what others want to know of it without the body."""

    body: Body
    links: tuple[Link, ...] = ()
    summary: str = ""
    """Plain text: what stands before `<!-- more -->`, else the beginning of the first paragraph."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the text itself, at lines of its file whose path is left empty."""
    classes: tuple[str, ...] = ()
    """Of its highlighted code, for the style sheet."""


def render_article(text: str, first_line: int = 1, dialect: Dialect | None = None) -> RenderedText:
    """Return the text of an article or page, rendered.

    Args:
        text: Markdown, with LF line ends.
        first_line: The line of its file at which `text` begins.
        dialect: What it may hold beyond CommonMark.
    """
    if not text.strip():
        return RenderedText(Body(""), ())
    chosen = dialect or Dialect()
    classes: set[str] = set()
    env: dict[str, Any] = {"classes": classes} if chosen.highlight else {}
    parser = _parser(chosen.math, dialects.quotes_of(chosen))
    tokens = parser.parse(text, env)
    places = Places(text, first_line)
    problems: list[Problem] = []
    if chosen.math:
        set_formulas(tokens, places, problems)
    references = References(places, problems)
    references.take(tokens)
    _find_missing_footnotes(tokens, env, places, problems)
    summary = _summary(tokens)
    outline(tokens)
    headings = name_headings(tokens, places, problems)
    prepare(tokens)
    html = parser.renderer.render(tokens, parser.options, env)
    return RenderedText(
        Body(html, headings),
        tuple(references.links),
        summary,
        tuple(problems),
        tuple(sorted(classes)),
    )


@functools.cache
def _parser(math: bool, quotes: str | tuple[str, ...]) -> MarkdownIt:
    made = dialects.parser(math=math, quotes=quotes)
    present(made)
    return made


_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")


def _find_missing_footnotes(
    tokens: list[Token], env: dict[str, Any], places: Places, problems: list[Problem]
) -> None:
    """Report each reference to a footnote that nobody wrote: it stands in the page as typed."""
    known = env.get("footnotes", {}).get("refs", {})
    for token in tokens:
        if "[^" not in token.content:
            continue
        for child in inside(token):
            if child.type != "text" or "[^" not in child.content:
                continue
            for found in _FOOTNOTE.finditer(child.content):
                if f":{found[1]}" in known:
                    continue
                place = places.find(found[0], token.map)
                message = f"there is no footnote `{found[0]}`"
                hint = f"write it, on a line that begins with `{found[0]}:`"
                problems.append(Problem("missing_footnote", message, place, hint))


_MORE = re.compile(r"<!--\s*more\s*-->")


def _summary(tokens: list[Token]) -> str:
    paragraphs: list[str] = []
    for previous, token in pairwise(tokens):
        if token.type == "html_block" and _MORE.search(token.content):
            return " ".join(filter(None, paragraphs))
        if token.type == "inline" and previous.type == "paragraph_open" and previous.level == 0:
            paragraphs.append(plain_text(token, with_pictures=False))
    first = next(filter(None, paragraphs), "")
    return shortened(first, MAX_SUMMARY)


def shortened(text: str, limit: int) -> str:
    """Return the first words of a text, at most `limit` characters with the ellipsis.

    >>> shortened("One two three", 9)
    'One two…'
    """
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    if not text[limit - 1].isspace() and " " in cut.strip():
        cut = cut.rstrip() if cut[-1].isspace() else cut.rsplit(None, 1)[0]
    return cut.rstrip(" ,;:.–—-") + "…"
