"""Values -> what is published for crawlers, hosts and programs: sitemaps, rules, copies in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sitegen.markup.articles.rendering import shortened
from sitegen.sources.config import Config
from sitegen.sources.content import Document, Source
from sitegen.views.addresses import absolute, address
from sitegen.views.dates import iso
from sitegen.views.frames import Frame
from sitegen.views.links import Links
from sitegen.views.machine_records import (
    FileView,
    RobotsView,
    SitemapEntry,
    SitemapIndexView,
    SitemapView,
)
from sitegen.views.pages import summary_of
from sitegen.views.records import HeadersView, NotFoundView, RedirectView, SearchView

MOST = 50_000  # addresses in one sitemap, by sitemaps.org
MOST_BYTES = 50 * 2**20  # of one sitemap, by the same
_FRAME = 200  # bytes of an entry beside its address, and more
Listed = tuple[str, str, str]
"""A page as llms.txt names it: its title, its address, its summary."""


def not_found_view(frame: Frame) -> NotFoundView:
    """Return what a host shows for an address that is not there."""
    return NotFoundView(frame.site, "Not found", address(frame.config, "/404.html"))


def search_view(frame: Frame) -> SearchView:
    """Return the page to search the site."""
    config = frame.config
    urls = address(config, "/search/"), absolute(config, "/search/")
    return SearchView(frame.site, "Search", *urls, address(config, "/pagefind/pagefind.js"))


def redirect_view(frame: Frame, target: str) -> RedirectView:
    """Return the page at an old address."""
    config = frame.config
    return RedirectView(frame.site, config.title, address(config, target), absolute(config, target))


def sitemap_view(entries: tuple[SitemapEntry, ...]) -> SitemapView:
    """Return a sitemap."""
    return SitemapView(entries)


def sitemap_index_view(urls: tuple[str, ...]) -> SitemapIndexView:
    """Return the list of all sitemaps."""
    return SitemapIndexView(urls)


def in_sitemaps(entries: Iterable[SitemapEntry]) -> Iterator[tuple[SitemapEntry, ...]]:
    """Yield the entries of each sitemap: no more than one may hold, and no more than its bytes."""
    part: list[SitemapEntry] = []
    length = 0
    for entry in entries:
        size = 5 * len(entry.url) + _FRAME  # every character may be written as `&amp;`
        if len(part) == MOST or length + size > MOST_BYTES:
            yield tuple(part)
            part, length = [], 0
        part.append(entry)
        length += size
    yield tuple(part)


def file_view(data: bytes) -> FileView:
    """Return bytes that are published as they stand."""
    return FileView(data)


def robots_view(sitemap_url: str) -> RobotsView:
    """Return what crawlers are told."""
    return RobotsView(sitemap_url)


def headers_view(frame: Frame) -> HeadersView:
    """Return what a static host sends with every page."""
    return HeadersView(frame.site)


def redirects_view(config: Config, pairs: tuple[tuple[str, str], ...]) -> FileView:
    """Return the old addresses in the form that Netlify and Cloudflare Pages read.

    Args:
        config: Tells the site's address.
        pairs: An old path of the site, and that which has taken its place.
    """
    lines = (f"{address(config, old)} {address(config, new)} 301\n" for old, new in pairs)
    return FileView("".join(lines).encode())


def listed(config: Config, document: Document, url: str) -> Listed:
    """Return a document as llms.txt names it."""
    where = markdown_path(url) if config.markdown_copies else url
    return document.title, absolute(config, where), shortened(summary_of(document), 160)


def llms_view(config: Config, pages: tuple[Listed, ...], articles: tuple[Listed, ...]) -> FileView:
    """Return the site's contents for language models, in the form of llmstxt.org."""
    about = f"\n> {config.description}\n" if config.description else ""
    parts = [f"# {config.title}\n{about}"]
    for name, items in (("Pages", pages), ("Articles", articles)):
        lines = (
            f"- [{_in_brackets(title)}]({url}){f': {summary}' if summary else ''}\n"
            for title, url, summary in items
        )
        parts += [f"\n## {name}\n\n{''.join(lines)}"] if items else []
    return FileView("".join(parts).encode())


def _in_brackets(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def markdown_path(url: str) -> str:
    """Return the path of the Markdown copy of a page.

    >>> markdown_path("/posts/trip/")
    '/posts/trip/index.md'
    """
    return f"{url}index.md"


def markdown_view(
    config: Config, document: Document, source: Source, url: str, links: Links
) -> FileView:
    """Return a document's Markdown, with its title, and with whole addresses for its links."""
    lines = source.text.split("\n")
    places = zip(document.links, links, strict=True)
    # From the end, so that what is put in moves nothing that is still to be found.
    for link, found in sorted(places, key=lambda pair: (-pair[0].line, -pair[0].column)):
        row, column = link.line - source.line, link.column - 1
        if 0 <= row < len(lines) and lines[row].startswith(link.ref, column):
            whole = absolute(config, found.path) + found.suffix
            lines[row] = lines[row][:column] + whole + lines[row][column + len(link.ref) :]
    about = [f"# {document.title}", "", f"Source: {absolute(config, url)}"]
    about += [f"Date: {iso(document.date)}"] if document.date else []
    return FileView(("\n".join([*about, "", *lines]).strip("\n") + "\n").encode())
