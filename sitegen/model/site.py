"""Documents and comments -> Site: what is published now, cross-referenced and checked."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import msgspec

from sitegen.errors import Location, Problem, Severity, quoted
from sitegen.model import permalinks, taxonomies
from sitegen.model.threads import Reply, thread
from sitegen.sources.comments import Comment
from sitegen.sources.config import CommentsState, Config
from sitegen.sources.content import Document


class Clock(msgspec.Struct, frozen=True):
    """What decides whether a document is due."""

    now: dt.datetime
    drafts: bool = False
    future: bool = False


class HeldBack(msgspec.Struct, frozen=True):
    """A document that is not published, why, and from when on it will be."""

    path: str
    reason: str
    due: dt.datetime | None = None


class Section(msgspec.Struct, frozen=True):
    """A folder of content: its own document, if any, and the articles below it, newest first."""

    key: str
    document: Document | None
    articles: tuple[Document, ...]
    pages: tuple[Document, ...]
    """The pages directly in it, by title."""


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
    tags: tuple[taxonomies.Term, ...]
    years: tuple[taxonomies.Year, ...]
    permalinks: Mapping[str, str]
    """Path of a source -> path of its page from the site's home."""
    threads: Mapping[str, tuple[Reply, ...]]
    """Content path -> its thread, for documents that show comments."""
    comments: Mapping[str, CommentsState]
    """Content path -> state of its comments, for all that is published."""
    redirects: tuple[Redirect, ...]
    held_back: tuple[HeldBack, ...]
    next_change: dt.datetime | None
    """When the passing of time alone will change the site next."""

    @property
    def listed(self) -> tuple[Document, ...]:
        """The articles that lists, feeds and the sitemap show."""
        return tuple(article for article in self.articles if not article.unlisted)


def assemble(
    config: Config, documents: Iterable[Document], comments: Iterable[Comment], clock: Clock
) -> tuple[Site, list[Problem]]:
    """Return the site and the problems that only the whole shows."""
    everything = sorted(documents, key=lambda document: document.path)
    published, held_back, changes = _due(everything, clock)
    articles = sorted((d for d in published if d.kind == "article"), key=_newest_first)
    pages = tuple(d for d in published if d.kind == "page")
    listed = [article for article in articles if not article.unlisted]
    tags, problems = taxonomies.terms(listed)
    states, closings = _comment_states(config, published, clock.now)
    threads, thread_problems = _threads(everything, states, comments)
    zone = config.zone
    places = permalinks.by_path(published, config.permalinks, zone)
    site = Site(
        config=config,
        articles=tuple(articles),
        pages=pages,
        sections=_sections(published, listed, pages),
        tags=tags,
        years=taxonomies.years(listed, zone),
        permalinks=places,
        threads=threads,
        comments=states,
        redirects=tuple(
            Redirect(alias, places[document.path], document.at("aliases"))
            for document in published
            for alias in document.aliases
        ),
        held_back=tuple(held_back),
        next_change=min((*changes, *closings), default=None),
    )
    return site, [*problems, *thread_problems, *_unknown_formats(config, threads)]


def _newest_first(article: Document) -> tuple[float, str]:
    assert article.date is not None
    return (-article.date.timestamp(), article.path)


def _due(
    documents: Iterable[Document], clock: Clock
) -> tuple[list[Document], list[HeldBack], list[dt.datetime]]:
    """Return what is published now, what is not and why, and the moments at which that changes."""
    published = []
    held_back = []
    changes = []
    for document in documents:
        if document.draft and not clock.drafts:
            held_back.append(HeldBack(document.path, "draft"))
        elif document.date and document.date > clock.now and not clock.future:
            held_back.append(HeldBack(document.path, "future", document.date))
            changes.append(document.date)
        elif document.expires and document.expires <= clock.now:
            held_back.append(HeldBack(document.path, "expired", document.expires))
        else:
            published.append(document)
            if document.expires:
                changes.append(document.expires)
    return published, held_back, changes


def _comment_states(
    config: Config, published: Iterable[Document], now: dt.datetime
) -> tuple[dict[str, CommentsState], list[dt.datetime]]:
    """Return the state of each document's comments, and when open ones will close."""
    states: dict[str, CommentsState] = {}
    closings = []
    days = config.comments.close_after_days
    for document in published:
        default: CommentsState = config.comments.default if document.kind == "article" else "hidden"
        state = document.comments or default
        if state == "open" and days and document.date and document.comments is None:
            closing = document.date + dt.timedelta(days=days)
            if closing <= now:
                state = "closed"
            else:
                closings.append(closing)
        states[document.key] = state
    return states, closings


def _threads(
    documents: Iterable[Document], states: Mapping[str, CommentsState], comments: Iterable[Comment]
) -> tuple[dict[str, tuple[Reply, ...]], list[Problem]]:
    known = {document.key: document for document in documents}
    by_target: dict[str, list[Comment]] = {}
    problems = []
    for comment in comments:
        if comment.target in known:
            by_target.setdefault(comment.target, []).append(comment)
        else:
            problems.append(orphan_problem(comment, known))
    threads = {}
    for key, state in states.items():
        found = by_target.get(key, [])
        if state == "hidden":
            if found and known[key].comments is None and known[key].kind != "article":
                message = f"{quoted(known[key].path)} takes no comments, so this one is not shown"
                hint = "add `comments: open` to its front matter"
                problems.append(
                    Problem("no-comments", message, Location(found[0].path), hint, Severity.WARNING)
                )
            continue
        threads[key], reply_problems = thread(found)
        problems += reply_problems
    return threads, problems


def orphan_problem(comment: Comment, known: Iterable[str]) -> Problem:
    """Return the problem of a comment whose article is none of the `known` content paths."""
    close = difflib.get_close_matches(comment.target, list(known), n=1)
    hint = (
        f"did you mean comments/{close[0]}/?"
        if close
        else "put it into the folder that is named like the article's file"
    )
    message = f"there is no article content/{comment.target}.md that this comment could answer"
    return Problem("orphan", message, Location(comment.path), hint)


def _unknown_formats(config: Config, threads: Mapping[str, tuple[Reply, ...]]) -> list[Problem]:
    names = {known.name for known in config.formats}
    return [
        unknown_format_problem(reply.comment, names)
        for replies in threads.values()
        for reply in replies
        if reply.comment.format and reply.comment.format not in names
    ]


def unknown_format_problem(comment: Comment, names: Iterable[str]) -> Problem:
    """Return the problem of a comment whose text format is none of the names."""
    message = f"{quoted(comment.format)} is no text format of this site"
    return Problem(
        "text-format", message, Location(comment.path), f"known: {', '.join(sorted(names))}"
    )


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
            tuple(sorted(inside.get(key, []), key=lambda page: (page.title.casefold(), page.path))),
        )
        for key in sorted(below)
    )


def _parents(key: str) -> list[str]:
    return [str(parent) for parent in PurePosixPath(key).parents][:-1]
