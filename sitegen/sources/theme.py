"""themes/<name>/ -> Theme: its templates, its strings, its files, those of its parents below."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec

from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.sources import fields, schema
from sitegen.sources.fields import Mapping, Scalar
from sitegen.sources.schema import Key

DEFAULT = "default"


class ThemeSettings(msgspec.Struct, frozen=True):
    """What theme.yaml says."""

    name: str
    extends: str = ""
    version: str = ""
    requires: str = ""
    parameters: dict[str, object] = {}


class Theme(msgspec.Struct, frozen=True):
    """A theme with all that it inherits."""

    names: tuple[str, ...]
    """Its own name first, then those of its parents."""
    templates: dict[str, tuple[str, str]]
    """Template name -> path of its file, and its text. `article.html` is the nearest one,
    `default/article.html` that of one theme."""
    words: dict[str, str]
    """Name of a string -> the string, in the site's language where the theme has it."""
    others: dict[str, dict[str, str]] = {}
    """The same in the languages of single pages, for those that the theme has."""

    def words_in(self, language: str) -> dict[str, str]:
        """Return the strings for a page in a language; the site's where the theme has no others."""
        return self.others.get(language, self.words)


NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_FOLDER = schema.matching(
    NAME,
    "the name of a theme",
    "write the name of a folder in themes/",
)

KEYS: tuple[Key, ...] = (
    Key("name", schema.text(max_length=100), "The theme's name, for people.", required=True),
    Key(
        "extends",
        _FOLDER,
        "The theme that this one changes; its files are used where this one has none.",
        default="",
    ),
    Key("version", schema.text(max_length=40), "The theme's version.", default=""),
    Key(
        "requires",
        schema.text(max_length=40),
        "The versions of sitegen that it works with, such as >=0.1,<1.",
        default="",
    ),
    Key("parameters", schema.anything, "Values for the templates.", default={}),
)


def parse_theme(path: str, data: bytes) -> ThemeSettings:
    """Return what a theme.yaml says.

    Raises:
        SiteError: With every fault of the file.
    """
    text = fields.decode(data, path)
    mapping = fields.parse_mapping(text, path, fields.AUTHORS)
    reader = schema.Reader(ZoneInfo("UTC"))
    values = schema.read_keys(mapping, KEYS, reader)
    if reader.problems:
        raise SiteError(*fields.with_excerpts(reader.problems, text))
    return ThemeSettings(**values)


def parse_words(path: str, data: bytes) -> dict[str, str]:
    """Return the strings of a theme's i18n file: a flat mapping of name to text."""
    text = fields.decode(data, path)
    mapping: Mapping = fields.parse_mapping(text, path, fields.AUTHORS)
    words = {}
    problems = []
    for key, node in mapping.entries:
        if isinstance(node, Scalar):
            words[key.text] = node.text
        else:
            problems.append(Problem("value", "expected a text", node.location))
    if problems:
        raise SiteError(*fields.with_excerpts(problems, text))
    return words


def unknown_theme(name: str, known: list[str]) -> SiteError:
    """Return the error for a theme that is not there."""
    hint = f"there are: {', '.join(known)}" if known else "put it into themes/"
    return SiteError(
        Problem("no-theme", f"there is no theme {quoted(name)}", Location("config.yaml"), hint)
    )
