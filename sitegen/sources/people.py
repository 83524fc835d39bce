"""`authors:` of config.yaml -> Person: one author of the site, by whatever name he is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from sitegen.sources import kinds, schema
from sitegen.sources.schema import Key


class Person(msgspec.Struct, frozen=True):
    """An author of the site."""

    id: str
    """The last part of the address of his page; empty for one that only an article names."""
    name: str
    url: str = ""
    aliases: tuple[str, ...] = ()

    def is_called(self, name: str) -> bool:
        """Return whether a name in a file means this author."""
        return name in (self.id, self.name, *self.aliases)


_ID = kinds.matching(
    r"[a-z0-9]+(?:-[a-z0-9]+)*",
    "a short name",
    "use a-z, 0-9 and `-`, as in jo-stone",
    max_length=60,
)
_NAME = kinds.text(max_length=200)

PERSON_KEYS: tuple[Key, ...] = (
    Key("name", _NAME, "The name that readers see.", required=True),
    Key(
        "url",
        kinds.matching(r"https?://[^\s<>\"]+", "a web address", "begin with https://"),
        "The author's own site.",
        default="",
    ),
    Key(
        "aliases",
        kinds.list_of(_NAME, or_one=True),
        "Other names that mean the same author.",
        default=(),
    ),
)
people = kinds.table(_ID, schema.record(PERSON_KEYS, inside="authors."))
"""A mapping of short name -> keys of one author."""


def persons(values: Mapping[str, Mapping[str, Any]]) -> tuple[Person, ...]:
    """Return the authors that a configuration names, in its order."""
    return tuple(Person(name, **keys) for name, keys in values.items())


def called_alike(authors: Iterable[Person]) -> str:
    """Return a name that means two authors; empty when every name means one."""
    owners: dict[str, str] = {}
    for author in authors:
        for name in (author.id, author.name, *author.aliases):
            if owners.setdefault(name, author.id) != author.id:
                return name
    return ""
