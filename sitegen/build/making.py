"""What a build sees -> a finished output folder: read, assemble, plan, print, commit, remember."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.build import recall
from sitegen.build.closures import closure_digests, theme_digest
from sitegen.build.darkroom import recipes_of
from sitegen.build.edition import Edition
from sitegen.build.exchange import Exchange, with_all
from sitegen.build.inputs import Inputs, read_config, read_site
from sitegen.build.inspection import page_problems
from sitegen.build.library import SourceLibrary
from sitegen.build.manifest import MANIFEST, manifest_digest
from sitegen.build.output import OutputFolder, Written
from sitegen.build.overrides import override_problems
from sitegen.build.pipeline import Progress, Report, Sight
from sitegen.build.plan import Plan, make_plan, weighed
from sitegen.build.printing import Press, Printer
from sitegen.build.reading import Desk, reading_digest
from sitegen.build.remote import RemoteCache
from sitegen.build.state import Seal, State, is_settled, look_of
from sitegen.build.tracking import tracked_memory
from sitegen.build.workers import Workers
from sitegen.disk import Scan, SourceFile
from sitegen.errors import Problem, Severity, has_errors, in_order
from sitegen.sources.config import Config
from sitegen.views.jobs import digest_of

_MANY = 500  # changed outputs
_GONE = (0, 0, 0, 0)  # the stamp of no file


def make(
    sight: Sight,
    state: State | None,
    digests: Mapping[str, bytes],
    workers: Workers,
    progress: Progress,
) -> Report:
    """Build all of a site, or nothing when there is an error.

    Args:
        sight: What there is.
        state: What the last build saw and made.
        digests: Path -> digest of the inputs that it saw, as they are now.
        workers: Those who read and print.
        progress: Told how many outputs of how many are done.

    Raises:
        SiteError: The work cannot be ended: the disk is full, or those who work are gone.
    """
    options = sight.options
    config, config_problems = read_config(options.root, options.base_url)
    desk = Desk(config, reading_digest(config, sight.engine))
    exchange = None
    if options.remote:
        digests = with_all(digests, sight.inputs)
        scope = digest_of(sight.circumstances, digests.get(disk.CONFIG))
        exchange = Exchange(RemoteCache(options.remote), sight.memory, scope)
    inputs = read_site(options.root, sight.inputs, desk, sight.memory, digests, workers, exchange)
    library = SourceLibrary(sight.memory, config, inputs.sources)
    plan = make_plan(inputs, library, options.clock, plain_names=options.serving)
    templates = (job.template for job in plan.jobs)
    problems = [*config_problems, *plan.problems, *override_problems(inputs.theme, templates)]
    problems += tracked_memory(options.root)
    in_place = disk.look(options.output, state.output_paths) if state else []
    rows = recall.rows_in_place(state, in_place)
    style = theme_digest(sight.engine, inputs.theme)
    remembered = state.closures if state and state.theme == style else None
    closures = remembered or closure_digests(inputs.theme)
    written = None
    is_new = disk.is_empty(options.output)
    with OutputFolder(options.output, _owned(state), is_new=is_new) as folder:
        may_write = options.write and not has_errors(problems) and not (options.strict and problems)
        printer = Printer(
            sight.engine,
            inputs.theme,
            closures,
            inspects=not options.write,
            memory=sight.memory,
        )
        press = Press(printer, library, folder if may_write else None, rows)
        edition = Edition(press, options.explain, exchange)
        is_enough = options.serving and has_errors(problems)
        if not config_problems and not is_enough:
            edition.print(plan, workers, progress)
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
        outputs = _outputs(sight, in_place, written, edition)
        _remember(sight, report, plan, inputs, edition, outputs)
        sight.memory.forget_but(_keys_in_use(plan, inputs))
        if exchange:
            exchange.put(options.output, edition.sha256, edition.views)
    if exchange:  # its problems are none of the site's: they stop nothing, and are not remembered
        problems = [*report.problems, *exchange.cache.problems()]
        return msgspec.structs.replace(report, problems=tuple(problems))
    return report


def _faults_of_pages(plan: Plan, edition: Edition, config: Config) -> Iterable[Problem]:
    """Return what is wrong in the pages that were rendered to be checked, templates' part too."""
    outputs = {copy.path for copy in plan.copies} | {job.path for job in plan.jobs}
    found = page_problems(edition.facts, outputs, config.base_url, plan.broken)
    return weighed(found, config)


def _remember(
    sight: Sight, report: Report, plan: Plan, inputs: Inputs, edition: Edition, outputs: Scan
) -> None:
    """Save what the next build needs to know of this one."""
    digests = recall.input_digests(sight.inputs, inputs.digests)
    *made, manifest = outputs.files
    paths = [file.path for file in made]
    sha256 = [edition.sha256[path] for path in paths]
    site = plan.site
    seal = Seal(
        circumstances=sight.circumstances,
        valid_from=site.last_change.timestamp() if site.last_change else float("-inf"),
        valid_until=site.next_change.timestamp() if site.next_change else float("inf"),
        history=inputs.history.standing if inputs.history else b"",
        inputs_taken=sight.inputs.taken,
        inputs=look_of(sight.inputs, digests),
        output_paths=(*paths, manifest.path),
        outputs=look_of(outputs, [*map(bytes.fromhex, sha256), manifest_digest(edition.sha256)]),
        # No input of the build tells that the folder has left git.
        problems=tuple(problem for problem in report.problems if problem.code != "tracked-cache"),
        held_back=report.held_back,
        counts=(report.articles, report.pages, report.comments),
        next_change=site.next_change,
    )
    state = State(
        inputs_taken=sight.inputs.taken,
        input_paths=[file.path for file in sight.inputs.files],
        input_stamps=[file.stamp for file in sight.inputs.files],
        input_digests=digests,
        document_keys=inputs.document_keys,
        thread_keys=inputs.thread_keys,
        theme=theme_digest(sight.engine, inputs.theme),
        closures=dict(edition.press.printer.closures),
        outputs_taken=outputs.taken,
        output_paths=paths,
        output_stamps=[file.stamp for file in made],
        output_keys=[edition.keys[path] for path in paths],
        output_views=[edition.views[path] for path in paths],
        output_sha256=sha256,
    )
    sight.memory.save(sight.name, seal, state)


def _keys_in_use(plan: Plan, inputs: Inputs) -> Iterable[bytes]:
    """Yield the keys of all results that this build needed."""
    yield from inputs.document_keys.values()
    yield from inputs.thread_keys.values()
    yield from (recipe.key for recipe in recipes_of(plan.jobs))


def _outputs(
    sight: Sight, in_place: Iterable[SourceFile], written: Written, edition: Edition
) -> Scan:
    """Return every output as it looks now, and the manifest at the end.

    What was left alone keeps the look that it had at the beginning: it may have been altered
    since. After many changes a new time settles what was changed.
    """
    seen = sight.inputs.taken
    changed = {*written.changed, MANIFEST}
    taken = sight.memory.now() if len(changed) > _MANY else seen
    files = {
        file.path: file
        for file in in_place
        if file.path not in changed and (taken == seen or is_settled(file.stamp, seen))
    }
    paths = (*edition.sha256, MANIFEST)
    for file in disk.look(sight.options.output, [path for path in paths if path not in files]):
        if file.path in changed or is_settled(file.stamp, seen):
            files[file.path] = file
    return Scan(tuple(files.get(path) or SourceFile(path, "", _GONE) for path in paths), (), taken)


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
