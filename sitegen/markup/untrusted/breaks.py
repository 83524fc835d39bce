"""Nested pieces -> HTML, in which lines and paragraphs break where they were typed.

A blank line ends a paragraph, a single line end breaks the line, and neither does anything
next to a block. Inline elements are closed with their paragraph and opened again in the
next: the original's `<p><code>x</p><p>y</code></p>` cannot happen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from sitegen.markup.escaping import escape, escape_attribute
from sitegen.markup.untrusted.autolink import REL, has_addresses
from sitegen.markup.untrusted.elements import HEADINGS, INLINE
from sitegen.markup.untrusted.tags import Piece, Start, Text

ToHtml = Callable[[str], str]

_NO_PARAGRAPHS = HEADINGS | {"dt", "caption"}
_ONE_PARAGRAPH_BARE = frozenset({"li", "dd", "td", "th"})
_MAY_BE_EMPTY = _ONE_PARAGRAPH_BARE | {"dt", "hr"}
_WHOLE_LINES = frozenset({"ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr"})

_BLANK_START = re.compile(r"(?:[ \t]*\n)+")
_BEFORE_LINE_END = re.compile(r"(?<![ \t])[ \t]++(?=\n)")
_INDENTATION = re.compile(r"(?:^|(?<=\n))[ \t]++")
_BLANK_LINES = re.compile("\n{3,}")
_RUN_OF_BLANKS = re.compile("[ \t]{2,}|\t")


def paragraphs(text: str, to_html: ToHtml) -> str:
    r"""Return text without tags as HTML: paragraphs and line breaks.

    Args:
        text: Normalised text.
        to_html: Text to HTML; it escapes, and may make links.

    >>> paragraphs("one\ntwo\n\nthree", escape)
    '<p>one<br>\ntwo</p>\n<p>three</p>'
    """
    text = text.rstrip(" \t\n")
    if not text:
        return ""
    if text[0] in " \t\n" and (blank := _BLANK_START.match(text)):
        text = text[blank.end() :]
    if " \n" in text or "\n " in text or "\t" in text or text.startswith(" "):
        text = _INDENTATION.sub(_kept_indentation, _BEFORE_LINE_END.sub("", text))
    html = to_html(text)
    if "\n\n\n" in html:
        html = _BLANK_LINES.sub("\n\n", html)
    if "\n" in html:
        html = html.replace("\n\n", "\0").replace("\n", "<br>\n").replace("\0", "</p>\n<p>")
    return f"<p>{html}</p>"


def _kept_indentation(found: re.Match[str]) -> str:
    """Return indentation as it shows: code that was typed as text keeps its form."""
    width = len(found[0].expandtabs(4))
    return "\u00a0" * width if width > 1 else ""


class _Frame:
    """An open block and what stands in it: (is a paragraph, HTML)."""

    def __init__(self, name: str, tag: str) -> None:
        self.name = name
        self.tag = tag
        self.parts: list[tuple[bool, str]] = []

    def html(self) -> str:
        """Return the closed block, or nothing if it shows nothing."""
        if not self.parts and self.name not in _MAY_BE_EMPTY:
            return ""
        if self.name == "hr":
            return self.tag
        separator = "\n" if self.name in _WHOLE_LINES else ""
        return f"{self.tag}{separator}{self.content()}{separator}</{self.name}>"

    def content(self) -> str:
        """Return what stands in the block; a list item's only paragraph needs no tag."""
        count = sum(is_paragraph for is_paragraph, _ in self.parts)
        bare = self.name in _NO_PARAGRAPHS or self.name == "pre"
        bare = bare or (self.name in _ONE_PARAGRAPH_BARE and count == 1 and self.parts[0][0])
        return "\n".join(
            f"<p>{part}</p>" if paragraph and not bare else part for paragraph, part in self.parts
        )


class _Writer:
    """The page of one comment while it is written."""

    def __init__(self, to_html: ToHtml) -> None:
        self._to_html = to_html
        self._frames = [_Frame("", "")]
        self._inline: list[tuple[str, str]] = []
        """Open inline elements: (name, start tag)."""
        self._opened = 0
        """How many of them stand in the paragraph already."""
        self._code = self._link = 0
        self._line: list[str] = []
        self._line_ends = 0
        """Line ends since the last text: what they mean shows when the next text comes."""

    def finish(self) -> str:
        """Return the page."""
        self._end_paragraph()
        return self._frames[0].content()

    def start(self, start: Start) -> None:
        """Open an element; an inline one is written when text comes."""
        name = start.name
        if name not in INLINE:
            self._end_paragraph()
            self._frames.append(_Frame(name, start_tag(start)))
            return
        if name == "code":
            if self._line_ends > 1 and not self._code and self._has_paragraphs():
                self._end_paragraph()
            self._code += 1
        self._link += name == "a"
        self._inline.append((name, start_tag(start)))

    def end(self, name: str) -> None:
        """Close the innermost element, which has this name."""
        if name not in INLINE:
            self._end_paragraph()
            html = self._frames.pop().html()
            if html:
                self._frames[-1].parts.append((False, html))
            return
        self._code -= name == "code"
        self._link -= name == "a"
        self._inline.pop()
        if self._opened > len(self._inline):
            self._opened -= 1
            self._line.append(f"</{name}>")

    def text(self, text: str) -> None:
        """Write text line by line."""
        if self._frames[-1].name == "pre":
            self._pre_text(text)
            return
        if "\n" not in text:
            self._part(text)
            return
        *lines, last = text.split("\n")
        for line in lines:
            self._part(line.rstrip(" \t"))
            self._line_ends += 1
        self._part(last)

    def _pre_text(self, text: str) -> None:
        if not self._line:
            text = text.lstrip("\n")
        if text:
            self._open_inline()
            self._line.append(escape(text))

    def _part(self, part: str) -> None:
        """Write a line or a part of one, after the break that is due."""
        if not part.strip(" \t"):
            if part and self._line and not self._line_ends:
                code = any(name == "code" for name, _ in self._inline[: self._opened])
                self._line.append(_blanks_shown(part) if code else part)
            return
        if self._line_ends:
            self._break()
        if not self._line or self._line_ends:
            part = self._indented(part)
        self._line_ends = 0
        if self._opened < len(self._inline):
            if part[0] in " \t" and self._line and not self._code:
                # A blank before an element is not in it.
                self._line.append(" ")
                part = part.lstrip(" \t")
            self._open_inline()
        if self._code:
            part = _blanks_shown(part)
        elif self._link or not has_addresses(part):
            part = escape(part)
        else:
            part = self._to_html(part)
        self._line.append(part)

    def _break(self) -> None:
        if not self._line:
            return
        self._line[-1] = self._line[-1].rstrip(" \t")
        if self._code and self._opened == len(self._inline):
            # No "\n" after it: where code keeps its white space, that would be a second break.
            self._line.append("<br>" * self._line_ends)
        elif self._line_ends == 1 or not self._has_paragraphs():
            self._line.append("<br>\n")
        else:
            self._end_paragraph()

    def _has_paragraphs(self) -> bool:
        return self._frames[-1].name not in _NO_PARAGRAPHS

    def _indented(self, line: str) -> str:
        frame = self._frames[-1]
        typed = bool(self._line) or (frame.parts[-1][0] if frame.parts else not frame.name)
        return _INDENTATION.sub(_kept_indentation if typed or self._code else "", line)

    def _open_inline(self) -> None:
        self._line += [tag for _, tag in self._inline[self._opened :]]
        self._opened = len(self._inline)

    def _end_paragraph(self) -> None:
        if self._line:
            self._line += [f"</{name}>" for name, _ in reversed(self._inline[: self._opened])]
            html = "".join(self._line)
            frame = self._frames[-1]
            frame.parts.append((True, html if frame.name == "pre" else html.rstrip(" \t")))
            self._line = []
        self._opened = self._line_ends = 0


def _blanks_shown(code: str) -> str:
    return escape(_RUN_OF_BLANKS.sub(_kept_blanks, code))


def _kept_blanks(run: re.Match[str]) -> str:
    """Return blanks that show; the last one lets the line break."""
    return "\u00a0" * (len(run[0].expandtabs(4)) - 1) + " "


def start_tag(start: Start) -> str:
    """Return a start tag; every link says that it is a stranger's."""
    attributes = "".join(f' {name}="{escape_attribute(value)}"' for name, value in start.attributes)
    rel = f' rel="{REL}"' if start.name == "a" else ""
    return f"<{start.name}{attributes}{rel}>"


def written(pieces: Iterable[Piece], to_html: ToHtml) -> str:
    """Return nested pieces as HTML; `to_html` turns text outside links and code into HTML."""
    writer = _Writer(to_html)
    for piece in pieces:
        if isinstance(piece, Text):
            writer.text(piece.text)
        elif isinstance(piece, Start):
            writer.start(piece)
        else:
            writer.end(piece.name)
    return writer.finish()
