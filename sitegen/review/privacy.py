"""Values of a comment -> what in them tells more of a person than he would want published."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping

import msgspec


class Find(msgspec.Struct, frozen=True):
    """Something that belongs to a person, and what to do about it."""

    kind: str
    field: str
    text: str
    what: str
    cure: str


_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}")
_GRAVATAR = re.compile(
    r"(?:https?://)?[a-z0-9.-]{0,40}(?:gravatar|libravatar)\.[a-z]{2,8}/\S{0,200}", re.IGNORECASE
)
_HEX = "|".join(f"{digit}{{{size}}}" for digit in ("[0-9a-f]", "[0-9A-F]") for size in (32, 40, 64))
_HASH = re.compile(rf"(?<![0-9A-Za-z/=_-])(?:{_HEX})(?![0-9A-Za-z_-])")
_IPV4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.]?[\w])")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![\w:])")
_PHONE = re.compile(r"(?<![\w.+/=&?#-])(?:\+|00|\()?[0-9][0-9 ()./-]{6,22}[0-9](?![\w/-])")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


def finds(values: Mapping[str, str]) -> Iterator[Find]:
    """Yield what is personal in the values of a comment, by key.

    What stands within something that was found already is not told again.
    """
    for field, text in values.items():
        taken: list[tuple[int, int]] = []
        for kind, start, end in _in_text(text):
            if not any(start < other_end and other < end for other, other_end in taken):
                taken.append((start, end))
                what, cure = _WORDS[kind]
                yield Find(kind, field, text[start:end], what, cure)


_WORDS = {
    "gravatar": (
        "an address that holds a hash of an e-mail address",
        "delete the address; the picture is drawn from the name",
    ),
    "email": (
        "an e-mail address, which harvesters collect",
        "ask the writer whether it may be public, else delete it",
    ),
    "hash": (
        "what looks like the MD5, SHA-1 or SHA-256 of something, such as an e-mail address",
        "delete it if it is; such a hash is easily turned back",
    ),
    "ip": ("an IP address", "delete it unless it is an example"),
    "phone": ("what looks like a telephone number", "delete it if it is somebody's"),
}


def _in_text(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (kind, start, end), the surest first."""
    lower = text.lower()
    if "avatar." in lower:
        yield from (("gravatar", *found.span()) for found in _GRAVATAR.finditer(text))
    if "@" in text:
        yield from (("email", *found.span()) for found in _EMAIL.finditer(text))
    yield from (("hash", *found.span()) for found in _HASH.finditer(text) if _is_mixed(found[0]))
    for pattern in (_IPV4, _IPV6):
        for found in pattern.finditer(text):
            if _is_public(found[0]):
                yield "ip", *found.span()
    yield from (("phone", *found.span()) for found in _PHONE.finditer(text) if _is_phone(found[0]))


def _is_mixed(text: str) -> bool:
    """Return whether it has digits and letters, as a hash does and a row of zeros does not."""
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def _is_public(text: str) -> bool:
    """Return whether it is the address of somebody: none of a local network, nor a version's number."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return False
    return found.is_global


def _is_phone(text: str) -> bool:
    """Return whether digits are grouped like a telephone number, and no date, year or amount."""
    digits = sum(map(str.isdigit, text))
    if not 8 <= digits <= 15 or _DATE.search(text) or text.count(".") > 3:
        return False
    if text.startswith(("+", "00", "(")):
        return True
    return len(re.findall(r"[ ()/-]+", text)) >= 2 and re.search(r"[0-9]{3}", text) is not None
