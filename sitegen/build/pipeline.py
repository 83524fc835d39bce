"""The whole build, stage by stage: look, read, assemble, plan, print, commit, remember."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.build import lock, recall
from sitegen.build.closures import closure_digests
from sitegen.build.edition import Edition, Progress
from sitegen.build.engine import engine_digest
from sitegen.build.inputs import Inputs, read_config, read_site, scan_inputs
from sitegen.build.memory import FOLDER, Memory, State
from sitegen.build.output import OutputFolder, Written
from sitegen.build.plan import Plan, make_plan
from sitegen.build.printing import Press
from sitegen.build.reading import Desk, SourceLibrary, reading_digest
from sitegen.build.workers import processes
from sitegen.errors import Problem, Severity, has_errors, in_order
from sitegen.model.site import Clock, HeldBack
from sitegen.sources import config as config_source
from sitegen.views.jobs import digest_of

_MANY = 500  # changed outputs


class Options(msgspec.Struct, frozen=True):
    """What a build is asked to do."""

    root: Path
    output: Path
    clock: Clock
    base_url: str | None = None
    strict: bool = False
    write: bool = True
    jobs: int = 0
    """How many processes may work; 0 for one for each processor."""
    remember: bool = True
    explain: str = ""
    """The output whose treatment is to be explained."""


class Report(msgspec.Struct, frozen=True):
    """What a build did."""

    problems: tuple[Problem, ...]
    written: Written | None
    """None when nothing was written: the site has errors, or the build was only a check."""
    articles: int = 0
    pages: int = 0
    comments: int = 0
    rendered: int = 0
    """How many outputs were rendered; the rest were known to be in place."""
    held_back: tuple[HeldBack, ...] = ()
    next_change: dt.datetime | None = None
    explanation: str = ""


def _no_progress(done: int, total: int) -> None:
    """Show nothing."""
    del done, total


def build(
    options: Options, progress: Progress = _no_progress, waiting: Callable[[], None] = lambda: None
) -> Report:
    """Build a site: all of it, or nothing when there is an error.

    Args:
        options: What to do.
        progress: Told how many outputs of how many are done.
        waiting: Called if another build of the same output has to end first.
    """
    if disk.find(options.root, config_source.PATH) is None:
        return Report(config_source.missing_config().problems, None)
    name = _name_of(options)
    if options.remember and disk.make_folder(options.root / FOLDER):
        with lock.locked(options.root / FOLDER / f"{name}.lock", waiting):
            return _in_memory(options, options.root / FOLDER, name, progress)
    with tempfile.TemporaryDirectory(prefix="sitegen-") as folder:
        return _in_memory(options, Path(folder), name, progress)


def _name_of(options: Options) -> str:
    """Return a name for an output folder that is the same in every checkout of the site."""
    try:
        place = options.output.resolve().relative_to(options.root.resolve()).as_posix()
    except ValueError:
        place = str(options.output.resolve())
    return digest_of(place).hex()[:12]


def _in_memory(options: Options, folder: Path, name: str, progress: Progress) -> Report:
    memory = Memory(folder)
    try:
        return _Build(options, memory, name, progress).run()
    finally:
        memory.close()


class _Build:
    """One run, from looking at the files to remembering what was made of them."""

    def __init__(self, options: Options, memory: Memory, name: str, progress: Progress) -> None:
        self.options = options
        self.memory = memory
        self.name = name
        self.progress = progress
        self.jobs = options.jobs or processes()
        self.engine = engine_digest()
        clock = options.clock
        settings = (options.base_url, clock.drafts, clock.future, options.strict)
        self.circumstances = digest_of(self.engine, settings)
        self.state = memory.state(name)
        taken = memory.now()
        self.inputs = scan_inputs(options.root, taken)
        self.outputs = disk.scan(options.output, [""], taken, hidden=[""])

    def run(self) -> Report:
        state = self.state
        is_current = (
            state is not None
            and state.circumstances == self.circumstances
            and self.options.write
            and not self.options.explain
            and recall.is_current(state, self.inputs, self.outputs, self.options.clock)
        )
        return _recalled(state) if state and is_current else self._make()

    def _make(self) -> Report:
        options = self.options
        config, config_problems = read_config(options.root, options.base_url)
        desk = Desk(config, reading_digest(config, self.engine), self.memory)
        inputs = read_site(options.root, self.inputs, desk, self.memory, self.state, self.jobs)
        library = SourceLibrary(self.memory, config, inputs.sources)
        plan = make_plan(inputs, library, options.clock)
        problems = [*config_problems, *plan.problems]
        rows = recall.rows_in_place(self.state, self.outputs)
        written = None
        with OutputFolder(options.output, _owned(self.state)) as folder:
            may_write = (
                options.write and not has_errors(problems) and not (options.strict and problems)
            )
            press = Press(
                self.engine,
                inputs.theme,
                closure_digests(inputs.theme),
                library,
                folder if may_write else None,
                rows,
            )
            edition = Edition(press, options.explain)
            if not config_problems:
                edition.print(plan, self.jobs, self.progress)
                problems += edition.problems
            if options.strict:
                problems = [msgspec.structs.replace(p, severity=Severity.ERROR) for p in problems]
            if may_write and not has_errors(problems):
                written = folder.commit(edition.sha256, edition.changed)
        report = Report(
            tuple(_with_excerpts(options.root, in_order(problems))),
            written,
            articles=len(plan.site.articles),
            pages=len(plan.site.pages),
            comments=sum(thread.count for thread in plan.site.threads.values()),
            rendered=edition.rendered,
            held_back=plan.site.held_back,
            next_change=plan.site.next_change,
            explanation=edition.explanation,
        )
        if written is not None:
            self._remember(report, written, plan, inputs, edition)
        return report

    def _remember(
        self, report: Report, written: Written, plan: Plan, inputs: Inputs, edition: Edition
    ) -> None:
        """Save what the next build needs to know of this one."""
        outputs = self.outputs
        root = self.options.output
        if len(written.changed) > _MANY:  # one look at all is cheaper, and settles them
            outputs = disk.scan(root, [""], self.memory.now(), hidden=[""])
        stamps = {file.path: file.stamp for file in outputs.files}
        if outputs is self.outputs:
            changed = (disk.find(root, path) for path in written.changed)
            stamps |= {file.path: file.stamp for file in changed if file}
        paths = [path for path in edition.sha256 if path in stamps]
        site = plan.site
        state = State(
            circumstances=self.circumstances,
            valid_from=site.last_change.timestamp() if site.last_change else float("-inf"),
            valid_until=site.next_change.timestamp() if site.next_change else float("inf"),
            inputs_taken=self.inputs.taken,
            input_paths=[file.path for file in self.inputs.files],
            input_stamps=[file.stamp for file in self.inputs.files],
            input_digests=recall.input_digests(self.inputs, inputs.digests),
            document_keys=inputs.document_keys,
            thread_keys=inputs.thread_keys,
            outputs_taken=outputs.taken,
            output_paths=paths,
            output_stamps=[stamps[path] for path in paths],
            output_keys=[edition.keys[path] for path in paths],
            output_views=[edition.views[path] for path in paths],
            output_sha256=[edition.sha256[path] for path in paths],
            problems=report.problems,
            held_back=report.held_back,
            counts=(report.articles, report.pages, report.comments),
            next_change=site.next_change,
        )
        self.memory.save(self.name, state)


def _owned(state: State | None) -> dict[str, str]:
    return dict(zip(state.output_paths, state.output_sha256, strict=True)) if state else {}


def _recalled(state: State) -> Report:
    """Return the report of a build that had nothing to do."""
    articles, pages, comments = state.counts
    return Report(
        state.problems,
        Written((), len(state.output_paths), ()),
        articles,
        pages,
        comments,
        held_back=state.held_back,
        next_change=state.next_change,
    )


def _with_excerpts(root: Path, problems: Iterable[Problem]) -> Iterable[Problem]:
    """Add the line of the file to what was found after the file had been read."""
    texts: dict[str, list[str]] = {}
    for problem in problems:
        place = problem.location
        if not place.line or place.text:
            yield problem
            continue
        if place.path not in texts:
            file = disk.find(root, place.path)
            texts[place.path] = (
                disk.read(file).decode("utf-8", "replace").splitlines() if file else []
            )
        lines = texts[place.path]
        text = lines[place.line - 1] if place.line <= len(lines) else ""
        yield msgspec.structs.replace(problem, location=msgspec.structs.replace(place, text=text))
