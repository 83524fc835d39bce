"""config.yaml -> Config."""

from __future__ import annotations

import re
import zoneinfo
from typing import Any
from urllib.parse import urlsplit

import msgspec

from sitegen import disk
from sitegen.errors import Location, Severity, SiteError, quoted
from sitegen.markup.dialect import Dialect
from sitegen.markup.formats import BUILTIN_FORMATS, TextFormat
from sitegen.sources import (
    conversation,
    extras,
    fields,
    parameters,
    people,
    pictures,
    schema,
    text_formats,
)
from sitegen.sources.conversation import FORGES, CommentSettings
from sitegen.sources.extras import CHECKS
from sitegen.sources.fields import Mapping, Node, Scalar
from sitegen.sources.people import Person
from sitegen.sources.pictures import PictureSettings
from sitegen.sources.schema import Key

PATH = disk.CONFIG
TAKEN = frozenset(
    (
        *("aliases", "archive", "assets", "author", "authors", "comments", "date", "defaults"),
        *("description", "draft", "expires", "extra", "lang", "order"),
        *("page", "pagefind", "search", "series", "slug"),
        *("summary", "tags", "template", "title", "unlisted", "updated"),
    )
)
"""What no taxonomy of a site can be called: keys of the front matter, and folders of the tool's own."""


class MenuItem(msgspec.Struct, frozen=True):
    """One link of the site's menu; `url` is a path of the site or an address."""

    title: str
    url: str
    place: tuple[int, int] = (0, 0)
    """Line and column of its address in config.yaml."""


class Permalinks(msgspec.Struct, frozen=True):
    """The pattern of the path at which each kind of page is published."""

    article: str = "/{section}/{slug}/"
    page: str = "/{section}/{slug}/"


class Config(msgspec.Struct, frozen=True):
    """What config.yaml says, checked and complete."""

    title: str
    base_url: str
    """Absolute, ends with a slash; may hold a path."""
    description: str = ""
    author: str = ""
    language: str = "en"
    timezone: str = "UTC"
    theme: str = "default"
    theme_parameters: Mapping | None = None
    """What the site gives its theme, as it stands: the theme says what it has to be."""
    byline: str = "Submitted by {author} on {date}"
    date_format: str = "%a, %d/%m/%Y - %H:%M"
    permalinks: Permalinks = Permalinks()
    articles_per_page: int = 10
    feed_items: int = 20
    menu: tuple[MenuItem, ...] = ()
    comments: CommentSettings = CommentSettings()
    formats: tuple[TextFormat, ...] = tuple(BUILTIN_FORMATS.values())
    """All text formats of the site, its own last."""
    markdown: extras.MarkdownSettings = extras.MarkdownSettings()
    pictures: PictureSettings = PictureSettings()
    markdown_copies: bool = False
    llms_txt: bool = False
    checks: tuple[tuple[str, str], ...] = ()
    """Name of a check -> error, warning or ignore, where it differs from the default."""
    taxonomies: tuple[str, ...] = ()
    """Keys of the front matter that sort articles as tags do."""
    related: int = 0
    authors: tuple[Person, ...] = ()
    author_pages: bool = False
    edit_links: bool = False
    dates_from_git: bool = False
    search: bool = False

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The site's time zone."""
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def dialect(self) -> Dialect:
        """What articles of the site may hold beyond CommonMark."""
        chosen = self.markdown
        return Dialect(chosen.highlight, chosen.math, chosen.typographer, self.language)

    def text_format(self, name: str) -> TextFormat | None:
        """Return the text format of that name; the site's default for an empty name."""
        wanted = name or self.comments.format
        return next((known for known in self.formats if known.name == wanted), None)

    def severity(self, check: str) -> Severity | None:
        """Return how much a finding of a check matters; None where it is ignored."""
        level = dict(self.checks).get(check, CHECKS[check])
        return None if level == "ignore" else Severity(level)


def _read_zone(node: Node, reader: schema.Reader) -> str | None:
    name = node.text.strip() if isinstance(node, Scalar) else ""
    # available_timezones is not asked: on Windows and in small containers it may be empty.
    if re.fullmatch(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}", name):
        try:
            zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            pass
        else:
            return name
    hint = "write a name of the IANA database, such as Europe/Vienna or UTC"
    reader.report("value", f"{quoted(name)} is not a time zone", node.location, hint)
    return None


def _read_base_url(node: Node, reader: schema.Reader) -> str | None:
    value = node.text.strip() if isinstance(node, Scalar) else ""
    cleaned = base_url(value)
    if cleaned is None:
        hint = "write the address of the home page, such as https://example.org/"
        reader.report("value", f"{quoted(value)} is not the address of a site", node.location, hint)
    return cleaned


def base_url(text: str) -> str | None:
    """Return an address of a site, ending with a slash; None if it is none."""
    # No empty part: `//notes/` at the beginning of a link is a host. No `..`: browsers drop it.
    part = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9._~%-]+"
    if not re.fullmatch(rf"https?://[A-Za-z0-9.:\[\]-]+(?:/{part})*/?", text):
        return None
    try:
        parts = urlsplit(text)
        if not parts.hostname or (parts.port is not None and parts.port == 0):
            return None
    except ValueError:
        return None
    return text if text.endswith("/") else text + "/"


DATE_DIRECTIVES = "aAbBdemyYHIMSpjzZ"


def _pattern(names: str, expected: str, hint: str) -> schema.Kind:
    """Return the kind of a text whose only `{…}` are the given names."""
    allowed = "|".join(names.split())
    return schema.matching(rf"(?:[^{{}}]|\{{(?:{allowed})\}})+", expected, hint, max_length=200)


_PERMALINK = schema.matching(
    r"/(?:(?:[^{}/?#%\s]|\{(?:section|slug|year|month|day)\})+/)+",
    "a pattern of a permalink",
    "begin and end with a slash; use {section}, {slug}, {year}, {month}, {day}",
)
_DATE_FORMAT = schema.matching(
    rf"(?:[^%]|%%|%[{DATE_DIRECTIVES}])+",
    "a date format",
    f"use %% and % with one of {' '.join(DATE_DIRECTIVES)}, as in %a, %d/%m/%Y - %H:%M",
    max_length=100,
)
_TAXONOMIES = schema.list_of(text_formats.WORD, max_items=20)

_MENU_KEYS = (
    Key("title", schema.text(max_length=80), "The words of the link.", required=True),
    Key(
        "url",
        parameters.LINK,
        "A path of the site, such as /about/, or a web address.",
        required=True,
    ),
)


def _read_menu_item(node: Node, reader: schema.Reader) -> MenuItem | None:
    values = schema.record(_MENU_KEYS, inside="menu.").read(node, reader)
    if values is None:
        return None
    place = _place_of(node, "url")
    return MenuItem(**values, place=(place.line, place.column))


_MENU_ITEM = schema.Kind(_read_menu_item, schema.keys_schema(_MENU_KEYS))
_PERMALINK_KEYS = (
    Key("article", _PERMALINK, "Where articles are published.", default=Permalinks().article),
    Key("page", _PERMALINK, "Where pages are published.", default=Permalinks().page),
)
KEYS: tuple[Key, ...] = (
    Key("title", schema.text(max_length=200), "The site's name.", required=True),
    Key(
        "base_url",
        schema.Kind(_read_base_url, {"type": "string", "format": "uri"}),
        "The address of the home page.",
        required=True,
    ),
    Key("description", schema.text(max_length=500), "One sentence about the site.", default=""),
    Key("author", schema.text(max_length=200), "Who writes articles that name nobody.", default=""),
    Key(
        "language",
        schema.matching(
            r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*",
            "a language tag",
            "write it as in BCP 47: en, de-AT, pt-BR",
        ),
        "The language of the site.",
        default="en",
    ),
    Key(
        "timezone",
        schema.Kind(_read_zone, {"type": "string"}),
        "The zone in which dates are meant and shown.",
        default="UTC",
    ),
    Key(
        "theme",
        parameters.chosen_theme,
        "The theme: a folder in themes/, `default` or `plain`; with `name` and `parameters` for more.",
        default=("default", None),
    ),
    Key(
        "byline",
        _pattern(
            "author date",
            "a byline",
            "use {author} and {date}, as in Submitted by {author} on {date}",
        ),
        "The line below an article's title.",
        default="Submitted by {author} on {date}",
    ),
    Key(
        "date_format",
        _DATE_FORMAT,
        "How a date with its time is written.",
        default="%a, %d/%m/%Y - %H:%M",
    ),
    Key(
        "permalinks",
        schema.record(_PERMALINK_KEYS, Permalinks, "permalinks."),
        "The paths at which articles and pages are published.",
        default=Permalinks(),
    ),
    Key(
        "articles_per_page",
        schema.whole_number(1, 1000),
        "How many articles a list shows on one page.",
        default=10,
    ),
    Key("feed_items", schema.whole_number(1, 1000), "How many items a feed holds.", default=20),
    Key(
        "menu",
        schema.list_of(_MENU_ITEM),
        "The links at the head of every page.",
        default=(),
    ),
    Key(
        "comments",
        schema.record(conversation.COMMENT_KEYS, CommentSettings, "comments."),
        "How the site takes comments.",
        default=CommentSettings(),
    ),
    Key(
        "formats",
        text_formats.formats,
        "Text formats of the site's own, by name.",
        default=(),
    ),
    *extras.KEYS,
    *pictures.KEYS,
    Key(
        "checks",
        schema.table(schema.choice(*CHECKS), schema.choice("error", "warning", "ignore")),
        "How much the findings of a check matter.",
        default={},
    ),
    Key(
        "taxonomies",
        _TAXONOMIES,
        "Keys of the front matter that sort articles as `tags` does.",
        default=(),
    ),
    Key(
        "related",
        schema.whole_number(0, 20),
        "How many related articles are named below each article.",
        default=0,
    ),
    Key("authors", people.people, "The authors of the site, by a short name.", default={}),
    Key(
        "author_pages",
        schema.flag,
        "Whether every author has a page with his articles.",
        default=False,
    ),
    Key(
        "edit_links",
        schema.flag,
        "Whether pages link to their source in `comments.repository`, to be edited there.",
        default=False,
    ),
    Key(
        "search",
        schema.flag,
        "Whether there is a page to search articles and comments.",
        default=False,
    ),
    Key(
        "dates_from_git",
        schema.flag,
        "Whether `updated` is taken from the history of git where a file does not say it.",
        default=False,
    ),
)


def parse_config(data: bytes) -> Config:
    """Return the site's configuration.

    Raises:
        SiteError: With every fault of the file, each at its line and column.
    """
    text = fields.decode(data, PATH)
    mapping = fields.parse_mapping(text, PATH, fields.AUTHORS)
    reader = schema.Reader(zoneinfo.ZoneInfo("UTC"))
    values = schema.read_keys(mapping, KEYS, reader)
    own = values["formats"] or ()
    values["formats"] = (*BUILTIN_FORMATS.values(), *own)
    values["checks"] = schema.frozen(values["checks"])
    values["authors"] = people.persons(values["authors"])
    values["theme"], values["theme_parameters"] = values["theme"]
    settings = values["comments"]
    if not reader.problems:
        _check_together(settings, {known.name for known in values["formats"]}, mapping, reader)
        _check_arrangement(values, mapping, reader)
    if reader.problems:
        raise SiteError(*fields.with_excerpts(reader.problems, text))
    forge = settings.forge or (_forge_of(settings.repository) or "")
    values["comments"] = msgspec.structs.replace(settings, forge=forge)
    return Config(**values)


def stand_in(data: bytes) -> Config:
    """Return what stands in for a faulty configuration, so that all other files can be judged."""
    reader = schema.Reader(zoneinfo.ZoneInfo("UTC"))
    taxonomies: tuple[str, ...] = ()
    try:
        mapping = fields.parse_mapping(fields.decode(data, PATH), PATH, fields.AUTHORS)
    except SiteError:
        pass
    else:
        node = next((node for key, node in mapping.entries if key.text == "taxonomies"), None)
        found = _TAXONOMIES.read(node, reader) if node else None
        taxonomies = tuple(name for name in dict.fromkeys(found or ()) if name not in TAKEN)
    return Config(title="-", base_url="https://example.invalid/", taxonomies=taxonomies)


def _check_together(
    settings: CommentSettings, formats: set[str], mapping: Mapping, reader: schema.Reader
) -> None:
    """Report what no single key shows."""
    if settings.format not in formats:
        place = _place_of(mapping, "comments", "format")
        reader.report(
            "value",
            f"{quoted(settings.format)} is no text format of this site",
            place,
            f"known: {', '.join(sorted(formats))}",
        )
    if settings.repository and not settings.forge and _forge_of(settings.repository) is None:
        place = _place_of(mapping, "comments", "repository")
        hint = f"add `forge: …` below `comments:`, one of {', '.join(FORGES)}"
        reader.report("value", "the host does not tell which forge this is", place, hint)


def _check_arrangement(values: dict[str, Any], mapping: Mapping, reader: schema.Reader) -> None:
    """Report what is wrong with authors, taxonomies and links that no single key shows."""
    twice = people.called_alike(values["authors"])
    if twice:
        place = _place_of(mapping, "authors")
        hint = "write each name and alias once"
        reader.report("value", f"{quoted(twice)} means two authors", place, hint)
    names = values["taxonomies"]
    for name in dict.fromkeys(names):
        if name in TAKEN or names.count(name) > 1:
            message = f"{quoted(name)} is taken, so it cannot be a taxonomy"
            reader.report("value", message, _place_of(mapping, "taxonomies"), "choose another name")
    if values["edit_links"] and not values["comments"].holds_articles:
        message = "`edit_links` needs to know the repository of the articles"
        hint = "name it as `repository` below `comments:`, unless comments have their own"
        reader.report("value", message, _place_of(mapping, "edit_links"), hint)


def _place_of(node: Node, *names: str) -> Location:
    for name in names:
        if isinstance(node, Mapping):
            node = next((value for key, value in node.entries if key.text == name), node)
    return node.location


def _forge_of(repository: str) -> str | None:
    host = (urlsplit(repository).hostname or "") if repository else ""
    if host == "github.com":
        return "github"
    if host == "codeberg.org":
        return "forgejo"
    return next(
        (forge for forge in FORGES if host.split(".")[0] == forge or f"{forge}.com" == host), None
    )
