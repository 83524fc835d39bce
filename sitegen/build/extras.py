"""What a site asks for -> what there are libraries for, and a problem for each that is lacking."""

from __future__ import annotations

import importlib.util

import msgspec

from sitegen import disk
from sitegen.errors import Location, Problem, Severity
from sitegen.sources.config import Config
from sitegen.sources.picture_settings import PictureSettings
from sitegen.views.dates import is_english


def with_extras(config: Config) -> tuple[Config, list[Problem]]:
    """Return what a site asks for as far as it can be made, and what is lacking."""
    problems = []
    if (config.pictures.formats or config.pictures.sharing) and not _is_there("PIL"):
        problems.append(_lacking("making pictures needs Pillow", "images", "pictures"))
        config = msgspec.structs.replace(config, pictures=PictureSettings())
    if config.search and not (_is_there("pagefind") and _is_there("pagefind_bin")):
        problems.append(_lacking("searching needs Pagefind", "search", "search"))
        config = msgspec.structs.replace(config, search=False)
    if config.markdown.math and not _is_there("latex2mathml"):
        problems.append(_poorer("making MathML of formulas needs latex2mathml", "math"))
    if not is_english(config.language) and not _is_there("babel"):
        problems.append(_poorer(f"dates in the language `{config.language}` need Babel", "i18n"))
    return config, problems


def _is_there(library: str) -> bool:
    return importlib.util.find_spec(library) is not None


def _lacking(what: str, extra: str, key: str) -> Problem:
    message = f"{what}, which is not installed"
    hint = f"run pip install 'sitegen[{extra}]', or delete `{key}`"
    return Problem("extra", message, Location(disk.CONFIG), hint)


def _poorer(what: str, extra: str) -> Problem:
    """Return a warning: the site is made, but not as it could be."""
    message = f"{what}, which is not installed"
    hint = f"run pip install 'sitegen[{extra}]'"
    return Problem("extra", message, Location(disk.CONFIG), hint, Severity.WARNING)
