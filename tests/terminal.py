"""A program on a terminal, and what it shows there."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path

PATIENCE = 60  # seconds; only what hangs waits that long


class Terminal:
    """A shell, as a person has it."""

    def __init__(self, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self.descriptor, self.other = pty.openpty()
        # The first terminal that the leader of a session opens becomes its own.
        on_it = ["/bin/sh", "-c", 'exec "$@" <"$0" >"$0" 2>&1', os.ttyname(self.other), *command]
        self.process = subprocess.Popen(on_it, cwd=folder, env=environment, start_new_session=True)
        self.shown = ""

    def type(self, keys: str) -> Terminal:
        os.write(self.descriptor, keys.encode())
        return self

    def until(self, text: str) -> None:
        """Read until a text is shown, whatever colours stand in it."""
        end = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert time.monotonic() < end, self.shown
            assert self.process.poll() is None, self.shown
            if select.select([self.descriptor], [], [], 1)[0]:
                read = os.read(self.descriptor, 65_536).decode("utf-8", "replace")
                self.shown += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", read)
        self.shown = self.shown.partition(text)[2]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.descriptor)
        os.close(self.other)
