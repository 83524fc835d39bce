"""A name -> the small picture beside its comments.

Drawn from the name alone, which is on the page anyway: never from an address, and without
a request to anybody.
"""

from __future__ import annotations

import functools
import hashlib
import unicodedata

SIZE = 5
TINTS = 8
# The rows that mirror on the middle column, each as the runs of its filled cells.
_ROWS = (
    "",
    "M2 {y}h1",
    "M1 {y}h1m1 0h1",
    "M1 {y}h3",
    "M0 {y}h1m3 0h1",
    "M0 {y}h1m1 0h1m1 0h1",
    "M0 {y}h2m1 0h2",
    "M0 {y}h5",
)


@functools.lru_cache(maxsize=4096)
def identicon(name: str) -> str:
    """Return a path to be stroked, one wide, in a box of 5 by 5.

    >>> identicon("Ada") == identicon(" ada ") != identicon("Jo")
    True
    """
    digest = _digest(name)
    rows = [digest[row] % len(_ROWS) for row in range(SIZE)]
    if not any(rows):
        rows[SIZE // 2] = len(_ROWS) - 1
    return "".join(_ROWS[row].format(y=f"{y}.5") for y, row in enumerate(rows))


def tint(name: str) -> int:
    """Return the number of a colour, from 0 to 7."""
    return _digest(name)[SIZE] % TINTS


def _digest(name: str) -> bytes:
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).digest()
