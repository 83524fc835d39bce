"""A folder of another generator -> a folder of this one, or a word why nothing was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.disk import Scan
from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.importers import hugo, jekyll, pelican
from sitegen.importers.load import Load
from sitegen.sources.config import Config, parse_config
from sitegen.sources.content import parse_document

SYSTEMS: dict[str, Callable[[Scan, Load], None]] = {
    "hugo": hugo.gather,
    "jekyll": jekyll.gather,
    "pelican": pelican.gather,
}


class Moved(msgspec.Struct, frozen=True):
    """What was brought, and what was left."""

    counts: dict[str, int]
    """Kind of document, or `file` -> how many."""
    problems: tuple[Problem, ...]
    written: bool
    """False when something is in the way, or when nothing was to be written."""


def move(system: str, folder: Path, site: Path, *, dry_run: bool = False) -> Moved:
    """Bring another generator's folder into a site, which is made if there is none.

    Args:
        system: A name of `SYSTEMS`.
        folder: The other generator's site.
        site: The folder of ours.
        dry_run: Write nothing.

    Raises:
        SiteError: A file cannot be read, or cannot be written.
    """
    load, problems = _empty_load(site)
    if load is None:
        return Moved({}, problems, written=False)
    found = disk.scan(folder, [""])
    SYSTEMS[system](found, load)
    texts = _checked(load.texts(), load)
    if load.is_new:
        texts[disk.CONFIG] = load.config_text()
    in_the_way = [
        _in_the_way(path)
        for path in (*texts, *load.files)
        if (site / path).is_symlink() or (site / path).exists()
    ]
    counts = {**load.summary(), "file": len(load.files)}
    problems = (*found.problems, *load.problems, *in_the_way)
    if dry_run or in_the_way:
        return Moved(counts, problems, written=False)
    for path, text in texts.items():
        disk.write_new(site, path, text.encode("utf-8", "replace"))
    for path, file in load.files.items():
        disk.write_new(site, path, disk.read(file))
    return Moved(counts, problems, written=True)


def _empty_load(site: Path) -> tuple[Load | None, tuple[Problem, ...]]:
    settings = disk.find(site, disk.CONFIG)
    if settings is None:
        return Load(Config("My site", "https://example.org/"), is_new=True), ()
    try:
        return Load(parse_config(disk.read(settings)), is_new=False), ()
    except SiteError as error:
        return None, error.problems


def _checked(texts: dict[str, str], load: Load) -> dict[str, str]:
    """Return the texts that the site will be able to read; the others are told, and left."""
    sources = {writing.path: writing.source.path for writing in load.writings}
    good = {}
    for path, text in texts.items():
        try:
            parse_document(
                path, text.encode("utf-8", "replace"), load.config.zone, load.config.taxonomies
            )
        except SiteError as error:
            for problem in error.problems:
                load.leave(sources[path], 0, f"it was left: {problem.message}", is_error=True)
            load.writings = [writing for writing in load.writings if writing.path != path]
        else:
            good[path] = text
    return good


def _in_the_way(path: str) -> Problem:
    message = f"{quoted(path, 120)} is there already, and nothing is written over"
    return Problem("import", message, Location(path), "move it away, or import into another folder")
