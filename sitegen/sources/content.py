"""content/**/*.md -> Document: an article, a page, or a section's own page."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from sitegen import disk
from sitegen.errors import Location, Problem, SiteError
from sitegen.markup.articles.dialect import Dialect
from sitegen.markup.articles.marks import Body
from sitegen.markup.articles.references import Link
from sitegen.markup.articles.rendering import render_article
from sitegen.sources import decoding, kinds, nodes, schema, strict_yaml
from sitegen.sources.comment_settings import CommentsState
from sitegen.sources.front_matter import Defaults, keys_for

FOLDER = disk.CONTENT
_A = {"article": "an article, which its date sorts", "page": "a page", "section": "a section"}
Kind = Literal["article", "page", "section"]


class Document(msgspec.Struct, frozen=True):
    """One Markdown file: what its front matter says, and what is to know of its text.

    The text itself is a `Body`, kept apart: a site is planned from documents alone.
    """

    path: str
    """Of its file, from the site's root."""
    kind: Kind
    """An article has a date; a section's page is called `_index.md`; the rest are pages."""
    key: str
    """Content path: `posts/trip` for content/posts/trip.md and content/posts/trip/index.md."""
    title: str
    date: dt.datetime | None = None
    updated: dt.datetime | None = None
    authors: tuple[str, ...] = ()
    slug: str = ""
    description: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    draft: bool = False
    unlisted: bool = False
    expires: dt.datetime | None = None
    aliases: tuple[str, ...] = ()
    comments: CommentsState | None = None
    lang: str = ""
    template: str = ""
    order: int | None = None
    series: str = ""
    terms: dict[str, tuple[str, ...]] = {}
    """Taxonomy of the site's own -> the terms that the file names."""
    defaults: Defaults | None = None
    extra: dict[str, Any] = {}
    links: tuple[Link, ...] = ()
    """The references of its text into the site, in order."""
    excerpt: str = ""
    """The beginning of its text, in plain words, if nothing else says what it is about."""
    remarks: tuple[Problem, ...] = ()
    """What is wrong in its text, for the site's checks to weigh."""
    code: tuple[str, ...] = ()
    """Classes of its highlighted code."""
    lines: dict[str, int] = {}
    """Front matter key with a value -> its line, for problems that only the whole site shows."""

    def at(self, *keys: str) -> Location:
        """Return the place of the first of some front matter keys that is set; else the file's head."""
        found = (self.lines[key] for key in keys if key in self.lines)
        return Location(self.path, next(found, 1), 1)

    def sets(self, key: str) -> bool:
        """Return whether the file itself says something of a key."""
        return key in self.lines

    @property
    def section(self) -> str:
        """The content path of the folder that it belongs to; empty at the top."""
        return self.key.rpartition("/")[0]

    @property
    def is_bundle(self) -> bool:
        """Whether the files beside it belong to it: content/posts/trip/index.md."""
        return self.path.endswith("/index.md") and self.kind != "section"


def content_key(path: str) -> str:
    """Return the content path of a Markdown file below content/, in Unicode's composed form.

    >>> content_key("content/posts/trip/index.md"), content_key("content/posts/_index.md")
    ('posts/trip', 'posts')
    """
    inner = PurePosixPath(unicodedata.normalize("NFC", path)).relative_to(FOLDER)
    key = inner.parent if inner.name in {"index.md", "_index.md"} else inner.with_suffix("")
    return "" if str(key) == "." else str(key)


def parse_document(
    path: str,
    data: bytes,
    zone: ZoneInfo,
    taxonomies: tuple[str, ...] = (),
    dialect: Dialect | None = None,
) -> tuple[Document, Body]:
    """Return the article, page or section page that a Markdown file holds, and its text.

    Args:
        path: Of the file, from the site's root.
        data: What it holds.
        zone: In which dates without a zone are meant.
        taxonomies: Keys that sort articles as tags do.
        dialect: What its text may hold beyond CommonMark.

    Raises:
        SiteError: With every fault of the front matter, each at its line and column.
    """
    text = decoding.decode(data, path)
    head, body, body_line = _split(text, path)
    mapping = strict_yaml.parse_mapping(head, path, strict_yaml.AUTHORS, first_line=2)
    reader = kinds.Reader(zone)
    values = schema.read_keys(mapping, keys_for(taxonomies), reader)
    _check_together(_kind(path, values), values, mapping, reader)
    if reader.problems:
        raise SiteError(*decoding.with_excerpts(reader.problems, text))
    author = values.pop("author")
    values["authors"] = values["authors"] or ((author,) if author else ())
    values["tags"] = tuple(dict.fromkeys(values["tags"]))
    terms = {name: tuple(dict.fromkeys(values.pop(name))) for name in taxonomies}
    spoken = dialect or Dialect()
    if values["lang"]:
        spoken = msgspec.structs.replace(spoken, language=values["lang"])
    rendered = render_article(body, body_line, spoken)
    said = (key for key, node in mapping.entries if not nodes.says_nothing(node))
    document = Document(
        path=path,
        kind=_kind(path, values),
        key=content_key(path),
        links=rendered.links,
        excerpt="" if values["summary"] or values["description"] else rendered.summary,
        remarks=tuple(_placed(rendered.problems, path)),
        code=rendered.classes,
        lines={key.text: key.location.line for key in said},
        terms={name: found for name, found in terms.items() if found},
        **values,
    )
    return document, rendered.body


def _placed(problems: Iterable[Problem], path: str) -> Iterator[Problem]:
    for problem in problems:
        place = msgspec.structs.replace(problem.location, path=path)
        yield msgspec.structs.replace(problem, location=place)


def _kind(path: str, values: dict[str, Any]) -> Kind:
    if PurePosixPath(path).name == "_index.md" or path == f"{FOLDER}/index.md":
        return "section"
    return "article" if values.get("date") else "page"


def _check_together(
    kind: Kind, values: dict[str, Any], mapping: nodes.Mapping, reader: kinds.Reader
) -> None:
    """Report what no single key shows."""
    places = {key.text: key.location for key, _ in mapping.entries}
    if values["author"] and values["authors"]:
        hint = "move the name into `authors`"
        reader.report("value", "both `author` and `authors` are set", places["author"], hint)
    if values["date"] and values["expires"] and values["expires"] <= values["date"]:
        reader.report("date", "it expires before it is published", places["expires"])
    if values["defaults"] and kind != "section":
        hint = "move them to the `_index.md` of a folder"
        message = "`defaults` are those of a section, and this is none"
        reader.report("value", message, places["defaults"], hint)
    if values["order"] is not None and kind != "page":
        message = f"`order` is for pages, and this is {_A[kind]}"
        reader.report("value", message, places["order"], "delete the key")
    if values["series"] and kind != "article":
        message = f"a series is made of articles, and this is {_A[kind]}"
        reader.report("value", message, places["series"], "add a `date`, or delete the key")


class Source(msgspec.Struct, frozen=True):
    """The Markdown of a document as it was written."""

    text: str
    line: int
    """At which it begins in its file."""


def source_of(path: str, data: bytes) -> Source:
    """Return the Markdown of a file, without its front matter.

    Raises:
        SiteError: The file has no front matter.
    """
    _, body, line = _split(decoding.decode(data, path), path)
    return Source(body, line)


def _split(text: str, path: str) -> tuple[str, str, int]:
    """Return front matter, body, and the line at which the body begins."""
    first, _, rest = text.partition("\n")
    if first.rstrip() == "+++":
        hint = "write YAML between two lines of `---`"
        raise SiteError(
            Problem(
                "front-matter", "this front matter is TOML", Location(path, 1, 1, first, 3), hint
            )
        )
    if first.rstrip() != "---":
        hint = "begin the file with `---`, `title: …`, `---`"
        raise SiteError(
            Problem(
                "front-matter", "the file has no front matter", Location(path, 1, 1, first), hint
            )
        )
    lines = rest.split("\n")
    for number, line in enumerate(lines):
        if line.rstrip() == "---":
            body = "\n".join(lines[number + 1 :])
            return "\n".join(lines[:number]), body, number + 3
    hint = "write a line of `---` where the front matter ends"
    raise SiteError(
        Problem("front-matter", "the front matter has no end", Location(path, 1, 1, first, 3), hint)
    )
