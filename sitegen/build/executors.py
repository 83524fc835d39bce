"""`dask://HOST:PORT` or `module:factory` -> an executor of `concurrent.futures`, wherever it works."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import logging
import operator
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from sitegen.build.calls import Caller, Opened
from sitegen.build.workers import processes
from sitegen.errors import Location, Problem, SiteError, printable, quoted

_REACHED = 10  # seconds in which a scheduler, and a worker of it, must be there


def caller(address: str, workers: int) -> Caller:
    """Return what calls the executor at an address.

    Args:
        address: `dask://HOST:PORT`, or `module:factory`.
        workers: How many there are.
    """
    opened = _dask if "://" in address else _made
    return Caller(address, functools.partial(opened, address, workers), is_far=True)


def _made(address: str, workers: int) -> Opened:
    """Return what a factory makes."""
    module, _, name = address.partition(":")
    try:
        factory: Callable[[], Executor] = operator.attrgetter(name)(importlib.import_module(module))
    except (ImportError, AttributeError) as error:
        message = f"the factory cannot be imported: {printable(str(error))}"
        raise _problem(address, message, "name a function that Python can import") from error
    executor = factory()
    return Opened(executor, workers or processes(), executor.shutdown)


def _dask(address: str, workers: int) -> Opened:
    """Return the executor of a scheduler of dask."""
    if importlib.util.find_spec("distributed") is None:
        message = "this executor needs dask's scheduler, which is not installed"
        raise _problem(address, message, "run pip install 'sitegen[dask]'")
    import dask
    from distributed import Client

    dask.config.set({"distributed.admin.low-level-log-length": 10})  # it keeps what it has sent
    scheduler = address.replace("dask://", "tcp://")
    for name in ("distributed", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what they say, a problem says
    try:
        client: Any = Client(  # type: ignore[no-untyped-call]
            scheduler, timeout=_REACHED, set_as_default=False
        )
    except (OSError, ValueError) as error:
        message = f"the scheduler cannot be reached: {printable(str(error))}"
        raise _problem(address, message, "start it with `dask scheduler`") from error
    try:
        client.wait_for_workers(1, timeout=_REACHED)
    except TimeoutError as error:
        client.close()
        cure = f"start one with {quoted(f'dask worker {scheduler}')}"
        raise _problem(address, "the scheduler has no workers", cure) from error
    threads = client.nthreads().values()
    return Opened(
        client.get_executor(pure=False), workers or sum(threads), lambda _: client.close()
    )


def _problem(address: str, message: str, cure: str) -> SiteError:
    return SiteError(Problem("executor", message, Location(address), cure))
