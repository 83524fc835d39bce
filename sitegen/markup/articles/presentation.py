"""What an article's Markdown becomes, so that pages keep their policy and serve every reader.

No inline style, which the pages' Content-Security-Policy would refuse; a label for every
checkbox with words beside it and every way back from a footnote; whatever scrolls sideways can be reached with
the keyboard; a picture alone with a title is a figure with a caption.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sitegen.markup.articles import marks
from sitegen.markup.articles.highlighting import highlight
from sitegen.markup.escaping import escape, escape_attribute

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ALIGN = "text-align:"
_CHECKBOX = '<label><input class="task-list-item-checkbox" type="checkbox" disabled{checked}> '


def present(parser: MarkdownIt) -> None:
    """Change how a parser's tokens are rendered; `prepare` changes the tokens themselves."""
    parser.options["xhtmlOut"] = False
    rules: Any = parser.renderer.rules  # type: ignore[attr-defined]
    parser.add_render_rule("fence", _highlighted(rules["fence"]))
    parser.add_render_rule("code_block", _reachable(rules["code_block"]))
    parser.add_render_rule("image", _picture(rules["image"]))
    parser.add_render_rule("footnote_anchor", _way_back)
    parser.add_render_rule("table_open", lambda *_: '<div class="table" tabindex="0">\n<table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")


def _reachable(rule: Any) -> Any:
    def render(_self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        html: str = rule(tokens, index, options, env)
        return html.replace("<pre", '<pre tabindex="0"', 1)

    return render


def _highlighted(rule: Any) -> Any:
    """Return a rule for fenced code: its words have classes where the language is known."""
    plain = _reachable(rule)

    def render(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        language = tokens[index].info.strip().partition(" ")[0]
        used = env.get("classes")
        html = None
        if language and used is not None:
            html = highlight(tokens[index].content, language, used)
        if html is None:
            return str(plain(self, tokens, index, options, env))
        name = escape_attribute(language)
        return f'<pre tabindex="0" class="highlight"><code class="language-{name}">{html}</code></pre>\n'

    return render


def _picture(rule: Any) -> Any:
    """Return a rule for pictures of the site: what is known of their files is put in later."""

    def render(_self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        html: str = rule(tokens, index, options, env)
        number = tokens[index].meta.get("reference")
        if number is None:
            return html
        opening, size, closing = (
            marks.mark(number, kind) for kind in (marks.OPENING, marks.SIZE, marks.CLOSING)
        )
        return f"{opening}{html.removesuffix('>')}{size}>{closing}"

    return render


def _way_back(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    meta = tokens[index].meta
    number, again = meta["id"] + 1, meta.get("subId", 0)
    name = f"{number}:{again}" if again > 0 else str(number)
    label = marks.mark(name, marks.BACK)
    return f' <a href="#fnref{name}" class="footnote-backref" aria-label="{label}">\u21a9\ufe0e</a>'


def prepare(tokens: list[Token]) -> None:
    """Replace what the parser would write as style by classes, label checkboxes, make figures."""
    from markdown_it.token import Token as NewToken

    for index, token in enumerate(tokens):
        style = str(token.attrs.get("style", ""))
        if token.type in {"th_open", "td_open"} and style.startswith(_ALIGN):
            del token.attrs["style"]
            token.attrSet("class", f"align-{style[len(_ALIGN) :]}")
        elif token.type == "list_item_open" and "checked" in token.meta:
            _label(token, tokens[index + 1 : index + 3])
        elif token.type == "alert_title_open":
            title = tokens[index + 1].content.lower()
            words = NewToken("html_inline", "", 0, content=marks.mark(title, marks.TITLE))
            tokens[index + 1].children = [words]
        elif token.type == "paragraph_open" and not token.hidden:
            _make_figure(*tokens[index : index + 3])


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


def _make_figure(opening: Token, inline: Token, closing: Token) -> None:
    """Make a paragraph that is one picture with a title, linked or not, a figure with a caption."""
    from markdown_it.token import Token as NewToken

    kinds = [child.type for child in inline.children or ()]
    if kinds not in (["image"], ["link_open", "image", "link_close"]) or not inline.children:
        return
    picture = inline.children[len(kinds) // 2]
    caption = str(picture.attrs.pop("title", ""))
    if not caption:
        return
    opening.type, closing.type = "figure_open", "figure_close"
    opening.tag = closing.tag = "figure"
    words = f"\n<figcaption>{escape(caption)}</figcaption>\n"
    inline.children.append(NewToken("html_inline", "", 0, content=words))
