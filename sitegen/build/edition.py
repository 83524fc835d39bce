"""A plan -> all its outputs, staged: what is in place is left there, the rest is printed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable

from sitegen import disk
from sitegen.build.darkroom import develop, missing_pictures
from sitegen.build.exchange import Exchange
from sitegen.build.inspection import Facts
from sitegen.build.memory import content_digest
from sitegen.build.plan import Copy, Plan
from sitegen.build.printing import Press, Printed, difference
from sitegen.build.state import Row
from sitegen.build.workers import Workers
from sitegen.errors import Problem, SiteError, quoted
from sitegen.views.jobs import Job, job_key, make_view

Progress = Callable[[int, int], None]
_WORTHWHILE = 300  # outputs: about a third of a second of work


class Edition:
    """All outputs of one build: their keys and digests, and which of them changed."""

    def __init__(self, press: Press, explain: str = "", exchange: Exchange | None = None) -> None:
        self.press = press
        self.explain = explain
        self.exchange = exchange
        self.explanation = f"{explain}: no output of this site" if explain else ""
        self.keys: dict[str, bytes] = {}
        self.views: dict[str, bytes] = {}
        self.sha256: dict[str, str] = {}
        self.changed: set[str] = set()
        self.rendered = 0
        self.problems: list[Problem] = []
        self.facts: list[Facts] = []

    def print(self, plan: Plan, workers: Workers, progress: Progress) -> None:
        """Print what has to be printed; a folder to stage in is needed to keep anything."""
        dirty = [job for job in plan.jobs if not self._is_in_place(job)]
        if self.exchange:
            dirty = self._fetched(self.exchange, plan.jobs, dirty)
        memory = self.press.library.memory
        pictures = missing_pictures(memory, dirty)
        if self.exchange:
            pictures = self.exchange.pictures(pictures)
        total = len(plan.jobs) + len(plan.copies) + len(pictures)
        done = len(plan.jobs) - len(dirty)
        for made in develop(memory, pictures, workers):
            done += made
            progress(done, total)
        costs = [1] * len(dirty)
        batches = workers.in_batches(self.press, dirty, costs, _WORTHWHILE)
        with contextlib.closing(batches):  # nobody works on when something has gone wrong
            for batch in batches:
                for printed in batch:
                    self._take(printed)
                done += len(batch)
                progress(done, total)
        for copy in plan.copies:
            self._copy(copy)
            done += 1
            progress(done, total)
        self.problems = _one_a_place(self.problems)

    def _is_in_place(self, job: Job) -> bool:
        """Return whether an output was made of equal arguments and lies where it belongs."""
        closure = self.press.printer.closures.get(job.template, b"")
        key = job_key(job, self.press.printer.engine + closure)
        row = self.press.rows.get(job.path)
        self.keys[job.path] = key
        if job.path == self.explain:
            self.explanation = f"{job.path}: {self._reason(job, row, key)}"
        if row is None or row.key != key or self.press.folder is None:
            return False
        self.views[job.path] = row.view
        self.sha256[job.path] = row.sha256
        return True

    def _fetched(self, exchange: Exchange, jobs: Iterable[Job], dirty: list[Job]) -> list[Job]:
        """Stage what others have rendered; return the outputs that are still to be printed."""
        folder = self.press.folder
        if folder is None:
            return dirty
        keys = {job.path: self.keys[job.path] for job in jobs if job.template}
        missing = [job.path for job in dirty if job.template]
        fetched = set()
        for path, entry in exchange.pages(self.press.printer.closures, keys, missing):
            with contextlib.suppress(SiteError):  # who prints it will say what is in its way
                staged = folder.stage(path, entry.value)
                self._take(Printed(path, entry.head, staged.sha256, staged.changed))
                fetched.add(path)
        return [job for job in dirty if job.path not in fetched]

    def _reason(self, job: Job, row: Row | None, key: bytes) -> str:
        """Return in words why an output is made or left alone."""
        if row is None:
            return "made, since it is new, missing or altered in the output folder"
        if row.key == key:
            return "left alone: nothing that it is made from has changed"
        view = make_view(job, self.press.library)
        fingerprint = self.press.printer.fingerprint(job, view)
        if fingerprint == row.view:
            return "left alone: what it is made from has changed, but not what its page shows"
        return f"made, since {difference(row.view, fingerprint, view.__struct_fields__)}"

    def _take(self, printed: Printed) -> None:
        self.problems += printed.problems
        self.rendered += printed.rendered
        self.facts += [printed.facts] if printed.facts else []
        if not printed.problems:
            self.views[printed.path] = printed.view
            self.sha256[printed.path] = printed.sha256
            if printed.changed:
                self.changed.add(printed.path)

    def _copy(self, copy: Copy) -> None:
        try:
            content = disk.read(copy.file)
            self.keys[copy.path] = self.views[copy.path] = content_digest(content)
            if self.press.folder:
                staged = self.press.folder.stage(copy.path, content)
                self.sha256[copy.path] = staged.sha256
                if staged.changed:
                    self.changed.add(copy.path)
                if copy.path == self.explain:
                    reason = "made" if staged.changed else "left alone"
                    self.explanation = (
                        f"{copy.path}: {reason}, a copy of {quoted(copy.file.path, 120)}"
                    )
        except SiteError as error:
            self.problems += error.problems


def _one_a_place(problems: Iterable[Problem]) -> list[Problem]:
    """Keep the first problem of each line: a fault of a template shows on every page it makes."""
    first: dict[tuple[str, int], Problem] = {}
    for problem in problems:
        first.setdefault((problem.location.path, problem.location.line), problem)
    return list(first.values())
