"""One run of a program: its time, its work, its memory."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks import timed

_UNSET = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONPATH", "SOURCE_DATE_EPOCH")
_PAUSE = 0.05


class FailedError(Exception):
    """A program did not do its work."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: seconds and megabytes."""

    wall: float
    cpu: float
    """User and system time of the process and all its children."""
    peak: float
    """Memory of the largest single process."""


def run(argv: list[str], folder: Path, environment: Mapping[str, str], limit: float) -> Cost:
    """Run a program to its end.

    Raises:
        FailedError: If it fails, or takes longer than `limit` seconds.
    """
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [sys.executable, "-I", "-S", timed.__file__, str(max(1, round(limit))), *argv],
            cwd=folder,
            env=whole(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            check=True,
        )
        wall, cpu, peak, code = map(float, done.stdout.split())
        if code:
            raise FailedError(_reason(int(code), said, wall >= limit))
    return Cost(wall, cpu, peak)


def memory(argv: list[str], folder: Path, environment: Mapping[str, str], limit: float) -> float:
    """Run a program and return the most memory that all its processes had at once.

    Shared pages are counted once (PSS), looked at every 50 ms: the run is not for timing.

    Raises:
        FailedError: As `run` does.
    """
    most = 0.0
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = _start(argv, folder, environment, said.fileno())
        while process.poll() is None:
            most = max(most, memory_of(process.pid))
            if time.perf_counter() - started > limit:
                _kill(process.pid)
            time.sleep(_PAUSE)
        if process.returncode:
            is_late = time.perf_counter() - started > limit
            raise FailedError(_reason(process.returncode, said, is_late))
    return most


def memory_of(leader: int) -> float:
    """Return the megabytes that all processes of a session have now; shared pages count once."""
    return sum(map(_share, _session(leader))) / 1024


def _reason(code: int, said: IO[bytes], is_late: bool) -> str:
    said.seek(0)
    last = said.read()[-600:].decode(errors="replace").strip()
    return f"{'took too long' if is_late else f'exit status {code}'}: {last}"


def whole(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a measured program: ours without what disturbs, and some more."""
    known = {key: value for key, value in os.environ.items() if key not in _UNSET}
    return {**known, **more}


def _start(
    argv: list[str], folder: Path, environment: Mapping[str, str], said: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        argv,
        cwd=folder,
        env=whole(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,
    )


def _kill(session: int) -> None:
    """End a program and all that it started; the session is its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(session, 9)


def _session(leader: int) -> list[int]:
    """Return the processes of a session."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text(encoding="utf-8")
            except OSError:
                continue
            if int(stat.rpartition(")")[2].split()[3]) == leader:
                found.append(int(folder.name))
    return found


def _share(process: int) -> int:
    """Return a process's proportional share of memory in kB."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
