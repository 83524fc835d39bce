"""The two gates: bleach cleans the tags, nh3 must find nothing left to clean.

They share no code: bleach stands on html5lib, nh3 on html5ever and its own table of
attributes and addresses below. An attack has to beat both. Neither is imported before a
comment needs it.

bleach 6.4.0 is the last release. It does only what it does well, the tree and the
allowlist: no filters, no linkifier (quadratic), no trust in its `protocols`
(`javascript:123` passes). To swap it, replace `_cleaner`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from sitegen.markup.allowlist import Allowlist
from sitegen.markup.elements import BREAKS, GLOBAL_ATTRIBUTES
from sitegen.markup.escaping import escape_attribute
from sitegen.markup.policy import Policy, policy_of
from sitegen.markup.tags import End, Piece, Start, Text

if TYPE_CHECKING:
    import nh3
    from bleach.sanitizer import Cleaner

_MARK = "t"
_CLEANED = re.compile(r'(t)|<([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*)>|</([a-z][a-z0-9]*)>')
_CLEANED_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')


class GatesDisagree(Exception):  # noqa: N818 - not an error of anybody: the text is shown as written
    """The cleaned tags are not what they should be."""


def cleaned(pieces: list[Piece], allowlist: Allowlist) -> list[Piece]:
    """Return what bleach leaves of the tags, with the text in its places again.

    bleach sees a mark for each run of text: text is never markup, and in bleach it can
    only do harm (`&#` and 4,301 digits raise, 20,000 `&` take half a second).

    Raises:
        GatesDisagree: bleach's answer is not in the strict grammar, or lost a text.
    """
    markup = "".join(_tag(piece) for piece in pieces)
    answer = _cleaner(allowlist, threading.get_ident()).clean(markup)
    texts = iter([piece for piece in pieces if isinstance(piece, Text)])
    tokens = list(_tokens(answer, texts, policy_of(allowlist)))
    if next(texts, None) is not None:
        raise GatesDisagree("a text was lost")
    return tokens


def _tag(piece: Piece) -> str:
    if isinstance(piece, Text):
        return _MARK
    if isinstance(piece, End):
        return "" if piece.name == "hr" else f"</{piece.name}>"
    attributes = "".join(f' {name}="{escape_attribute(value)}"' for name, value in piece.attributes)
    return f"<{piece.name}{attributes}>"


def _tokens(markup: str, texts: Iterator[Piece], policy: Policy) -> Iterator[Piece]:
    """Yield the pieces of bleach's answer; attributes are checked once more, by our own patterns."""
    position = 0
    while position < len(markup):
        found = _CLEANED.match(markup, position)
        if found is None:
            raise GatesDisagree(f"unexpected {markup[position : position + 20]!r}")
        position = found.end()
        if found[1]:
            yield next(texts)
        elif found[4]:
            yield End(found[4])
        else:
            yield Start(found[2], tuple(_attributes(found[2], found[3], policy)))
            if found[2] == "hr":
                yield End("hr")


def _attributes(element: str, markup: str, policy: Policy) -> Iterator[tuple[str, str]]:
    if element not in policy.attributes:
        raise GatesDisagree(f"<{element}> is not allowed")
    for found in _CLEANED_ATTRIBUTE.finditer(markup):
        value = (
            found[2]
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&nbsp;", "\u00a0")
            .replace("&amp;", "&")
        )
        checked = policy.value(element, found[1], value)
        if checked is not None:
            yield found[1], checked


@lru_cache(maxsize=64)
def _cleaner(allowlist: Allowlist, thread: int) -> Cleaner:  # noqa: ARG001 - a Cleaner is not thread-safe
    from bleach.sanitizer import Cleaner  # noqa: PLC0415 - a build with nothing to do imports none

    attributes = {
        element.name: [one.name for one in element.attributes] for element in allowlist.elements
    }
    return Cleaner(
        tags=frozenset(attributes) - BREAKS,
        attributes={**attributes, "*": list(GLOBAL_ATTRIBUTES)},
        protocols=frozenset({"http", "https", "mailto"}),
        strip=True,
        strip_comments=True,
    )


def unchanged(html: str, allowlist: Allowlist, id_prefix: str) -> bool:
    """Return whether nh3, with the same allowlist, would change nothing in the finished HTML."""
    # Only ids and links to them depend on the prefix: a gate without one serves all others.
    prefix = id_prefix if ' id="' in html or ' href="#' in html or ' cite="#' in html else None
    try:
        return bool(_gate(allowlist, prefix).clean(html) == html)
    except UnicodeEncodeError:  # a lone surrogate
        return False


@lru_cache(maxsize=10_000)
def accepts_address(address: str) -> bool:
    """Return whether nh3's own address parser has no quarrel with an address."""
    html = f'<a href="{escape_attribute(address)}">t</a>'
    import nh3  # noqa: PLC0415 - a build with nothing to do imports none

    try:
        return html == nh3.clean(
            html,
            tags={"a"},
            attributes={"*": set(), "a": {"href"}},
            link_rel=None,
            url_schemes=_SCHEMES,
        )
    except UnicodeEncodeError:
        return False


_SCHEMES = {"http", "https", "mailto"}
_WANTED_ADDRESS = re.compile(
    r"https?://[^/?#@\\\s]+(?:[/?#][^\\\s]*)?|mailto:[^/?#@\\\s:]+@[^/?#@\\\s:]+|/(?![/\\])[^\\\s]*",
    re.IGNORECASE,
)
_WANTED_VALUE = re.compile(r"[\w .:+,;!?()'&/-]{1,200}")
_WANTED_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@lru_cache(maxsize=64)
def _gate(allowlist: Allowlist, id_prefix: str | None) -> nh3.Cleaner:
    import nh3  # noqa: PLC0415 - a build with nothing to do imports none

    attributes = {
        element.name: {one.name for one in element.attributes} for element in allowlist.elements
    }
    attributes.get("a", set()).add("rel")
    return nh3.Cleaner(
        tags={*attributes, *BREAKS},
        # Without "*" ammonia lets `title` and `lang` through on every element.
        attributes={**attributes, "*": set(GLOBAL_ATTRIBUTES)},
        attribute_filter=_second_opinion(id_prefix),
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )


def _second_opinion(id_prefix: str | None) -> Callable[[str, str, str], str | None]:
    """Return nh3's check of values: by patterns of its own, since ammonia checks no `cite` and no id."""
    own = None if id_prefix is None else f"{id_prefix}~" if id_prefix else ""

    def own_id(value: str) -> bool:
        return (
            own is not None
            and value.startswith(own)
            and _WANTED_ID.fullmatch(value[len(own) :]) is not None
        )

    def wanted(element: str, attribute: str, value: str) -> str | None:
        if attribute in ("href", "cite"):
            good = own_id(value[1:]) if value.startswith("#") else _WANTED_ADDRESS.fullmatch(value)
        elif attribute == "id":
            good = own_id(value)
        elif attribute == "rel":
            good = element == "a" and value == "nofollow ugc noopener"
        else:
            good = _WANTED_VALUE.fullmatch(value)
        return value if good else None

    return wanted


def all_text(pieces: Iterable[Piece]) -> bool:
    """Return whether no piece is a tag: then there is nothing for the first gate to clean."""
    return all(isinstance(piece, Text) for piece in pieces)
