"""`markdown:` of config.yaml -> MarkdownSettings: what articles may hold beyond CommonMark."""

from __future__ import annotations

import msgspec

from sitegen.sources import kinds
from sitegen.sources.schema import Key


class MarkdownSettings(msgspec.Struct, frozen=True):
    """What articles may hold beyond CommonMark."""

    highlight: bool = True
    math: bool = False
    typographer: bool = False


MARKDOWN_KEYS = (
    Key("highlight", kinds.flag, "Code in fences is coloured.", default=True),
    Key("math", kinds.flag, "`$…$` and `$$…$$` are formulas in LaTeX.", default=False),
    Key(
        "typographer",
        kinds.flag,
        "Quotation marks, dashes and ellipses are set as in print.",
        default=False,
    ),
)
