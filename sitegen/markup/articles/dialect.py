"""What articles may hold beyond CommonMark, and the parser that understands it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


class Dialect(msgspec.Struct, frozen=True):
    """What a site has switched on or off."""

    highlight: bool = True
    math: bool = False
    typographer: bool = False
    language: str = "en"
    """Of the text: it decides what quotation marks look like."""


_QUOTES: dict[str, str | tuple[str, ...]] = {
    "cs": "„“‚‘",
    "da": "»«›‹",
    "de": "„“‚‘",
    "es": "«»“”",
    "fi": "””’’",
    "fr": ("«\u202f", "\u202f»", "“", "”"),
    "it": "«»“”",
    "nl": "“”‘’",
    "pl": "„”‚’",
    "pt": "«»“”",
    "ru": "«»„“",
    "sv": "””’’",
    "uk": "«»„“",
}
ENGLISH = "“”‘’"


def parser(*, math: bool = False, quotes: str | tuple[str, ...] = "") -> MarkdownIt:
    """Return a parser of CommonMark and GitHub's extensions, footnotes and definition lists.

    Args:
        math: Whether `$…$` is a formula.
        quotes: The quotation marks to be set, outer and inner; none to leave all as typed.
    """
    from sitegen.markup.articles.dispatch import dispatched

    return dispatched(library_parser(math=math, quotes=quotes))


def library_parser(*, math: bool = False, quotes: str | tuple[str, ...] = "") -> MarkdownIt:
    """Return the same parser as the library makes it, which takes twice the time."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.gfm import gfm_plugin

    made = MarkdownIt("commonmark")
    gfm_plugin(made)
    deflist_plugin(made)
    if math:
        dollarmath_plugin(
            made, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True
        )
    if quotes:
        made.options["typographer"] = True
        made.options["quotes"] = quotes
        made.enable(["replacements", "smartquotes"])
    return made


def quotes_of(dialect: Dialect) -> str | tuple[str, ...]:
    """Return the quotation marks of a dialect's language; empty if they are not to be set."""
    if not dialect.typographer:
        return ""
    language = dialect.language.split("-", maxsplit=1)[0].lower()
    found: str | tuple[str, ...] = _QUOTES.get(language, ENGLISH)
    return found
