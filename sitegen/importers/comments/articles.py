"""What an export says of a page -> the content path of the article that is meant, if one is.

A page is known by its address, old or new, by its content path, or by its last part, which
counts only if one document has it. A map that the author keeps goes before all of that.
"""

from __future__ import annotations

import re
import unicodedata
import urllib.parse
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import msgspec

from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.importers.texts import decoded
from sitegen.markup.slugs import slugify
from sitegen.model.permalinks import permalink
from sitegen.sources.config import Config
from sitegen.sources.content import Document

ARROW = " -> "
NOBODY = "-"
"""Stands in a map for no article: the comments of that page are left out."""
_ENDING = re.compile(r"(?:/index)?\.(?:html?|aspx?|php|md|markdown)$|/index$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}-")


class Articles:
    """The documents of a site by all that they are called, and the author's map."""

    def __init__(self, documents: Iterable[Document], config: Config) -> None:
        self.config = config
        self.keys: set[str] = set()
        self.map: dict[str, str] = {}
        self._prefix = urllib.parse.urlsplit(config.base_url).path.rstrip("/")
        self._exact: dict[str, str] = {}
        self._names: dict[str, set[str]] = {}
        self._known: dict[tuple[str, ...], str | None] = {}
        for document in documents:
            self._add(document)

    def _add(self, document: Document) -> None:
        self.keys.add(document.key)
        url = permalink(document, self.config.permalinks, self.config.zone)
        for name in (document.key, url, *document.aliases):
            self._exact.setdefault(_plain_path(name), document.key)
        last = PurePosixPath(document.key).name
        for name in (last, _DATE.sub("", last), document.slug):
            for spelling in _spellings(name):
                self._names.setdefault(spelling, set()).add(document.key)

    def find(self, pages: tuple[str, ...]) -> str | None:
        """Return the content path of the first page that is known; `NOBODY` if the map says so."""
        if pages not in self._known:
            self._known[pages] = self._find(pages)
        return self._known[pages]

    def _find(self, pages: tuple[str, ...]) -> str | None:
        for page in pages:
            if page_name(page) in self.map:
                return self.map[page_name(page)]
        for look in (self._by_address, self._by_name):
            for page in pages:
                found = look(page)
                if found is not None:
                    return found
        return None

    def _by_address(self, page: str) -> str | None:
        path, query = _path_of(page)
        if query and f"{path}?{query}" in self._exact:
            return self._exact[f"{path}?{query}"]
        if query and re.match(r"p(?:age_id)?=\d+$", query):
            return None  # WordPress without permalinks: the path says nothing
        plain = _plain_path(path)
        if self._prefix and plain.startswith(_plain_path(self._prefix) + "/"):
            inner = plain.removeprefix(_plain_path(self._prefix) + "/")
            return self._exact.get(inner) or self._exact.get(plain)
        return self._exact.get(plain)

    def _by_name(self, page: str) -> str | None:
        path, query = _path_of(page)
        last = PurePosixPath(path).name
        if query or not last:
            return None
        for spelling in _spellings(_DATE.sub("", last)):
            owners = self._names.get(spelling, set())
            if len(owners) == 1:
                return next(iter(owners))
        return None


def _spellings(name: str) -> tuple[str, ...]:
    """Return how the last part of an address may be written elsewhere, the surest first."""
    whole = slugify(name)
    bare = slugify(_ENDING.sub("", name))
    dashed = re.sub("-+", "-", re.sub(r"[^\w]+|_", "-", name.casefold())).strip("-")
    found = (whole, bare, dashed, bare.removesuffix("-aspx"), bare.removesuffix("-html"))
    return tuple(dict.fromkeys(spelling for spelling in found if spelling))


def page_name(page: str) -> str:
    """Return what a page is called in a map: its address without the place within it."""
    return " ".join(page.partition("#")[0].split()) or page


def _path_of(page: str) -> tuple[str, str]:
    """Return path and query of an address, of a path, or of a bare name."""
    try:
        parts = urllib.parse.urlsplit(page.strip())
    except ValueError:
        return page, ""
    return parts.path, parts.query


def _plain_path(path: str) -> str:
    """Return a path as it is compared: decoded, composed, without ending, slashes and case."""
    decoded = unicodedata.normalize("NFC", urllib.parse.unquote(path))
    return _ENDING.sub("", decoded.casefold().rstrip("/")).strip("/")


class Missing(msgspec.Struct, frozen=True):
    """A page that no article was found for."""

    page: str
    comments: int
    place: Location


def read_map(path: Path, articles: Articles) -> None:
    """Take the author's map: lines of `page -> content path`, where `-` leaves the page out.

    Raises:
        SiteError: With every line that is none, or that names no document.
    """
    if not path.exists():
        return
    problems = []
    for number, line in enumerate(decoded(path.read_bytes()).splitlines(), 1):
        page, arrow, goal = line.partition(ARROW.rstrip())
        page, goal = page.strip(), goal.strip().removeprefix("content/").removesuffix(".md")
        if not line.strip() or line.startswith("#") or (arrow and not goal):
            continue
        place = Location(str(path), number, 1, line)
        if not arrow:
            cure = "write `address -> posts/trip`"
            problems.append(Problem("import", f"{quoted(line)} has no ` -> `", place, cure))
        elif goal != NOBODY and goal not in articles.keys:
            cure = "write the path of its file below content/, without `.md`, or `-` for none"
            problems.append(Problem("import", f"there is no article {quoted(goal)}", place, cure))
        else:
            articles.map[page_name(page)] = goal
    if problems:
        raise SiteError(*problems)


def write_map(path: Path, missing: Iterable[Missing]) -> None:
    """Add the pages that no article was found for to the author's map.

    Raises:
        SiteError: It cannot be written.
    """
    old = decoded(path.read_bytes()) if path.exists() else ""
    listed = {line.partition(ARROW.rstrip())[0].strip() for line in old.splitlines()}
    rows = []
    for one in missing:
        if one.page not in listed:
            count = "1 comment" if one.comments == 1 else f"{one.comments} comments"
            rows.append(
                f"# {count}, first in line {one.place.line} of {one.place.path}\n{one.page}{ARROW}\n"
            )
    if rows:
        head = old or "# page -> content path of its article, or `-` to leave its comments out\n"
        try:
            path.write_text(head.rstrip("\n") + "\n" + "".join(rows), encoding="utf-8")
        except OSError as error:
            message = f"the map cannot be written: {error.strerror}"
            raise SiteError(Problem("import", message, Location(str(path)))) from None
