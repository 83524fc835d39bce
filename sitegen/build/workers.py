"""Work in batches: in this process, in several of this machine, or wherever an executor reaches."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import msgspec

if TYPE_CHECKING:
    from sitegen.build.calls import Caller

I = TypeVar("I")  # noqa: E741 - an item of work
K = TypeVar("K")  # a task: all of an item that is needed to work on it
A = TypeVar("A")  # the answer to a task
R = TypeVar("R")  # what has come of an item

_BATCHES_EACH = 6  # batches for each process: few enough to be cheap, enough to end together
_MOST = 300  # items in a batch: what comes of them is in memory all at once
_stage: Any = None


class Done(msgspec.Struct, Generic[R], frozen=True):
    """What has come of an item on which nobody has to work."""

    result: R


class Stage(ABC, Generic[I, K, A, R]):
    """A kind of work in three steps, of which the one in the middle takes the time.

    It is a function of values, so that it may happen on a machine that has neither the site
    nor its memory. The steps before and after it belong to whoever has both.
    """

    tool: Any
    """What `work` needs beside a task: values, the same for all tasks."""

    @abstractmethod
    def fetch(self, item: I) -> K | Done[R]:
        """Return an item as a task, in which is all that work on it needs."""

    @staticmethod
    @abstractmethod
    def work(tool: Any, task: K) -> A:
        """Return the answer to a task; a function of its arguments, which are values."""

    @abstractmethod
    def keep(self, answer: A) -> R:
        """Put an answer where it belongs, and return what has come of the item."""

    def run(self, item: I) -> R:
        """Take all three steps."""
        task = self.fetch(item)
        return task.result if isinstance(task, Done) else self.keep(self.work(self.tool, task))


def processes() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class Workers:
    """Who works: so many processes of this machine, or an executor, opened when it is needed."""

    def __init__(self, jobs: int = 0, executor: str = "") -> None:
        """Take how many work at once, 0 for as many as there are, and the executor's address."""
        self.jobs = jobs
        self.executor = executor
        self.caller: Caller | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.caller:
            self.caller.close()

    def in_batches(
        self, stage: Stage[I, Any, Any, R], items: Sequence[I], costs: Sequence[int], worth: int
    ) -> Generator[list[R]]:
        """Yield what has come of consecutive batches of items, in order.

        Args:
            stage: What is done with each item.
            items: The work.
            costs: The cost of each item in any unit, so that batches take equally long.
            worth: The cost from which on it pays that others work.

        Raises:
            SiteError: Those who work are gone, and nobody could be found in their place.
        """
        jobs = self.jobs or processes()
        is_little = sum(costs) < worth
        if is_little or (jobs == 1 and not self.executor):
            for batch in _batches(items, costs, 64):
                yield [stage.run(item) for item in batch]
                if not is_little:
                    _sweep()
        elif self.executor:
            from sitegen.build.executors import caller
            from sitegen.build.shipping import shipped

            self.caller = self.caller or caller(self.executor, self.jobs)
            yield from shipped(self.caller, stage, zip(items, costs, strict=True), worth)
        else:
            yield from _forked(stage, _batches(items, costs, jobs * _BATCHES_EACH), jobs)


def _forked(
    stage: Stage[I, Any, Any, R], batches: Iterable[Sequence[I]], jobs: int
) -> Generator[list[R]]:
    """Yield what processes of this machine make of batches; a forked one inherits the stage."""
    from concurrent.futures import ProcessPoolExecutor

    from sitegen.build.calls import Caller, Opened

    method = "fork" if sys.platform == "linux" else "spawn"
    context = multiprocessing.get_context(method)

    def opened() -> Opened:
        pool = ProcessPoolExecutor(jobs, context, _receive, (stage,))
        return Opened(pool, jobs, pool.shutdown)

    caller = Caller("this machine", opened, is_far=False)
    with contextlib.closing(caller):
        yield from caller.answers((_run_all, batch) for batch in batches)


def _receive(stage: Any) -> None:
    global _stage  # noqa: PLW0603 - how a pool hands its workers what they share
    _stage = stage
    gc.freeze()  # to look through what is inherited would copy all of it


def _run_all(batch: Sequence[Any]) -> list[Any]:
    results = [_stage.run(item) for item in batch]
    _sweep()
    return results


def _sweep() -> None:
    """Free what refers to itself among what is new: parsers leave such trees behind.

    Commands switch collecting off. What is older was looked at before, or is there to stay.
    """
    gc.collect(0)


def _batches(items: Sequence[I], costs: Sequence[int], number: int) -> list[Sequence[I]]:
    """Cut items into so many consecutive batches of about equal cost, or more if they are many."""
    share = max(1, -(-sum(costs) // number))
    batches = []
    start = total = 0
    for index, cost in enumerate(costs):
        total += cost
        if total >= share or index + 1 - start == _MOST:
            batches.append(items[start : index + 1])
            start, total = index + 1, 0
    if start < len(items):
        batches.append(items[start:])
    return batches
