"""What templates see: every field of every page, and nothing else.

These records are the theme interface. They hold plain values only, so a page is a
function of its view and the theme, and the view is the complete list of what the page
depends on. A text is shown as text unless its type is Markup.
"""

from __future__ import annotations

from typing import Any

import msgspec
from markupsafe import Markup

from sitegen.views.comment_records import CommentsView
from sitegen.views.machine_records import (
    FeedView,
    FileView,
    RobotsView,
    SitemapIndexView,
    SitemapView,
)
from sitegen.views.part_records import (
    AuthorView,
    BylinePart,
    CardView,
    DateView,
    HeadingView,
    LinkView,
    PagerView,
    SeriesView,
    SiteView,
    TaxonomyView,
    TermView,
)


class ArticleView(msgspec.Struct, frozen=True):
    """An article's page: `article.html`."""

    site: SiteView
    title: str
    url: str
    canonical: str
    """Its absolute address."""
    lang: str
    description: str
    authors: tuple[AuthorView, ...]
    date: DateView
    updated: DateView | None
    byline: tuple[BylinePart, ...]
    reading_minutes: int
    """About how long reading it takes; at least 1."""
    tags: tuple[LinkView, ...]
    taxonomies: tuple[TaxonomyView, ...]
    """What it has of the site's own taxonomies."""
    series: SeriesView | None
    section: LinkView
    html: Markup
    code_style: str
    """Address of the style sheet for the code in its text; empty if there is none."""
    backlinks: tuple[LinkView, ...]
    """The articles and pages whose text links here."""
    headings: tuple[HeadingView, ...]
    comments: CommentsView
    newer: LinkView | None
    older: LinkView | None
    related: tuple[LinkView, ...]
    """Articles that share most terms with it, if the site asks for them."""
    sharing_picture: str
    """Absolute address of a picture of 1200 by 630 pixels with the title; empty if there is none."""
    edit_url: str
    """The forge's page to edit its source; empty if the site does not ask for it."""
    markdown_url: str
    """Its copy in Markdown; empty if the site does not ask for it."""
    unlisted: bool
    extra: dict[str, Any]


class PageView(msgspec.Struct, frozen=True):
    """A page without a date: `page.html`."""

    site: SiteView
    title: str
    url: str
    canonical: str
    lang: str
    description: str
    updated: DateView | None
    section: LinkView
    html: Markup
    code_style: str
    """Address of the style sheet for the code in its text; empty if there is none."""
    backlinks: tuple[LinkView, ...]
    """The articles and pages whose text links here."""
    headings: tuple[HeadingView, ...]
    comments: CommentsView
    edit_url: str
    markdown_url: str
    unlisted: bool
    extra: dict[str, Any]


class CommentsPageView(msgspec.Struct, frozen=True):
    """A further page of a long thread: `comments-page.html`."""

    site: SiteView
    title: str
    """Of the article or page."""
    url: str
    canonical: str
    lang: str
    article: LinkView
    """The page that is commented on."""
    comments: CommentsView
    unlisted: bool


class ListView(msgspec.Struct, frozen=True):
    """A list of articles.

    Its templates are `home.html`, `section.html`, `tag.html`, `term.html`, `series.html`, `author.html`
    and `year.html`.
    """

    site: SiteView
    title: str
    url: str
    canonical: str
    lang: str
    description: str
    html: Markup
    """The text of the section's own document, on its first page."""
    code_style: str
    cards: tuple[CardView, ...]
    parent: LinkView | None
    """The list that it is one of: all tags, all terms of a taxonomy, all years."""
    pages: tuple[LinkView, ...]
    """The undated pages of a section, on its first page."""
    pager: PagerView
    feeds: tuple[LinkView, ...]
    """Feeds of this list, if it has any of its own."""
    extra: dict[str, Any]


class TermsView(msgspec.Struct, frozen=True):
    """All there is of one sort.

    Its templates are `tags.html`, `taxonomy.html`, `all-series.html`, `authors.html` and `archive.html`.
    """

    site: SiteView
    title: str
    url: str
    canonical: str
    terms: tuple[TermView, ...]
    """Those of this page: no more than a thousand."""
    pager: PagerView


class NotFoundView(msgspec.Struct, frozen=True):
    """What a host shows for an address that is not there: `404.html`."""

    site: SiteView
    title: str
    url: str


class HeadersView(msgspec.Struct, frozen=True):
    """What a static host sends with every page: `headers.txt`, published as `_headers`."""

    site: SiteView


class SearchView(msgspec.Struct, frozen=True):
    """The page to search the site: `search.html`."""

    site: SiteView
    title: str
    url: str
    canonical: str
    index_url: str
    """Address of the module that searches, which is Pagefind's."""


class RedirectView(msgspec.Struct, frozen=True):
    """An old address: `redirect.html`."""

    site: SiteView
    title: str
    url: str
    """Path of the page that has taken its place."""
    canonical: str
    """Its absolute address."""


View = (
    ArticleView
    | PageView
    | CommentsPageView
    | ListView
    | TermsView
    | NotFoundView
    | SearchView
    | RedirectView
    | FeedView
    | SitemapView
    | SitemapIndexView
    | HeadersView
    | RobotsView
    | FileView
)
