"""Documents and comments -> Site: what is published now, cross-referenced and checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from sitegen.errors import Location, Problem, Severity, quoted
from sitegen.model import permalinks
from sitegen.model.orphans import orphan_problems
from sitegen.model.related import related_articles
from sitegen.model.schedule import Clock, HeldBack, changes_of, comments_state, due
from sitegen.model.taxonomies import Taxonomy, Term, Year, all_taxonomies, years
from sitegen.model.threads import NOBODY, ThreadSummary
from sitegen.sources.comment_settings import CommentsState
from sitegen.sources.config import Config
from sitegen.sources.content import Document


class Section(msgspec.Struct, frozen=True):
    """A folder of content: its own document, if any, and the articles below it, newest first."""

    key: str
    document: Document | None
    articles: tuple[Document, ...]
    pages: tuple[Document, ...]
    """The pages directly in it: by `order`, then by title."""


class Redirect(msgspec.Struct, frozen=True):
    """An old path and the permalink that it leads to."""

    alias: str
    target: str
    source: Location


class Site(msgspec.Struct, frozen=True):
    """All that is published, before anything is HTML."""

    config: Config
    articles: tuple[Document, ...]
    """Newest first, the unlisted ones too."""
    pages: tuple[Document, ...]
    sections: tuple[Section, ...]
    """Every folder that holds something published; the home page's first."""
    taxonomies: tuple[Taxonomy, ...]
    """Tags first, then the site's own, series if there are any, authors if they have pages."""
    related: Mapping[str, tuple[Document, ...]]
    """Path of an article -> the articles that share most terms with it."""
    years: tuple[Year, ...]
    permalinks: Mapping[str, str]
    """Path of a source -> path of its page from the site's home."""
    threads: Mapping[str, ThreadSummary]
    """Content path -> its thread, for documents that show comments."""
    comments: Mapping[str, CommentsState]
    """Content path -> state of its comments, for all that is published."""
    redirects: tuple[Redirect, ...]
    held_back: tuple[HeldBack, ...]
    last_change: dt.datetime | None
    """When the passing of time alone last changed the site."""
    next_change: dt.datetime | None
    """When it will do so next."""

    @property
    def listed(self) -> tuple[Document, ...]:
        """The articles that lists, feeds and the sitemap show."""
        return tuple(article for article in self.articles if not article.unlisted)

    @property
    def tags(self) -> tuple[Term, ...]:
        """The terms of the taxonomy that every site has."""
        return self.taxonomies[0].terms


def assemble(
    config: Config,
    documents: Iterable[Document],
    threads: Mapping[str, ThreadSummary],
    clock: Clock,
) -> tuple[Site, list[Problem]]:
    """Return the site and the problems that only the whole shows.

    Args:
        config: The site's configuration.
        documents: All of them, published or not.
        threads: Content path -> the thread below it, whether or not there is such a document.
        clock: Decides what is published.
    """
    everything = sorted(documents, key=lambda document: document.path)
    published, held_back = due(everything, clock)
    articles = sorted((d for d in published if d.kind == "article"), key=newest_first)
    pages = tuple(d for d in published if d.kind == "page")
    listed = [article for article in articles if not article.unlisted]
    sorting, problems = all_taxonomies(config, listed)
    states = {d.key: comments_state(config, d, clock.now) for d in published}
    zone = config.zone
    places = permalinks.by_path(published, config.permalinks, zone)
    moments = sorted(changes_of(config, everything, clock))
    site = Site(
        config=config,
        articles=tuple(articles),
        pages=pages,
        sections=_sections(published, listed, pages),
        taxonomies=sorting,
        related=related_articles(listed, sorting[: 1 + len(config.taxonomies)], config.related),
        years=years(listed, zone),
        permalinks=places,
        threads={
            key: threads.get(key, NOBODY) for key, state in states.items() if state != "hidden"
        },
        comments=states,
        redirects=tuple(
            Redirect(alias, places[document.path], document.at("aliases"))
            for document in published
            for alias in document.aliases
        ),
        held_back=tuple(held_back),
        last_change=max((moment for moment in moments if moment <= clock.now), default=None),
        next_change=min((moment for moment in moments if moment > clock.now), default=None),
    )
    return site, [*problems, *_thread_problems(site, everything, threads)]


def newest_first(article: Document) -> tuple[float, str]:
    """Return what sorts articles as lists show them."""
    assert article.date is not None
    return (-article.date.timestamp(), article.path)


def _thread_problems(
    site: Site, documents: Iterable[Document], threads: Mapping[str, ThreadSummary]
) -> Iterator[Problem]:
    """Yield what is wrong with the threads that are shown, and with comments that are not shown."""
    known = {document.key: document for document in documents}
    yield from orphan_problems((key for key in threads if key not in known), known)
    for key, summary in threads.items():
        yield from summary.problems
        document = known.get(key)
        if (
            document
            and summary.count
            and document.kind != "article"
            and document.comments is None
            and key in site.comments
        ):
            message = (
                f"{quoted(document.path)} takes no comments, so those in this folder are not shown"
            )
            place, hint = Location(f"comments/{key}"), "add `comments: open` to its front matter"
            yield Problem("no-comments", message, place, hint, Severity.WARNING)


def _sections(
    published: Iterable[Document], listed: Iterable[Document], pages: Iterable[Document]
) -> tuple[Section, ...]:
    """Return the home page's section and every folder that has a document or articles of its own."""
    own = {document.key: document for document in published if document.kind == "section"}
    below: dict[str, list[Document]] = {"": [], **{key: [] for key in own}}
    for article in listed:
        for parent in ("", *_parents(article.key)):
            below.setdefault(parent, []).append(article)
    inside: dict[str, list[Document]] = {}
    for page in pages:
        if not page.unlisted:
            inside.setdefault(page.section, []).append(page)
    return tuple(
        Section(
            key,
            own.get(key),
            tuple(below[key]),
            tuple(sorted(inside.get(key, []), key=_in_order)),
        )
        for key in sorted(below)
    )


def _in_order(page: Document) -> tuple[bool, int, str, str]:
    return (page.order is None, page.order or 0, page.title.casefold(), page.path)


def _parents(key: str) -> list[str]:
    return [key.rsplit("/", depth)[0] for depth in range(1, key.count("/") + 1)]
