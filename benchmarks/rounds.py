"""Runs, round by round: every peer builds once before any builds again.

So what disturbs the machine disturbs all, and each run of one peer has its pair of another.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks import checking, process
from benchmarks.peer import Peer, Project
from benchmarks.peers import PUBLISHED, REALISTIC
from benchmarks.peers.floors import Floor
from benchmarks.workload import Workload

MODES = {
    "clean": "everything anew",
    "same": "nothing changed",
    "edit": "one article edited",
    "comment": "one comment added",
    "fresh": "fresh checkout",
}
_PREPARE: dict[str, Callable[[Project], str]] = {
    "clean": Project.clean,
    "same": Project.leave,
    "edit": Project.edit,
    "comment": Project.answer,
    "fresh": Project.touch,
}
_FLOOR_MODES = ("same", "fresh")
_SLOW_ROUNDS = 2
_VERY_SLOW = 60.0  # seconds after which one run is enough


@dataclass(frozen=True)
class Row:
    """One run; `round` pairs it with those of the other peers."""

    workload: str
    peer: str
    mode: str
    round: int
    wall: float
    cpu: float
    peak: float
    stale: bool = False
    """The change did not reach the page."""


@dataclass
class Facts:
    """What is known of a peer and a workload besides its runs."""

    workload: str
    peer: str
    files: int = 0
    megabytes: float = 0
    memory: float = 0
    """Most memory of all processes together in a clean build."""
    failed: str = ""


@dataclass
class Choice:
    """What is measured."""

    peers: tuple[str, ...]
    modes: tuple[str, ...]
    rounds: int
    limit: float
    folder: Path


@dataclass
class Results:
    """All that was measured."""

    machine: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def peers_for(workload: Workload, choice: Choice) -> Iterator[Peer]:
    """Yield the peers that were asked for and take part in this workload."""
    for peer in PUBLISHED if workload.published else REALISTIC:
        if peer.name in choice.peers:
            yield peer


def measure(workload: Workload, choice: Choice, results: Results) -> None:
    """Build one workload with every peer, in every mode, as many rounds as asked for."""
    results.titles[workload.name] = workload.title
    results.rows = [row for row in results.rows if row.workload != workload.name]
    results.facts = [facts for facts in results.facts if facts.workload != workload.name]
    projects = list(_prepare(workload, choice, results))
    del workload.__dict__["articles"]  # texts are on the disk now; the target is remembered
    gc.collect()
    os.sync()
    for mode in choice.modes:
        taking_part = [one for one in projects if _has(one, mode)]
        for number in range(choice.rounds):
            # There and back, so that nobody is always the one after the largest.
            for project in taking_part[:: 1 if number % 2 == 0 else -1]:
                _one_run(project, mode, number, choice, results)
    for project in projects:
        shutil.rmtree(project.root)


def _prepare(workload: Workload, choice: Choice, results: Results) -> Iterator[Project]:
    """Lay the workload out for each peer and see that it can build it."""
    for peer in peers_for(workload, choice):
        argv = peer.argv()
        facts = Facts(workload.name, peer.name)
        results.facts.append(facts)
        facts.failed = "not installed" if argv is None else peer.takes(workload)
        if facts.failed or argv is None:
            _say(f"{peer.name}: {facts.failed}")
            continue
        results.versions[peer.name] = peer.version()
        project = Project(peer, choice.folder / workload.name / _file_name(peer), workload, argv)
        project.lay_out()
        _ = workload.target
        if isinstance(peer, Floor):
            yield project
            continue
        try:
            facts.memory = process.memory(argv, project.root, peer.environment(), choice.limit)
            made = checking.check(project)
        except process.FailedError as error:
            facts.failed = str(error)
            _say(f"{peer.name}: {error}")
            shutil.rmtree(project.root)
            continue
        facts.files, facts.megabytes = made.files, made.megabytes
        _say(f"{peer.name}: {made.files} files, {made.megabytes:.1f} MB, every article is there")
        yield project


def _has(project: Project, mode: str) -> bool:
    if isinstance(project.peer, Floor):
        return mode in _FLOOR_MODES
    return mode != "comment" or bool(project.workload.mean)


def _one_run(project: Project, mode: str, number: int, choice: Choice, results: Results) -> None:
    peer = project.peer
    mine = [
        row
        for row in results.rows
        if (row.workload, row.peer, row.mode) == (project.workload.name, peer.name, mode)
    ]
    most = _SLOW_ROUNDS if peer.is_slow else choice.rounds
    if len(mine) >= most or any(row.wall > _VERY_SLOW for row in mine):
        return
    facts = next(
        one
        for one in results.facts
        if (one.workload, one.peer) == (project.workload.name, peer.name)
    )
    if facts.failed:
        return
    words = _PREPARE[mode](project)
    time.sleep(0.05)
    try:
        cost = process.run(project.argv, project.root, peer.environment(), choice.limit)
    except process.FailedError as error:
        facts.failed = f"{MODES[mode]}: {error}"
        _say(f"{peer.name}: {facts.failed}")
        return
    stale = bool(words) and not checking.shows(project, words)
    row = Row(project.workload.name, peer.name, mode, number, cost.wall, cost.cpu, cost.peak, stale)
    results.rows.append(row)
    _say(f"{mode} {number + 1}: {peer.name} {cost.wall:.3f} s{', STALE' if stale else ''}")


def _file_name(peer: Peer) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in peer.name.lower())


def _say(text: str) -> None:
    sys.stderr.write(f"  {text}\n")
