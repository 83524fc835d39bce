"""Values -> the views of pages: each function knows nothing but its arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from markupsafe import Markup

from sitegen.markup.articles.marks import Body
from sitegen.markup.articles.reading_time import reading_minutes
from sitegen.markup.articles.rendering import shortened
from sitegen.model.authors import authors_of
from sitegen.sources.comment_settings import CommentsState
from sitegen.sources.config import Config
from sitegen.sources.content import Document
from sitegen.views.addresses import absolute, address
from sitegen.views.comments import Page, comments_view, nth_page
from sitegen.views.dates import date_view
from sitegen.views.forges import edit_url
from sitegen.views.frames import Frame, body_html
from sitegen.views.links import Links
from sitegen.views.part_records import (
    AuthorView,
    BylinePart,
    CardView,
    DateView,
    HeadingView,
    LinkView,
    PagerView,
    SeriesView,
    TaxonomyView,
    TermView,
)
from sitegen.views.parts import Part
from sitegen.views.records import ArticleView, CommentsPageView, ListView, PageView, TermsView


class Placed(msgspec.Struct, frozen=True):
    """What the site knows of one document's page."""

    url: str
    """Its permalink, from the site's home."""
    links: Links
    """Where the references of its text lead, in order."""
    section: LinkView
    comments: CommentsState
    code_style: str = ""
    """Address of the style sheet for the code in its text, if there is any."""
    backlinks: tuple[LinkView, ...] = ()
    sharing_picture: str = ""


class Relations(msgspec.Struct, frozen=True):
    """What an article's page tells of other pages."""

    authors: tuple[AuthorView, ...] = ()
    tags: tuple[LinkView, ...] = ()
    taxonomies: tuple[TaxonomyView, ...] = ()
    series: SeriesView | None = None
    newer: LinkView | None = None
    older: LinkView | None = None
    related: tuple[LinkView, ...] = ()


def summary_of(document: Document) -> str:
    """Return the plain words that lists and feeds show for a document."""
    return document.summary or document.description or document.excerpt


def card_view(
    config: Config,
    document: Document,
    url: str,
    tags: tuple[LinkView, ...],
    comment_count: int | None,
) -> CardView:
    """Return an article as lists show it."""
    assert document.date is not None
    return CardView(
        url=address(config, url),
        title=document.title,
        date=date_view(document.date, config.date_format, config.zone, config.language),
        summary=summary_of(document),
        tags=tags,
        comment_count=comment_count,
    )


def _common(
    frame: Frame, document: Document, placed: Placed, body: Body, part: Part
) -> dict[str, Any]:
    """Return the fields that the views of articles and pages share."""
    config = frame.config
    language = document.lang or config.language
    updated = document.updated
    page = Page(document.key, placed.url, language, authors_of(config, document))
    return {
        "site": frame.site,
        "title": document.title,
        "url": address(config, placed.url),
        "canonical": absolute(config, placed.url),
        "lang": language,
        "updated": (
            date_view(updated, config.date_format, config.zone, language) if updated else None
        ),
        "description": document.description or shortened(summary_of(document), 160),
        "section": placed.section,
        "html": body_html(frame, body, placed.url, placed.links, language),
        "code_style": placed.code_style,
        "backlinks": placed.backlinks,
        "headings": tuple(HeadingView(h.level, h.id, h.text) for h in body.headings),
        "comments": comments_view(config, page, placed.comments, part),
        "edit_url": edit_url(config.comments, document.path) if config.edit_links else "",
        "markdown_url": (
            address(config, f"{placed.url}index.md") if config.markdown_copies else ""
        ),
        "unlisted": document.unlisted,
        "extra": document.extra,
    }


def article_view(
    frame: Frame,
    document: Document,
    placed: Placed,
    body: Body,
    part: Part,
    relations: Relations,
) -> ArticleView:
    """Return the page of an article."""
    config = frame.config
    assert document.date is not None
    common = _common(frame, document, placed, body, part)
    date = date_view(document.date, config.date_format, config.zone, common["lang"])
    return ArticleView(
        date=date,
        byline=tuple(_byline(config.byline, relations.authors, date)),
        reading_minutes=reading_minutes(body.html),
        sharing_picture=placed.sharing_picture,
        **{name: getattr(relations, name) for name in Relations.__struct_fields__},
        **common,
    )


def _byline(pattern: str, authors: tuple[AuthorView, ...], date: DateView) -> Iterator[BylinePart]:
    if not authors and "{author}" in pattern:  # no `Submitted by  on …`
        pattern = "{date}" if "{date}" in pattern else ""
    for part in re.split(r"(\{author\}|\{date\})", pattern):
        if part == "{date}":
            yield BylinePart("date", date.text, date.iso)
        elif part == "{author}":
            for number, author in enumerate(authors):
                if number:
                    yield BylinePart("text", ", ")
                yield BylinePart("author", author.name, url=author.url)
        elif part:
            yield BylinePart("text", part)


def page_view(frame: Frame, document: Document, placed: Placed, body: Body, part: Part) -> PageView:
    """Return the page of an undated document."""
    return PageView(**_common(frame, document, placed, body, part))


def comments_page_view(
    frame: Frame, document: Document, placed: Placed, part: Part, number: int
) -> CommentsPageView:
    """Return a further page of a long thread."""
    config = frame.config
    language = document.lang or config.language
    page = Page(document.key, placed.url, language, authors_of(config, document))
    path = nth_page(placed.url, number)
    return CommentsPageView(
        site=frame.site,
        title=document.title,
        url=address(config, path),
        canonical=absolute(config, path),
        lang=language,
        article=LinkView(document.title, address(config, placed.url)),
        comments=comments_view(config, page, placed.comments, part, number),
        unlisted=document.unlisted,
    )


class Listing(msgspec.Struct, frozen=True):
    """One page of a list, but for its cards."""

    title: str
    path: str
    lang: str
    description: str
    parent: LinkView | None
    pages: tuple[LinkView, ...]
    pager: PagerView
    feeds: tuple[LinkView, ...]
    extra: dict[str, Any]
    code_style: str = ""


def list_view(
    frame: Frame, listing: Listing, cards: tuple[CardView, ...], body: Body | None, links: Links
) -> ListView:
    """Return one page of a list of articles; `body` is the text of the list's own document."""
    config = frame.config
    return ListView(
        site=frame.site,
        title=listing.title,
        url=address(config, listing.path),
        canonical=absolute(config, listing.path),
        lang=listing.lang,
        description=listing.description,
        html=body_html(frame, body, listing.path, links, listing.lang) if body else Markup(""),
        code_style=listing.code_style,
        cards=cards,
        parent=listing.parent,
        pages=listing.pages,
        pager=listing.pager,
        feeds=listing.feeds,
        extra=listing.extra,
    )


def terms_view(
    frame: Frame, title: str, path: str, terms: tuple[TermView, ...], pager: PagerView
) -> TermsView:
    """Return a page of the list of all terms of a taxonomy, or of all years."""
    urls = address(frame.config, path), absolute(frame.config, path)
    return TermsView(frame.site, title, *urls, terms, pager)
