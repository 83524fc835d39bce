"""A stranger's Markdown -> HTML that still has to be sanitized.

CommonMark and GitHub's extensions as far as the allowlist can show them; what it cannot
show is not understood and so stays as written. Raw HTML is text, single line ends break.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from sitegen.markup.escaping import escape
from sitegen.markup.untrusted.addresses import safe_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from sitegen.markup.untrusted.allowlist import Allowlist
    from sitegen.markup.untrusted.changes import Notes

MAX_NESTING = 20
MAX_BRACKETS = 1_000
"""`[[[[…` costs the parser the square of its length."""
_LOOKS_LIKE_A_TAG = re.compile(r"<[A-Za-z/!?][^<>]{0,200}>")

# Which elements each rule of the parser needs.
_NEEDS = {
    "table": {"table", "tr", "th", "td"},
    "strikethrough": {"del"},
    "blockquote": {"blockquote"},
    "hr": {"hr"},
    "list": {"ul", "ol", "li"},
    "heading": {"h2", "h3", "h4", "h5", "h6"},
    "lheading": {"h2", "h3"},
    "backticks": {"code"},
    "link": {"a"},
    "reference": {"a"},
    "autolink": {"a"},
    "image": {"a"},
    "emphasis": {"em", "strong"},
    "code": {"code"},
    "fence": {"code"},
}


def markdown_html(text: str, allowlist: Allowlist, notes: Notes) -> str:
    """Return normalised Markdown as HTML, not yet to be trusted."""
    if not notes.wanted:
        return str(_parser(allowlist).render(text))
    refused: list[str] = []
    parser = _new_parser(allowlist, refused)
    tokens = parser.parse(text)
    for address in refused:
        start = max(0, text.find(address))
        place = (start, start + len(address))
        notes.add("address-removed", place, address, address, "no address a link may have")
    _note_tags(text, tokens, notes)
    return str(parser.renderer.render(tokens, parser.options, {}))


def _note_tags(text: str, tokens: Sequence[Token], notes: Notes) -> None:
    """Note what Markdown shows as text or as a link; each is sought from its block's first line."""
    lines = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    for token in tokens:
        position = lines[token.map[0]] if token.map else 0
        for child in token.children or ():
            if child.type == "text":
                for tag in _LOOKS_LIKE_A_TAG.findall(child.content):
                    position = max(position, text.find(tag, position))
                    place = (position, position + len(tag))
                    notes.add("tag-shown", place, tag, tag, "no HTML in Markdown")
                    position += len(tag)
            elif child.type == "image":
                address = str(child.attrs["src"])
                start = max(position, text.find(address, position))
                place = (start, start + len(address))
                notes.add("tag-mapped", place, address, "a link", "no pictures in comments")


@lru_cache(maxsize=16)
def _parser(allowlist: Allowlist) -> MarkdownIt:
    return _new_parser(allowlist, None)


def _new_parser(allowlist: Allowlist, refused: list[str] | None) -> MarkdownIt:
    """Return a parser for what the allowlist can show; it adds refused addresses to a list."""
    from markdown_it import MarkdownIt

    def is_safe(url: str) -> bool:
        safe = safe_address(url) is not None
        if not safe and refused is not None:
            refused.append(url)
        return safe

    options = {"html": False, "breaks": True, "linkify": False, "maxNesting": MAX_NESTING}
    parser = MarkdownIt("commonmark", options)
    elements = {element.name for element in allowlist.elements}
    parser.enable(["table", "strikethrough"])
    parser.disable([rule for rule, needed in _NEEDS.items() if not needed <= elements])
    # A link whose address is refused stays as written.
    parser.validateLink = is_safe  # type: ignore[method-assign]
    parser.add_render_rule("image", _picture_as_link)
    parser.add_render_rule("heading_open", _heading)
    parser.add_render_rule("heading_close", _heading)
    parser.add_render_rule("s_open", lambda *_: "<del>")
    parser.add_render_rule("s_close", lambda *_: "</del>")
    return parser


def _picture_as_link(
    renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """Return a link to the picture: a picture would let a stranger count the site's readers."""
    token = tokens[index]
    address = str(token.attrs["src"])
    caption = renderer.renderInlineAsText(token.children, options, env) or address
    return f'<a href="{escape(address).replace(chr(34), "%22")}">{escape(caption)}</a>'


def _heading(_renderer: Any, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    """Return a heading's tag; the first level is the page's title, so it becomes the second."""
    token = tokens[index]
    level = "h2" if token.tag == "h1" else token.tag
    return f"<{level}>" if token.nesting == 1 else f"</{level}>\n"
