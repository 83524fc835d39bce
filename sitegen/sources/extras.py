"""What a site switches on or off in config.yaml: Markdown beyond the standard, checks, copies for machines."""

from __future__ import annotations

import msgspec

from sitegen.sources import schema
from sitegen.sources.schema import Key

CHECKS = {
    "broken_link": "error",
    "broken_anchor": "error",
    "missing_picture": "warning",
    "missing_alt": "warning",
    "missing_footnote": "warning",
    "bad_formula": "warning",
    "duplicate_id": "warning",
    "unshown_letters": "warning",
}
"""Name of a check -> how much its findings matter where the site does not say."""


class MarkdownSettings(msgspec.Struct, frozen=True):
    """What articles may hold beyond CommonMark."""

    highlight: bool = True
    math: bool = False
    typographer: bool = False


MARKDOWN_KEYS = (
    Key("highlight", schema.flag, "Code in fences is coloured.", default=True),
    Key("math", schema.flag, "`$…$` and `$$…$$` are formulas in LaTeX.", default=False),
    Key(
        "typographer",
        schema.flag,
        "Quotation marks, dashes and ellipses are set as in print.",
        default=False,
    ),
)
KEYS = (
    Key(
        "markdown",
        schema.record(MARKDOWN_KEYS, MarkdownSettings, "markdown."),
        "What articles may hold beyond CommonMark.",
        default=MarkdownSettings(),
    ),
    Key(
        "markdown_copies",
        schema.flag,
        "Whether the Markdown of every article and page is published beside it.",
        default=False,
    ),
    Key(
        "llms_txt",
        schema.flag,
        "Whether `llms.txt` lists all pages and articles for language models.",
        default=False,
    ),
)
