"""Markdown as kramdown extends it -> Markdown, without the attributes that only kramdown knows."""

from __future__ import annotations

import re

from sitegen.errors import quoted
from sitegen.importers.load import Load

_ATTRIBUTE = r"""(?:[.#][\w-]+|[\w-]+=(?:"[^"\n]*"|'[^'\n]*'))"""
# After a list, its only item being a word that nobody sees, `toc` stands for the contents.
_ATTRIBUTES = re.compile(
    rf"(?:^[*+-] .*\n)?^\{{:\s*toc\s*\}}|\{{:\s*{_ATTRIBUTE}(?:\s+{_ATTRIBUTE})*\s*\}}",
    re.MULTILINE,
)
_CODE = re.compile(
    r"^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\1|(?<!`)(`+)(?!`).*?(?<!`)\2(?!`)"
    r"|\{%-?\s*(highlight|raw)\b.*?\{%-?\s*end\3\b",
    re.DOTALL | re.MULTILINE,
)


def without_attributes(body: str, load: Load, place: tuple[str, int]) -> str:
    """Return a body without `{: .class target="_blank"}` and `{:toc}`, as many lines long.

    Args:
        body: With LF line ends.
        load: Is told what was taken out.
        place: Path of the file, and the line at which the body begins.
    """
    path, first_line = place
    code = [found.span() for found in _CODE.finditer(body)]

    def taken_out(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in code):
            return match[0]
        lines = match[0].count("\n")
        line = first_line + body.count("\n", 0, match.start()) + lines
        what = quoted(match[0].rpartition("\n")[2])
        load.leave(path, line, f"{what} was taken out: only kramdown knows such attributes")
        return "\n" * lines

    return _ATTRIBUTES.sub(taken_out, body)
