"""The id that a system gave a comment -> the id of its file here, always the same one."""

from __future__ import annotations

import hashlib
import re

from sitegen.sources.comments import FOLDER, file_problem

_OTHER = re.compile(r"[^a-z0-9._-]+", re.ASCII)
_LONGEST = 80


def file_id(name: str) -> str:
    """Return the name of a comment's file without `.yaml`.

    A name that fits stays as it is. Of any other, what fits is kept, and eight digits of
    its SHA-256 tell it from others that are left the same.

    >>> file_id("disqus-747509679"), file_id("github-DC_kwDO")
    ('disqus-747509679', 'github-dc_kwdo-a1458291')
    """
    if file_problem(f"{FOLDER}/-/{name}.yaml") is None:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    kept = _OTHER.sub("-", name.lower()).strip("-._")[: _LONGEST - 9].strip("-._")
    made = f"{kept}-{digest}"
    return made if kept and file_problem(f"{FOLDER}/-/{made}.yaml") is None else f"c-{digest}"
