"""Comment files -> safe HTML with bleach, as users of Pelican and Nikola would do it.

It is copied into their sites as a plugin, and imports nothing of the project.
"""

from __future__ import annotations

import os
import re
from functools import partial
from typing import Any

import yaml
from bleach.linkifier import LinkifyFilter  # noqa: TID251 - this is what users of peers take
from bleach.sanitizer import Cleaner

_TAGS = frozenset(
    "a blockquote br cite code dd dl dt em h2 h3 h4 h5 h6 li ol p strong ul".split()  # noqa: SIM905
)
_CLEANER = Cleaner(
    tags=_TAGS,
    attributes={"a": ["href", "hreflang"], "blockquote": ["cite"]},
    protocols=frozenset({"http", "https", "mailto"}),
    strip=True,
    filters=[partial(LinkifyFilter, parse_email=True)],
)
_BLOCK = re.compile(r"\s*<(blockquote|ul|ol|p)\b", re.IGNORECASE)
_GAP = re.compile(r"\n\s*\n")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def thread(slug: str) -> list[dict[str, Any]]:
    """Return the comments of an article, in the order of their ids."""
    folder = f"comments/{slug}"
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - as fast as can be, for fairness
    except FileNotFoundError:
        return []
    return [_comment(f"{folder}/{name}") for name in names]


def _comment(path: str) -> dict[str, Any]:
    with open(path, "rb") as file:  # noqa: PTH123 - as fast as can be, for fairness
        found: dict[str, Any] = yaml.load(file.read(), _LOADER)
    found["html"] = _CLEANER.clean("\n".join(map(_paragraph, _GAP.split(found["body"]))))
    found["iso"] = found["date"].strftime("%Y-%m-%dT%H:%M:%SZ")
    found["human"] = f"{found['date'].day} {found['date']:%B %Y}"
    return found


def _paragraph(text: str) -> str:
    if _BLOCK.match(text):
        return text
    lines = text.strip().replace("\n", "<br>")
    return f"<p>{lines}</p>"
