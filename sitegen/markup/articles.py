"""An article's Markdown -> HTML whose links wait for the site to be known.

CommonMark with GitHub's extensions, footnotes and definition lists. Authors are trusted
as code is: their raw HTML stays. A link that does not leave the site becomes a mark in
the HTML and a record beside it, so the result depends on the text alone and the address
is filled in when every page's permalink is known.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup

from sitegen.markup.presentation import prepare, present
from sitegen.markup.slugs import slugify, unique

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_SUMMARY = 280  # characters: about two sentences, what feeds and search results show


class Link(msgspec.Struct, frozen=True):
    """A reference to somewhere in the site, as it was written."""

    ref: str
    line: int
    column: int
    is_image: bool = False


class Heading(msgspec.Struct, frozen=True):
    """A heading of the text: its level from 1 to 6, its id in the page, its words."""

    level: int
    id: str
    text: str


class Body(msgspec.Struct, frozen=True):
    """A rendered Markdown text."""

    html: str
    """With `\\0n\\0` where the address of link n belongs; never to be shown as it is."""
    headings: tuple[Heading, ...] = ()


class RenderedText(msgspec.Struct, frozen=True):
    """A Markdown text: its body, and what others want to know of it without the body."""

    body: Body
    links: tuple[Link, ...] = ()
    summary: str = ""
    """Plain text: what stands before `<!-- more -->`, else the beginning of the first paragraph."""


def render_article(text: str, first_line: int = 1) -> RenderedText:
    """Return the text of an article or page, rendered.

    Args:
        text: Markdown, with LF line ends.
        first_line: The line of its file at which `text` begins.
    """
    env: dict[str, Any] = {}
    parser = _parser()
    tokens = parser.parse(text, env)
    prepare(tokens)
    headings = _name_headings(tokens)
    links = _take_links(tokens, text.split("\n"), first_line)
    html = parser.renderer.render(tokens, parser.options, env)
    return RenderedText(Body(html, headings), links, _summary(tokens))


_MARK = re.compile("\0([0-9]+)\0")


def place_links(body: Body, addresses: Iterable[str]) -> Markup:
    """Return a body's HTML with an address for each of its links, in order.

    Trusted: articles are reviewed like code. The addresses are escaped here.
    """
    places = [str(Markup.escape(address)) for address in addresses]
    return Markup(_MARK.sub(lambda match: places[int(match[1])], body.html))  # noqa: S704 - see the docstring


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.gfm import gfm_plugin

    parser = MarkdownIt("commonmark")
    gfm_plugin(parser)
    deflist_plugin(parser)
    present(parser)
    return parser


# Ids that the pages themselves use: a heading "Comments" must not take theirs.
_TAKEN = ("main", "comments", "comments-title", "add-comment", "add-comment-title")
_OF_COMMENTS = "comment-"

_EXPLICIT_ID = re.compile(r"\s*\{#([A-Za-z][A-Za-z0-9_.:-]*)\}\s*$")


def _name_headings(tokens: list[Token]) -> tuple[Heading, ...]:
    """Give every heading an id, its own (`## Words {#id}`) or one made of its words."""
    headings = []
    taken = set(_TAKEN)
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        explicit = _take_explicit_id(inline)
        words = plain_text(inline)
        slug = slugify(words) or "section"
        if slug.startswith(_OF_COMMENTS):
            slug = f"section-{slug}"
        name = unique(explicit or slug, taken)
        taken.add(name)
        opening.attrSet("id", name)
        headings.append(Heading(int(opening.tag[1]), name, words))
    return tuple(headings)


def _take_explicit_id(inline: Token) -> str:
    last = inline.children[-1] if inline.children else None
    match = _EXPLICIT_ID.search(last.content) if last is not None and last.type == "text" else None
    if last is None or match is None:
        return ""
    last.content = last.content[: match.start()]
    return match[1]


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def _take_links(tokens: list[Token], lines: list[str], first_line: int) -> tuple[Link, ...]:
    """Replace every reference into the site by a mark and return what stood there."""
    links: list[Link] = []
    start, end = 0, len(lines)
    for token in tokens:
        if token.map:
            start, end = token.map
        for child in _with_children(token):
            name = {"link_open": "href", "image": "src"}.get(child.type)
            ref = str(child.attrGet(name) or "") if name else ""
            if not name or not ref or _SCHEME.match(ref):
                continue
            line, column = _find(ref, lines, start, end)
            child.attrSet(name, f"\0{len(links)}\0")
            links.append(Link(ref, first_line + line, column, child.type == "image"))
    return tuple(links)


def _with_children(token: Token) -> Iterator[Token]:
    for child in token.children or ():
        yield child
        yield from _with_children(child)


def _find(ref: str, lines: list[str], start: int, end: int) -> tuple[int, int]:
    """Return where a reference stands: a line from 0 and a column from 1."""
    from mdurl import decode

    for wanted in (ref, decode(ref)):
        for index in range(start, min(end, len(lines))):
            column = lines[index].find(wanted)
            if column >= 0:
                return index, column + 1
    return start, 1


def plain_text(token: Token) -> str:
    """Return the words of an inline token, without markup."""
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type == "image":
            parts.append(plain_text(child))
    return "".join(parts).strip()


def _summary(tokens: list[Token]) -> str:
    paragraphs: list[str] = []
    for previous, token in pairwise(tokens):
        if token.type == "html_block" and "<!-- more -->" in token.content:
            return " ".join(paragraphs)
        if token.type == "inline" and previous.type == "paragraph_open" and previous.level == 0:
            paragraphs.append(plain_text(token))
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


_ID = re.compile(r"""\s(?:id|name)\s*=\s*["']?([^"'\s>]+)""")


def anchors_of(body: Body) -> frozenset[str]:
    """Return every id that a link into the text may name, those of raw HTML included."""
    return frozenset(_ID.findall(body.html))
