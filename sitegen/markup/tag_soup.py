"""HTML of any shape -> the tags and texts in it, as the standard library's parser finds them."""

from __future__ import annotations

from html.parser import HTMLParser


class TagSoup(HTMLParser):
    """The library's parser, which an author's `<![` ends with an assertion, as browsers read that.

    HTML §13.2.5.42: outside of SVG and MathML it opens a comment, up to the next `>`.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Return where the comment ends; -1 if it does not."""
        return self.parse_bogus_comment(i, report)
