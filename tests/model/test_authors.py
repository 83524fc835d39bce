from __future__ import annotations

import datetime as dt

import pytest

from sitegen.model.authors import authors_of
from sitegen.model.taxonomies import AUTHORS, all_taxonomies
from sitegen.sources.config import Config
from sitegen.sources.content import Document
from sitegen.sources.people import Person, called_alike

JO = Person("jo", "Jo Stone", aliases=("Jo",))
IDA = Person("ida", "Ida")
CONFIG = Config("T", "https://example.org/", author="jo", authors=(JO, IDA), author_pages=True)


def article(name: str, *authors: str) -> Document:
    date = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    return Document(f"content/{name}.md", "article", name, name, date, authors=authors)


NAMED = {
    ("jo",): (JO,),
    ("Jo",): (JO,),
    ("Jo Stone", "Ida"): (JO, IDA),
    ("Jo", "jo"): (JO,),
    (): (JO,),
    ("JO",): (Person("", "JO"),),
    ("Guest",): (Person("", "Guest"),),
}


@pytest.mark.parametrize(("names", "authors"), NAMED.items())
def test_a_name_means_an_author(names: tuple[str, ...], authors: tuple[Person, ...]) -> None:
    assert authors_of(CONFIG, article("a", *names)) == authors


def test_every_name_of_an_author_leads_to_one_page() -> None:
    taxonomies, problems = all_taxonomies(
        CONFIG, [article("a", "Jo"), article("b", "jo", "Guest"), article("c")]
    )
    (authors,) = (taxonomy for taxonomy in taxonomies if taxonomy.name == AUTHORS)

    assert problems == []
    assert [(term.name, authors.path(term), len(term.articles)) for term in authors.terms] == [
        ("Guest", "/authors/guest/", 1), ("Jo Stone", "/authors/jo/", 3),
    ]  # fmt: skip


def test_a_guest_cannot_share_the_page_of_an_author() -> None:
    _, problems = all_taxonomies(CONFIG, [article("a", "Jo Stone"), article("b", "JO")])

    assert [problem.message for problem in problems] == [
        "authors `JO` and `Jo Stone` would share the address /authors/jo/"
    ]


def test_names_are_alike_whichever_they_are() -> None:
    assert called_alike((JO, IDA)) == ""
    assert called_alike((JO, Person("x", "jo"))) == "jo"
