"""Articles -> tags with their articles, and years with theirs."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import msgspec

from sitegen.errors import Problem, quoted
from sitegen.markup.slugs import slugify
from sitegen.sources.content import Document


class Term(msgspec.Struct, frozen=True):
    """One tag and the articles that bear it, newest first."""

    name: str
    slug: str
    spellings: tuple[str, ...]
    """Every way in which articles write it."""
    articles: tuple[Document, ...]


class Year(msgspec.Struct, frozen=True):
    """One year of the archive, newest article first."""

    number: int
    articles: tuple[Document, ...]


@functools.cache
def term_slug(name: str) -> str:
    """Return a tag's slug; languages whose names end in signs keep them as words.

    >>> term_slug("C#"), term_slug("C++"), term_slug("Open Source")
    ('c-sharp', 'c-plus-plus', 'open-source')
    """
    spelt = re.sub(r"(?<=\w)#", " sharp", name)
    return slugify(re.sub(r"\+", " plus", spelt))


@functools.cache
def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()


def terms(articles: Iterable[Document]) -> tuple[tuple[Term, ...], list[Problem]]:
    """Return the tags by name, and the problems: names that differ but want one address.

    Names that differ only in case, blanks and hyphens are one tag, shown as it is most
    often written.
    """
    members: dict[str, list[Document]] = {}
    spellings: dict[str, Counter[str]] = {}
    problems = []
    for article in articles:
        for name in article.tags:
            slug = term_slug(name)
            names = spellings.setdefault(slug, Counter())
            other = next(iter(names), name)
            if not slug:
                hint = "use at least one letter or digit"
                problems.append(
                    Problem(
                        "tag",
                        f"tag {quoted(name)} has no letter or digit",
                        article.at("tags"),
                        hint,
                    )
                )
            elif _plain(other) != _plain(name):
                message = (
                    f"tags {quoted(name)} and {quoted(other)} would share the address /tags/{slug}/"
                )
                problems.append(
                    Problem("tag", message, article.at("tags"), "write one of them in other words")
                )
            names[name] += 1
            bearers = members.setdefault(slug, [])
            if not bearers or bearers[-1] is not article:
                bearers.append(article)
    found = [
        Term(_usual(spellings[slug]), slug, tuple(sorted(spellings[slug])), tuple(bearers))
        for slug, bearers in members.items()
        if slug
    ]
    return tuple(sorted(found, key=lambda term: (term.name.casefold(), term.slug))), problems


def _usual(names: Counter[str]) -> str:
    return min(names, key=lambda name: (-names[name], name))


def years(articles: Iterable[Document], zone: ZoneInfo) -> tuple[Year, ...]:
    """Return the archive, newest year first; a year is the site's, not UTC's."""
    found: dict[int, list[Document]] = {}
    for article in articles:
        assert article.date is not None
        found.setdefault(article.date.astimezone(zone).year, []).append(article)
    return tuple(Year(number, tuple(found[number])) for number in sorted(found, reverse=True))
