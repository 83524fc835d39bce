"""Articles -> the terms of every taxonomy with their articles, and years with theirs."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from zoneinfo import ZoneInfo

import msgspec

from sitegen.errors import Location, Problem, quoted
from sitegen.markup.slugs import slugify
from sitegen.model.authors import authors_of
from sitegen.sources.config import Config
from sitegen.sources.content import Document

TAGS, SERIES, AUTHORS = "tags", "series", "authors"


class Term(msgspec.Struct, frozen=True):
    """One term and the articles that bear it, newest first; those of a series oldest first."""

    name: str
    slug: str
    spellings: tuple[str, ...]
    """Every way in which articles write it."""
    articles: tuple[Document, ...]


class Taxonomy(msgspec.Struct, frozen=True):
    """One way to sort articles: by tags, by series, by authors, or by a key of the site's own."""

    name: str
    """`tags`, `series`, `authors`, or the key."""
    terms: tuple[Term, ...]

    def path(self, term: Term | None = None) -> str:
        """Return the path of the list of all terms, or of one term's page."""
        return f"/{self.name}/{term.slug}/" if term else f"/{self.name}/"


class Year(msgspec.Struct, frozen=True):
    """One year of the archive, newest article first."""

    number: int
    articles: tuple[Document, ...]


_ONE = {TAGS: "tag", AUTHORS: "author"}


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


def all_taxonomies(
    config: Config, articles: Sequence[Document]
) -> tuple[tuple[Taxonomy, ...], list[Problem]]:
    """Return every taxonomy of the site, tags first, and the problems of their terms.

    Args:
        config: Names the taxonomies of the site's own, and says whether authors have pages.
        articles: Those that lists show, newest first.
    """
    tags, problems = terms(articles)
    found = [Taxonomy(TAGS, tags)]
    for name in config.taxonomies:
        own, faults = terms(articles, name, functools.partial(_own_terms, name))
        found.append(Taxonomy(name, own))
        problems += faults
    series, faults = terms(
        articles, SERIES, lambda article: (article.series,) if article.series else ()
    )
    problems += faults
    if series:
        found.append(Taxonomy(SERIES, tuple(map(_oldest_first, series))))
    if config.author_pages:
        ids = {author.name: author.id for author in config.authors}
        writers, faults = terms(
            articles,
            AUTHORS,
            lambda article: tuple(author.name for author in authors_of(config, article)),
            lambda name: ids.get(name) or term_slug(name),
        )
        found.append(Taxonomy(AUTHORS, writers))
        problems += faults
    return tuple(found), problems


def _own_terms(taxonomy: str, article: Document) -> tuple[str, ...]:
    return article.terms.get(taxonomy, ())


def _oldest_first(series: Term) -> Term:
    return msgspec.structs.replace(series, articles=series.articles[::-1])


def terms(
    articles: Iterable[Document],
    taxonomy: str = TAGS,
    names_of: Callable[[Document], tuple[str, ...]] = lambda article: article.tags,
    slug_of: Callable[[str], str] = term_slug,
) -> tuple[tuple[Term, ...], list[Problem]]:
    """Return the terms of a taxonomy by name, and the problems: names that want one address.

    Names that differ only in case, blanks and hyphens are one term, shown as it is most
    often written.
    """
    members: dict[str, list[Document]] = {}
    spellings: dict[str, Counter[str]] = {}
    problems = []
    for article in articles:
        for name in names_of(article):
            slug = slug_of(name)
            names = spellings.setdefault(slug, Counter())
            other = next(iter(names), name)
            if not slug:
                hint = "use at least one letter or digit"
                message = f"{_ONE.get(taxonomy, taxonomy)} {quoted(name)} has no letter or digit"
                problems.append(Problem("tag", message, _place(article, taxonomy), hint))
            elif _plain(other) != _plain(name):
                both = f"{quoted(name)} and {quoted(other)}"
                message = f"{taxonomy} {both} would share the address /{taxonomy}/{slug}/"
                hint = "write one of them in other words"
                problems.append(Problem("tag", message, _place(article, taxonomy), hint))
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


def _place(article: Document, taxonomy: str) -> Location:
    """Return where an article names its terms; a single author has a key of his own."""
    return article.at(taxonomy, _ONE.get(taxonomy, taxonomy))


def _usual(names: Counter[str]) -> str:
    return min(names, key=lambda name: (-names[name], name))


def years(articles: Iterable[Document], zone: ZoneInfo) -> tuple[Year, ...]:
    """Return the archive, newest year first; a year is the site's, not UTC's."""
    found: dict[int, list[Document]] = {}
    for article in articles:
        assert article.date is not None
        found.setdefault(article.date.astimezone(zone).year, []).append(article)
    return tuple(Year(number, tuple(found[number])) for number in sorted(found, reverse=True))
