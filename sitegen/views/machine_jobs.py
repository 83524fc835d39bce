"""Site -> the jobs of what is published for crawlers, hosts and programs."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.errors import Location
from sitegen.model.permalinks import output_path, section_url
from sitegen.model.site import Site
from sitegen.sources.config import PATH as CONFIG_PATH
from sitegen.sources.content import Document
from sitegen.views.addresses import absolute
from sitegen.views.dates import iso
from sitegen.views.frames import Frame, Furniture
from sitegen.views.jobs import Holdings, Job, Known, Stored
from sitegen.views.links import Network
from sitegen.views.machine_records import SitemapEntry
from sitegen.views.machines import (
    Listed,
    file_view,
    headers_view,
    in_sitemaps,
    listed,
    llms_view,
    markdown_path,
    markdown_view,
    not_found_view,
    redirect_view,
    redirects_view,
    robots_view,
    search_view,
    sitemap_index_view,
    sitemap_view,
)

_SITE = Location(CONFIG_PATH)


class MachinePlanner:
    """Makes these jobs of one site."""

    def __init__(
        self,
        site: Site,
        holdings: Holdings,
        furniture: Furniture,
        frame: Known[Frame],
        network: Network,
    ) -> None:
        self.site = site
        self.config = site.config
        self.holdings = holdings
        self.furniture = furniture
        self.frame = frame
        self.network = network

    def jobs(self) -> Iterator[Job]:
        """Yield them all."""
        yield Job("404.html", "404.html", _SITE, not_found_view, (self.frame,))
        if self.config.search:
            yield Job("search/index.html", "search.html", _SITE, search_view, (self.frame,))
        yield from self._sitemaps()
        if self.furniture.code_style:
            path = self.furniture.code_style.lstrip("/")
            yield Job(path, "", _SITE, file_view, (self.furniture.code_rules.encode(),))
        for redirect in self.site.redirects:
            arguments = (self.frame, redirect.target)
            path = output_path(redirect.alias)
            yield Job(path, "redirect.html", redirect.source, redirect_view, arguments)
        for job in self._of_one_name():
            if job.path not in self.furniture.own:
                yield job
        if self.config.markdown_copies:
            yield from map(self._markdown, (*self.site.articles, *self.site.pages))

    def _sitemaps(self) -> Iterator[Job]:
        parts = list(in_sitemaps(self._addresses()))
        names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
        if len(parts) > 1:
            urls = tuple(absolute(self.config, f"/{name}") for name in names)
            name = "sitemap-index.xml"
            yield Job("sitemap.xml", name, _SITE, sitemap_index_view, (urls,))
        else:
            names = ["sitemap.xml"]
        for name, entries in zip(names, parts, strict=True):
            yield Job(name, "sitemap.xml", _SITE, sitemap_view, (entries,))

    def _of_one_name(self) -> Iterator[Job]:
        """Yield what a site may replace by a file of its own."""
        robots = (absolute(self.config, "/sitemap.xml"),)
        yield Job("robots.txt", "robots.txt", _SITE, robots_view, robots)
        yield Job("_headers", "headers.txt", _SITE, headers_view, (self.frame,))
        pairs = tuple((redirect.alias, redirect.target) for redirect in self.site.redirects)
        if pairs:
            yield Job("_redirects", "", _SITE, redirects_view, (self.config, pairs))
        if self.config.llms_txt:
            pages = tuple(map(self._listed, (one for one in self.site.pages if not one.unlisted)))
            articles = tuple(map(self._listed, self.site.listed))
            arguments = (self.config, pages, articles)
            yield Job("llms.txt", "", _SITE, llms_view, arguments)

    def _listed(self, document: Document) -> Listed:
        return listed(self.config, document, self.site.permalinks[document.path])

    def _markdown(self, document: Document) -> Job:
        url = self.site.permalinks[document.path]
        body = self.holdings.bodies[document.path]
        arguments = (
            self.config,
            self.holdings.documents[document.path],
            Stored("source", body.key, body.digest),
            url,
            self.network.links.get(document.path, ()),
        )
        path = markdown_path(url).lstrip("/")
        return Job(path, "", document.at("slug"), markdown_view, arguments)

    def _addresses(self) -> Iterator[SitemapEntry]:
        yield SitemapEntry(absolute(self.config, "/"), "")
        for document in (
            *self.site.listed,
            *(page for page in self.site.pages if not page.unlisted),
        ):
            changed = document.updated or document.date
            url = absolute(self.config, self.site.permalinks[document.path])
            yield SitemapEntry(url, iso(changed) if changed else "")
        lists = [section_url(section.key) for section in self.site.sections if section.key]
        lists += [one.path(term) for one in self.site.taxonomies for term in one.terms]
        lists += [f"/archive/{year.number}/" for year in self.site.years]
        for path in lists:
            yield SitemapEntry(absolute(self.config, path), "")
