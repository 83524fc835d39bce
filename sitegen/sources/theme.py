"""themes/<name>/ -> Theme: its templates, its strings, its files, those of its parents below."""

from __future__ import annotations

import operator
import re
from zoneinfo import ZoneInfo

import msgspec

from sitegen.disk import SourceFile
from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.pictures.sharing import Design
from sitegen.sources import decoding, kinds, picture_settings, schema, strict_yaml, theme_parameters
from sitegen.sources.nodes import Mapping, Scalar
from sitegen.sources.schema import Key
from sitegen.sources.theme_parameters import Parameter

DEFAULT = "default"


class ThemeSettings(msgspec.Struct, frozen=True):
    """What theme.yaml says."""

    name: str
    extends: str = ""
    version: str = ""
    requires: str = ""
    parameters: tuple[Parameter, ...] = ()
    sharing_picture: Design | None = None
    only_with: dict[str, tuple[str, ...]] = {}
    """Name of a file in static/ -> what has to be on for it to be published."""
    places: dict[str, Location] = {}
    """Key -> where its value stands."""


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
    parameters: dict[str, theme_parameters.Value] = {}
    """Name of a parameter -> its value: the site's, else the theme's own."""
    design: Design | None = None
    """How sharing pictures look."""
    font: SourceFile | None = None
    """The font of their words."""

    def words_in(self, language: str) -> dict[str, str]:
        """Return the strings for a page in a language; the site's where the theme has no others."""
        return self.others.get(language, self.words)


KEYS: tuple[Key, ...] = (
    Key("name", kinds.text(max_length=100), "The theme's name, for people.", required=True),
    Key(
        "extends",
        theme_parameters.theme_name,
        "The theme that this one changes; its files are used where this one has none.",
        default="",
    ),
    Key("version", kinds.text(max_length=40), "The theme's version.", default=""),
    Key(
        "requires",
        kinds.matching(
            r"(?:[<>]=?|==|!=)\s*[0-9]+(?:\.[0-9]+)*(?:\s*,\s*(?:[<>]=?|==|!=)\s*[0-9]+(?:\.[0-9]+)*)*",
            "a range of versions",
            "write bounds with commas between them, such as >=0.1,<1",
            max_length=80,
        ),
        "The versions of sitegen that it works with, such as >=0.1,<1.",
        default="",
    ),
    Key(
        "parameters",
        theme_parameters.declarations,
        "What a site can set for this theme, by name.",
        default=(),
    ),
    Key(
        "sharing_picture",
        picture_settings.design,
        "How the pictures look that are shown where articles are shared.",
        default=None,
    ),
    Key(
        "only_with",
        kinds.table(
            kinds.text(max_length=200),
            kinds.list_of(theme_parameters.NAME, or_one=True, max_items=10),
        ),
        "Files of `static/` and what has to be on for them to be published: see below.",
        default={},
    ),
)


def parse_theme(path: str, data: bytes) -> ThemeSettings:
    """Return what a theme.yaml says.

    Raises:
        SiteError: With every fault of the file.
    """
    text = decoding.decode(data, path)
    mapping = strict_yaml.parse_mapping(text, path, strict_yaml.AUTHORS)
    reader = kinds.Reader(ZoneInfo("UTC"))
    values = schema.read_keys(mapping, KEYS, reader)
    if reader.problems:
        raise SiteError(*decoding.with_excerpts(reader.problems, text))
    places = {key.text: node.location for key, node in mapping.entries}
    return ThemeSettings(**values, places=places)


def admits(requires: str, version: str) -> bool:
    """Return whether a range of versions holds a version; parts after the numbers do not count.

    >>> admits(">=0.1,<1", "0.2.0"), admits(">=0.1", "0.1.0"), admits("<0.1", "0.1")
    (True, True, False)
    """
    here = _numbers(version)
    for bound in filter(None, re.split(r"\s*,\s*", requires)):
        sign, numbers = re.fullmatch(r"([<>=!]+)\s*(.+)", bound).groups()  # type: ignore[union-attr]
        if not _COMPARISONS[sign](here, _numbers(numbers)):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with, without zeros at their end."""
    found = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


_COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def parse_words(path: str, data: bytes) -> dict[str, str]:
    """Return the strings of a theme's i18n file: a flat mapping of name to text."""
    text = decoding.decode(data, path)
    mapping: Mapping = strict_yaml.parse_mapping(text, path, strict_yaml.AUTHORS)
    words = {}
    problems = []
    for key, node in mapping.entries:
        if isinstance(node, Scalar):
            words[key.text] = node.text
        else:
            problems.append(Problem("value", "expected a text", node.location))
    if problems:
        raise SiteError(*decoding.with_excerpts(problems, text))
    return words


def unknown_theme(name: str, known: list[str]) -> SiteError:
    """Return the error for a theme that is not there."""
    hint = f"there are: {', '.join(known)}" if known else "put it into themes/"
    return SiteError(
        Problem("no-theme", f"there is no theme {quoted(name)}", Location("config.yaml"), hint)
    )
