"""Programs of ours in processes of their own, and what they say, line by line."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PATIENCE = 60  # seconds; only what hangs waits that long


class Program:
    """`sitegen`, or another module, at work until it is told to end."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path | None = None,
        program: Sequence[str] = (sys.executable, "-m", "sitegen"),
    ) -> None:
        self.process = subprocess.Popen(
            [*program, *arguments],
            cwd=folder,
            env={**environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.said: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout:
            for line in self.process.stdout:
                self.said.append(line.rstrip("\n"))
                self.lines.put(line)

    def until(self, text: str) -> str:
        """Return the next line that holds a text; its end is a line feed."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                line = self.lines.get(timeout=1)
            except queue.Empty:
                assert self.process.poll() is None, "\n".join(self.said)
                continue
            if text in line:
                return line
        raise TimeoutError("\n".join(self.said))

    def stop(self, number: int) -> tuple[int, str]:
        """Send a signal; return the exit status and all that was said."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return status, "\n".join(self.said)

    def kill(self) -> None:
        """Leave nothing behind."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
