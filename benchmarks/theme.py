"""One theme for all: HTML with gaps, which each generator fills in its own template language.

So the work is equal by construction. `@name@` is a gap; a peer gives its expressions by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_PATTERNS = Path(__file__).parent / "patterns"
_GAP = re.compile(r"@([a-z_]+)@")
STYLE = (_PATTERNS / "style.css").read_text(encoding="utf-8")


def fill(name: str, *expressions: Mapping[str, str]) -> str:
    """Return a pattern with its gaps filled; later expressions win."""
    known: dict[str, str] = {}
    for some in expressions:
        known |= some
    return _GAP.sub(lambda gap: known[gap[1]], _pattern(name))


def page(name: str, *expressions: Mapping[str, str]) -> str:
    """Return a whole page: the frame with this pattern in it."""
    main = fill(name, *expressions).rstrip("\n")
    return fill("frame.html", *expressions, {"main": main})


def _pattern(name: str) -> str:
    return (_PATTERNS / name).read_text(encoding="utf-8")
