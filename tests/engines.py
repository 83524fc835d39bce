"""Executors that other programs might bring, with what may befall them: for `--executor engines:NAME`.

All are real ones of Python's own. What befalls them is told beforehand, by call.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import sys
import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any


class Plan:
    """What is to befall executors, and what was seen of them."""

    def __init__(self) -> None:
        self.calls = 0
        self.opened = 0
        self.under_way = 0
        self.most_under_way = 0
        self.longest = 0
        self.futures: list[weakref.ref[Future[Any]]] = []
        self.site = ""
        self.befalls: Callable[[int], None] | None = None
        """Called in the worker with the number of the call, before it."""
        self.dies_at: frozenset[int] = frozenset()
        self.always_dies = False


plan = Plan()


def _note(future: Future[Any]) -> None:
    plan.under_way -= 1


class Watched(ABC):
    """Notes what is handed to an executor."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        plan.calls += 1
        plan.under_way += 1
        plan.most_under_way = max(plan.most_under_way, plan.under_way)
        plan.longest = max(plan.longest, sum(len(one) for one in arguments))
        future: Future[Any] = self.handed(plan.calls, function, arguments)
        future.add_done_callback(_note)
        plan.futures.append(weakref.ref(future))
        return future

    @abstractmethod
    def handed(self, number: int, function: Any, arguments: Any) -> Future[Any]: ...


class Threads(Watched, ThreadPoolExecutor):
    def handed(self, number: int, function: Any, arguments: Any) -> Future[Any]:
        return ThreadPoolExecutor.submit(self, _called, plan.befalls, number, function, arguments)


def _called(
    befalls: Callable[[int], None] | None, number: int, function: Any, arguments: Any
) -> Any:
    if befalls:
        befalls(number)
    return function(*arguments)


def threads() -> Threads:
    plan.opened += 1
    return Threads(2)


class Processes(Watched, ProcessPoolExecutor):
    def handed(self, number: int, function: Any, arguments: Any) -> Future[Any]:
        if plan.always_dies or number in plan.dies_at:
            return ProcessPoolExecutor.submit(self, _die)
        return ProcessPoolExecutor.submit(self, function, *arguments)


def _die() -> None:
    os._exit(1)


def processes() -> Processes:
    """Return processes that know nothing of this one, and must not look at the site."""
    plan.opened += 1
    context = multiprocessing.get_context("spawn")
    return Processes(2, context, _blind, (plan.site,))


def _blind(site: str) -> None:
    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event in {"open", "os.listdir", "os.scandir", "sqlite3.connect"} and site:
            assert not str(arguments[0]).startswith(site), arguments

    sys.addaudithook(hear)


class Slow:
    """Calls that do not end before they are let go."""

    def __init__(self, is_slow: Callable[[int], bool]) -> None:
        self.is_slow = is_slow
        self.may_end = threading.Event()
        self.ended = 0

    def __call__(self, number: int) -> None:
        if self.is_slow(number):
            self.may_end.wait(60)
            self.ended += 1


class Full:
    """A disk that is full at some calls: an engine that spools what it is given has such a one."""

    def __init__(self, numbers: Callable[[int], bool]) -> None:
        self.numbers = numbers

    def __call__(self, number: int) -> None:
        if self.numbers(number):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
