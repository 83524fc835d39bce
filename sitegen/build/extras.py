"""What a site asks for -> what there are libraries for, and a problem for each that is lacking."""

from __future__ import annotations

import importlib.util

import msgspec

from sitegen import disk
from sitegen.errors import Location, Problem
from sitegen.sources.config import Config
from sitegen.sources.picture_settings import PictureSettings


def with_extras(config: Config) -> tuple[Config, list[Problem]]:
    """Return what a site asks for as far as it can be made, and what is lacking."""
    problems = []
    if (config.pictures.formats or config.pictures.sharing) and not _is_there("PIL"):
        problems.append(_lacking("making pictures needs Pillow", "images", "pictures"))
        config = msgspec.structs.replace(config, pictures=PictureSettings())
    if config.search and not (_is_there("pagefind") and _is_there("pagefind_bin")):
        problems.append(_lacking("searching needs Pagefind", "search", "search"))
        config = msgspec.structs.replace(config, search=False)
    return config, problems


def _is_there(library: str) -> bool:
    return importlib.util.find_spec(library) is not None


def _lacking(what: str, extra: str, key: str) -> Problem:
    message = f"{what}, which is not installed"
    hint = f"run pip install 'sitegen[{extra}]', or delete `{key}`"
    return Problem("extra", message, Location(disk.CONFIG), hint)
