"""Work in batches, in this process or spread over several, through `concurrent.futures`."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_BATCHES_EACH = 6  # batches for each process: few enough to be cheap, enough to end together
_shared: Any = None


def processes() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def in_batches(
    function: Callable[[Any, Sequence[T]], list[R]],
    shared: Any,
    items: Sequence[T],
    costs: Sequence[int],
    jobs: int,
    worthwhile: int,
) -> Iterator[list[R]]:
    """Yield the results of a function for consecutive batches of items, in order.

    Args:
        function: Of a module, called with `shared` and a batch.
        shared: What every call needs. A forked process inherits it, another gets a copy.
        items: The work.
        costs: The cost of each item in any unit, so that batches take equally long.
        jobs: How many processes may work.
        worthwhile: The cost from which on more than one process pays.
    """
    if jobs == 1 or sum(costs) < worthwhile:
        for batch in _batches(items, costs, 64):
            yield function(shared, batch)
        return
    from concurrent.futures import ProcessPoolExecutor

    method = "fork" if sys.platform == "linux" else "spawn"
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(jobs, context, _receive, (shared,)) as pool:
        batches = _batches(items, costs, jobs * _BATCHES_EACH)
        yield from pool.map(_call, [function] * len(batches), batches)


def _receive(shared: Any) -> None:
    global _shared  # noqa: PLW0603 - how a pool hands its workers what they share
    _shared = shared


def _call(function: Callable[[Any, Sequence[T]], list[R]], batch: Sequence[T]) -> list[R]:
    return function(_shared, batch)


def _batches(items: Sequence[T], costs: Sequence[int], number: int) -> list[Sequence[T]]:
    """Cut items into at most so many consecutive batches of about equal cost."""
    share = max(1, -(-sum(costs) // number))
    batches = []
    start = total = 0
    for index, cost in enumerate(costs):
        total += cost
        if total >= share:
            batches.append(items[start : index + 1])
            start, total = index + 1, 0
    if start < len(items):
        batches.append(items[start:])
    return batches
