"""Inputs -> every output that there will be, and every problem that is known before rendering."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import msgspec

from sitegen import disk
from sitegen.build.cards import cards_of
from sitegen.build.darkroom import card_jobs, variant_jobs
from sitegen.build.extras import with_extras
from sitegen.build.inputs import Inputs
from sitegen.build.library import SourceLibrary
from sitegen.build.looks import Looks
from sitegen.build.memory import content_digest
from sitegen.build.searching import search_jobs
from sitegen.build.styles import code_style
from sitegen.disk import SourceFile
from sitegen.errors import Location, Problem, quoted
from sitegen.markup.articles.marks import anchors_of, own_words
from sitegen.model.inheritance import completed
from sitegen.model.permalinks import Claim, collisions
from sitegen.model.schedule import Clock
from sitegen.model.site import Site, assemble
from sitegen.sources import content
from sitegen.sources.comments import FOLDER as COMMENTS
from sitegen.sources.config import Config
from sitegen.sources.content import Document
from sitegen.views.frames import REPLACEABLE, Furniture
from sitegen.views.jobs import Holdings, Job, Known, Stored, known
from sitegen.views.links import find_links, find_menu_problems
from sitegen.views.plan import Planner
from sitegen.views.references import Territory, source_named
from sitegen.views.sharing import Card

ASSETS = "assets"


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
    broken: frozenset[str]
    """Where references of texts lead that are told to be broken."""


def make_plan(
    inputs: Inputs, library: SourceLibrary, clock: Clock, *, plain_names: bool = False
) -> Plan:
    """Return every output of the site, and all problems that are known before rendering.

    Args:
        inputs: All that it is made from.
        library: Tells what is in a document.
        clock: Decides what is due.
        plain_names: Publish assets under their own names, for a server that forbids caching.
    """
    documents = completed(inputs.documents, inputs.history.changes if inputs.history else {})
    site, problems = assemble(inputs.config, documents.values(), inputs.threads, clock)
    problems += _unknown_own_comments(inputs)
    assets = {
        name: f"{ASSETS}/{name if plain_names else _hashed(name, file)}"
        for name, file in inputs.theme_files.items()
    }
    placed = _placed_files(site, inputs)
    copies = _copies(inputs, assets, placed)
    published = [documents[path] for path in site.permalinks]
    config, lacking = with_extras(inputs.config)
    cards, unshown = cards_of(site, inputs.theme, library.memory, wanted=config.pictures.sharing)
    furniture = _furniture(inputs, assets, cards, published, library)
    planner = Planner(site, _holdings(inputs, documents), furniture)
    territory = Territory(
        documents=documents,
        permalinks=site.permalinks,
        files=placed,
        copies={copy.path: copy.file.path for copy in copies},
        planned=functools.cache(planner.output_paths),
        anchors=lambda path: anchors_of(library.body(inputs.document_keys[path])),
    )
    originals = {copy.file.path: copy.file for copy in copies}
    with Looks(originals, inputs.digests, library.memory) as looks:
        planner.network = find_links(config, published, territory, looks.of)
    index = search_jobs(site, planner.holdings, library, wanted=config.search and not plain_names)
    jobs = (*planner.jobs(), *variant_jobs(planner.network.variants, originals), *index)
    jobs += tuple(card_jobs(cards.values(), inputs.theme.font))
    outputs = {job.path for job in jobs}
    territory.planned = lambda: outputs  # what no text had to ask for is known by now
    claims = [Claim(job.path, job.source) for job in jobs]
    claims += [Claim(copy.path, Location(copy.file.path)) for copy in copies]
    problems = [*inputs.problems, *lacking, *problems, *collisions(claims)]
    problems += weighed([*unshown, *planner.network.problems], config)
    problems += weighed(find_menu_problems(config, territory), config)
    told = tuple(_fair(problems, inputs))
    return Plan(site, jobs, tuple(copies), told, planner.network.broken)


def _furniture(
    inputs: Inputs,
    assets: Mapping[str, str],
    cards: dict[str, Card],
    published: Iterable[Document],
    library: SourceLibrary,
) -> Furniture:
    """Return what the theme and the tool bring to every page."""
    theme = inputs.theme
    style, rules = code_style((name for one in published for name in one.code), library.memory)
    return Furniture(
        {name: f"/{path}" for name, path in assets.items()},
        {
            "": own_words(theme.words),
            **{tag: own_words(own) for tag, own in theme.others.items()},
        },
        f"/{ASSETS}/{style}" if style else "",
        rules,
        inputs.theme.parameters,
        REPLACEABLE & {file.path.removeprefix(f"{disk.STATIC}/") for file in inputs.static},
        cards,
    )


def _copies(inputs: Inputs, assets: dict[str, str], placed: dict[str, str]) -> list[Copy]:
    """Return what is published as it stands: of the theme, beside the Markdown, in static/."""
    copies = [Copy(path, inputs.theme_files[name]) for name, path in assets.items()]
    copies += [
        Copy(placed[file.path].lstrip("/"), file) for file in inputs.files if file.path in placed
    ]
    copies += [Copy(file.path.removeprefix(f"{disk.STATIC}/"), file) for file in inputs.static]
    return copies


def _holdings(inputs: Inputs, documents: Mapping[str, Document]) -> Holdings:
    """Return what jobs take from the library; a document that is more than its file has a digest of its own."""
    keys = inputs.document_keys
    return Holdings(
        documents={
            path: Known(document, keys[path])
            if document is inputs.documents[path]
            else known(document)
            for path, document in documents.items()
        },
        bodies={path: Stored("body", keys[path], keys[path]) for path in inputs.documents},
        threads={target: Stored("thread", key, key) for target, key in inputs.thread_keys.items()},
    )


def _hashed(name: str, file: SourceFile) -> str:
    """Return the name of a published asset: it holds a digest, so that caches keep it for ever."""
    path = PurePosixPath(name)
    return str(
        path.with_name(f"{path.stem}.{content_digest(disk.read(file)).hex()[:10]}{path.suffix}")
    )


def _unknown_own_comments(inputs: Inputs) -> Iterable[Problem]:
    """Yield a problem for each comment that config.yaml says an author wrote, and that is not there.

    Else a stranger could put one of his own in that place and be taken for the author.
    """
    there = {file.path for key in inputs.thread_keys.values() for file in inputs.sources[key]}
    for path in inputs.config.comments.by_author:
        file = f"{COMMENTS}/{path}.yaml"
        if file not in there:
            message = f"`by_author` names {quoted(file, 120)}, which is not there"
            hint = "delete it from the list, so that nobody takes its place"
            yield Problem("no-comment", message, Location(disk.CONFIG), hint)


def _placed_files(site: Site, inputs: Inputs) -> dict[str, str]:
    """Return source path -> path of its copy, for the files beside the Markdown.

    Those in the folder of an index.md go where its page is; the rest keep their place.
    """
    bundles = {
        str(PurePosixPath(document.path).parent): site.permalinks.get(document.path)
        for document in inputs.documents.values()
        if document.is_bundle
    }
    placed = {}
    for file in inputs.files:
        path = PurePosixPath(file.path)
        bundle = next((str(parent) for parent in path.parents if str(parent) in bundles), None)
        if bundle is None:
            placed[file.path] = "/" + str(path.relative_to(content.FOLDER))
        elif bundles[bundle] is not None:
            placed[file.path] = f"{bundles[bundle]}{path.relative_to(bundle)}"
    return placed


def weighed(problems: Iterable[Problem], config: Config) -> Iterable[Problem]:
    """Yield the findings of checks with the severity that the site gives them."""
    for problem in problems:
        severity = config.severity(problem.code)
        if severity is not None:
            yield msgspec.structs.replace(problem, severity=severity)


def _fair(problems: Iterable[Problem], inputs: Inputs) -> Iterable[Problem]:
    """Drop what may only follow from a document that could not be read: it has its own problems.

    A link that names a source file is judged by that file; where an address leads, nobody
    knows while a document is unread.
    """
    if not inputs.unread:
        yield from problems
        return
    folders = {f"{COMMENTS}/{content.content_key(path)}" for path in inputs.unread}
    refs = {
        (document.path, link.line, link.column): link.ref
        for document in inputs.documents.values()
        for link in document.links
    }
    for problem in problems:
        place = problem.location
        if problem.code == "orphan" and place.path in folders:
            continue
        if problem.code in {"broken_link", "missing_picture"}:
            ref = refs.get((place.path, place.line, place.column), "")
            source = source_named(place.path, ref)
            if not source or source in inputs.unread:
                continue
        yield problem
