"""The articles that comments answer, from their front matter alone: titles, permalinks, states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import msgspec

from sitegen.errors import SiteError
from sitegen.model.inheritance import completed
from sitegen.model.permalinks import permalink
from sitegen.model.schedule import comments_state
from sitegen.review.snapshots import LIMIT, Snapshot
from sitegen.sources import content
from sitegen.sources.comment_settings import CommentsState
from sitegen.sources.config import Config
from sitegen.sources.content import Document
from sitegen.views.addresses import absolute


class Target(msgspec.Struct, frozen=True):
    """An article, as far as its comments need to know it."""

    key: str
    path: str
    title: str
    path_of_page: str
    """From the site's home."""
    url: str
    """Its whole address."""
    state: CommentsState
    language: str
    date: dt.datetime | None
    is_draft: bool = False


def read_targets(
    site: Snapshot, config: Config, keys: Iterable[str], now: dt.datetime
) -> Mapping[str, Target]:
    """Return content path -> article, for those of the content paths that have one."""
    paths = {key: _path(site, key) for key in sorted(set(keys))}
    found = {key: path for key, path in paths.items() if path}
    above = {section for path in found.values() for section in _sections(path)}
    data = site.read(dict.fromkeys([*found.values(), *sorted(above)]), LIMIT)
    documents = {}
    for path, text in data.items():
        try:
            documents[path], _ = content.parse_document(
                path, _front_matter(text), config.zone, config.taxonomies
            )
        except SiteError:
            continue  # `check` says what is wrong with an article
    documents = completed(documents, {})
    return {
        key: _target(config, documents[path], now)
        for key, path in found.items()
        if path in documents
    }


def _path(site: Snapshot, key: str) -> str:
    names = set(site.names) if not isinstance(site.names, Mapping) else site.names
    places = (f"content/{key}.md", f"content/{key}/index.md", f"content/{key}/_index.md")
    return next((path for path in places if path in names), "")


def _sections(path: str) -> Iterable[str]:
    return (f"{folder}/_index.md" for folder in PurePosixPath(path).parents if str(folder) != ".")


def _front_matter(text: bytes) -> bytes:
    """Return an article's file without its text, which takes long to typeset."""
    lines = text.split(b"\n")
    ends = (number for number, line in enumerate(lines) if number and line.rstrip() == b"---")
    return b"\n".join(lines[: next(ends, len(lines)) + 1]) + b"\n"


def _target(config: Config, document: Document, now: dt.datetime) -> Target:
    page = permalink(document, config.permalinks, config.zone)
    return Target(
        document.key,
        document.path,
        document.title,
        page,
        absolute(config, page),
        comments_state(config, document, now),
        document.lang or config.language,
        document.date,
        document.draft,
    )
