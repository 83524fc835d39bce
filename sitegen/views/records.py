"""What templates see: every field of every page, and nothing else.

These records are the theme interface. They hold plain values only, so a page is a
function of its view and the theme, and the view is the complete list of what the page
depends on. A text is shown as text unless its type is Markup.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from markupsafe import Markup

from sitegen.views.machine_records import (
    FeedView,
    FileView,
    RobotsView,
    SitemapIndexView,
    SitemapView,
)


class DateView(msgspec.Struct, frozen=True):
    """A moment, for people and for machines."""

    text: str
    """In the site's zone and format."""
    iso: str
    """RFC 3339, in UTC, for `datetime` and for feeds."""


class LinkView(msgspec.Struct, frozen=True):
    """Words and where they lead."""

    title: str
    url: str


class AuthorView(msgspec.Struct, frozen=True):
    """An author of a page."""

    name: str
    url: str
    """His page, if authors have pages, else his own site; empty if neither is known."""


class TaxonomyView(msgspec.Struct, frozen=True):
    """What an article has of one of the site's own taxonomies."""

    title: str
    url: str
    """The page of all its terms."""
    terms: tuple[LinkView, ...]


class SeriesView(msgspec.Struct, frozen=True):
    """An article's place in its series."""

    title: str
    url: str
    """The page of the series."""
    number: int
    """From 1, in order of date."""
    count: int
    previous: LinkView | None
    next: LinkView | None


class TermView(msgspec.Struct, frozen=True):
    """A tag, another term or a year in a list: its name, its page, how many articles it has."""

    title: str
    url: str
    count: int


class SiteView(msgspec.Struct, frozen=True):
    """What every page knows of the site."""

    title: str
    description: str
    language: str
    author: str
    home: str
    """Path of the home page: `/`, or longer when the site is not at the top of its host."""
    base_url: str
    """Absolute address of the home page, ending with a slash."""
    menu: tuple[LinkView, ...]
    feeds: tuple[LinkView, ...]
    """Addresses of the site's own feeds: Atom, JSON Feed, comments."""
    archive_url: str
    search_url: str
    """The page to search the site; empty if the site does not ask for it."""
    tags_url: str
    assets: dict[str, str]
    """Name of a file in the theme's static folder -> its address, which holds a digest."""
    parameters: dict[str, bool | int | str | tuple[str, ...]]
    """Name of a parameter of the theme -> its value: the site's, else the theme's own."""
    receiver: str
    """Origin to which the form for comments posts; empty if the site has no form."""


class BylinePart(msgspec.Struct, frozen=True):
    """A piece of the line below a title, so that the theme can mark up each."""

    kind: Literal["text", "author", "date"]
    text: str
    iso: str = ""
    url: str = ""
    """Of an author: where his name leads, if anywhere."""


class CardView(msgspec.Struct, frozen=True):
    """An article as lists show it."""

    url: str
    title: str
    date: DateView
    summary: str
    tags: tuple[LinkView, ...]
    comment_count: int | None
    """None where comments are hidden."""


class ParentView(msgspec.Struct, frozen=True):
    """What a reply answers."""

    author: str
    url: str


class CommentView(msgspec.Struct, frozen=True):
    """One comment of a thread, in reading order.

    A thread is flat, since templates must not be recursive; `opens` and `closes` say where
    lists begin and end, so that nested lists come out of one loop.
    """

    id: str
    """Of its element: `comment-2018-02-20-ada`."""
    url: str
    """Its permalink within the page: `#comment-2018-02-20-ada`."""
    date: DateView
    author: str = ""
    author_url: str = ""
    subject: str = ""
    html: Markup = Markup("")
    """Its text, sanitized."""
    removed: bool = False
    """It is a tombstone: only its place in the thread is left."""
    source: str = ""
    """Where it was published first, if it was imported."""
    reply_url: str = ""
    """Where an answer to it is written; empty when none are taken."""
    parent: ParentView | None = None
    level: int = 1
    """Depth at which it is shown, from 1; deeper replies stay at the last level."""
    replies: int = 0
    """How many comments answer it, or an answer to it."""
    opens: bool = False
    """It is the first of a list of its level."""
    closes: int = 0
    """How many lists end after it; -1 when the next comment is an answer to it."""
    capped: bool = False
    """It answers a comment of its own level, so its place does not tell whom it answers."""
    by_author: bool = False
    """By an author of the page, as only the site's own files can say."""
    identicon: str = ""
    """Path of a pattern drawn from the author's name, to be stroked in the box `0 0 5 5`."""
    tint: int = 0
    """From 0 to 7, the same for the same name: a colour to tell speakers apart by."""


class ThreadPagerView(msgspec.Struct, frozen=True):
    """Where a page stands among those of a long thread, the oldest comments first."""

    number: int
    count: int
    earlier: str
    """Address of the page before; empty on the first, which is the article's own."""
    later: str


class PointerView(msgspec.Struct, frozen=True):
    """A comment that stands on a further page, for whoever looks for it on the first."""

    id: str
    """The id that its element has there."""
    url: str
    author: str
    date: str


class CommentsView(msgspec.Struct, frozen=True):
    """The comments of a page and the way to add one."""

    state: Literal["open", "closed", "hidden"]
    count: int
    """Comments that are shown on all pages, tombstones aside."""
    thread: tuple[CommentView, ...]
    """Those of this page."""
    pager: ThreadPagerView
    elsewhere: tuple[PointerView, ...]
    """On the page of the article, all comments of further pages: an address that ends in the id of
    a comment finds it from there, wherever it stands."""
    feed_url: str
    """Atom feed of this thread; empty while there is no comment."""
    tips: tuple[str, ...]
    """What the text format allows, one line each."""
    new_url: str
    """Where a comment is written: the receiver's page, else the forge's for a new file, filled in;
    empty if the site has neither."""
    mail_url: str
    """A draft of an e-mail with a comment's file; empty if the site takes none."""
    key: str
    """What a form calls the page: its content path."""
    folder: str
    """Where a comment's file belongs: `comments/posts/trip/`."""
    skeleton: str
    """The text of a new comment's file."""


class HeadingView(msgspec.Struct, frozen=True):
    """A heading of the body, for a table of contents."""

    level: int
    id: str
    text: str


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


class PagerView(msgspec.Struct, frozen=True):
    """Where a page stands among those of one list."""

    number: int
    count: int
    newer: str
    """Address of the page before; empty on the first."""
    older: str


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
