"""What all generators are given to build: so many articles with so many comments.

Article `i` depends on the seed and `i` alone, its comments on the mean besides: a workload
of 1,000 articles is the beginning of that of 4,000.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from benchmarks.articles import Article, article, lorem
from benchmarks.remarks import Remark, remarks

SEED = 1


@dataclass(frozen=True)
class Workload:
    """Articles and their comments; `published` is the one that Eleventy's site compares with."""

    size: int
    mean: float = 0
    published: bool = False
    seed: int = SEED

    @property
    def name(self) -> str:
        if self.published:
            return f"published-{self.size}"
        return f"{self.size}x{self.mean:g}"

    @property
    def title(self) -> str:
        if self.published:
            return f"Published workload, {self.size:,} files"
        if not self.mean:
            return f"{self.size:,} articles without comments"
        return f"{self.size:,} articles, {self.comments:,} comments"

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        make = lorem if self.published else article
        return tuple(make(self.seed, number) for number in range(self.size))

    @cached_property
    def threads(self) -> dict[str, tuple[Remark, ...]]:
        """Slug of an article -> its comments, where there are any."""
        if self.published or not self.mean:
            return {}
        found = ((one.slug, remarks(self.seed, one, self.mean)) for one in self.articles)
        return {slug: thread for slug, thread in found if thread}

    @property
    def comments(self) -> int:
        return sum(map(len, self.threads.values()))

    @property
    def live(self) -> Iterator[Article]:
        """Yield the articles that are no drafts."""
        return (one for one in self.articles if not one.draft)

    @cached_property
    def target(self) -> Article:
        """The article that is edited and answered: near the middle, with some comments."""
        wanted = range(1, 6) if self.threads else range(1)
        fit = [one for one in self.live if len(self.threads.get(one.slug, ())) in wanted]
        return min(fit, key=lambda one: abs(one.number - self.size // 2))

    @property
    def digest(self) -> str:
        """Return a digest of all texts."""
        found = hashlib.sha256()
        for one in self.articles:
            found.update(repr(one).encode())
            found.update(repr(self.threads.get(one.slug, ())).encode())
        return found.hexdigest()
