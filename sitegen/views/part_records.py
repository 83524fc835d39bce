"""What the views of several pages have in common: more of the theme interface."""

from __future__ import annotations

from typing import Literal

import msgspec


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


class HeadingView(msgspec.Struct, frozen=True):
    """A heading of the body, for a table of contents."""

    level: int
    id: str
    text: str


class PagerView(msgspec.Struct, frozen=True):
    """Where a page stands among those of one list."""

    number: int
    count: int
    newer: str
    """Address of the page before; empty on the first."""
    older: str
