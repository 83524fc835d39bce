"""Calls -> answers in order, through an executor: so many under way, what is lost or late called again.

A call is a function and values, so calling it twice does no harm. What a worker that dies, an
engine that breaks or a full disk takes away is given to another; if that fails again and again,
the whole work does.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from typing import Any

import msgspec

from sitegen.errors import Location, Problem, SiteError, printable

Call = tuple[Any, ...]
"""A function of a module, and its arguments."""

TRIES = 4
WINDOW = 4  # calls under way for each worker: one at work, others there when it ends
LATE = 5.0  # seconds that any call may take before it is called once more
MUCH = 4.0  # times what the slowest call has taken until now: the same
HOPELESS = 1800.0  # seconds
_CURE = "see whether memory or disk are at their end; nothing was written, so build once more"


class Opened(msgspec.Struct, frozen=True):
    """An executor at work."""

    executor: Executor
    workers: int
    """How many calls are worked on at once."""
    close: Callable[[bool], None]
    """Ends it; if asked, after all calls have ended."""


class _Underway:
    """A call that waits for its answer."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.futures: list[Future[Any]] = []
        self.since = time.monotonic()
        self.took = 0.0
        self.losses = 0
        self.is_doubled = False

    def note_end(self, _: Future[Any]) -> None:
        self.took = time.monotonic() - self.since

    def end(self) -> None:
        """Let go of all that was sent and has come back.

        Each of them knows this call, and nobody may be there to break circles. A double that
        nobody needs any more is not cancelled: a pool of processes that breaks while it holds a
        cancelled call stumbles over it, and leaves the others without an answer.
        """
        self.futures.clear()


class Caller:
    """Hands calls to an executor, and opens another one when it breaks."""

    def __init__(self, place: str, opened: Callable[[], Opened], *, is_far: bool) -> None:
        """Take the way to come by an executor.

        Args:
            place: Where the work happens, for problems.
            opened: Opens an executor.
            is_far: The workers are not ours. What a call raises is then the engine's fault,
                a late one is called again, and nobody waits for those not needed any more.
        """
        self.place = place
        self.open = opened
        self.is_far = is_far
        self.lost = Exception if is_far else BrokenExecutor
        self.opened: Opened | None = None
        self.slowest = 0.0
        self.running: set[Future[Any]] = set()

    def answers(self, calls: Iterable[Call]) -> Generator[Any]:
        """Yield the answer to each call, in order; a call is asked for when there is room for it.

        Raises:
            SiteError: An answer did not come, however often it was called for.
        """
        self.opened = self.opened or self.open()
        line: deque[_Underway] = deque()
        try:
            for call in calls:
                if len(line) >= WINDOW * self.opened.workers:
                    yield self._next(line)
                line.append(_Underway(call))
                self._submit(line[-1])
            while line:
                yield self._next(line)
        finally:
            for one in line:
                for future in one.futures:
                    future.cancel()  # nobody works on when something has gone wrong
                one.end()

    def close(self) -> None:
        """End the executor."""
        if self.opened:
            self.opened.close(not self.is_far or not self.running)
            self.opened = None

    def _submit(self, one: _Underway) -> None:
        assert self.opened
        future: Future[Any]
        try:
            future = self.opened.executor.submit(*one.call)
        except self.lost as error:  # it is broken, or was closed behind our back
            future = Future()
            future.set_exception(BrokenExecutor(str(error)))
        self.running.add(future)
        future.add_done_callback(one.note_end)
        future.add_done_callback(self.running.discard)
        one.futures.append(future)

    def _next(self, line: deque[_Underway]) -> Any:
        """Return the answer to the first call of the line, which then leaves it."""
        first = line[0]
        while True:
            ended, _ = wait(first.futures, self._patience(first), FIRST_COMPLETED)
            if not ended:
                self._call_again(first)
            for future in ended:
                try:
                    answer = future.result()
                except self.lost as error:
                    first.futures.remove(future)
                    self._lose(line, error)
                else:
                    line.popleft()
                    first.end()
                    self.slowest = max(self.slowest, first.took)
                    return answer

    def _patience(self, first: _Underway) -> float | None:
        """Return for how many seconds an answer is waited for before something is done."""
        if not self.is_far:
            return None
        limit = HOPELESS if first.is_doubled else max(LATE, MUCH * self.slowest)
        return max(0.0, first.since + limit - time.monotonic())

    def _call_again(self, first: _Underway) -> None:
        """Give a late call to somebody else too: the first answer counts."""
        if first.is_doubled:
            raise self._failure(f"a batch was not done within {HOPELESS:.0f} seconds")
        first.is_doubled = True
        self._submit(first)

    def _lose(self, line: deque[_Underway], error: Exception) -> None:
        """Call again for what was lost, of another executor if this one is broken."""
        first = line[0]
        is_broken = isinstance(error, BrokenExecutor | CancelledError)
        if first.futures and not is_broken:
            return  # its double is still under way
        first.losses += 1
        if first.losses == TRIES:
            said = f": {printable(str(error))}" if str(error) else ""
            message = f"a batch was lost {TRIES} times, by {type(error).__name__}{said}"
            raise self._failure(message) from error
        for one in self._reopened(line) if is_broken else (first,):
            one.since = time.monotonic()
            self._submit(one)

    def _reopened(self, line: deque[_Underway]) -> list[_Underway]:
        """Open another executor, and return the calls that have no answer yet."""
        assert self.opened
        self.opened.close(not self.is_far)
        self.opened = None
        self.opened = self.open()
        open_ = [one for one in line if not any(map(_is_answered, one.futures))]
        for one in open_:
            one.futures.clear()
        return open_

    def _failure(self, message: str) -> SiteError:
        return SiteError(Problem("executor", message, Location(self.place), _CURE))


def _is_answered(future: Future[Any]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None
