"""What sitegen has set itself, beside what was measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.figures import Figure, figure, ratio, select
from benchmarks.rounds import Results

OURS = "sitegen"
_LARGE, _LARGEST = "4000x5", "10000x5"


@dataclass(frozen=True, slots=True)
class Goal:
    """One budget; the measured figure has to be below (or above) the limit."""

    work: str
    budget: str
    limit: float
    measured: Callable[[Results], Figure | None]
    is_upper: bool = True

    def is_met(self, found: Figure) -> bool:
        return found.median <= self.limit if self.is_upper else found.median >= self.limit


def _pair(
    workload: str, peer: str, mode: str, other: str, other_mode: str
) -> Callable[[Results], Figure | None]:
    return lambda results: ratio(
        select(results, workload, peer, mode), select(results, workload, other, other_mode)
    )


def _memory(results: Results) -> Figure | None:
    return figure(
        facts.memory
        for facts in results.facts
        if (facts.workload, facts.peer) == (_LARGEST, OURS) and facts.memory
    )


def _memory_ratio(results: Results) -> Figure | None:
    known = {
        facts.peer: facts.memory
        for facts in results.facts
        if facts.workload == _LARGE and facts.memory
    }
    return figure([known[OURS] / known["Hugo"]] if {OURS, "Hugo"} <= set(known) else [])


GOALS = (
    Goal(
        "everything anew, 4,000 articles with comments, to Hugo",
        "at most 1.2 ×",
        1.2,
        _pair(_LARGE, OURS, "clean", "Hugo", "clean"),
    ),
    Goal(
        "the same, Pelican to sitegen",
        "at least 3 ×",
        3,
        _pair(_LARGE, "Pelican", "clean", OURS, "clean"),
        is_upper=False,
    ),
    Goal(
        "nothing changed, 10,000 articles with comments, to looking at every source",
        "at most 3 ×",
        3,
        _pair(_LARGEST, OURS, "same", "floor: look", "same"),
    ),
    Goal(
        "the same, Hugo to sitegen",
        "at least 10 ×",
        10,
        _pair(_LARGEST, "Hugo", "same", OURS, "same"),
        is_upper=False,
    ),
    Goal(
        "fresh checkout with the cache kept, to reading and hashing every source",
        "at most 3 ×",
        3,
        _pair(_LARGEST, OURS, "fresh", "floor: read", "fresh"),
    ),
    Goal(
        "one comment added, to nothing changed",
        "at most 2 ×",
        2,
        _pair(_LARGEST, OURS, "comment", OURS, "same"),
    ),
    Goal("memory of all processes, 10,000 articles with comments", "500 MB", 500, _memory),
    Goal("memory, 4,000 articles with comments, to Hugo", "at most 0.5 ×", 0.5, _memory_ratio),
)
