"""A stranger's Markdown -> HTML that still has to be sanitized.

CommonMark and GitHub's extensions as far as the allowlist can show them; what it cannot
show is not understood and so stays as written. Raw HTML is text, single line ends break.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sitegen.markup.addresses import safe_address
from sitegen.markup.allowlist import Allowlist
from sitegen.markup.escaping import escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_NESTING = 20

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


def markdown_html(text: str, allowlist: Allowlist) -> str:
    """Return normalised Markdown as HTML, not yet to be trusted."""
    return str(_parser(allowlist).render(text))


@lru_cache(maxsize=16)
def _parser(allowlist: Allowlist) -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - a build with nothing to do imports none

    parser = MarkdownIt(
        "commonmark",
        {
            "html": False,
            "breaks": True,
            "linkify": False,
            "maxNesting": MAX_NESTING,
            "xhtmlOut": False,
        },
    )
    elements = {element.name for element in allowlist.elements}
    parser.enable(["table", "strikethrough"])
    parser.disable([rule for rule, needed in _NEEDS.items() if not needed <= elements])
    # A link whose address is refused stays as written.
    parser.validateLink = lambda address: safe_address(address) is not None  # type: ignore[method-assign]
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
