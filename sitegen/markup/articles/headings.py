"""The headings of an article: an outline without gaps, ids, and links to themselves."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from sitegen.errors import Problem
from sitegen.markup.articles.marks import Heading
from sitegen.markup.articles.places import Places, inside, plain_text
from sitegen.markup.slugs import slugify, unique

if TYPE_CHECKING:
    from markdown_it.token import Token

_FIRST, _LAST = 2, 6  # the levels below a page's title


def outline(tokens: list[Token]) -> None:
    """Give each heading the level of its place: one below the heading that it belongs to.

    The page's title is its only `<h1>`, and no level is skipped. A heading without words,
    such as a line of dashes below a blank that is no space, is dropped.
    """
    above: list[int] = []
    dropped: set[int] = set()
    for index, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        if not tokens[index + 1].content.strip():
            dropped.update((index, index + 1, index + 2))
            continue
        level = int(token.tag[1])
        while above and above[-1] >= level:
            above.pop()
        token.tag = tokens[index + 2].tag = f"h{min(len(above) + _FIRST, _LAST)}"
        above.append(level)
    tokens[:] = [token for index, token in enumerate(tokens) if index not in dropped]


# A heading "Comments" must not take theirs.
IDS_OF_PAGES = ("main", "comments", "comments-title", "add-comment", "add-comment-title", "search")
"""Ids that the pages themselves use around a text."""
_OF_OTHERS = re.compile(r"comment-|fn(?:ref)?[0-9]")
_EXPLICIT_ID = re.compile(r"\s*\{#([A-Za-z][A-Za-z0-9_.:-]*)\}\s*$")


def name_headings(
    tokens: list[Token], places: Places, problems: list[Problem]
) -> tuple[Heading, ...]:
    """Give every heading an id, its own (`## Words {#id}`) or one made of its words.

    A heading is a link to itself, unless there is a link in it.
    """
    headings = []
    taken = set(IDS_OF_PAGES)
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        explicit = _take_explicit_id(inline)
        words = plain_text(inline)
        slug = slugify(words) or "section"
        if _OF_OTHERS.match(slug):
            slug = f"section-{slug}"
        name = unique(explicit or slug, taken)
        if explicit and name != explicit:
            place = places.find(f"{{#{explicit}}}", opening.map)
            message = f"the id `#{explicit}` is taken already on this page"
            problems.append(Problem("duplicate_id", message, place, "choose another id"))
        taken.add(name)
        opening.attrSet("id", name)
        _link_to_itself(inline, name)
        headings.append(Heading(int(opening.tag[1]), name, words))
    return tuple(headings)


def _take_explicit_id(inline: Token) -> str:
    last = inline.children[-1] if inline.children else None
    match = _EXPLICIT_ID.search(last.content) if last is not None and last.type == "text" else None
    if last is None or match is None:
        return ""
    last.content = last.content[: match.start()]
    return match[1]


def _link_to_itself(inline: Token, name: str) -> None:
    """Make the words of a heading a link to it: it needs no words of its own, in any language."""
    from markdown_it.token import Token as NewToken

    if any(child.type in {"link_open", "html_inline", "footnote_ref"} for child in inside(inline)):
        return
    opening = f'<a class="anchor" href="#{name}">'
    inline.children = [
        NewToken("html_inline", "", 0, content=opening),
        *(inline.children or ()),
        NewToken("html_inline", "", 0, content="</a>"),
    ]
