"""HTML as people and systems write it, well formed or not -> texts and tags, each as it stands there."""

from __future__ import annotations

import html
import re
import urllib.parse
from collections.abc import Iterator
from typing import NamedTuple

_ATTRIBUTE = re.compile(
    r"""([A-Za-z_:@][\w:.@-]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++)))?"""
)
_TOKEN = re.compile(
    r"""<!--(?:(?!<!--).){0,5000}?-->|<(/?)([A-Za-z][A-Za-z0-9:._-]{0,40}+)"""
    r"""((?:[^<>"']|"[^"<]{0,3000}+"|'[^'<]{0,3000}+'){0,3000}+)>""",
    re.DOTALL,
)


class Tag(NamedTuple):
    """A start or end tag."""

    name: str
    is_end: bool
    attributes: dict[str, str]
    source: str


def tokens(body: str) -> Iterator[str | Tag]:
    """Yield the texts of a body, references not decoded, and its tags, names in lower case."""
    done = 0
    for found in _TOKEN.finditer(body):
        if found.start() > done:
            yield body[done : found.start()]
        done = found.end()
        if found[2]:
            attributes = {
                name.lower(): html.unescape(double or single or bare)
                for name, double, single, bare in _ATTRIBUTE.findall(found[3])
            }
            yield Tag(found[2].lower(), found[1] == "/", attributes, found[0])
        else:
            yield escaped_comment(found[0])
    if done < len(body):
        yield body[done:]


def escaped_comment(source: str) -> str:
    """Return what is shown of a comment of HTML: nothing is, but conditional ones hold words."""
    return "" if re.fullmatch(r"<!--\s*(?:\S+\s*)?-->", source) else html.escape(source)


_REFERENCE = re.compile(r"&(?=#?[A-Za-z0-9]{1,32};)")
_DISQUS = re.compile(r"https?://disq\.us/url\?")


def escaped(text: str) -> str:
    """Return text so that the format reads it as text, with no more signs than that needs.

    >>> escaped("a < b && c > d &amp;")
    'a &lt; b && c > d &amp;amp;'
    """
    return _REFERENCE.sub("&amp;", text).replace("<", "&lt;")


def unwrapped(address: str) -> str:
    """Return the address that a link of Disqus's own leads to; any other as it is.

    >>> unwrapped("https://disq.us/url?url=https%3A%2F%2Fexample.org%2F%3AaBc_1&cuid=1")
    'https://example.org/'
    """
    if not _DISQUS.match(address):
        return address
    target = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query).get("url", [""])[0]
    return re.sub(r":[A-Za-z0-9_-]+$", "", target) or address
