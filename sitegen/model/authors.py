"""The name of an author in a file -> the author of the site whom it means."""

from __future__ import annotations

from sitegen.sources.config import Config
from sitegen.sources.content import Document
from sitegen.sources.people import Person


def author_called(config: Config, name: str) -> Person:
    """Return the author whom a name means; one whom config.yaml does not name has only that name."""
    found = (author for author in config.authors if author.is_called(name))
    return next(found, Person("", name))


def authors_of(config: Config, document: Document) -> tuple[Person, ...]:
    """Return who wrote a document: those whom it names, else the site's author."""
    names = document.authors or ((config.author,) if config.author else ())
    return tuple(dict.fromkeys(author_called(config, name) for name in names))
