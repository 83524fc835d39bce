"""Which addresses a stranger's link may have: a positive list of whole shapes.

`javascript:123` passes the scheme check of bleach 6.4.0, `//evil.example` is a relative
address to nh3, `https://bank.example@evil.example/` goes elsewhere than it says. None of
them has one of the four shapes below.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

MAX_ADDRESS = 2_000

# Letters of all scripts, marks and symbols; not the general punctuation, the letterlike forms
# and the full-width forms, which name resolution turns into `/`, `.`, `@` (`evil.example／bank`).
_FOREIGN = (
    "\u00a1-\u1fff\u200c\u200d\u2190-\u2fef\u3005-\u3007\u3031-\ud7ff\uf900-\ufdcf"
    "\ufdf0-\ufdff\ufe20-\ufe2f\ufe70-\ufefc\U00010000-\U000dffff"
)
HOST_CHARACTERS = f"A-Za-z0-9{_FOREIGN}"
LABEL = f"[{HOST_CHARACTERS}](?:[{HOST_CHARACTERS}_-]{{0,61}}[{HOST_CHARACTERS}])?"
_HOST = rf"{LABEL}(?:\.{LABEL})*+"
_EMAIL = rf"[A-Za-z0-9._+-]{{1,254}}@{LABEL}(?:\.{LABEL})++"

# ASCII alone: without regard to case, `s` is also U+017F, of which no browser makes `https`.
_WEB = re.compile(rf"(?ai:https?)://{_HOST}(?::[0-9]{{1,5}})?(?:[/?#][^\s\\]*)?")
_MAIL = re.compile(rf"(?ai:mailto):{_EMAIL}")
_PATH = re.compile(r"/(?!/)[^\s\\]*")
_FRAGMENT = re.compile(r"#[A-Za-z][A-Za-z0-9_-]{0,59}")
_SHAPES = {"h": _WEB, "m": _MAIL, "/": _PATH, "#": _FRAGMENT}
"""First character, in lower case -> the only shape that may begin with it."""

_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_TO_ENCODE = re.compile('[ "<>`]|%(?![0-9A-Fa-f]{2})')


def safe_address(value: str) -> str | None:
    """Return a link's address as it is written into the page, or None if it may not be one.

    Args:
        value: The value of the attribute, references decoded.

    >>> safe_address("https://example.com/a b"), safe_address("javascript:123")
    ('https://example.com/a%20b', None)
    >>> safe_address("/100%/%41")  # RFC 3986, 2.1: a `%` begins an encoded byte
    '/100%25/%41'
    """
    address = value.strip(" \t\n\r\f")
    # Browsers drop controls inside an address (`java\nscript:`), so none may be there.
    if len(address) > MAX_ADDRESS or (not address.isprintable() and _INVISIBLE.search(address)):
        return None
    encoded = _TO_ENCODE.sub(_percent_encoded, address)
    shape = _SHAPES.get(address[:1].lower())
    return encoded if shape and shape.fullmatch(encoded) else None


def _percent_encoded(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"


# What the second gate's own parser never has a quarrel with; anything else is put before it.
_ORDINARY = re.compile(
    r"(?:https?://(?!.*xn--)|mailto:[^@]*@)(?:[a-z0-9-]+\.)*[a-z]{2,63}(?:[/?#].*)?|[/#].*",
    re.IGNORECASE,
)


def is_ordinary(address: str) -> bool:
    """Return whether an address needs no second opinion: nothing unusual in its host."""
    return _ORDINARY.fullmatch(address) is not None


# At most seven digits: int() refuses 4,301 of them, and one comment would stop the build.
_REFERENCE = re.compile("&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def decoded(text: str) -> str:
    """Return a text with its character references decoded; only whole ones, ending in `;`.

    Without the `;`, `?a=1&copy=2` would become `?a=1©=2`.

    >>> decoded("AT&T &lt; &#x1F600; &nosuch; ?a=1&copy=2")
    'AT&T < 😀 &nosuch; ?a=1&copy=2'
    """
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    name = reference[0][1:]
    if name[0] == "#":
        return html.unescape(reference[0])
    return html5.get(name, reference[0])
