"""Whether a peer made what it is timed for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peer import Project
from benchmarks.process import FailedError
from benchmarks.remarks import plain_words

_COMMENT = b'id="comment-'


@dataclass(frozen=True, slots=True)
class Outputs:
    """How much a build wrote."""

    files: int
    megabytes: float


def check(project: Project) -> Outputs:
    """Return what a clean build made, if every article and every comment is there.

    Raises:
        FailedError: If one is missing.
    """
    workload, peer = project.workload, project.peer
    comments = 0
    for article in workload.live:
        place = project.root / peer.page(article)
        if not place.is_file():
            raise FailedError(f"{peer.page(article)} is missing")
        text = place.read_bytes()
        thread = workload.threads.get(article.slug, ())
        comments += text.count(_COMMENT)
        sure = next(filter(None, map(plain_words, thread)), "")
        for words in filter(None, (sure, _heading(article.body))):
            if words.encode() not in b" ".join(text.split()):
                raise FailedError(f"{peer.page(article)} does not show `{words}`")
    expected = sum(len(workload.threads.get(article.slug, ())) for article in workload.live)
    if comments != expected:
        raise FailedError(f"{comments} of {expected} comments are shown")
    found = list(_sizes(project.root / peer.output))
    return Outputs(len(found), sum(found) / 1e6)


def shows(project: Project, words: str) -> bool:
    """Return whether the page of the article that was changed shows these words."""
    page = project.root / project.peer.page(project.workload.target)
    return words in page.read_text(encoding="utf-8")


def _heading(body: str) -> str:
    """Return the words of the first heading of an article, where it has one."""
    return next((line[3:] for line in body.split("\n") if line.startswith("## ")), "")


def _sizes(folder: Path) -> Iterator[int]:
    for parent, _, names in os.walk(folder):
        for name in names:
            yield Path(parent, name).stat().st_size
