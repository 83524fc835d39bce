"""`python -m benchmarks`: measure, print, and on demand write the manual's page."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
import tempfile
from pathlib import Path

import benchmarks
from benchmarks import kept, machine, page, tables
from benchmarks.peers import NAMES
from benchmarks.rounds import MODES, Choice, measure
from benchmarks.workload import Workload

SIZES, MEANS, PUBLISHED_SIZE = (100, 1000, 4000, 10_000), (0, 5), 4000
OTHERS = ("comment_text",)
"""Modules of this package that measure something else: each has a `main()` without arguments."""


def main(arguments: list[str] | None = None) -> None:
    """Run what the command line asks for."""
    asked = _parse(arguments)
    if not asked.report:
        _measure(asked)
    results = kept.load()
    sys.stdout.write(f"{tables.everything(results)}\n\n{tables.manual(results)}\n")
    if asked.manual:
        page.write(results)
        sys.stderr.write("the manual's page was written anew\n")
    if not asked.report and not asked.alone:
        _run_others()


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=benchmarks.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--sizes", default=_joined(SIZES), help="numbers of articles (default %(default)s)")
    add("--comments", default=_joined(MEANS), help="comments an article (default %(default)s)")
    add("--peers", default="", help=f"of: {', '.join(NAMES)}; floors always")
    add("--modes", default=",".join(MODES), help="of: %(default)s")
    add("--rounds", type=int, default=5, help="runs of each (default 5); slow peers have two")
    add("--limit", type=float, default=900, help="seconds after which a run is given up")
    add("--no-published", dest="published", action="store_false", help="only our own workload")
    add("--quick", action="store_true", help="100 articles, one round: does everything work?")
    add("--resume", action="store_true", help="keep the workloads that are measured already")
    add("--report", action="store_true", help="measure nothing, show what was measured last")
    add("--manual", action="store_true", help="write the figures into the manual")
    add("--alone", action="store_true", help=f"do not run {', '.join(OTHERS)} afterwards")
    add("--work", type=Path, help="folder for the sites (default: a temporary one)")
    return parser.parse_args(arguments)


def _joined(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))


def _measure(asked: argparse.Namespace) -> None:
    """Measure one workload after another; keep what is known after each."""
    results = kept.load()
    if not asked.resume:
        results = type(results)()
    results.machine = machine.describe()
    names = [name.strip().lower() for name in asked.peers.split(",") if name.strip()]
    if unknown := sorted(set(names) - {name.lower() for name in NAMES}):
        sys.exit(f"no such peer: {', '.join(unknown)}; known are {', '.join(NAMES)}")
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        choice = Choice(
            peers=tuple(
                name
                for name in NAMES
                if not names or name.lower() in names or name.startswith("floor")
            ),
            modes=tuple(mode for mode in MODES if mode in asked.modes.split(",")),
            rounds=1 if asked.quick else asked.rounds,
            limit=asked.limit,
            folder=asked.work or Path(scratch),
        )
        for workload in _workloads(asked):
            if asked.resume and workload.name in results.titles:
                continue
            sys.stderr.write(f"{workload.title}\n")
            measure(workload, choice, results)
            kept.save(results)


def _workloads(asked: argparse.Namespace) -> list[Workload]:
    if asked.quick:
        quick = [Workload(100, mean=5)]
        return [*quick, Workload(100, published=True)] if asked.published else quick
    found = [
        Workload(int(size), mean=float(mean))
        for size in asked.sizes.split(",")
        for mean in asked.comments.split(",")
    ]
    return [*found, Workload(PUBLISHED_SIZE, published=True)] if asked.published else found


def _run_others() -> None:
    for name in OTHERS:
        if importlib.util.find_spec(f"benchmarks.{name}"):
            sys.stdout.write(f"\n{name}\n")
            sys.argv = [name]
            importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
