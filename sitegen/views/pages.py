"""Site -> every output that a template makes, with the view that its template will see.

`outputs` is the plan of a build: the list says what there will be; each view is made only
when asked for, once all places are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import msgspec
from markupsafe import Markup

from sitegen.errors import Location, Problem
from sitegen.markup.articles import place_links, shortened
from sitegen.model.permalinks import output_path, section_url
from sitegen.model.site import Section, Site
from sitegen.sources.config import PATH as CONFIG_PATH
from sitegen.sources.content import Document
from sitegen.views.addresses import Territory, absolute, address, resolve
from sitegen.views.comments import Typesetter, comments_view, shown_count
from sitegen.views.dates import date_view, iso
from sitegen.views.records import (
    ArticleView,
    BylinePart,
    CardView,
    DateView,
    HeadingView,
    LinkView,
    ListView,
    NotFoundView,
    PagerView,
    PageView,
    RedirectView,
    RobotsView,
    SitemapEntry,
    SitemapView,
    SiteView,
    TermsView,
    TermView,
    View,
)

SITE_FEEDS = (
    ("Atom", "/feed.xml"),
    ("JSON Feed", "/feed.json"),
    ("Comments", "/comments/feed.xml"),
)


class Job(msgspec.Struct, frozen=True):
    """One output to be: where, by which template, from what."""

    path: str
    template: str
    source: Location
    """Who is to blame when another output wants the same place."""
    view: Callable[[], View]


class Desk(msgspec.Struct, frozen=True):
    """What making views needs."""

    site: Site
    territory: Territory
    typeset: Typesetter
    assets: Mapping[str, str]
    """Name of a file in the theme's static folder -> its path from the site's home."""
    tags: Mapping[str, LinkView]
    """Every spelling of a tag -> its name and the address of its page."""


def tags_by_spelling(site: Site) -> dict[str, LinkView]:
    """Return every spelling of a tag with the tag's name and the address of its page."""
    return {
        spelling: LinkView(term.name, address(site.config, f"/tags/{term.slug}/"))
        for term in site.tags
        for spelling in term.spellings
    }


def site_view(desk: Desk) -> SiteView:
    """Return what every page knows of the site."""
    config = desk.site.config
    menu = tuple(
        LinkView(item.title, item.url if "://" in item.url else address(config, item.url))
        for item in config.menu
    )
    return SiteView(
        title=config.title,
        description=config.description,
        language=config.language,
        author=config.author,
        home=address(config, "/"),
        base_url=config.base_url,
        menu=menu,
        feeds=tuple(LinkView(title, address(config, path)) for title, path in SITE_FEEDS),
        archive_url=address(config, "/archive/"),
        tags_url=address(config, "/tags/"),
        assets={name: address(config, path) for name, path in sorted(desk.assets.items())},
    )


def outputs(desk: Desk) -> Iterator[Job]:
    """Yield every page of the site, the files for machines and the redirects; feeds are elsewhere."""
    shared = site_view(desk)
    site = desk.site
    listed = site.listed
    neighbours = {
        article.path: (
            listed[place - 1] if place else None,
            listed[place + 1] if place + 1 < len(listed) else None,
        )
        for place, article in enumerate(listed)
    }
    for article in site.articles:
        newer, older = neighbours.get(article.path, (None, None))
        yield _job(desk, article, "article.html", _article(desk, shared, article, newer, older))
    for page in site.pages:
        yield _job(desk, page, "page.html", _page(desk, shared, page))
    for section in site.sections:
        yield from _section(desk, shared, section)
    yield from _taxonomies(desk, shared)
    yield Job(
        "404.html",
        "404.html",
        Location(CONFIG_PATH),
        lambda: NotFoundView(shared, "Not found", address(site.config, "/404.html")),
    )
    yield Job("sitemap.xml", "sitemap.xml", Location(CONFIG_PATH), lambda: _sitemap(desk))
    robots = RobotsView(absolute(site.config, "/sitemap.xml"))
    yield Job("robots.txt", "robots.txt", Location(CONFIG_PATH), lambda: robots)
    for redirect in site.redirects:
        yield Job(
            output_path(redirect.alias),
            "redirect.html",
            redirect.source,
            _redirect(desk, redirect.target),
        )


def _job(desk: Desk, document: Document, template: str, view: Callable[[], View]) -> Job:
    url = desk.site.permalinks[document.path]
    return Job(output_path(url), document.template or template, document.at("slug"), view)


def body_html(desk: Desk, document: Document, *, whole: bool = False) -> Markup:
    """Return a document's text with its links filled in; `whole` makes them absolute, for feeds."""
    config = desk.site.config
    spell = absolute if whole else address
    here = desk.site.permalinks[document.path]
    addresses = []
    for link in document.body.links:
        found, _ = resolve(document, link, desk.territory)
        fragment_only = found.path == here and found.suffix.startswith("#") and not whole
        addresses.append(
            found.suffix if fragment_only else spell(config, found.path) + found.suffix
        )
    return place_links(document.body, addresses)


def summary_of(document: Document) -> str:
    """Return the plain words that lists and feeds show for a document."""
    return document.summary or document.description or document.body.summary


def date_of(desk: Desk, document: Document) -> DateView:
    """Return an article's date as templates see it."""
    assert document.date is not None
    return date_view(document.date, desk.site.config.date_format, desk.site.config.zone)


def tag_links(desk: Desk, document: Document) -> tuple[LinkView, ...]:
    """Return the tags of an article with the addresses of their pages, in the article's order."""
    return tuple(dict.fromkeys(desk.tags[name] for name in document.tags if name in desk.tags))


def card(desk: Desk, article: Document) -> CardView:
    """Return an article as lists show it."""
    hidden = desk.site.comments[article.key] == "hidden"
    return CardView(
        url=address(desk.site.config, desk.site.permalinks[article.path]),
        title=article.title,
        date=date_of(desk, article),
        summary=summary_of(article),
        tags=tag_links(desk, article),
        comment_count=None if hidden else shown_count(desk.site.threads.get(article.key, ())),
    )


def _link(desk: Desk, document: Document | None) -> LinkView | None:
    if document is None:
        return None
    return LinkView(document.title, address(desk.site.config, desk.site.permalinks[document.path]))


def _section_link(desk: Desk, document: Document) -> LinkView:
    sections = {section.key: section for section in desk.site.sections}
    key = document.section
    while key and key not in sections:
        key = str(PurePosixPath(key).parent) if "/" in key else ""
    return LinkView(
        _section_title(desk, sections[key]), address(desk.site.config, section_url(key))
    )


def _section_title(desk: Desk, section: Section) -> str:
    if section.document:
        return section.document.title
    return (
        PurePosixPath(section.key).name.replace("-", " ").capitalize()
        if section.key
        else desk.site.config.title
    )


def _shared_fields(desk: Desk, document: Document) -> dict[str, Any]:
    """Return the fields that an article's view and a page's have in common."""
    url = desk.site.permalinks[document.path]
    return {
        "title": document.title,
        "url": address(desk.site.config, url),
        "canonical": absolute(desk.site.config, url),
        "lang": document.lang or desk.site.config.language,
        "description": document.description or shortened(summary_of(document), 160),
        "section": _section_link(desk, document),
        "html": body_html(desk, document),
        "headings": tuple(HeadingView(h.level, h.id, h.text) for h in document.body.headings),
        "comments": comments_view(document, desk.site, desk.typeset),
        "unlisted": document.unlisted,
        "extra": document.extra,
    }


def _article(
    desk: Desk, shared: SiteView, article: Document, newer: Document | None, older: Document | None
) -> Callable[[], View]:
    def view() -> View:
        config = desk.site.config
        date = date_of(desk, article)
        authors = article.authors or ((config.author,) if config.author else ())
        return ArticleView(
            site=shared,
            authors=authors,
            date=date,
            updated=date_view(article.updated, config.date_format, config.zone)
            if article.updated
            else None,
            byline=tuple(_byline(config.byline, authors, date)),
            tags=tag_links(desk, article),
            newer=_link(desk, newer),
            older=_link(desk, older),
            **_shared_fields(desk, article),
        )

    return view


def _byline(pattern: str, authors: tuple[str, ...], date: DateView) -> Iterator[BylinePart]:
    for part in re.split(r"(\{author\}|\{date\})", pattern):
        if part == "{date}":
            yield BylinePart("date", date.text, date.iso)
        elif part == "{author}":
            yield BylinePart("author", ", ".join(authors))
        elif part:
            yield BylinePart("text", part)


def _page(desk: Desk, shared: SiteView, page: Document) -> Callable[[], View]:
    return lambda: PageView(site=shared, **_shared_fields(desk, page))


class _Listing(msgspec.Struct, frozen=True):
    """A list of articles before it is cut into pages."""

    title: str
    path: str
    template: str
    source: Location
    articles: tuple[Document, ...]
    document: Document | None = None
    pages: tuple[Document, ...] = ()
    feeds: tuple[tuple[str, str], ...] = ()


def _section(desk: Desk, shared: SiteView, section: Section) -> Iterator[Job]:
    document = section.document
    template = (document.template if document else "") or (
        "section.html" if section.key else "home.html"
    )
    source = document.at("slug") if document else Location(CONFIG_PATH)
    title = _section_title(desk, section)
    path = section_url(section.key)
    yield from _list_pages(
        desk,
        shared,
        _Listing(title, path, template, source, section.articles, document, section.pages),
    )


def _taxonomies(desk: Desk, shared: SiteView) -> Iterator[Job]:
    site = desk.site
    where = Location(CONFIG_PATH)
    for term in site.tags:
        path = f"/tags/{term.slug}/"
        feeds = (("Atom", f"{path}feed.xml"), ("JSON Feed", f"{path}feed.json"))
        source = term.articles[0].at("tags")
        yield from _list_pages(
            desk, shared, _Listing(term.name, path, "tag.html", source, term.articles, feeds=feeds)
        )
    for year in site.years:
        path = f"/archive/{year.number}/"
        yield from _list_pages(
            desk, shared, _Listing(str(year.number), path, "year.html", where, year.articles)
        )
    tags = [
        TermView(term.name, address(site.config, f"/tags/{term.slug}/"), len(term.articles))
        for term in site.tags
    ]
    years = [
        TermView(str(y.number), address(site.config, f"/archive/{y.number}/"), len(y.articles))
        for y in site.years
    ]
    for title, path, template, found in (
        ("Tags", "/tags/", "tags.html", tags),
        ("Archive", "/archive/", "archive.html", years),
    ):
        urls = address(site.config, path), absolute(site.config, path)
        view = TermsView(shared, title, *urls, tuple(found))
        yield Job(output_path(path), template, where, lambda view=view: view)  # type: ignore[misc]


def _list_pages(desk: Desk, shared: SiteView, listing: _Listing) -> Iterator[Job]:
    size = desk.site.config.articles_per_page
    count = max(1, -(-len(listing.articles) // size))
    for number in range(1, count + 1):
        yield Job(
            output_path(_nth(listing.path, number)),
            listing.template,
            listing.source,
            _list(desk, shared, listing, number, count),
        )


def _nth(path: str, number: int) -> str:
    return path if number == 1 else f"{path}page/{number}/"


def _list(
    desk: Desk, shared: SiteView, listing: _Listing, number: int, count: int
) -> Callable[[], View]:
    def view() -> View:
        config = desk.site.config
        size = config.articles_per_page
        document = listing.document
        path = _nth(listing.path, number)
        is_first = number == 1
        return ListView(
            site=shared,
            title=listing.title,
            url=address(config, path),
            canonical=absolute(config, path),
            lang=(document.lang if document else "") or config.language,
            description=document.description if document else "",
            html=body_html(desk, document) if document and is_first else Markup(""),
            cards=tuple(
                card(desk, article)
                for article in listing.articles[(number - 1) * size : number * size]
            ),
            pages=tuple(filter(None, (_link(desk, page) for page in listing.pages)))
            if is_first
            else (),
            pager=PagerView(
                number,
                count,
                "" if is_first else address(config, _nth(listing.path, number - 1)),
                "" if number == count else address(config, _nth(listing.path, number + 1)),
            ),
            feeds=tuple(LinkView(title, address(config, feed)) for title, feed in listing.feeds),
            extra=document.extra if document else {},
        )

    return view


def _redirect(desk: Desk, target: str) -> Callable[[], View]:
    config = desk.site.config
    view = RedirectView(
        config.title, address(config, target), absolute(config, target), config.language
    )
    return lambda: view


def _sitemap(desk: Desk) -> SitemapView:
    site = desk.site
    config = site.config
    entries = [SitemapEntry(absolute(config, "/"), "")]
    for document in (*site.listed, *(page for page in site.pages if not page.unlisted)):
        changed = document.updated or document.date
        entries.append(
            SitemapEntry(
                absolute(config, site.permalinks[document.path]), iso(changed) if changed else ""
            )
        )
    lists = [section_url(section.key) for section in site.sections if section.key]
    lists += [f"/tags/{term.slug}/" for term in site.tags]
    lists += [f"/archive/{year.number}/" for year in site.years]
    entries += [SitemapEntry(absolute(config, path), "") for path in lists]
    return SitemapView(tuple(entries))


def link_problems(documents: Iterable[Document], territory: Territory) -> Iterator[Problem]:
    """Yield what is wrong with the references in the texts of published documents."""
    for document in documents:
        if document.path in territory.permalinks:
            for link in document.body.links:
                problem = resolve(document, link, territory)[1]
                if problem:
                    yield problem
