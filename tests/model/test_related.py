from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from sitegen.model.related import related_articles
from sitegen.model.site import newest_first
from sitegen.model.taxonomies import all_taxonomies
from sitegen.sources.config import Config
from sitegen.sources.content import Document

CONFIG = Config(title="T", base_url="https://example.org/", taxonomies=("places",))
START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def article(name: str, tags: str, places: str = "", day: int = 0) -> Document:
    terms = {"places": tuple(places)} if places else {}
    date = START + dt.timedelta(days=day)
    return Document(
        f"content/{name}.md", "article", name, name, date, tags=tuple(tags), terms=terms
    )


def related(*articles: Document, number: int = 2) -> dict[str, str]:
    ordered = sorted(articles, key=newest_first)
    taxonomies, problems = all_taxonomies(CONFIG, ordered)
    assert not problems
    found = related_articles(ordered, taxonomies, number)
    return {
        path.removeprefix("content/").removesuffix(".md"): "".join(one.key for one in others)
        for path, others in found.items()
    }


def test_who_shares_more_terms_is_more_related_whatever_their_taxonomy() -> None:
    found = related(
        article("a", "xy", "p"), article("b", "x", "p"), article("c", "x", day=5), article("d", "z")
    )

    assert found == {"a": "bc", "b": "ac", "c": "ab"}


def test_of_equals_the_newer_comes_first_then_the_path() -> None:
    found = related(
        article("d", "x"), article("b", "x"), article("c", "x", day=1), article("a", "x")
    )

    assert found == {"c": "ab", "a": "cb", "b": "ca", "d": "ca"}


def test_nobody_is_related_where_none_is_wanted() -> None:
    assert related(article("a", "x"), article("b", "x"), number=0) == {}


@given(
    st.lists(st.tuples(st.text("uvwxyz", max_size=4), st.integers(0, 3)), max_size=8),
    st.integers(1, 4),
)
def test_it_is_what_comparing_all_with_all_gives(rows: list[tuple[str, int]], number: int) -> None:
    articles = [
        article(chr(97 + n), "".join(dict.fromkeys(tags)), day=day)
        for n, (tags, day) in enumerate(rows)
    ]
    ordered = sorted(articles, key=newest_first)
    expected = {}
    for one in articles:
        shared = [
            (len({*one.tags} & {*other.tags}), other) for other in ordered if other is not one
        ]
        best = sorted((pair for pair in shared if pair[0]), key=lambda pair: -pair[0])[:number]
        if best:
            expected[one.key] = "".join(other.key for _, other in best)

    assert related(*articles, number=number) == expected
