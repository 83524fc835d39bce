"""Values -> feeds: Atom (RFC 4287, threads by RFC 4685) and JSON Feed 1.1."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from sitegen.markup.articles.marks import Body
from sitegen.model.authors import authors_of
from sitegen.sources.comments import Comment
from sitegen.sources.config import Config
from sitegen.sources.content import Document
from sitegen.views.addresses import absolute
from sitegen.views.comments import nth_page
from sitegen.views.dates import iso
from sitegen.views.frames import Frame, body_html
from sitegen.views.links import Links
from sitegen.views.machine_records import EntryView, FeedView
from sitegen.views.pages import summary_of
from sitegen.views.parts import Entries, ThreadEntry, anchor, pages_of

# XML 1.0 §2.2: what may not stand in a document in any form, not even as a reference.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class FeedHead(msgspec.Struct, frozen=True):
    """A feed, but for its entries; paths are from the site's home."""

    title: str
    path: str
    home: str


class Talk(msgspec.Struct, frozen=True):
    """The page on which a thread stands."""

    title: str
    url: str
    lang: str


def article_feed_view(
    frame: Frame,
    head: FeedHead,
    articles: tuple[tuple[Document, str, Body, Links, tuple[str, ...]], ...],
) -> FeedView:
    """Return a feed of articles: each with its permalink, text, links and tags, newest first."""
    config = frame.config
    return _feed(config, head, tuple(_article_entry(frame, *article) for article in articles))


def comment_feed_view(
    frame: Frame, head: FeedHead, threads: tuple[tuple[Talk, Entries], ...]
) -> FeedView:
    """Return a feed of the newest comments of some threads."""
    config = frame.config
    pairs = [
        (talk, entries, entry)
        for talk, entries in threads
        for entry in entries
        if not entry.comment.removed
    ]
    places = {talk.url: _places(config, talk, entries) for talk, entries in threads}
    pairs.sort(key=lambda pair: (*_newest_first(pair[2].comment), pair[0].url))
    newest = pairs[: config.feed_items]
    return _feed(config, head, tuple(_comment_entry(config, *pair, places) for pair in newest))


def _newest_first(comment: Comment) -> tuple[float, str]:
    return (-comment.date.timestamp(), comment.id)


def _feed(config: Config, head: FeedHead, entries: tuple[EntryView, ...]) -> FeedView:
    return FeedView(
        title=_xml(head.title),
        subtitle=_xml(config.description),
        url=absolute(config, head.path),
        home_url=absolute(config, head.home),
        author=_xml(config.author or config.title),
        language=config.language,
        updated=max((entry.updated for entry in entries), default=iso(_NEVER)),
        entries=entries,
    )


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _article_entry(
    frame: Frame, article: Document, path: str, body: Body, links: Links, tags: tuple[str, ...]
) -> EntryView:
    config = frame.config
    assert article.date is not None
    url = absolute(config, path)
    language = article.lang or config.language
    return EntryView(
        id=url,
        url=url,
        title=_xml(article.title),
        author=_xml(
            ", ".join(author.name for author in authors_of(config, article)) or config.title
        ),
        author_url="",
        published=iso(article.date),
        updated=iso(max(article.updated or article.date, article.date)),
        html=_xml(str(body_html(frame, body, path, links, language, whole=True))),
        summary=_xml(summary_of(article)),
        tags=tuple(map(_xml, tags)),
        lang=language,
    )


def _places(config: Config, talk: Talk, entries: Entries) -> dict[str, str]:
    is_long = len(entries) > config.comments.per_page
    numbers = pages_of(entries, config.comments.per_page) if is_long else {}
    return {name: nth_page(talk.url, number) for name, number in numbers.items()}


def _comment_entry(
    config: Config,
    talk: Talk,
    entries: Entries,
    entry: ThreadEntry,
    places: dict[str, dict[str, str]],
) -> EntryView:
    comment = entry.comment
    page = absolute(config, talk.url)
    stands = places[talk.url].get(comment.id, talk.url)
    is_reply = any(other.comment.id == comment.reply_to for other in entries)
    parent = f"{page}#comment-{comment.reply_to}" if is_reply else page
    return EntryView(
        id=f"{page}#{anchor(comment)}",
        url=f"{absolute(config, stands)}#{anchor(comment)}",
        title=_xml(comment.subject or f"{comment.author} on {talk.title}"),
        author=_xml(comment.author),
        author_url=comment.url,
        published=iso(comment.date),
        updated=iso(comment.date),
        html=_xml(str(entry.html)),
        summary="",
        tags=(),
        lang=talk.lang,
        in_reply_to=parent,
        in_reply_to_url=parent,
    )


def json_feed(view: FeedView) -> bytes:
    """Return a feed in JSON Feed 1.1; no template, since JSON is written best by a library."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": view.title,
        "description": view.subtitle,
        "home_page_url": view.home_url,
        "feed_url": view.url,
        "language": view.language,
        "authors": [{"name": view.author}],
        "items": list(_items(view)),
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _items(view: FeedView) -> Iterator[dict[str, Any]]:
    for entry in view.entries:
        yield {
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
