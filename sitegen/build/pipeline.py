"""The whole build, stage by stage: look, read, assemble, plan, print, commit, remember."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.build import lock, recall
from sitegen.build.engine import engine_digest
from sitegen.build.memory import FOLDER, Memory
from sitegen.build.output import Written
from sitegen.build.state import Seal
from sitegen.build.stores import Remote
from sitegen.errors import Problem, SiteError
from sitegen.model.schedule import Clock, HeldBack
from sitegen.views.jobs import digest_of

Progress = Callable[[int, int], None]


class Options(msgspec.Struct, frozen=True):
    """What a build is asked to do."""

    root: Path
    output: Path
    clock: Clock
    base_url: str | None = None
    strict: bool = False
    write: bool = True
    jobs: int = 0
    """How many processes may work, or workers of the executor; 0 for as many as there are."""
    executor: str = ""
    """Who reads and renders what takes long: `dask://HOST:PORT` or `module:factory`."""
    remember: bool = True
    explain: str = ""
    """The output whose treatment is to be explained."""
    remote: Remote | None = None
    """The cache that is shared with other machines; a build that does not remember has none."""
    serving: bool = False
    """For a server: assets keep their names, so that a changed style sheet changes no page, and
    once there is an error, nothing is rendered to find more."""


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


class Sight(msgspec.Struct, frozen=True):
    """What a build sees before it does anything."""

    options: Options
    memory: Memory
    name: str
    """Of the state of this output folder."""
    engine: bytes
    circumstances: bytes
    """Digest of the engine and of all options that matter."""
    seal: Seal | None
    """Of the last good build."""
    inputs: disk.Scan


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
    try:
        disk.config_file(options.root)
    except SiteError as error:
        return Report(error.problems, None)
    folder = options.root / FOLDER
    name, is_inside = _name_of(options)
    # Without a memory too: it may be used by somebody else who builds into the same folder.
    if (options.remember or is_inside) and disk.make_folder(folder):
        with lock.locked(folder / f"{name}.lock", waiting):
            return _build_with(options, folder if options.remember else None, name, progress)
    return _build_with(options, None, name, progress)


def _build_with(options: Options, folder: Path | None, name: str, progress: Progress) -> Report:
    if folder is not None:
        return _build(options, folder, name, progress)
    with tempfile.TemporaryDirectory(prefix="sitegen-") as place:
        return _build(msgspec.structs.replace(options, remote=None), Path(place), name, progress)


def _name_of(options: Options) -> tuple[str, bool]:
    """Return a name for the output folder, the same in every checkout, and if it is the site's."""
    output = options.output.resolve()
    try:
        place = output.relative_to(options.root.resolve()).as_posix()
    except ValueError:
        return digest_of(str(output)).hex()[:12], False
    return digest_of(place).hex()[:12], True


def _build(options: Options, folder: Path, name: str, progress: Progress) -> Report:
    memory = Memory(folder / options.remote.memory if options.remote else folder)
    try:
        sight = _look(options, memory, name)
        seal = _seal_in_force(sight)
        if seal and recall.looks_same(seal, sight.inputs, options.output):
            return _recalled(seal)
        reads_all = seal is not None and recall.is_checkout(seal, sight.inputs)
        state = memory.state(name) if sight.seal and not reads_all else None
        digests = (
            recall.read_digests(sight.inputs)
            if reads_all
            else recall.known_digests(state, sight.inputs)
        )
        fresh = recall.renewed(seal, sight.inputs, digests, options.output) if seal else None
        if fresh:
            memory.write_down(name, msgspec.msgpack.encode(fresh))
            return _recalled(fresh)
        if reads_all:
            state = memory.state(name)
        from sitegen.build.making import make  # a build with nothing to do gets by without it
        from sitegen.build.workers import Workers

        with Workers(options.jobs, options.executor) as workers:
            return make(sight, state, digests, workers, progress)
    except SiteError as error:
        return Report(error.problems, None)
    finally:
        memory.close()


def _look(options: Options, memory: Memory, name: str) -> Sight:
    taken = memory.now()
    engine = engine_digest()
    clock = options.clock
    settings = (options.base_url, clock.drafts, clock.future, options.strict, options.serving)
    return Sight(
        options,
        memory,
        name,
        engine,
        digest_of(engine, settings),
        memory.seal(name),
        disk.scan_site(options.root, comments_root(options.root), taken),
    )


def comments_root(root: Path) -> Path:
    """Return the folder in which a site's comments/ lies; mostly it is the site's own."""
    data = disk.read(disk.config_file(root))
    if b"folder" not in data:  # a build with nothing to do reads no configuration
        return root
    from sitegen.build.inputs import read_config

    return root / read_config(root)[0].comments.folder


def _seal_in_force(sight: Sight) -> Seal | None:
    """Return the seal of the last build, if only a changed file can make this one another."""
    seal, options = sight.seal, sight.options
    if (
        seal is not None
        and seal.circumstances == sight.circumstances
        and options.write
        and not options.explain
        and recall.is_in_force(seal, sight.inputs, options.clock, options.output)
        and (not seal.history or seal.history == _standing(options.root))
    ):
        return seal
    return None


def _standing(root: Path) -> bytes:
    from sitegen.build.history import standing  # most sites do not ask their history

    return standing(root)


def _recalled(seal: Seal) -> Report:
    """Return the report of a build that had nothing to do."""
    articles, pages, comments = seal.counts
    return Report(
        seal.problems,
        Written((), len(seal.output_paths) - 1, ()),  # all but the manifest
        articles,
        pages,
        comments,
        held_back=seal.held_back,
        next_change=seal.next_change,
    )
