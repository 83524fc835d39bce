"""Work is cut into batches that memory can bear, and what is left behind is cleared away."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from sitegen.build.workers import Stage, Workers


class _Knot:
    """Refers to itself, as the trees of parsers do."""

    def __init__(self) -> None:
        self.itself = self


class _Doubling(Stage[int, int, int, int]):
    """Doubles numbers."""

    tool = None

    def fetch(self, item: int) -> int:
        return item

    @staticmethod
    def work(tool: None, task: int) -> int:
        del tool
        return 2 * task

    def keep(self, answer: int) -> int:
        return answer


class _Littering(_Doubling):
    """Leaves knots behind; tells how many are still there from earlier batches."""

    def __init__(self) -> None:
        self.knots: weakref.WeakSet[_Knot] = weakref.WeakSet()

    def fetch(self, item: int) -> int:
        del item
        self.knots.add(_Knot())
        return 0

    def keep(self, answer: int) -> int:
        return answer + len(self.knots)


class _Answer:
    """What has come of an item."""


class _Answering(_Doubling):
    """Gives an answer that can be watched."""

    def keep(self, answer: int) -> Any:
        del answer
        return _Answer()


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Work as commands do: the collector of garbage is switched off."""
    gc.disable()
    yield
    gc.enable()


def _batches(stage: _Doubling, number: int, jobs: int) -> list[list[int]]:
    with Workers(jobs) as workers:
        return list(workers.in_batches(stage, range(number), [1] * number, 10))


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    batches = _batches(_Doubling(), 1000, jobs)

    assert [number for batch in batches for number in batch] == [2 * n for n in range(1000)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_comes_of_a_batch_does_not_grow_with_the_work(jobs: int) -> None:
    assert max(map(len, _batches(_Doubling(), 20_000, jobs))) == 300


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.usefixtures("uncollected")
def test_what_refers_to_itself_is_freed_after_each_batch(jobs: int) -> None:
    alive = [number for batch in _batches(_Littering(), 2000, jobs) for number in batch]

    assert max(alive) <= 300


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.usefixtures("uncollected")
def test_results_that_nobody_holds_are_freed(jobs: int) -> None:
    watched: weakref.WeakSet[Any] = weakref.WeakSet()
    with Workers(jobs) as workers:
        for batch in workers.in_batches(_Answering(), range(3000), [1] * 3000, 10):
            watched.update(batch)

    assert len(watched) == len(batch)
