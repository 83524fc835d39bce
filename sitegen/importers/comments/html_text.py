"""The HTML of a comment elsewhere -> text of the format `restricted_html`, no word lost or glued.

Paragraphs become empty lines and breaks line ends; what the format knows stays; `<b>` and its
like are mapped to what means the same; pictures and other media become links; tags that only
arrange text go, with the text left; and what is no tag of HTML (`List<T>`, `<script>`) is
written so that it is shown.
"""

from __future__ import annotations

import html
import re
from collections import Counter

from sitegen.importers.comments.html_tokens import Tag, escaped, tokens, unwrapped

_KEPT = {
    "a": ("href", "hreflang"), "em": (), "strong": (), "cite": (), "blockquote": ("cite",), "code": (),
    "pre": (), "ul": ("type",), "ol": ("type", "start"), "li": (), "dl": (), "dt": (), "dd": (),
    "h2": ("id",), "h3": ("id",), "h4": ("id",), "h5": ("id",), "h6": ("id",),
}  # fmt: skip
_MAPPED = {
    "b": "strong", "i": "em", "u": "em", "ins": "em", "var": "em", "dfn": "em", "tt": "code", "h1": "h2",
    "kbd": "code", "samp": "code", "xmp": "pre", "listing": "pre", "dir": "ul", "menu": "ul",
}  # fmt: skip
_SIGNS = {
    "s": ("~~", "~~"), "strike": ("~~", "~~"), "del": ("~~", "~~"), "sup": ("^", ""), "sub": ("_", ""),
    "q": ("“", "”"),
}  # fmt: skip
"""Tags whose meaning would be lost with them -> the signs that say it."""
_PARAGRAPHS = frozenset({
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "figure",
    "figcaption", "address", "table", "caption", "details", "summary", "form", "fieldset",
    "center", "hr",
})  # fmt: skip
_LINES = frozenset({"br", "tr", "thead", "tbody", "tfoot", "legend", "option"})
_BLOCKS = frozenset({
    "blockquote", "pre", "ul", "ol", "li", "dl", "dt", "dd", "h2", "h3", "h4", "h5", "h6",
})  # fmt: skip
_MEDIA = frozenset({
    "img", "iframe", "video", "audio", "embed", "source", "track", "image", "object",
})  # fmt: skip
_ARRANGING = frozenset({
    "span", "font", "small", "big", "abbr", "acronym", "bdi", "bdo", "mark", "time", "data",
    "label", "html", "body", "wbr", "nobr", "noscript", "ruby", "rt", "rp", "picture", "colgroup",
    "col", "blink", "marquee", "u",
})  # fmt: skip
_SPACE = re.compile(r"[ \t\r\n\f]+")


def canonical(body: str, *, keeps_lines: bool) -> str:
    r"""Return a body of HTML as a text of the format `restricted_html`.

    Args:
        body: HTML, well formed or not.
        keeps_lines: Whether a line end in it breaks the line, as in what WordPress stores.

    >>> canonical("<p>One<br>two &amp; <b>three</b></p><p>List<T></p>", keeps_lines=False)
    'One\ntwo & <strong>three</strong>\n\nList&lt;T>'
    """
    writer = _Writer(keeps_lines=keeps_lines)
    for token in tokens(body.replace("\r\n", "\n").replace("\r", "\n")):
        if isinstance(token, str):
            writer.text(html.unescape(token))
        else:
            writer.tag(token)
    return writer.finish()


class _Writer:
    """The text while it is written."""

    def __init__(self, *, keeps_lines: bool) -> None:
        self.keeps_lines = keeps_lines
        self.parts: list[str] = []
        self.breaks = 0
        """Line ends that are due before the next word, by what stands around it."""
        self.typed = 0
        """Line ends that were typed since the last word."""
        self.blank = False
        """Whether a blank is due before it."""
        self.after_break = False
        """Whether the last thing read was a `<br>`."""
        self.fresh = False
        """Whether a block has just been opened: its first words stand beside its tag."""
        self.cells = 0
        """Cells of the row at hand."""
        self.open: list[str] = []
        self.within: Counter[str] = Counter()
        """Name -> how many of what is open have it: to look through `open` at each tag would take too long."""

    def finish(self) -> str:
        """Return the text; what was left open is closed."""
        while self.open:
            self.close(self.open[-1])
        text = re.sub("[ \t]+\n", "\n", "".join(self.parts))
        return text.strip("\n").rstrip()

    def text(self, text: str) -> None:
        """Write text, references decoded."""
        if self.within["pre"]:
            self.write(escaped(text), bare=True)
        elif self.keeps_lines:
            if self.after_break:
                text = re.sub(r"\A[ \t]*\n", "", text)  # a `<br>` at the end of a line breaks once
            lines = text.split("\n")
            for number, line in enumerate(lines):
                self.typed += number > 0
                self.line(line, is_code=self.within["code"] > 0)
        else:
            self.line(text, is_code=False)
        self.after_break = False

    def line(self, text: str, *, is_code: bool) -> None:
        words = text if is_code else _SPACE.sub(" ", text)
        if not words.strip(" \t"):
            self.blank = self.blank or bool(words)
            return
        if not is_code:
            self.blank = self.blank or words[0] == " "
            after = words[-1] == " "
            words = words.strip(" ")
        else:
            after = False
        self.write(escaped(words))
        self.blank = after

    def write(self, piece: str, *, bare: bool = False) -> None:
        """Write a piece after the white space that is due."""
        if not bare:
            due = max(self.breaks, min(2, self.typed))
            if due and self.parts and not self.fresh:
                self.parts.append("\n" * due)
            elif (
                self.blank
                and self.parts
                and not self.fresh
                and not self.parts[-1].endswith((" ", "\n"))
            ):
                self.parts.append(" ")
        self.breaks, self.typed, self.blank, self.fresh = 0, 0, False, False
        self.parts.append(piece)

    def tag(self, tag: Tag) -> None:
        """Write what a tag means here."""
        name = _MAPPED.get(tag.name, tag.name)
        self.after_break = name == "br"
        if self.within["pre"] and name != "pre":
            if name == "br":
                self.write("\n", bare=True)
        elif name in _PARAGRAPHS or name in _LINES:
            self.apart(name)
        elif name in {"td", "th"}:
            self.cell(is_end=tag.is_end)
        elif name in _SIGNS:
            self.sign(_SIGNS[name][tag.is_end], is_end=tag.is_end)
        elif name in _MEDIA:
            self.medium(tag)
        elif name in _KEPT:
            self.kept(name, tag)
        elif name not in _ARRANGING:
            self.line(tag.source, is_code=False)

    def apart(self, name: str) -> None:
        """Let a line or a paragraph end."""
        if name == "br":
            self.typed += 1
        elif name in _LINES:
            self.breaks, self.cells = max(1, self.breaks), 0
        else:
            self.breaks = 2
        if name == "hr":
            self.write("---")
            self.breaks = 2

    def cell(self, *, is_end: bool) -> None:
        """Let a cell of a table begin, parted from the one before it."""
        if not is_end and self.cells:
            self.blank = True
            self.write("|")
        self.cells += not is_end
        self.blank = True

    def sign(self, sign: str, *, is_end: bool) -> None:
        """Write what says the meaning of a tag that there is none for."""
        if sign and is_end:
            self.parts.append(sign)
        elif sign:
            self.write(sign)

    def kept(self, name: str, tag: Tag) -> None:
        if tag.is_end:
            if self.within[name]:
                self.close(name)
            return
        href = unwrapped(tag.attributes.get("href", ""))
        if (name == "a" and not href) or (name in {"a", "pre"} and self.within[name]):
            return
        if name in {"li", "dt", "dd"} and self.open and self.open[-1] == name:
            self.close(name)
        values = {**tag.attributes, "href": href}
        written = "".join(
            f' {key}="{html.escape(values[key])}"' for key in _KEPT[name] if values.get(key)
        )
        if name in _BLOCKS:
            self.breaks = max(self.breaks, 1 if name in {"li", "dt", "dd"} else 2)
        if name in {"li", "dt", "dd"}:
            self.fresh = False
        self.write(f"<{name}{written}>")
        self.fresh = name in _BLOCKS and name != "pre"
        self.open.append(name)
        self.within[name] += 1

    def close(self, name: str) -> None:
        """Close an element, and what was opened in it."""
        while True:
            last = self.open.pop()
            self.within[last] -= 1
            due, self.breaks = self.breaks, 0
            blank, self.blank, self.fresh = self.blank, False, False
            if last in {"ul", "ol", "dl"}:
                self.parts.append("\n")
            if last == "a" and self.parts[-1].startswith("<a "):
                self.parts.pop()  # a link without words leads nobody anywhere
            else:
                self.parts.append(f"</{last}>")
            self.breaks, self.blank = due, blank
            if last in _BLOCKS:
                self.breaks = max(due, 1 if last in {"li", "dt", "dd"} else 2)
            if last == name:
                return

    def medium(self, tag: Tag) -> None:
        """Write a link in place of a picture or a player."""
        values = tag.attributes
        address = values.get("src") or values.get("data") or ""
        words = values.get("alt") or values.get("title") or ""
        if tag.is_end or not (address or words):
            return
        if not re.match(r"https?://|/(?!/)", address) or self.within["a"]:
            self.line(words or address, is_code=False)
            return
        self.write(
            f'<a href="{html.escape(address)}">{escaped(_SPACE.sub(" ", words or address))}</a>'
        )
