"""Where each document is published, and which outputs want the same place."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

import msgspec

from sitegen.errors import Location, Problem, quoted
from sitegen.markup.slugs import slugify
from sitegen.sources.config_kinds import Permalinks
from sitegen.sources.content import Document
from sitegen.sources.file_names import fits_windows, same_place


class Claim(msgspec.Struct, frozen=True):
    """An output path and who wants it."""

    path: str
    source: Location


def permalink(document: Document, patterns: Permalinks, zone: ZoneInfo) -> str:
    """Return the path of a document's page from the site's home, not percent-encoded.

    >>> page = Document("content/a/Über mich.md", "page", "a/Über mich", "Über mich")
    >>> permalink(page, Permalinks(), ZoneInfo("UTC"))
    '/a/über-mich/'
    """
    section = section_path(document.section)
    if document.kind == "section":
        return section_url(document.key)
    name = document.slug or slugify(document.key.rpartition("/")[2]) or "untitled"
    date = document.date.astimezone(zone) if document.date else None
    values = {
        "section": section,
        "slug": unicodedata.normalize("NFC", name),
        "year": f"{date.year:04}" if date else "",
        "month": f"{date.month:02}" if date else "",
        "day": f"{date.day:02}" if date else "",
    }
    pattern = patterns.article if document.kind == "article" else patterns.page
    parts = [part.format_map(values) for part in pattern.split("/")]
    return "/" + "".join(f"{part}/" for part in parts if part)


@functools.cache
def section_path(key: str) -> str:
    """Return the path of a section without slashes at its ends; empty for the home page."""
    return "/".join(slugify(part) or "untitled" for part in key.split("/") if part)


def section_url(key: str) -> str:
    """Return the permalink of a section's page."""
    path = section_path(key)
    return f"/{path}/" if path else "/"


def output_path(url: str) -> str:
    """Return the file that is served for a path of the site.

    >>> output_path("/posts/trip/"), output_path("/old.html"), output_path("/old.aspx")
    ('posts/trip/index.html', 'old.html', 'old.aspx/index.html')
    """
    path = url.lstrip("/")
    if path.endswith("/") or not path:
        return f"{path}index.html"
    return path if path.endswith((".html", ".htm")) else f"{path}/index.html"


def collisions(claims: Iterable[Claim]) -> list[Problem]:
    """Return a problem for each output that another one wants too, by any file system's measure."""
    problems: list[Problem] = []
    owners: dict[str, Claim] = {}
    folders: dict[str, Claim] = {}
    for claim in claims:
        place = same_place(claim.path)
        other = owners.get(place) or folders.get(place)
        above = place.rpartition("/")[0]
        while other is None and above and above not in folders:
            other = owners.get(above)
            folders[above] = claim
            above = above.rpartition("/")[0]
        if other is not None:
            problems.append(_collision(claim, other))
        owners.setdefault(place, claim)
        if not fits_windows(place):
            message = f"the output {quoted(claim.path)} cannot be a file on Windows"
            hint = "choose another `slug` or name"
            problems.append(Problem("file-name", message, claim.source, hint))
    return problems


def _collision(claim: Claim, other: Claim) -> Problem:
    where = other.source.path + (
        f":{other.source.line}:{other.source.column}" if other.source.line else ""
    )
    same = (
        quoted(claim.path)
        if claim.path == other.path
        else f"{quoted(claim.path)} ({quoted(other.path)} to some file systems)"
    )
    message = f"the output {same} is already that of {quoted(where, 120)}"
    return Problem(
        "collision", message, claim.source, "give one of the two another `slug`, name or alias"
    )


def by_path(
    documents: Iterable[Document], patterns: Permalinks, zone: ZoneInfo
) -> Mapping[str, str]:
    """Return source path -> permalink."""
    return {document.path: permalink(document, patterns, zone) for document in documents}
