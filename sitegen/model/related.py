"""Articles -> for each the other articles that share most terms with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sitegen.model.taxonomies import Taxonomy
from sitegen.sources.content import Document


def related_articles(
    articles: Sequence[Document], taxonomies: Sequence[Taxonomy], number: int
) -> Mapping[str, tuple[Document, ...]]:
    """Return path -> at most `number` articles that share terms with that one.

    Those that share more come first, then the newer ones, then by path.

    Args:
        articles: Newest first, then by path.
        taxonomies: Whose terms count.
        number: How many are wanted.
    """
    places = {article.path: place for place, article in enumerate(articles)}
    bearers: list[list[int]] = []
    terms_of: list[list[int]] = [[] for _ in articles]
    for taxonomy in taxonomies if number else ():
        for term in taxonomy.terms:
            for article in term.articles:
                terms_of[places[article.path]].append(len(bearers))
            bearers.append([places[article.path] for article in term.articles])
    # Articles with the same terms have the same candidates, so these are counted once.
    ranked: dict[tuple[int, ...], list[int]] = {}
    found = {}
    for place, terms in enumerate(terms_of):
        key = tuple(terms)
        if not key:
            continue
        if key not in ranked:
            ranked[key] = _best(key, bearers, number + 1)
        others = [other for other in ranked[key] if other != place][:number]
        if others:
            found[articles[place].path] = tuple(articles[other] for other in others)
    return found


def _best(terms: Sequence[int], bearers: Sequence[list[int]], number: int) -> list[int]:
    """Return the places of the articles that share most of some terms, the newest of equals first."""
    shared: Counter[int] = Counter()
    for term in terms:
        shared.update(bearers[term])
    best: list[int] = []
    for count in range(len(terms), 0, -1):
        if len(best) < number:
            best += sorted(place for place, many in shared.items() if many == count)
    return best[:number]
