"""Build a site on this machine alone and by a cluster of dask, a worker of which is killed midway.

    python -m benchmarks.remote [--articles 10000] [--comments 5] [--workers 2]

Both builds begin with nothing and have to make the same bytes. On one machine a cluster brings
nothing: what counts is the time of the process that builds, since the rest can be elsewhere.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.peer import Project
from benchmarks.peers.sitegen import SitegenDefault
from benchmarks.workload import Workload
from sitegen.build.output import MANIFEST
from sitegen.errors import as_text

ROOT = Path(__file__).parents[1]


class Cost(NamedTuple):
    """What a build took."""

    wall: float
    own: float
    """Seconds of processors that the process that builds had for itself."""
    peak: float
    """Its most memory, in MB."""


def main() -> None:
    """Lay out a site, build it twice, compare, and print what each build took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--comments", type=float, default=5)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT / "tests"))
    clusters: Any = importlib.import_module("clusters")
    with tempfile.TemporaryDirectory(prefix="sitegen-bench-") as folder:
        root = Path(folder) / "site"
        workload = Workload(asked.articles, mean=asked.comments)
        Project(SitegenDefault(), root, workload, ["none"]).lay_out()
        _print(f"{asked.workers} processes", _build(root, "forked", jobs=asked.workers))
        with clusters.Cluster(Path(folder)) as cluster:
            programs = [cluster.worker() for _ in range(asked.workers + 1)]
            victim = programs[0].process.pid
            cost = _build(root, "cluster", victim, executor=cluster.executor)
            _print(
                f"{asked.workers} workers, after a third of the pages, one more until then", cost
            )
        made = {name: (root / name / MANIFEST).read_bytes() for name in ("forked", "cluster")}
        outputs = made["forked"].count(b"\n")
        if len(set(made.values())) > 1:
            sys.exit("the builds made other bytes")
        sys.stdout.write(f"{outputs} outputs, the same bytes by both\n")


def _print(name: str, cost: Cost) -> None:
    told = f"{cost.wall:.1f} s, {cost.own:.1f} s of its own, {cost.peak:.0f} MB"
    sys.stdout.write(f"{name}: {told}\n")
    sys.stdout.flush()


def _build(root: Path, name: str, victim: int = 0, **options: Any) -> Cost:
    """Build in a process of its own, and kill another one midway."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as pool:
        return pool.submit(_built, root, name, victim, options).result()


def _built(root: Path, name: str, victim: int, options: dict[str, Any]) -> Cost:
    import datetime as dt
    import resource

    from sitegen.build.pipeline import Options, build
    from sitegen.model.schedule import Clock

    left = [victim] if victim else []

    def progress(done: int, total: int) -> None:
        if left and done > total // 3:
            os.kill(left.pop(), signal.SIGKILL)

    clock = Clock(dt.datetime(2030, 1, 1, tzinfo=dt.UTC), False, False)
    started = time.perf_counter()
    report = build(Options(root, root / name, clock, remember=False, **options), progress)
    wall = time.perf_counter() - started
    if report.written is None or left:
        raise RuntimeError(as_text(report.problems) or "nobody was killed")
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
