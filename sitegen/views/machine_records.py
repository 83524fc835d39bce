"""What the templates of feeds, sitemaps and texts for machines see: more of the theme interface."""

from __future__ import annotations

import msgspec


class EntryView(msgspec.Struct, frozen=True):
    """One item of a feed."""

    id: str
    url: str
    title: str
    author: str
    author_url: str
    published: str
    updated: str
    html: str
    """As text: a feed escapes it."""
    summary: str
    tags: tuple[str, ...]
    lang: str
    in_reply_to: str = ""
    """What a comment answers (RFC 4685): the id of an entry."""
    in_reply_to_url: str = ""


class FeedView(msgspec.Struct, frozen=True):
    """A feed: `atom.xml`."""

    title: str
    subtitle: str
    url: str
    """Absolute address of the feed."""
    home_url: str
    """Absolute address of the page that it belongs to."""
    author: str
    language: str
    updated: str
    entries: tuple[EntryView, ...]


class SitemapEntry(msgspec.Struct, frozen=True):
    """One address of the sitemap; `updated` is empty where nothing is known."""

    url: str
    updated: str


class SitemapView(msgspec.Struct, frozen=True):
    """The sitemap: `sitemap.xml`."""

    entries: tuple[SitemapEntry, ...]


class SitemapIndexView(msgspec.Struct, frozen=True):
    """The list of all sitemaps of a site with more pages than one may hold: `sitemap-index.xml`."""

    urls: tuple[str, ...]


class RobotsView(msgspec.Struct, frozen=True):
    """What crawlers may do: `robots.txt`."""

    sitemap_url: str


class FileView(msgspec.Struct, frozen=True):
    """Bytes that are published as they stand, by no template."""

    data: bytes
