"""A stage's items -> batches of values -> what has come of them, by workers who have only this package.

A task is fetched here, worked on there, and its answer kept here. A batch holds about as much
work as pays for the way, and never many bytes, so what is under way is bounded whatever the
size of the site.

Batches are pickled: who can reach the workers of an engine runs programs on them in any case.
"""

from __future__ import annotations

import functools
import io
import pickle
import threading
import traceback
import zlib
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from sitegen.build.calls import Call, Caller
from sitegen.build.engine import engine_digest, engine_parts
from sitegen.build.workers import Done, Stage
from sitegen.errors import Location, Problem, SiteError, quoted

I = TypeVar("I")  # noqa: E741 - an item of work
R = TypeVar("R")

_BYTES = 1 << 20  # of tasks in a batch, from which on no more are put in
_BUSY = threading.Lock()
"""Parsers and cleaners are not made for threads, and some engines have their workers in threads."""


class Foreign(msgspec.Struct, frozen=True):
    """The answer of a worker who would make other bytes, since it has other programs."""

    parts: tuple[str, ...]


class Fault(msgspec.Struct, frozen=True):
    """The answer of a worker in whom a mistake of this tool has shown."""

    trace: str


def shipped(
    caller: Caller, stage: Stage[I, Any, Any, R], items: Iterable[tuple[I, int]], limit: int
) -> Generator[list[R]]:
    """Yield what has come of consecutive batches of items, in order.

    Args:
        caller: Reaches the workers.
        stage: What is done with each item.
        items: The work, each with its cost.
        limit: The cost that makes a batch.

    Raises:
        SiteError: Batches are lost again and again, or workers have other programs.
    """
    tool = zlib.compress(pickle.dumps((stage.work, stage.tool)))
    places: deque[list[Done[R] | None]] = deque()

    def calls() -> Iterator[Call]:
        for batch, tasks in _batches(stage, items, limit):
            places.append(batch)
            if tasks:
                yield run, engine_digest(), tool, tasks

    for reply in caller.answers(calls()):
        answers = _unpacked(caller.place, reply)
        yield [done.result if done else stage.keep(next(answers)) for done in places.popleft()]
    for batch in places:  # nobody had to work on the last ones
        yield [done.result for done in batch if done]


def _batches(
    stage: Stage[I, Any, Any, R], items: Iterable[tuple[I, int]], limit: int
) -> Iterator[tuple[list[Done[R] | None], bytes]]:
    """Yield batches: a place for each item, taken if it is done, and the pickled tasks of the rest.

    Only the last one may be without tasks. What the tasks of a batch share is in it once.
    """
    batch: list[Done[R] | None] = []
    tasks = io.BytesIO()
    pickler = pickle.Pickler(tasks)
    total = 0
    for item, cost in items:
        with _BUSY:
            task = stage.fetch(item)
        if isinstance(task, Done):
            batch.append(task)
        else:
            batch.append(None)
            pickler.dump(task)
        total += cost
        if tasks.tell() >= _BYTES or (total >= limit and tasks.tell()):
            yield batch, tasks.getvalue()
            batch, tasks, total = [], io.BytesIO(), 0
            pickler = pickle.Pickler(tasks)
    if batch:
        yield batch, tasks.getvalue()


def run(engine: bytes, tool: bytes, tasks: bytes) -> bytes:
    """Return the pickled answers to a batch of tasks: what a worker does.

    Args:
        engine: Digest of the programs that made the tasks.
        tool: The function, and what it needs beside a task.
        tasks: One after the other.

    Raises:
        OSError: The machine has no more room, or the like: another one may have.
        MemoryError: Likewise.
    """
    with _BUSY:
        if engine != engine_digest():
            return pickle.dumps(Foreign(engine_parts()))
        try:
            work, own = _unpacked_tool(tool)
            return pickle.dumps([work(own, task) for task in _tasks(tasks)])
        except (OSError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - told by the one who builds
            return pickle.dumps(Fault(traceback.format_exc()))


@functools.lru_cache(maxsize=4)
def _unpacked_tool(tool: bytes) -> Any:
    """Return a function and its tool; the next batch finds them, and all that the tool has loaded."""
    return pickle.loads(zlib.decompress(tool))  # noqa: S301 - from whoever runs programs here


def _tasks(data: bytes) -> Iterator[Any]:
    stream = io.BytesIO(data)
    unpickler = pickle.Unpickler(stream)  # noqa: S301 - the same
    while stream.tell() < len(data):
        yield unpickler.load()


def _unpacked(place: str, reply: bytes) -> Iterator[Any]:
    """Yield the answers in a reply."""
    said = pickle.loads(reply)  # noqa: S301 - from the workers of whoever builds
    if isinstance(said, Fault):
        raise RuntimeError(  # noqa: TRY004 - as it was raised there
            f"a worker of {place} failed:\n{said.trace}"
        )
    if isinstance(said, Foreign):
        pairs = zip(said.parts, engine_parts(), strict=True)
        there, here = next(pair for pair in pairs if pair[0] != pair[1])
        message = f"a worker has {quoted(there, 120)}, here it is {quoted(here, 120)}"
        hint = "install the same Python, sitegen and libraries on every machine"
        raise SiteError(Problem("executor", message, Location(place), hint))
    yield from said
