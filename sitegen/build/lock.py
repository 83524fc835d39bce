"""One build at a time for each output folder; a killed build leaves no lock behind."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def locked(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock at a path; wait for another process that holds it.

    Args:
        path: Of a file that is made if need be, in a folder that may be missing.
        waiting: Called once if there is someone to wait for.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("ab")
    except OSError:  # a site that cannot be written to: nothing to protect there
        yield
        return
    with stream:
        if not _try(stream):
            waiting()
            _wait(stream)
        yield


if sys.platform == "win32":
    import msvcrt

    def _try(stream: IO[bytes]) -> bool:
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait(stream: IO[bytes]) -> None:
        while not _try(stream):
            with contextlib.suppress(OSError):
                msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK, 1)  # tries for ten seconds
                return

else:
    import fcntl

    def _try(stream: IO[bytes]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _wait(stream: IO[bytes]) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX)
