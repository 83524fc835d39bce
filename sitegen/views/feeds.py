"""Site -> its feeds: Atom (RFC 4287, threads by RFC 4685) and JSON Feed 1.1."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from sitegen.errors import Location
from sitegen.model.site import Site
from sitegen.sources.comments import Comment
from sitegen.sources.config import PATH as CONFIG_PATH
from sitegen.sources.content import Document
from sitegen.views.addresses import absolute
from sitegen.views.comments import FEED_NAME, anchor, comment_body, shown_count
from sitegen.views.dates import iso
from sitegen.views.pages import Desk, Job, body_html, summary_of, tag_links
from sitegen.views.records import EntryView, FeedView, View

ATOM = "atom.xml"
JSON_FEED = "feed.json"
# XML 1.0 §2.2: what may not stand in a document in any form, not even as a reference.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class _Feed(msgspec.Struct, frozen=True):
    """A feed before its entries are made."""

    title: str
    path: str
    home_path: str
    entries: Callable[[], Iterable[EntryView]]


def feeds(desk: Desk) -> Iterator[Job]:
    """Yield the feeds of the site, of each tag, of all comments, and of each thread."""
    site = desk.site
    config = site.config
    yield from _both(desk, config.title, "/", site.listed)
    for term in site.tags:
        yield from _both(desk, f"{config.title}: {term.name}", f"/tags/{term.slug}/", term.articles)
    everything = _latest_comments(site)
    yield _atom(
        desk,
        _Feed(
            f"{config.title}: comments",
            "/comments/feed.xml",
            "/",
            lambda: _comment_entries(desk, everything),
        ),
    )
    for document in (*site.articles, *site.pages):
        replies = site.threads.get(document.key, ())
        if shown_count(replies):
            newest = sorted((reply.comment for reply in replies), key=_newest_first)[
                : config.feed_items
            ]
            path = site.permalinks[document.path]
            title = f"{document.title}: comments"
            yield _atom(
                desk, _Feed(title, path + FEED_NAME, path, _thread_entries(desk, document, newest))
            )


def _newest_first(comment: Comment) -> tuple[float, str]:
    return (-comment.date.timestamp(), comment.id)


def _latest_comments(site: Site) -> list[tuple[Document, Comment]]:
    """Return the newest comments of all listed documents, no more than a feed holds."""
    documents = (*site.listed, *(page for page in site.pages if not page.unlisted))
    pairs = [
        (document, reply.comment)
        for document in documents
        for reply in site.threads.get(document.key, ())
        if not reply.comment.removed
    ]
    pairs.sort(key=lambda pair: (_newest_first(pair[1]), pair[0].path))
    return pairs[: site.config.feed_items]


def _both(desk: Desk, title: str, path: str, articles: tuple[Document, ...]) -> Iterator[Job]:
    newest = articles[: desk.site.config.feed_items]

    def entries() -> Iterator[EntryView]:
        return (_article_entry(desk, article) for article in newest)

    yield _atom(desk, _Feed(title, f"{path}feed.xml", path, entries))
    feed = _Feed(title, f"{path}feed.json", path, entries)
    yield Job(feed.path.lstrip("/"), JSON_FEED, Location(CONFIG_PATH), lambda: _view(desk, feed))


def _atom(desk: Desk, feed: _Feed) -> Job:
    return Job(feed.path.lstrip("/"), ATOM, Location(CONFIG_PATH), lambda: _view(desk, feed))


def _view(desk: Desk, feed: _Feed) -> View:
    config = desk.site.config
    entries = tuple(feed.entries())
    return FeedView(
        title=_xml(feed.title),
        subtitle=_xml(config.description),
        url=absolute(config, feed.path),
        home_url=absolute(config, feed.home_path),
        author=_xml(config.author or config.title),
        language=config.language,
        updated=max((entry.updated for entry in entries), default=iso(_NEVER)),
        entries=entries,
    )


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _article_entry(desk: Desk, article: Document) -> EntryView:
    config = desk.site.config
    assert article.date is not None
    url = absolute(config, desk.site.permalinks[article.path])
    return EntryView(
        id=url,
        url=url,
        title=_xml(article.title),
        author=_xml(", ".join(article.authors) or config.author or config.title),
        author_url="",
        published=iso(article.date),
        updated=iso(max(article.updated or article.date, article.date)),
        html=_xml(str(body_html(desk, article, whole=True))),
        summary=_xml(summary_of(article)),
        tags=tuple(tag.title for tag in tag_links(desk, article)),
        lang=article.lang or config.language,
    )


def _thread_entries(
    desk: Desk, document: Document, comments: list[Comment]
) -> Callable[[], Iterable[EntryView]]:
    return lambda: _comment_entries(
        desk, [(document, comment) for comment in comments if not comment.removed]
    )


def _comment_entries(desk: Desk, pairs: Iterable[tuple[Document, Comment]]) -> Iterator[EntryView]:
    config = desk.site.config
    for document, comment in pairs:
        page = absolute(config, desk.site.permalinks[document.path])
        url = f"{page}#{anchor(comment)}"
        known = {reply.comment.id for reply in desk.site.threads[document.key]}
        parent = f"{page}#comment-{comment.reply_to}" if comment.reply_to in known else page
        yield EntryView(
            id=url,
            url=url,
            title=_xml(comment.subject or f"{comment.author} on {document.title}"),
            author=_xml(comment.author),
            author_url=comment.url,
            published=iso(comment.date),
            updated=iso(comment.date),
            html=_xml(str(comment_body(comment, config, desk.typeset))),
            summary="",
            tags=(),
            lang=document.lang or config.language,
            in_reply_to=parent,
            in_reply_to_url=parent,
        )


def json_feed(view: FeedView) -> bytes:
    """Return a feed in JSON Feed 1.1; no template, since JSON is written best by a library."""
    items = [
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.html,
            "summary": entry.summary,
            "date_published": entry.published,
            "date_modified": entry.updated,
            "authors": [{"name": entry.author}],
            "tags": list(entry.tags),
            "language": entry.lang,
        }
        for entry in view.entries
    ]
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": view.title,
        "description": view.subtitle,
        "home_page_url": view.home_url,
        "feed_url": view.url,
        "language": view.language,
        "authors": [{"name": view.author}],
        "items": items,
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()
