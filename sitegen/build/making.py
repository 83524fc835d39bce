"""What a build sees -> a finished output folder: read, assemble, plan, print, commit, remember."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.build import recall
from sitegen.build.closures import closure_digests, theme_digest
from sitegen.build.darkroom import recipes_of
from sitegen.build.edition import Edition
from sitegen.build.inputs import Inputs, read_config, read_site
from sitegen.build.inspection import page_problems
from sitegen.build.memory import State
from sitegen.build.output import MANIFEST, OutputFolder, Written
from sitegen.build.overrides import override_problems
from sitegen.build.pipeline import Progress, Report, Sight
from sitegen.build.plan import Plan, make_plan, weighed
from sitegen.build.printing import Press
from sitegen.build.reading import Desk, SourceLibrary, reading_digest
from sitegen.build.workers import processes
from sitegen.disk import Stamp
from sitegen.errors import Problem, Severity, has_errors, in_order
from sitegen.sources.config import Config

_MANY = 500  # changed outputs
_GONE = (0, 0, 0, 0)  # the stamp of no file


def make(sight: Sight, progress: Progress) -> Report:
    """Build all of a site, or nothing when there is an error."""
    options = sight.options
    jobs = options.jobs or processes()
    config, config_problems = read_config(options.root, options.base_url)
    desk = Desk(config, reading_digest(config, sight.engine), sight.memory)
    inputs = read_site(options.root, sight.inputs, desk, sight.memory, sight.state, jobs)
    library = SourceLibrary(sight.memory, config, inputs.sources)
    plan = make_plan(inputs, library, options.clock, plain_names=options.serving)
    templates = (job.template for job in plan.jobs)
    problems = [*config_problems, *plan.problems, *override_problems(inputs.theme, templates)]
    rows = recall.rows_in_place(sight.state, sight.outputs)
    style = theme_digest(sight.engine, inputs.theme)
    remembered = sight.state.closures if sight.state and sight.state.theme == style else None
    closures = remembered or closure_digests(inputs.theme)
    written = None
    is_new = not sight.outputs.files and not sight.outputs.problems
    with OutputFolder(options.output, _owned(sight.state), is_new=is_new) as folder:
        may_write = options.write and not has_errors(problems) and not (options.strict and problems)
        press = Press(
            sight.engine,
            inputs.theme,
            closures,
            library,
            folder if may_write else None,
            rows,
            inspects=not options.write,
        )
        edition = Edition(press, options.explain)
        is_enough = options.serving and has_errors(problems)
        if not config_problems and not is_enough:
            edition.print(plan, jobs, progress)
            problems += edition.problems
            problems += _faults_of_pages(plan, edition, config)
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
        _remember(sight, report, written, plan, inputs, edition)
    return report


def _faults_of_pages(plan: Plan, edition: Edition, config: Config) -> Iterable[Problem]:
    """Return what is wrong in the pages that were rendered to be checked, templates' part too."""
    outputs = {copy.path for copy in plan.copies} | {job.path for job in plan.jobs}
    found = page_problems(edition.facts, outputs, config.base_url, plan.broken)
    return weighed(found, config)


def _remember(
    sight: Sight, report: Report, written: Written, plan: Plan, inputs: Inputs, edition: Edition
) -> None:
    """Save what the next build needs to know of this one."""
    root = sight.options.output
    stamps, taken = _output_stamps(sight, written)
    manifest = disk.find(root, MANIFEST)
    paths = list(edition.sha256)
    site = plan.site
    state = State(
        circumstances=sight.circumstances,
        valid_from=site.last_change.timestamp() if site.last_change else float("-inf"),
        valid_until=site.next_change.timestamp() if site.next_change else float("inf"),
        inputs_taken=sight.inputs.taken,
        input_paths=[file.path for file in sight.inputs.files],
        input_stamps=[file.stamp for file in sight.inputs.files],
        input_digests=recall.input_digests(sight.inputs, inputs.digests),
        document_keys=inputs.document_keys,
        thread_keys=inputs.thread_keys,
        history=inputs.history.standing if inputs.history else b"",
        theme=theme_digest(sight.engine, inputs.theme),
        closures=dict(edition.press.closures),
        outputs_taken=taken,
        output_paths=paths,
        output_stamps=[stamps.get(path, _GONE) for path in paths],
        output_keys=[edition.keys[path] for path in paths],
        output_views=[edition.views[path] for path in paths],
        output_sha256=[edition.sha256[path] for path in paths],
        manifest=manifest.stamp if manifest else _GONE,
        problems=report.problems,
        held_back=report.held_back,
        counts=(report.articles, report.pages, report.comments),
        next_change=site.next_change,
    )
    used = (recipe.key for recipe in recipes_of(plan.jobs))
    keys = (*state.document_keys.values(), *state.thread_keys.values(), *used)
    sight.memory.save(sight.name, state, keys)


def _output_stamps(sight: Sight, written: Written) -> tuple[dict[str, Stamp], int]:
    """Return the stamp of every output, and the time before which it is settled.

    What was left alone keeps the stamp that it had when it was looked at: it may have been
    altered since. After many changes one look at all is cheaper, and settles them.
    """
    seen, root = sight.outputs, sight.options.output
    if len(written.changed) <= _MANY:
        changed = [file for path in written.changed if (file := disk.find(root, path))]
        return {file.path: file.stamp for file in (*seen.files, *changed)}, seen.taken
    later = disk.scan(root, [""], sight.memory.now(), hidden=[""])
    paths = frozenset(written.changed)
    left = [file for file in seen.files if disk.is_settled(file.stamp, seen.taken)]
    changed = [file for file in later.files if file.path in paths]
    return {file.path: file.stamp for file in (*left, *changed)}, later.taken


def _owned(state: State | None) -> dict[str, str]:
    return dict(zip(state.output_paths, state.output_sha256, strict=True)) if state else {}


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
