"""What an article's Markdown becomes, so that pages keep their policy and serve every reader.

No inline style, which the pages' Content-Security-Policy would refuse; a label for every
checkbox; whatever scrolls sideways can be reached with the keyboard; and headings that make
an outline below the page's own title, whatever levels their author chose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ALIGN = "text-align:"
_CHECKBOX = '<label><input class="task-list-item-checkbox" type="checkbox" disabled{checked}> '


def present(parser: MarkdownIt) -> None:
    """Change how a parser's tokens are rendered; `prepare` changes the tokens themselves."""
    parser.options["xhtmlOut"] = False
    renderer: Any = parser.renderer
    for rule in ("fence", "code_block"):
        parser.add_render_rule(rule, _reachable(renderer.rules[rule]))
    parser.add_render_rule("table_open", lambda *_: '<div class="table" tabindex="0">\n<table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")


def _reachable(rule: Any) -> Any:
    def render(_self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        html: str = rule(tokens, index, options, env)
        return html.replace("<pre", '<pre tabindex="0"', 1)

    return render


def prepare(tokens: list[Token]) -> None:
    """Replace what the parser would write as style by classes, label checkboxes, outline headings."""
    _outline(tokens)
    for index, token in enumerate(tokens):
        style = str(token.attrs.get("style", ""))
        if token.type in {"th_open", "td_open"} and style.startswith(_ALIGN):
            del token.attrs["style"]
            token.attrSet("class", f"align-{style[len(_ALIGN) :]}")
        elif token.type == "list_item_open" and "checked" in token.meta:
            _label(token, tokens[index + 1 : index + 3])


_FIRST, _LAST = 2, 6  # the levels below a page's title


def _outline(tokens: list[Token]) -> None:
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


def _label(item: Token, beginning: Sequence[Token]) -> None:
    """Put an item's checkbox and the words beside it into one label."""
    from markdown_it.token import Token as NewToken

    words = next((token for token in beginning if token.type == "inline"), None)
    if words is None:
        return
    opening = _CHECKBOX.format(checked=" checked" if item.meta.pop("checked") else "")
    words.children = [
        NewToken("html_inline", "", 0, content=opening),
        *(words.children or ()),
        NewToken("html_inline", "", 0, content="</label>"),
    ]
