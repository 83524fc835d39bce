"""Site -> every output that a template makes, as jobs: the plan of a build."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from sitegen.errors import Location
from sitegen.model.permalinks import output_path, section_url
from sitegen.model.site import Section, Site
from sitegen.model.taxonomies import AUTHORS, SERIES, TAGS, Taxonomy
from sitegen.model.threads import page_count
from sitegen.sources.config import PATH as CONFIG_PATH
from sitegen.sources.content import Document
from sitegen.views import pages
from sitegen.views.addresses import address
from sitegen.views.comments import nth_page
from sitegen.views.feed_jobs import FeedPlanner
from sitegen.views.frames import Furniture, frame
from sitegen.views.jobs import Holdings, Job, Known, Stored, known
from sitegen.views.links import NOTHING, Network
from sitegen.views.machine_jobs import MachinePlanner
from sitegen.views.part_records import CardView, LinkView, PagerView, TermView
from sitegen.views.parts import Part, PartName
from sitegen.views.relations import Web, title_of
from sitegen.views.sharing import picture_address

_SITE = Location(CONFIG_PATH)
TERMS = 1000
"""How many terms the list of all of them shows on one page."""
_TEMPLATES = {
    TAGS: ("tags.html", "tag.html"),
    SERIES: ("all-series.html", "series.html"),
    AUTHORS: ("authors.html", "author.html"),
}
"""Taxonomy -> the templates of the page of all its terms, and of the page of one."""


class Planner:
    """Makes the jobs of one site; what many jobs need is made once and kept."""

    def __init__(self, site: Site, holdings: Holdings, furniture: Furniture) -> None:
        self.site = site
        self.config = site.config
        self.holdings = holdings
        self.furniture = furniture
        self.frame = known(frame(site.config, furniture))
        self.sections = {section.key: section for section in site.sections}
        self.web = Web(site)
        self.network: Network = NOTHING  # known when there is something to link to
        self.cards: dict[str, Known[CardView]] = {}
        self.section_link = functools.cache(self._section_link)

    def address(self, path: str) -> str:
        return address(self.config, path)

    def output_paths(self) -> set[str]:
        """Return every output path of the plan, before links are known."""
        return {job.path for job in self.jobs()}

    def jobs(self) -> Iterator[Job]:
        """Yield all outputs in the order in which they are published: pages before lists."""
        yield from self._documents()
        for section in self.site.sections:
            yield from self._section(section)
        yield from self._taxonomies()
        feeds = FeedPlanner(self.site, self.holdings, self.frame, self.network, self.web)
        yield from feeds.jobs()
        machine = MachinePlanner(self.site, self.holdings, self.furniture, self.frame, self.network)
        yield from machine.jobs()

    def _documents(self) -> Iterator[Job]:
        for article in self.site.articles:
            relations = (self.web.relations(article),)
            yield from self._document(article, "article.html", pages.article_view, relations)
        for page in self.site.pages:
            yield from self._document(page, "page.html", pages.page_view, ())

    def _document(
        self, document: Document, template: str, make: Any, extra: tuple[Any, ...]
    ) -> Iterator[Job]:
        url = self.site.permalinks[document.path]
        state = self.site.comments[document.key]
        section = self.section_link(document.section)
        placed = pages.Placed(
            url,
            self.network.links.get(document.path, ()),
            section,
            state,
            self._code_style(document),
            self.network.backlinks.get(document.path, ()),
            picture_address(self.config, self.furniture.cards.get(document.path)),
        )
        common = (self.frame, self.holdings.documents[document.path], placed)
        arguments = (*common, self.holdings.bodies[document.path], self._part(document), *extra)
        source = document.at("slug")
        yield Job(output_path(url), document.template or template, source, make, arguments)
        summary = self.site.threads.get(document.key)
        if summary and summary.slots > self.config.comments.per_page:
            for number in range(2, page_count(summary.slots, self.config.comments.per_page) + 1):
                path = output_path(nth_page(url, number))
                further = (*common, self._part(document, number), number)
                yield Job(path, "comments-page.html", source, pages.comments_page_view, further)

    def _part(self, document: Document, number: int = 1) -> Stored | Part:
        """Return what a page of a document shows of its thread."""
        thread = self.holdings.thread(document)
        if self.site.comments[document.key] == "hidden" or not thread:
            return Part()
        name = PartName(thread.key, self.config.comments.per_page, number)
        return Stored("part", name, thread.digest)

    def _code_style(self, document: Document | None) -> str:
        """Return the address of the style sheet that a document's text needs."""
        return self.address(self.furniture.code_style) if document and document.code else ""

    def card(self, article: Document) -> Known[CardView]:
        found = self.cards.get(article.path)
        if found is None:
            summary = self.site.threads.get(article.key)
            count = summary.count if summary else None
            url = self.site.permalinks[article.path]
            found = known(pages.card_view(self.config, article, url, self.web.tags(article), count))
            self.cards[article.path] = found
        return found

    def _section_link(self, key: str) -> LinkView:
        while key and key not in self.sections:
            key = str(PurePosixPath(key).parent) if "/" in key else ""
        return LinkView(self._section_title(self.sections[key]), self.address(section_url(key)))

    def _section_title(self, section: Section) -> str:
        if section.document:
            return section.document.title
        name = PurePosixPath(section.key).name.replace("-", " ").capitalize()
        return name or self.config.title

    def _section(self, section: Section) -> Iterator[Job]:
        document = section.document
        template = "section.html" if section.key else "home.html"
        yield from self._list(
            self._section_title(section),
            section_url(section.key),
            (document.template if document else "") or template,
            document.at("slug") if document else _SITE,
            section.articles,
            document=document,
            inside=section.pages,
        )

    def _list(
        self,
        title: str,
        path: str,
        template: str,
        source: Location,
        articles: tuple[Document, ...],
        *,
        document: Document | None = None,
        inside: tuple[Document, ...] = (),
        parent: LinkView | None = None,
        list_feeds: tuple[LinkView, ...] = (),
    ) -> Iterator[Job]:
        """Yield the pages of one list of articles."""
        size = self.config.articles_per_page
        count = max(1, -(-len(articles) // size))
        for number in range(1, count + 1):
            is_first = number == 1
            listing = pages.Listing(
                title=title,
                path=_nth(path, number),
                lang=(document.lang if document else "") or self.config.language,
                description=document.description if document else "",
                parent=parent,
                pages=tuple(filter(None, map(self.web.link, inside))) if is_first else (),
                pager=self._pager(path, number, count),
                feeds=list_feeds,
                extra=document.extra if document else {},
                code_style=self._code_style(document) if is_first else "",
            )
            cards = tuple(map(self.card, articles[(number - 1) * size : number * size]))
            body = self.holdings.bodies[document.path] if document and is_first else None
            found = self.network.links.get(document.path, ()) if document else ()
            arguments = (self.frame, listing, cards, body, found)
            yield Job(output_path(listing.path), template, source, pages.list_view, arguments)

    def _taxonomies(self) -> Iterator[Job]:
        for taxonomy in self.site.taxonomies:
            yield from self._taxonomy(taxonomy)
        above = LinkView("Archive", self.address("/archive/"))
        years = []
        for year in self.site.years:
            path = f"/archive/{year.number}/"
            name = str(year.number)
            yield from self._list(name, path, "year.html", _SITE, year.articles, parent=above)
            years.append(TermView(name, self.address(path), len(year.articles)))
        yield from self._terms("Archive", "/archive/", "archive.html", years)

    def _taxonomy(self, taxonomy: Taxonomy) -> Iterator[Job]:
        """Yield the page of each term of a taxonomy, and that of all its terms."""
        title = title_of(taxonomy.name)
        above = LinkView(title, self.address(taxonomy.path()))
        all_terms, one_term = _TEMPLATES.get(taxonomy.name, ("taxonomy.html", "term.html"))
        terms = []
        for term in taxonomy.terms:
            path = taxonomy.path(term)
            names = (("Atom", f"{path}feed.xml"), ("JSON Feed", f"{path}feed.json"))
            yield from self._list(
                term.name,
                path,
                one_term,
                term.articles[0].at(taxonomy.name),
                term.articles,
                parent=above,
                list_feeds=tuple(LinkView(name, self.address(feed)) for name, feed in names),
            )
            terms.append(TermView(term.name, self.address(path), len(term.articles)))
        yield from self._terms(title, taxonomy.path(), all_terms, terms)

    def _terms(self, title: str, path: str, template: str, terms: list[TermView]) -> Iterator[Job]:
        """Yield the pages of a list of terms: no page grows with their number."""
        count = max(1, -(-len(terms) // TERMS))
        for number in range(1, count + 1):
            here = tuple(terms[(number - 1) * TERMS : number * TERMS])
            pager = self._pager(path, number, count)
            place = _nth(path, number)
            arguments = (self.frame, title, place, here, pager)
            yield Job(output_path(place), template, _SITE, pages.terms_view, arguments)

    def _pager(self, path: str, number: int, count: int) -> PagerView:
        before, after = (
            self.address(_nth(path, other)) if 0 < other <= count else ""
            for other in (number - 1, number + 1)
        )
        return PagerView(number, count, before, after)


def _nth(path: str, number: int) -> str:
    return path if number == 1 else f"{path}page/{number}/"
