"""The whole build, stage by stage: read, assemble, plan, render, commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import msgspec

from sitegen import disk
from sitegen.build.inputs import Inputs, read_config, read_site
from sitegen.build.render import Renderer
from sitegen.disk import OutputFolder, SourceFile, Written
from sitegen.errors import Location, Problem, Severity, SiteError, has_errors, in_order
from sitegen.markup.formats import comment_html
from sitegen.model.permalinks import Claim, collisions
from sitegen.model.site import Clock, HeldBack, Site, assemble
from sitegen.views.addresses import Territory
from sitegen.views.feeds import feeds
from sitegen.views.pages import Desk, Job, link_problems, outputs, tags_by_spelling

ASSETS = "assets"
Progress = Callable[[int, int], None]


class Options(msgspec.Struct, frozen=True):
    """What a build is asked to do."""

    root: Path
    output: Path
    clock: Clock
    base_url: str | None = None
    strict: bool = False
    write: bool = True


class Copy(msgspec.Struct, frozen=True):
    """An output that is a file of the site as it stands."""

    path: str
    file: SourceFile


class Plan(msgspec.Struct, frozen=True):
    """Every output that there will be."""

    site: Site
    jobs: tuple[Job, ...]
    copies: tuple[Copy, ...]
    problems: tuple[Problem, ...]


class Report(msgspec.Struct, frozen=True):
    """What a build did."""

    problems: tuple[Problem, ...]
    written: Written | None
    """None when nothing was written: the site has errors, or the build was only a check."""
    articles: int = 0
    pages: int = 0
    comments: int = 0
    held_back: tuple[HeldBack, ...] = ()
    next_change: dt.datetime | None = None


def _no_progress(done: int, total: int) -> None:
    """Show nothing."""
    del done, total


def build(options: Options, progress: Progress = _no_progress) -> Report:
    """Build a site: all of it, or nothing when there is an error."""
    try:
        config, config_problems = read_config(options.root, options.base_url)
    except SiteError as error:
        return Report(error.problems, None)
    inputs = read_site(options.root, config)
    plan = make_plan(inputs, options.clock)
    problems = [*config_problems, *plan.problems]
    written = None
    with OutputFolder(options.output) as folder:
        if not config_problems:
            stage = options.write and not has_errors(problems) and not (options.strict and problems)
            problems += _render_all(plan, inputs, folder if stage else None, progress)
        if options.strict:
            problems = [
                msgspec.structs.replace(problem, severity=Severity.ERROR) for problem in problems
            ]
        if options.write and not has_errors(problems):
            written = folder.commit()
    return Report(
        tuple(_with_excerpts(options.root, in_order(problems))),
        written,
        articles=len(plan.site.articles),
        pages=len(plan.site.pages),
        comments=sum(
            not reply.comment.removed for replies in plan.site.threads.values() for reply in replies
        ),
        held_back=plan.site.held_back,
        next_change=plan.site.next_change,
    )


def make_plan(inputs: Inputs, clock: Clock) -> Plan:
    """Return every output of the site, and all problems that are known before rendering."""
    site, problems = assemble(inputs.config, inputs.documents, inputs.comments, clock)
    assets = {
        name: (f"{ASSETS}/{_hashed(name, file)}", file) for name, file in inputs.theme_files.items()
    }
    files = _placed_files(site, inputs)
    copies = [Copy(path, file) for path, file in assets.values()]
    copies += [
        Copy(files[file.path].lstrip("/"), file) for file in inputs.files if file.path in files
    ]
    copies += [Copy(file.path.removeprefix("static/"), file) for file in inputs.static]
    places: set[str] = {copy.path for copy in copies}
    territory = Territory({d.path: d for d in inputs.documents}, site.permalinks, files, places)
    desk = Desk(
        site,
        territory,
        comment_html,
        {name: f"/{path}" for name, (path, _) in assets.items()},
        tags_by_spelling(site),
    )
    jobs = (*outputs(desk), *feeds(desk))
    places.update(job.path for job in jobs)
    claims = [Claim(job.path, job.source) for job in jobs]
    claims += [Claim(copy.path, Location(copy.file.path)) for copy in copies]
    problems = [
        *inputs.problems,
        *problems,
        *collisions(claims),
        *_checked(link_problems(inputs.documents, territory), inputs),
    ]
    return Plan(site, jobs, tuple(copies), tuple(_fair(problems, inputs)))


def _hashed(name: str, file: SourceFile) -> str:
    """Return the name of a published asset: it holds a digest, so that caches keep it for ever."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{disk.digest(disk.read(file))[:10]}{path.suffix}"))


def _placed_files(site: Site, inputs: Inputs) -> dict[str, str]:
    """Return source path -> path of its copy, for the files beside the Markdown.

    Those in the folder of an index.md go where its page is; the rest keep their place.
    """
    published = site.permalinks
    bundles = {
        str(PurePosixPath(d.path).parent): published.get(d.path)
        for d in inputs.documents
        if d.is_bundle
    }
    placed = {}
    for file in inputs.files:
        path = PurePosixPath(file.path)
        bundle = next((str(parent) for parent in path.parents if str(parent) in bundles), None)
        if bundle is None:
            placed[file.path] = "/" + str(path.relative_to("content"))
        elif bundles[bundle] is not None:
            placed[file.path] = f"{bundles[bundle]}{path.relative_to(bundle)}"
    return placed


def _checked(problems: Iterable[Problem], inputs: Inputs) -> Iterable[Problem]:
    """Yield the findings of checks with the severity that the site gives them."""
    for problem in problems:
        severity = inputs.config.severity(problem.code)
        if severity is not None:
            yield msgspec.structs.replace(problem, severity=severity)


def _fair(problems: Iterable[Problem], inputs: Inputs) -> Iterable[Problem]:
    """Drop what only follows from a document that could not be read: it has its own problems."""
    unread = {
        path.removeprefix("content/").removesuffix(".md").removesuffix("/index")
        for path in inputs.unread
    }
    for problem in problems:
        if problem.code == "orphan" and any(
            problem.location.path.startswith(f"comments/{key}/") for key in unread
        ):
            continue
        if problem.code == "broken_link" and inputs.unread:
            continue
        yield problem


def _render_all(
    plan: Plan, inputs: Inputs, folder: OutputFolder | None, progress: Progress
) -> list[Problem]:
    """Render every output and return the problems; without a folder, only to find them."""
    problems: list[Problem] = []
    renderer = Renderer(inputs.theme)
    total = len(plan.jobs) + len(plan.copies)
    for done, job in enumerate(plan.jobs):
        progress(done, total)
        try:
            content = renderer.render(job.path, job.template, job.view())
            if folder:
                folder.stage(job.path, content)
        except SiteError as error:
            problems += error.problems
    for done, copy in enumerate(plan.copies, len(plan.jobs)):
        progress(done, total)
        try:
            if folder:
                folder.stage_copy(copy.path, copy.file)
        except SiteError as error:
            problems += error.problems
    progress(total, total)
    return _one_a_place(problems)


def _with_excerpts(root: Path, problems: Iterable[Problem]) -> Iterable[Problem]:
    """Add the line of the file to what was found after the file had been read."""
    texts: dict[str, list[str]] = {}
    for problem in problems:
        place = problem.location
        if not place.line or place.text:
            yield problem
            continue
        if place.path not in texts:
            data = disk.read_one(root, place.path) or b""
            texts[place.path] = data.decode("utf-8", "replace").splitlines()
        lines = texts[place.path]
        text = lines[place.line - 1] if place.line <= len(lines) else ""
        yield msgspec.structs.replace(problem, location=msgspec.structs.replace(place, text=text))


def _one_a_place(problems: Iterable[Problem]) -> list[Problem]:
    """Keep the first problem of each line: a fault of a template shows on every page it makes."""
    first: dict[tuple[str, int], Problem] = {}
    for problem in problems:
        first.setdefault((problem.location.path, problem.location.line), problem)
    return list(first.values())
