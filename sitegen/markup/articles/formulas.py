"""A formula in LaTeX -> MathML, if the library for it is there; else code, as it was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sitegen.errors import Problem, printable
from sitegen.markup.articles.places import Places, inside
from sitegen.markup.escaping import escape

if TYPE_CHECKING:
    from markdown_it.token import Token

KINDS = {
    "math_inline": "inline",
    "math_inline_double": "block",
    "math_block": "block",
}


def set_formulas(tokens: Sequence[Token], places: Places, problems: list[Problem]) -> None:
    """Make every formula among the tokens what a browser shows."""
    block: Sequence[int] | None = None
    for token in tokens:
        block = token.map or block
        for formula in (token, *inside(token)):
            if formula.type in KINDS:
                _set(formula, block, places, problems)


def _in_words(name: str) -> str:
    """Return the name of an exception as words.

    >>> _in_words("MissingEndError")
    'missing end'
    """
    return re.sub("(?!^)(?=[A-Z])", " ", name.removesuffix("Error")).lower()


def _set(
    token: Token, block: Sequence[int] | None, places: Places, problems: list[Problem]
) -> None:
    display = KINDS[token.type]
    text = token.content.strip()
    shown = f'<code class="math">{escape(text)}</code>'
    try:
        from latex2mathml.converter import convert

        shown = convert(text, display=display)
    except ImportError:
        pass
    except Exception as error:  # noqa: BLE001 - the errors of the library have nothing in common
        place = places.find(text.split("\n")[0], block)
        said = printable(str(error)) or _in_words(type(error).__name__)
        message = f"the formula cannot be read: {said}"
        problems.append(Problem("bad_formula", message, place, "correct its LaTeX"))
    is_block = token.type == "math_block"
    token.type = "html_block" if is_block else "html_inline"
    token.content = f"<p>{shown}</p>\n" if is_block else shown
