"""Runs -> medians, and ratios pair by pair."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.rounds import Results, Row


@dataclass(frozen=True, slots=True)
class Figure:
    """The middle of some values and how far they reach."""

    median: float
    low: float
    high: float
    count: int


def figure(values: Iterable[float]) -> Figure | None:
    """Return the median of some values; None if there are none."""
    known = list(values)
    if not known:
        return None
    return Figure(statistics.median(known), min(known), max(known), len(known))


def select(results: Results, workload: str, peer: str, mode: str) -> list[Row]:
    """Return the runs of a peer, in the order of their rounds."""
    found = [
        row for row in results.rows if (row.workload, row.peer, row.mode) == (workload, peer, mode)
    ]
    return sorted(found, key=lambda row: row.round)


def _wall(row: Row) -> float:
    return row.wall


def ratio(
    rows: Iterable[Row], to: Iterable[Row], value: Callable[[Row], float] = _wall
) -> Figure | None:
    """Return the ratios of runs to those of the same round; None where no round has both."""
    others = {row.round: value(row) for row in to}
    return figure(value(row) / others[row.round] for row in rows if others.get(row.round, 0) > 0)
