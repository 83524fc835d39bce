"""The elements and attributes that a text format may name, and what their values may be.

A positive list: what is missing here cannot be allowed by any configuration. Each value
has a pattern of its own, so that a format that allows `<ol type>` does not thereby allow
any text there.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

INLINE = frozenset(
    [
        "a",
        "em",
        "strong",
        "cite",
        "code",
        "b",
        "i",
        "u",
        "s",
        "del",
        "ins",
        "sub",
        "sup",
        "kbd",
        "samp",
        "var",
        "abbr",
        "dfn",
        "q",
        "mark",
        "small",
        "time",
    ]
)
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
BLOCKS = (
    frozenset(
        [
            "blockquote",
            "ul",
            "ol",
            "li",
            "dl",
            "dt",
            "dd",
            "pre",
            "hr",
            "table",
            "caption",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "th",
            "td",
        ]
    )
    | HEADINGS
)
BREAKS = frozenset({"p", "br"})
"""Made from line breaks and always allowed; a format may name them all the same."""

PARENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "li": frozenset({"ul", "ol"}),
        "dt": frozenset({"dl"}),
        "dd": frozenset({"dl"}),
        "caption": frozenset({"table"}),
        "thead": frozenset({"table"}),
        "tbody": frozenset({"table"}),
        "tfoot": frozenset({"table"}),
        "tr": frozenset({"table", "thead", "tbody", "tfoot"}),
        "th": frozenset({"tr"}),
        "td": frozenset({"tr"}),
    }
)
"""Where an element may stand: a bare `<li>` breaks out of the list that comments stand in."""

CHILD: Mapping[str, str] = MappingProxyType(
    {
        "ul": "li",
        "ol": "li",
        "dl": "dd",
        "table": "tbody",
        "thead": "tr",
        "tbody": "tr",
        "tfoot": "tr",
        "tr": "td",
    }
)
"""What text that stands directly in such an element is put into, so that it is not lost."""

_URL_ATTRIBUTES = {
    "a": ("href",),
    "blockquote": ("cite",),
    "q": ("cite",),
    "del": ("cite",),
    "ins": ("cite",),
}
_OTHER_ATTRIBUTES = {
    "a": ("hreflang", "title"),
    "abbr": ("title",),
    "dfn": ("title",),
    "del": ("datetime",),
    "ins": ("datetime",),
    "time": ("datetime",),
    "ul": ("type",),
    "ol": ("type", "start"),
    "li": ("value", "id"),
    "dt": ("id",),
    "dd": ("id",),
    "blockquote": ("id",),
    "th": ("scope", "colspan", "rowspan"),
    "td": ("colspan", "rowspan"),
    **dict.fromkeys(HEADINGS, ("id",)),
}
GLOBAL_ATTRIBUTES = ("lang", "dir")
"""Allowed on every allowed element, as in the original: they name a language and its direction."""

ATTRIBUTES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        name: frozenset(
            (
                *_URL_ATTRIBUTES.get(name, ()),
                *_OTHER_ATTRIBUTES.get(name, ()),
                "class",
                *GLOBAL_ATTRIBUTES,
            )
        )
        for name in INLINE | BLOCKS
    }
    | {name: frozenset(GLOBAL_ATTRIBUTES) for name in BREAKS}
)
"""Element -> every attribute a format may name for it."""

URLS = frozenset({"href", "cite"})
"""Attributes that hold an address: `addresses.safe_address` decides on their values."""

_LANGUAGE = r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,6}"
_PATTERNS = {
    "hreflang": _LANGUAGE,
    "lang": _LANGUAGE,
    "dir": "ltr|rtl",
    "start": "-?[0-9]{1,6}",
    "value": "-?[0-9]{1,6}",
    "colspan": "[1-9][0-9]?",
    "rowspan": "[1-9][0-9]?",
    "scope": "row|col|rowgroup|colgroup",
    "datetime": "[0-9A-Z:.+-]{1,40}",
    "title": r"[^\x00-\x1f\x7f-\x9f<>\"\u2028\u2029]{1,200}",
    # An id with a colon, a blank or a dot could be taken for something else by a style sheet or
    # a script; letters first, so that it is never a number and never a name with underscores.
    "id": "[A-Za-z][A-Za-z0-9_-]{0,59}",
    "class": "[A-Za-z][A-Za-z0-9_-]{0,39}",
    "ul type": "disc|circle|square",
    "ol type": "[1aAiI]",
}
_COMPILED = {key: re.compile(pattern) for key, pattern in _PATTERNS.items()}


def accepts(element: str, attribute: str, value: str) -> bool:
    """Return whether a value can stand in an attribute that holds no address.

    >>> accepts("ol", "start", "3"), accepts("ol", "start", "3;x")
    (True, False)
    """
    pattern = _COMPILED.get(f"{element} {attribute}") or _COMPILED.get(attribute)
    return pattern is not None and pattern.fullmatch(value) is not None


REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "script": "it runs a stranger's code in your readers' browsers",
        "style": "it can cover, move or read any part of the page",
        "link": "it loads style sheets from elsewhere",
        "meta": "it can send readers to another page",
        "base": "it redirects every relative link of the page",
        "iframe": "it shows another site inside yours",
        "frame": "it shows another site inside yours",
        "frameset": "it shows another site inside yours",
        "object": "it runs a plug-in",
        "embed": "it runs a plug-in",
        "applet": "it runs a plug-in",
        "svg": "its grammar has let scripts through every sanitizer",
        "math": "its grammar has let scripts through every sanitizer",
        "template": "its content is hidden from sanitizers",
        "noscript": "browsers and sanitizers read its content differently",
        "form": "it asks your readers for passwords",
        "input": "it asks your readers for passwords",
        "button": "it can submit a form of the page",
        "textarea": "browsers read its content by other rules",
        "select": "browsers read its content by other rules",
        "title": "browsers read its content by other rules",
        "xmp": "browsers read its content by other rules",
        "plaintext": "it swallows the rest of the page",
        "img": "it lets a stranger count your site's readers",
        "picture": "it lets a stranger count your site's readers",
        "video": "it lets a stranger count your site's readers",
        "audio": "it lets a stranger count your site's readers",
        "div": "it is turned into line breaks already",
        "span": "it does nothing without a style",
        "h1": "it belongs to the title of the page",
    }
)
"""Elements that people ask for, and why no format may allow them."""
