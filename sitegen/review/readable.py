"""HTML that the text format made -> the text that a reader sees, and every link in it."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import msgspec


class Link(msgspec.Struct, frozen=True):
    """A link as a reader sees it, and where it really goes."""

    text: str
    address: str
    host: str
    """In the form that is looked up, `xn--80ak6aa92e.com`; empty for an address within the site."""
    shown_host: str
    """In the form that browsers may show, `аррӏе.com`; the same as `host` for most."""
    where: str = "body"
    """The key of the comment's file."""


class Readable(msgspec.Struct, frozen=True):
    """What a comment's HTML says."""

    lines: tuple[str, ...]
    links: tuple[Link, ...]


def readable(html: str) -> Readable:
    """Return the text of sanitized HTML, a line a block, and its links in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Readable(reader.text(), tuple(reader.links))


def link_of(text: str, address: str, where: str) -> Link:
    """Return a link with its host in both forms.

    >>> link_of("here", "https://xn--bcher-kva.example/x", "url").shown_host
    'bücher.example'
    """
    if address.lower().startswith("mailto:"):
        host = address.rpartition("@")[2].partition("?")[0]
    else:
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            host = ""
    return Link(text, address, _looked_up(host), _shown(host), where)


def _looked_up(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host


def _shown(host: str) -> str:
    labels = []
    for label in host.split("."):
        try:
            labels.append(label.encode("ascii").decode("idna") if "xn--" in label else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)


_BLOCKS = frozenset(
    ("p", "blockquote", "li", "ul", "ol", "dl", "dt", "dd", "pre", "hr", "div", "table", "tr",
     "thead", "tbody", "h2", "h3", "h4", "h5", "h6")
)  # fmt: skip
_BEFORE = {"li": "- ", "dt": "", "dd": "  ", "h2": "## ", "h3": "### ", "h4": "#### "}


class _Reader(HTMLParser):
    """Collects lines and links; never recursive."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line: list[str] = []
        self.links: list[Link] = []
        self.quotes = 0
        self.verbatim = 0
        self.address: str | None = None
        self.caption: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end_line()
            if tag in {"p", "pre", "blockquote"} and self.lines and self.lines[-1].strip("> "):
                self.lines.append("> " * self.quotes)
        if tag == "br":
            self._end_line()
        elif tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self.verbatim += 1
        elif tag == "a":
            self.address = dict(attrs).get("href")
            self.caption = []
        elif tag in {"td", "th"} and self.line:
            self.line.append(" | ")
        self.line.append(_BEFORE.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_line()
        if tag == "blockquote":
            self.quotes -= 1
        elif tag == "pre":
            self.verbatim -= 1
        elif tag == "a" and self.address is not None:
            self.links.append(link_of("".join(self.caption), self.address, "body"))
            self.line.append(f" [{len(self.links)}]")
            self.address = None

    def handle_data(self, data: str) -> None:
        if self.address is not None:
            self.caption.append(data)
        if not self.verbatim:
            self.line.append(data.replace("\n", " "))
            return
        first, *rest = data.split("\n")
        self.line.append(first)
        for line in rest:
            self._end_line(keep=True)
            self.line.append(line)

    def _end_line(self, *, keep: bool = False) -> None:
        text = "".join(self.line)
        self.line = []
        if text.strip() or keep:
            self.lines.append("> " * self.quotes + (text.rstrip() if keep else text.strip()))

    def text(self) -> tuple[str, ...]:
        self._end_line()
        return tuple(self.lines)
