from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from sitegen.model.taxonomies import all_taxonomies, term_slug, terms, years
from sitegen.sources.config import Config
from sitegen.sources.content import Document


def article(name: str, *tags: str, date: str = "2018-01-01T00:00:00") -> Document:
    moment = dt.datetime.fromisoformat(date).replace(tzinfo=dt.UTC)
    return Document(f"content/{name}.md", "article", name, name, date=moment, tags=tags)


SLUGS = {
    "C": "c",
    "C#": "c-sharp",
    "C++": "c-plus-plus",
    "F#": "f-sharp",
    ".NET": "net",
    "Open Source": "open-source",
    "open_source": "open-source",
    "#hashtag": "hashtag",
    "Économie": "économie",
    "日本": "日本",
    "!": "",
}


@pytest.mark.parametrize(("name", "slug"), SLUGS.items())
def test_a_tag_has_a_slug(name: str, slug: str) -> None:
    assert term_slug(name) == slug


def test_spellings_of_one_tag_are_one_tag_shown_as_it_is_most_often_written() -> None:
    found, problems = terms(
        [article("a", "Open Source"), article("b", "open-source"), article("c", "Open Source")]
    )

    assert problems == []
    assert [(t.name, t.slug, t.spellings) for t in found] == [
        ("Open Source", "open-source", ("Open Source", "open-source"))
    ]
    assert [one.key for one in found[0].articles] == ["a", "b", "c"]


def test_of_spellings_equally_frequent_the_first_in_order_is_shown() -> None:
    assert [t.name for t in terms([article("a", "python"), article("b", "Python")])[0]] == [
        "Python"
    ]


def test_an_article_with_two_spellings_of_a_tag_is_listed_once() -> None:
    found, _ = terms([article("a", "Python", "python")])

    assert [len(t.articles) for t in found] == [1]


def test_different_names_with_one_address_are_a_problem() -> None:
    _, problems = terms([article("a", "C++"), article("b", "C plus plus!")])

    assert [(p.location.path, p.code) for p in problems] == [("content/b.md", "tag")]
    assert "/tags/c-plus-plus/" in problems[0].message


def test_a_tag_without_a_letter_is_a_problem() -> None:
    found, problems = terms([article("a", "!")])

    assert found == ()
    assert [p.message for p in problems] == ["tag `!` has no letter or digit"]


def test_tags_are_in_order_of_their_names() -> None:
    assert [t.name for t in terms([article("a", "b", "C", "a", "é")])[0]] == ["a", "b", "C", "é"]


def test_a_year_is_the_site_s_not_utc_s() -> None:
    new_year = article("a", date="2017-12-31T23:30:00")

    assert [year.number for year in years([new_year], ZoneInfo("Europe/Vienna"))] == [2018]
    assert [year.number for year in years([new_year], ZoneInfo("UTC"))] == [2017]


def test_the_newest_year_comes_first() -> None:
    found = years([article("a"), article("b", date="2020-05-05T00:00:00")], ZoneInfo("UTC"))

    assert [year.number for year in found] == [2020, 2018]


def test_an_author_without_a_letter_is_told_where_he_is_named() -> None:
    config = Config("T", "https://example.org/", author_pages=True)
    date = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)
    lines = {"title": 2, "author": 4}
    document = Document("content/a.md", "article", "a", "a", date=date, authors=("!",), lines=lines)

    (problem,) = all_taxonomies(config, [document])[1]

    assert problem.message == "author `!` has no letter or digit"
    assert problem.location.line == 4
