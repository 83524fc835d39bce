"""What an importer brings: articles, pages and files of the site to be, and what it had to leave."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import PurePosixPath
from typing import Any

import msgspec
import yaml

from sitegen.disk import SourceFile
from sitegen.errors import Location, Problem, Severity, SiteError, quoted
from sitegen.model.permalinks import output_path, permalink
from sitegen.sources.checks import CHECKS
from sitegen.sources.config import Config, parse_config
from sitegen.sources.content import Document, Kind, content_key
from sitegen.sources.dates import parse_moment
from sitegen.sources.file_names import same_place


class Writing(msgspec.Struct, frozen=True):
    """An article, a page or a section's page to be."""

    path: str
    """Below the site: content/posts/trip.md."""
    values: dict[str, Any]
    """Its front matter."""
    body: str
    source: Location
    """Where it came from."""
    old_url: str = ""
    """The path at which it was published; empty if it is not known."""

    @property
    def kind(self) -> Kind:
        """Article, page or section, as the site will take it."""
        if PurePosixPath(self.path).name == "_index.md" or self.path == "content/index.md":
            return "section"
        return "article" if self.values.get("date") else "page"


class Load:
    """All that was found, and the problems on the way."""

    def __init__(self, config: Config, *, is_new: bool) -> None:
        """Begin with the configuration of the site to be.

        Args:
            config: Of the site that takes the load in.
            is_new: Whether that site has no config.yaml, so that one is written.
        """
        self.config = config
        self.is_new = is_new
        self.settings: dict[str, Any] = {}
        """Keys for the new config.yaml."""
        self.writings: list[Writing] = []
        self._paths: set[str] = set()
        self.files: dict[str, SourceFile] = {}
        """Path below the site -> the file that is copied there."""
        self.problems: list[Problem] = []

    def adopt(self, settings: dict[str, Any]) -> None:
        """Take the configuration of the other generator for a new site; what does not fit is told."""
        if not self.is_new:
            return
        chosen: dict[str, Any] = {"title": "My site", "base_url": "https://example.org/"}
        for key, value in settings.items():
            tried = {**chosen, key: value}
            try:
                self.config = parse_config(yaml_text(tried).encode())
            except SiteError as error:
                said = error.problems[0].message
                self.leave("config.yaml", 0, f"`{key}` could not be taken over: {said}")
            else:
                chosen = tried
        self.settings = chosen
        own = (*self.config.taxonomies, "categories")
        self.config = msgspec.structs.replace(self.config, taxonomies=tuple(dict.fromkeys(own)))

    def categories(self) -> dict[str, str]:
        """Return what categories are here: a taxonomy of that name, or tags."""
        goal = "categories" if "categories" in self.config.taxonomies else "tags"
        return {"categories": goal, "category": goal}

    def config_text(self) -> str:
        """Return the config.yaml of a new site: with the taxonomies that are used, and mild checks."""
        used = {key for writing in self.writings for key in writing.values}
        taxonomies = [name for name in self.config.taxonomies if name in used]
        settings = {**self.settings, **({"taxonomies": taxonomies} if taxonomies else {})}
        mild = "# What came from elsewhere may have old faults; delete these lines when they are mended.\n"
        checks = {"checks": dict.fromkeys(CHECKS, "warning")}
        return yaml_text(settings) + mild + yaml_text(checks)

    def leave(
        self, path: str, line: int, message: str, hint: str = "", *, is_error: bool = False
    ) -> None:
        """Say that something was not brought, or not as it was."""
        severity = Severity.ERROR if is_error else Severity.WARNING
        place = Location(path, line, 1 if line else 0)
        self.problems.append(Problem("import", message, place, hint, severity))

    def leave_machinery(self, folder: str, number: int, owner: str, hint: str = "") -> None:
        """Say that a folder of the other generator's own was not brought, and how many files it has."""
        files = (
            "1 file was left: it is a part"
            if number == 1
            else f"{number} files were left: they are parts"
        )
        self.leave(folder, 0, f"{files} of {owner}'s own machinery", hint)

    def bring(self, writing: Writing) -> None:
        """Take an article, page or section's page along."""
        self.writings.append(writing)
        self._paths.add(writing.path)

    def has(self, path: str) -> bool:
        """Return whether something is brought to a path already."""
        return path in self._paths

    def copy(self, path: str, file: SourceFile) -> None:
        """Take a file along as it is."""
        self.files[unicodedata.normalize("NFC", path)] = file

    def texts(self) -> dict[str, str]:
        """Return path below the site -> text of each file that is written, old addresses led to new ones."""
        claimed: dict[str, Writing] = {}
        permalinks: list[str] = []
        kept: list[Writing] = []
        paths: dict[str, Writing] = {}
        for writing in self.writings:
            other = paths.setdefault(same_place(writing.path), writing)
            if other is not writing:
                message = (
                    f"it would become {quoted(writing.path, 120)}, as {other.source.path} does"
                )
                self.leave(writing.source.path, 0, message, "rename one of the two", is_error=True)
                continue
            url = permalink(self._document(writing), self.config.permalinks, self.config.zone)
            claimed.setdefault(same_place(output_path(url)), writing)
            permalinks.append(url)
            kept.append(writing)
        return {
            writing.path: _written(writing, self._aliases(writing, url, claimed))
            for writing, url in zip(kept, permalinks, strict=True)
        }

    def _document(self, writing: Writing) -> Document:
        date = writing.values.get("date")
        return Document(
            path=writing.path,
            kind=writing.kind,
            key=content_key(writing.path),
            title=writing.values["title"],
            date=parse_moment(date, self.config.zone) if date else None,
            slug=writing.values.get("slug", ""),
        )

    def _aliases(self, writing: Writing, url: str, claimed: dict[str, Writing]) -> list[str]:
        wanted = [writing.old_url] if writing.old_url else []
        aliases = []
        for alias in dict.fromkeys([*wanted, *writing.values.get("aliases", [])]):
            place = same_place(output_path(alias))
            owner = claimed.setdefault(place, writing)
            if owner is not writing:
                message = f"the address {quoted(alias)} is already that of {owner.source.path}"
                self.leave(writing.source.path, 0, message, "give it to one of the two")
            elif place != same_place(output_path(url)) and alias not in aliases:
                aliases.append(alias)
        return aliases

    def summary(self) -> dict[str, int]:
        """Return how many of each kind are brought."""
        found: dict[str, int] = defaultdict(int)
        for writing in self.writings:
            found[writing.kind] += 1
        return dict(found)


class _Plain(yaml.SafeDumper):
    """Writes texts without quotes where it can: the site reads every value as text."""


_Plain.yaml_implicit_resolvers = {}


def yaml_text(values: dict[str, Any]) -> str:
    """Return front matter or a configuration as YAML."""
    return yaml.dump(values, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=10_000)


def _written(writing: Writing, aliases: list[str]) -> str:
    values = {key: value for key, value in writing.values.items() if key != "aliases"}
    if aliases:
        values["aliases"] = aliases
    if "extra" in values:
        values["extra"] = values.pop("extra")
    return f"---\n{yaml_text(values)}---\n{writing.body}"
