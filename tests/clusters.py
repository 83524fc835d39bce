"""A cluster of dask on this machine: a scheduler and workers in processes of their own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Self

from programs import Program

ROOT = Path(__file__).resolve().parents[1]


class Cluster:
    """A scheduler and its workers, which see an empty folder."""

    def __init__(self, folder: Path) -> None:
        """Start a scheduler and wait until it can be reached."""
        self.folder = folder
        self.programs: list[Program] = []
        arguments = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.scheduler = self._start("dask_scheduler", *arguments)
        self.address = self.scheduler.until("Scheduler at:").split()[-1]
        self.executor = self.address.replace("tcp://", "dask://")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for program in reversed(self.programs):
            program.kill()

    def _start(self, name: str, *arguments: str, **environment: str) -> Program:
        known = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(ROOT)}
        command = (sys.executable, "-m", f"distributed.cli.{name}")
        started = Program(arguments, {**known, **environment}, self.folder, command)
        self.programs.append(started)
        return started

    def worker(self, **environment: str) -> Program:
        """Start a worker, and wait until the scheduler knows it."""
        own = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
        place = ("--local-directory", str(self.folder))
        started = self._start("dask_worker", self.address, *own, *place, **environment)
        started.until("Registered to:")
        return started
