"""Words -> the part of an address or an id that stands for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection


def slugify(words: str) -> str:
    """Return a slug: lower case, letters, marks and digits of every script kept, gaps as `-`.

    Empty when the words hold neither letter nor digit.

    >>> slugify("Çelik Straße, 你好!")
    'çelik-straße-你好'
    """
    composed = unicodedata.normalize("NFC", words).lower()
    composed = re.sub("['\u2019]", "", composed)  # don't, l'été: the parts are one word
    kept = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else "-" for c in composed)
    return re.sub("-+", "-", kept).strip("-")


def unique(name: str, taken: Collection[str]) -> str:
    """Return the name, or with `-1`, `-2`, … what is not taken yet.

    >>> unique("notes", {"notes", "notes-1"})
    'notes-2'
    """
    if name not in taken:
        return name
    number = 1
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"
