"""One command of sitegen with a clock around each stage: `python -m benchmarks.stages FILE COMMAND…`.

The product has no switch for this: the functions that are the stages are wrapped from outside.
What one stage spends inside of another counts for the inner one only.
"""

from __future__ import annotations

import functools
import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STAGES = {
    "start": (),
    "look": ("pipeline:_look",),
    "compare": (
        "recall:looks_same",
        "recall:known_digests",
        "recall:read_digests",
        "recall:renewed",
        "recall:rows_in_place",
        "memory:Memory.state",
    ),
    "read articles": ("inputs:_Reader.read_documents",),
    "read comments": ("inputs:_Reader.read_threads",),
    "assemble": ("plan:assemble",),
    "plan": ("making:make_plan",),
    "print": ("edition:Edition.print",),
    "commit": ("output:OutputFolder.commit",),
    "remember": ("making:_outputs", "making:_remember", "memory:Memory.forget_but"),
    "rest": ("making:make",),
}
"""Stage -> the functions of `sitegen.build` that it consists of."""


class Clock:
    """Tells what each stage takes: seconds of processors, ours and those of ended children."""

    def __init__(self) -> None:
        self.stack = ["start"]
        self.cpu = dict.fromkeys(STAGES, 0.0)
        self.wall = dict.fromkeys(STAGES, 0.0)
        self.spans: list[tuple[float, str]] = [(time.monotonic(), "start")]
        self.mark = (0.0, time.monotonic())

    def turn(self) -> None:
        """Give the stage that ends here what was spent since the last turn."""
        now = (_processor_time(), time.monotonic())
        stage = self.stack[-1]
        self.cpu[stage] += now[0] - self.mark[0]
        self.wall[stage] += now[1] - self.mark[1]
        self.mark = now

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that counts for a stage."""

        @functools.wraps(function)
        def call(*args: Any, **more: Any) -> Any:
            self.turn()
            self.stack.append(stage)
            self.spans.append((self.mark[1], stage))
            try:
                return function(*args, **more)
            finally:
                self.turn()
                self.stack.pop()
                self.spans.append((self.mark[1], self.stack[-1]))

        return call


def _processor_time() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def wrap(clock: Clock) -> None:
    """Put the clock around every stage.

    Raises:
        AttributeError: A function is not where the table says; correct the table.
    """
    for stage, functions in STAGES.items():
        for function in functions:
            module, _, path = function.partition(":")
            owner = importlib.import_module(f"sitegen.build.{module}")
            *outer, name = path.split(".")
            for part in outer:
                owner = getattr(owner, part)
            setattr(owner, name, clock.timed(stage, getattr(owner, name)))


def main() -> None:
    place, *command = sys.argv[1:]
    from sitegen.cli import main as run

    clock = Clock()
    wrap(clock)
    try:
        run(command, standalone_mode=False)
    finally:
        clock.turn()
        told = {"cpu": clock.cpu, "wall": clock.wall, "spans": clock.spans}
        Path(place).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
