"""Site -> what each article's page tells of others: its authors, terms, series, neighbours, relatives."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import msgspec

from sitegen.model.authors import authors_of
from sitegen.model.site import Site
from sitegen.model.taxonomies import AUTHORS, SERIES, TAGS, Taxonomy
from sitegen.sources.content import Document
from sitegen.sources.people import Person
from sitegen.views.addresses import address
from sitegen.views.pages import Relations
from sitegen.views.part_records import AuthorView, LinkView, SeriesView, TaxonomyView


class Web:
    """The links between the articles of one site; what many pages need is made once and kept."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.config = site.config
        self.terms = {taxonomy.name: self._term_links(taxonomy) for taxonomy in site.taxonomies}
        self.series = self._series()
        self.neighbours = _neighbours(site.listed)
        self.author = functools.cache(self._author)

    def _term_links(self, taxonomy: Taxonomy) -> dict[str, LinkView]:
        """Return every way to write a term -> the link to its page."""
        return {
            spelling: LinkView(term.name, address(self.config, taxonomy.path(term)))
            for term in taxonomy.terms
            for spelling in term.spellings
        }

    def link(self, document: Document | None) -> LinkView | None:
        """Return the link to a document's page."""
        if document is None:
            return None
        return LinkView(document.title, address(self.config, self.site.permalinks[document.path]))

    def links_to_terms(self, taxonomy: str, names: Iterable[str]) -> tuple[LinkView, ...]:
        """Return the links to terms by their names, each once, in the order of the names."""
        links = self.terms[taxonomy]
        return tuple(dict.fromkeys(links[name] for name in names if name in links))

    def tags(self, article: Document) -> tuple[LinkView, ...]:
        """Return the tags of an article with the addresses of their pages, in its own order."""
        return self.links_to_terms(TAGS, article.tags)

    def relations(self, article: Document) -> Relations:
        """Return all that an article's page tells of other pages."""
        newer, older = self.neighbours.get(article.path, (None, None))
        related = self.site.related.get(article.path, ())
        return Relations(
            authors=tuple(map(self.author, authors_of(self.config, article))),
            tags=self.tags(article),
            taxonomies=tuple(self._taxonomies(article)) if article.terms else (),
            series=self.series.get(article.path),
            newer=self.link(newer),
            older=self.link(older),
            related=tuple(filter(None, map(self.link, related))),
        )

    def _taxonomies(self, article: Document) -> Iterable[TaxonomyView]:
        for name in self.config.taxonomies:
            links = self.links_to_terms(name, article.terms.get(name, ()))
            if links:
                yield TaxonomyView(title_of(name), address(self.config, f"/{name}/"), links)

    def _author(self, person: Person) -> AuthorView:
        own = self.terms.get(AUTHORS, {}).get(person.name)
        return AuthorView(person.name, own.url if own else person.url)

    def _series(self) -> dict[str, SeriesView]:
        """Return path of an article -> its place in its series."""
        found = {}
        taxonomies = (one for one in self.site.taxonomies if one.name == SERIES)
        for taxonomy in taxonomies:
            for term in taxonomy.terms:
                url = address(self.config, taxonomy.path(term))
                whole = SeriesView(term.name, url, 0, len(term.articles), None, None)
                around = _neighbours(term.articles)
                for number, article in enumerate(term.articles, 1):
                    previous, following = map(self.link, around[article.path])
                    found[article.path] = msgspec.structs.replace(
                        whole, number=number, previous=previous, next=following
                    )
        return found


def _neighbours(
    articles: tuple[Document, ...],
) -> dict[str, tuple[Document | None, Document | None]]:
    """Return path -> the articles just before and just after it."""
    padded = (None, *articles, None)
    around = zip(padded, articles, padded[2:], strict=False)
    return {article.path: (before, after) for before, article, after in around}


def title_of(taxonomy: str) -> str:
    """Return the name of a taxonomy as pages show it."""
    return taxonomy.replace("_", " ").capitalize()
