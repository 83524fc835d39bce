"""Costs of the stages at several sizes -> how they grow, what they come to elsewhere, what limits whom."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

SPREAD = ("read articles", "read comments", "print")
"""The stages that any number of workers share."""
LIMIT = 1.1
WORKERS = (1, 8, 64, 512)
SITES = ((100_000, 500_000), (1_000_000, 10_000_000), (10_000_000, 100_000_000))
"""Articles and comments of the sites that are calculated."""


@dataclass
class Run:
    """One build of one site."""

    articles: int
    comments: int
    mode: str
    """`clean`, `same` or `comment`."""
    wall: float = 0
    cpu: float = 0
    peak: float = 0
    """Megabytes of all processes together."""
    stages: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Stage -> seconds of processors, and the most megabytes; of clean builds."""


def exponent(points: Iterable[tuple[float, float]]) -> float:
    """Return by which power of the size a cost grows: least squares of the logarithms.

    >>> round(exponent([(1, 2), (10, 20), (100, 200)]), 3)
    1.0
    """
    logs = [(math.log(size), math.log(cost)) for size, cost in points if cost > 0]
    if len(logs) < 2:
        return math.nan
    size = sum(x for x, _ in logs) / len(logs)
    cost = sum(y for _, y in logs) / len(logs)
    return sum((x - size) * (y - cost) for x, y in logs) / sum((x - size) ** 2 for x, _ in logs)


def clean(runs: Iterable[Run]) -> list[Run]:
    """Return the clean builds of sites with comments, the smallest first."""
    found = [run for run in runs if run.mode == "clean" and run.comments]
    return sorted(found, key=lambda run: run.articles)


def growth(runs: Sequence[Run], stage: str) -> tuple[float, float]:
    """Return the exponent of a stage over all sizes, and that of the last step alone."""
    points = [(run.articles, run.stages[stage][0]) for run in clean(runs)]
    return exponent(points), exponent(points[-2:])


def share_of_comments(runs: Iterable[Run], stage: str) -> float:
    """Return which part of a stage's cost is that of comments: two sites of one size tell."""
    known = list(runs)
    without = {run.articles: run for run in known if run.mode == "clean" and not run.comments}
    pairs = [(run, without[run.articles]) for run in clean(known) if run.articles in without]
    if not pairs:
        return 0.0
    full, bare = pairs[-1]
    whole = full.stages[stage][0]
    return min(1.0, max(0.0, 1 - bare.stages[stage][0] / whole)) if whole else 0.0


def unit_costs(runs: Sequence[Run], stage: str) -> tuple[float, float]:
    """Return the seconds of processors for an article and for a comment, of the largest site."""
    largest = clean(runs)[-1]
    cost, share = largest.stages[stage][0], share_of_comments(runs, stage)
    return cost * (1 - share) / largest.articles, cost * share / largest.comments


def extrapolated(
    runs: Sequence[Run], articles: int, comments: int, workers: int
) -> dict[str, float]:
    """Return the seconds that each stage takes for a site, with so many workers."""
    seconds = {}
    for stage in clean(runs)[-1].stages:
        each, remark = unit_costs(runs, stage)
        whole = each * articles + remark * comments
        seconds[stage] = whole / workers if stage in SPREAD else whole
    return seconds


def memory(runs: Sequence[Run], articles: int) -> float:
    """Return the megabytes that a site needs: what the last step of sizes has added, and so on."""
    smaller, largest = clean(runs)[-2:]
    each = (largest.peak - smaller.peak) / (largest.articles - smaller.articles)
    return largest.peak + each * (articles - largest.articles)


def duration(seconds: float) -> str:
    """Return a time in words.

    >>> duration(42), duration(600), duration(90000)
    ('42 s', '10 min', '25 h')
    """
    if seconds < 100:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.0f} h"


def tables(runs: Sequence[Run]) -> str:
    """Return everything that was measured, and what follows from it."""
    parts = (_stages(runs), _builds(runs), _model(runs))
    return "\n\n".join("\n".join(part) for part in parts)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(columns: int) -> str:
    return _row("---", *["--:"] * (columns - 1))


def _stages(runs: Sequence[Run]) -> Iterator[str]:
    known = clean(runs)
    sizes = [f"{run.articles:,}" for run in known]
    yield "### Everything anew, by stage"
    yield ""
    yield _row(
        "Stage", *(f"CPU s, {size}" for size in sizes), "ms/article", "ms/comment",
        "exponent", "last step", *(f"MB, {size}" for size in sizes),
    )  # fmt: skip
    yield _rule(5 + 2 * len(sizes))
    for stage in known[-1].stages:
        each, remark = unit_costs(runs, stage)
        fitted, last = growth(runs, stage)
        yield _row(
            stage,
            *(f"{run.stages[stage][0]:.2f}" for run in known),
            f"{1000 * each:.3f}",
            f"{1000 * remark:.3f}",
            f"{fitted:.2f}",
            f"{last:.2f}",
            *(f"{run.stages[stage][1]:.0f}" if run.stages[stage][1] else "" for run in known),
        )


def _builds(runs: Sequence[Run]) -> Iterator[str]:
    yield "### Whole builds"
    yield ""
    yield _row("Articles", "comments", "build", "wall s", "CPU s", "MB, all processes")
    yield _rule(6)
    words = {"clean": "everything anew", "same": "nothing changed", "comment": "one comment added"}
    for run in sorted(runs, key=lambda run: (run.mode, run.articles, run.comments)):
        yield _row(
            f"{run.articles:,}", f"{run.comments:,}", words[run.mode],
            f"{run.wall:.1f}", f"{run.cpu:.1f}", f"{run.peak:.0f}",
        )  # fmt: skip


def _model(runs: Sequence[Run]) -> Iterator[str]:
    yield "### Calculated from that: everything anew"
    yield ""
    yield _row("Articles", "comments", "workers", "time", "longest stage", "its time", "GB, here")
    yield _rule(7)
    for articles, comments in SITES:
        for workers in WORKERS:
            seconds = extrapolated(runs, articles, comments, workers)
            longest = max(seconds, key=lambda stage: seconds[stage])
            yield _row(
                f"{articles:,}", f"{comments:,}", str(workers), duration(sum(seconds.values())),
                longest, duration(seconds[longest]), f"{memory(runs, articles) / 1024:.1f}",
            )  # fmt: skip
