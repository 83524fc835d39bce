"""The two gates that a comment's HTML has to pass: bleach judges the tags, nh3 the finished page.

Each would clean; here each has to find nothing to clean. They share no code: bleach stands
on html5lib, nh3 on html5ever and on the patterns below. An attack has to get through our
own grammar and beat both. Neither is imported before a comment needs it.

bleach 6.4.0 is the last release. It does only what it does well, the tree and the
allowlist: no filters, no linkifier (quadratic), no trust in its `protocols`
(`javascript:123` passes). To swap it, replace `_cleaner`.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from sitegen.markup.escaping import escape_attribute
from sitegen.markup.untrusted.elements import BREAKS, GLOBAL_ATTRIBUTES
from sitegen.markup.untrusted.tags import End, Piece, Start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import nh3
    from bleach.sanitizer import Cleaner

    from sitegen.markup.untrusted.allowlist import Allowlist


def tags_stand(pieces: Iterable[Piece], allowlist: Allowlist) -> bool:
    """Return whether bleach, with the same allowlist, would leave the tags of a comment alone.

    It sees the tags alone. Text is never markup, and in bleach it can only do harm: `&#` and
    4,301 digits raise, 20,000 `&` take half a second.
    """
    tags = "".join(_tag(piece) for piece in pieces)
    return str(_cleaner(allowlist, threading.get_ident()).clean(tags)) == tags


def _tag(piece: Piece) -> str:
    if isinstance(piece, Start):
        # bleach's canonical form; no pattern lets a quote or an angle bracket into a value.
        values = "".join(
            f' {name}="{value.replace("&", "&amp;")}"' for name, value in piece.attributes
        )
        return f"<{piece.name}{values}>"
    return f"</{piece.name}>" if isinstance(piece, End) and piece.name != "hr" else ""


@lru_cache(maxsize=64)
def _cleaner(allowlist: Allowlist, thread: int) -> Cleaner:  # noqa: ARG001 - see below
    """Return a thread's own cleaner: bleach's documentation says that they are not thread-safe."""
    from bleach.sanitizer import Cleaner

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
    prefix = id_prefix if ' id="' in html or '="#' in html else None
    try:
        return bool(_gate(allowlist, prefix).clean(html) == html)
    except UnicodeEncodeError:  # a lone surrogate
        return False


@lru_cache(maxsize=1_000)
def accepts_address(address: str) -> bool:
    """Return whether nh3's own address parser has no quarrel with an address."""
    html = f'<a href="{escape_attribute(address)}">t</a>'
    import nh3

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
    import nh3

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
    """Return nh3's check of values, by patterns of our own: ammonia checks no `cite` and no id."""
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
