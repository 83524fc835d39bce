"""How the cost of a build grows with the site: `python -m benchmarks.scale`.

Lays sites of several sizes out, builds each with a clock around every stage, and writes
`benchmarks/scale.md`: what was measured, the exponents, and what follows for larger sites.
"""

from __future__ import annotations

import argparse
import bisect
import datetime as dt
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks import growth, kept, machine, process
from benchmarks.articles import Article, article
from benchmarks.growth import Run
from benchmarks.page import with_figures
from benchmarks.peer import write
from benchmarks.peers.sitegen import Sitegen
from benchmarks.remarks import Remark, how_many, remarks
from benchmarks.workload import SEED, Workload

PAGE = Path(__file__).with_name("scale.md")
RAW = kept.FOLDER / "scale.json"
MEAN = 5
COMMAND = ["build", "--future"]  # with 100,000 articles, one every 17 hours, it is the year 2199
_PAUSE = 0.25
_PEER = Sitegen()


def main(arguments: list[str] | None = None) -> None:
    """Run what the command line asks for."""
    asked = _parse(arguments)
    runs = _load()
    with tempfile.TemporaryDirectory(prefix="scale-") as scratch:
        for size, mean in _wanted(asked):
            runs = [run for run in runs if (run.articles, run.comments > 0) != (size, mean > 0)]
            root = (asked.work or Path(scratch)) / f"{size}x{mean:g}"
            runs += measure(root, size, mean)
            shutil.rmtree(root)
            _save(runs)
    tables = f"{_machine()}\n\n{growth.tables(runs)}"
    sys.stdout.write(f"{tables}\n")
    if asked.write:
        PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    add = parser.add_argument
    add("--sizes", default="1000,10000,100000", help="numbers of articles (default %(default)s)")
    add("--bare", default="10000", help="sizes without comments as well (default %(default)s)")
    add("--work", type=Path, help="folder for the sites (default: a temporary one)")
    add("--write", action="store_true", help="write the figures into benchmarks/scale.md")
    return parser.parse_args(arguments)


def _wanted(asked: argparse.Namespace) -> list[tuple[int, float]]:
    found = [(int(size), float(MEAN)) for size in asked.sizes.split(",") if size]
    return found + [(int(size), 0.0) for size in asked.bare.split(",") if size]


def measure(root: Path, size: int, mean: float) -> list[Run]:
    """Return the builds of one site: everything anew, nothing changed, one comment added."""
    comments = lay_out(root, size, mean)
    sys.stderr.write(f"{size:,} articles, {comments:,} comments\n")
    runs = [_staged(root, size, comments)]
    if mean:
        runs.append(_timed(root, Run(size, comments, "same")))
        answer(root, size)
        runs.append(_timed(root, Run(size, comments, "comment")))
    return runs


def lay_out(root: Path, size: int, mean: float) -> int:
    """Write a site, one article after the other; return how many comments it has."""
    shutil.rmtree(root, ignore_errors=True)
    _PEER.write_theme(root, Workload(size, mean))
    count = 0
    for number in range(size):
        one = article(SEED, number)
        write(root, _PEER.article_path(one), _PEER.article_text(one))
        for remark in remarks(SEED, one, mean):
            write(root, _PEER.comment_path(one, remark), _PEER.comment_text(remark))
            count += 1
    return count


def answer(root: Path, size: int) -> None:
    """Add a comment to an article in the middle that has some."""
    one = _target(size)
    date = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    remark = Remark(f"{date:%Y%m%d-%H%M%S}-new", "Nora New", date, "This is *new*.")
    write(root, _PEER.comment_path(one, remark), _PEER.comment_text(remark))


def _target(size: int) -> Article:
    numbers = sorted(range(size), key=lambda number: abs(number - size // 2))
    fit = (number for number in numbers if 0 < how_many(SEED, number, MEAN) < 6)
    return next(one for one in (article(SEED, number) for number in fit) if not one.draft)


def _staged(root: Path, size: int, comments: int) -> Run:
    """Build everything anew in a process of its own, with its clock, and look at the memory."""
    told = root / "stages.json"
    command = [sys.executable, "-m", "benchmarks.stages", str(told), *COMMAND]
    environment = process.whole(_PEER.environment())
    seen: list[tuple[float, float]] = []
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            command, cwd=root, env=environment, stdout=said, stderr=said, start_new_session=True
        )
        while child.poll() is None:
            seen.append((time.monotonic(), process.memory_of(child.pid)))
            time.sleep(_PAUSE)
        if child.returncode:
            said.seek(0)
            raise process.FailedError(said.read()[-600:].decode(errors="replace"))
    clock = json.loads(told.read_text(encoding="utf-8"))
    told.unlink()
    peaks = _peaks(clock["spans"], seen)
    return Run(
        size, comments, "clean", sum(clock["wall"].values()), sum(clock["cpu"].values()),
        max(peaks.values()), {one: (cpu, peaks.get(one, 0)) for one, cpu in clock["cpu"].items()},
    )  # fmt: skip


def _peaks(spans: list[tuple[float, str]], seen: list[tuple[float, float]]) -> dict[str, float]:
    """Return the most memory that was seen during each stage."""
    begins = [moment for moment, _ in spans]
    peaks: dict[str, float] = {}
    for moment, megabytes in seen:
        stage = spans[max(0, bisect.bisect(begins, moment) - 1)][1]
        peaks[stage] = max(peaks.get(stage, 0), megabytes)
    return peaks


def _timed(root: Path, run: Run) -> Run:
    """Build with the command as it is, once for the time."""
    argv = [sys.executable, "-m", "sitegen", *COMMAND]
    cost = process.run(argv, root, _PEER.environment(), 3600)
    run.wall, run.cpu, run.peak = cost.wall, cost.cpu, cost.peak
    return run


def _machine() -> str:
    rows = "\n".join(f"| {name} | {value} |" for name, value in machine.describe().items())
    return f"| Measured | with |\n| --- | --- |\n{rows}"


def _save(runs: list[Run]) -> None:
    RAW.parent.mkdir(parents=True, exist_ok=True)
    RAW.write_text(json.dumps([asdict(run) for run in runs], indent=1) + "\n", encoding="utf-8")


def _load() -> list[Run]:
    if not RAW.exists():
        return []
    return [Run(**run) for run in json.loads(RAW.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    main()
