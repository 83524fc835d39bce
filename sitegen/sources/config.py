"""config.yaml -> Config."""

from __future__ import annotations

import zoneinfo
from typing import Any

import msgspec

from sitegen import disk
from sitegen.errors import Severity, SiteError, quoted
from sitegen.markup.articles.dialect import Dialect
from sitegen.markup.untrusted.formats import BUILTIN_FORMATS, TextFormat
from sitegen.sources import decoding, kinds, people, schema, strict_yaml
from sitegen.sources.checks import CHECKS
from sitegen.sources.comment_settings import FORGES, CommentSettings, forge_of
from sitegen.sources.config_keys import KEYS
from sitegen.sources.config_kinds import TAXONOMIES, MenuItem, Permalinks
from sitegen.sources.markdown_settings import MarkdownSettings
from sitegen.sources.nodes import Mapping, place_of
from sitegen.sources.people import Person
from sitegen.sources.picture_settings import PictureSettings

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
    markdown: MarkdownSettings = MarkdownSettings()
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


def parse_config(data: bytes) -> Config:
    """Return the site's configuration.

    Raises:
        SiteError: With every fault of the file, each at its line and column.
    """
    text = decoding.decode(data, PATH)
    mapping = strict_yaml.parse_mapping(text, PATH, strict_yaml.AUTHORS)
    reader = kinds.Reader(zoneinfo.ZoneInfo("UTC"))
    values = schema.read_keys(mapping, KEYS, reader)
    own = values["formats"] or ()
    values["formats"] = (*BUILTIN_FORMATS.values(), *own)
    values["checks"] = tuple(sorted(values["checks"].items()))
    values["authors"] = people.persons(values["authors"])
    values["theme"], values["theme_parameters"] = values["theme"]
    settings = values["comments"]
    if not reader.problems:
        _check_together(settings, {known.name for known in values["formats"]}, mapping, reader)
        _check_arrangement(values, mapping, reader)
    if reader.problems:
        raise SiteError(*decoding.with_excerpts(reader.problems, text))
    forge = settings.forge or (forge_of(settings.repository) or "")
    values["comments"] = msgspec.structs.replace(settings, forge=forge)
    return Config(**values)


def stand_in(data: bytes) -> Config:
    """Return what stands in for a faulty configuration, so that all other files can be judged."""
    reader = kinds.Reader(zoneinfo.ZoneInfo("UTC"))
    taxonomies: tuple[str, ...] = ()
    try:
        mapping = strict_yaml.parse_mapping(decoding.decode(data, PATH), PATH, strict_yaml.AUTHORS)
    except SiteError:
        pass
    else:
        node = next((node for key, node in mapping.entries if key.text == "taxonomies"), None)
        found = TAXONOMIES.read(node, reader) if node else None
        taxonomies = tuple(name for name in dict.fromkeys(found or ()) if name not in TAKEN)
    return Config(title="-", base_url="https://example.invalid/", taxonomies=taxonomies)


def _check_together(
    settings: CommentSettings, formats: set[str], mapping: Mapping, reader: kinds.Reader
) -> None:
    """Report what no single key shows."""
    if settings.format not in formats:
        place = place_of(mapping, "comments", "format")
        reader.report(
            "value",
            f"{quoted(settings.format)} is no text format of this site",
            place,
            f"known: {', '.join(sorted(formats))}",
        )
    if settings.repository and not settings.forge and forge_of(settings.repository) is None:
        place = place_of(mapping, "comments", "repository")
        hint = f"add `forge: …` below `comments:`, one of {', '.join(FORGES)}"
        reader.report("value", "the host does not tell which forge this is", place, hint)


def _check_arrangement(values: dict[str, Any], mapping: Mapping, reader: kinds.Reader) -> None:
    """Report what is wrong with authors, taxonomies and links that no single key shows."""
    twice = people.called_alike(values["authors"])
    if twice:
        place = place_of(mapping, "authors")
        hint = "write each name and alias once"
        reader.report("value", f"{quoted(twice)} means two authors", place, hint)
    names = values["taxonomies"]
    for name in dict.fromkeys(names):
        if name in TAKEN or names.count(name) > 1:
            message = f"{quoted(name)} is taken, so it cannot be a taxonomy"
            reader.report("value", message, place_of(mapping, "taxonomies"), "choose another name")
    if values["edit_links"] and not values["comments"].holds_articles:
        message = "`edit_links` needs to know the repository of the articles"
        hint = "name it as `repository` below `comments:`, unless comments have their own"
        reader.report("value", message, place_of(mapping, "edit_links"), hint)
