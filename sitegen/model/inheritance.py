"""What a document does not say itself: from the sections above it, and from the history of its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

import msgspec

from sitegen.sources.content import Document
from sitegen.sources.front_matter import Defaults

_OF_SECTIONS = ("lang",)
_OF_PAGES = ("authors", "comments", "lang", "template", "unlisted")
_OF_ARTICLES = (*_OF_PAGES, "tags")
_INHERITED = {"section": _OF_SECTIONS, "page": _OF_PAGES, "article": _OF_ARTICLES}


def completed(
    documents: Mapping[str, Document], changes: Mapping[str, dt.datetime]
) -> dict[str, Document]:
    """Return every document with what holds for it though its file does not say it.

    Args:
        documents: By path; one that needs nothing is returned as it is.
        changes: Path of a source -> when it was last changed, for those that tell.
    """
    sections = {
        document.key: document.defaults for document in documents.values() if document.defaults
    }
    if not sections and not changes:
        return dict(documents)
    known: dict[str, Defaults] = {}
    return {
        path: _complete(document, _defaults_for(document, sections, known), changes.get(path))
        for path, document in documents.items()
    }


def languages_of(document: Document) -> tuple[str, ...]:
    """Return the languages that a document names, for itself or for what is below it."""
    below = document.defaults.lang if document.defaults else None
    return tuple(filter(None, (document.lang, below)))


def _defaults_for(
    document: Document, sections: Mapping[str, Defaults], known: dict[str, Defaults]
) -> Defaults | None:
    """Return what the sections above a document say; the nearest one that says something counts."""
    if not document.key:  # the home page, which nothing is above
        return None
    folder = document.section
    if folder not in known:
        known[folder] = _nearest(sections, _upwards(folder))
    return known[folder]


def _upwards(folder: str) -> Iterable[str]:
    while folder:
        yield folder
        folder = str(PurePosixPath(folder).parent) if "/" in folder else ""
    yield ""


def _nearest(sections: Mapping[str, Defaults], folders: Iterable[str]) -> Defaults:
    values: dict[str, Any] = {}
    for folder in folders:
        for name in Defaults.__struct_fields__:
            value = getattr(sections.get(folder), name, None)
            if value is not None:
                values.setdefault(name, value)
    return Defaults(**values)


def _complete(
    document: Document, defaults: Defaults | None, changed: dt.datetime | None
) -> Document:
    additions: dict[str, Any] = {}
    for name in _INHERITED[document.kind] if defaults else ():
        value = getattr(defaults, name)
        if value is not None and not _says(document, name):
            additions[name] = value
    if changed and document.updated is None and (document.date is None or changed > document.date):
        additions["updated"] = changed
    return msgspec.structs.replace(document, **additions) if additions else document


def _says(document: Document, name: str) -> bool:
    return document.sets(name) or (name == "authors" and document.sets("author"))
