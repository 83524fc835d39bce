from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import Location
from sitegen.model.permalinks import (
    Claim,
    collisions,
    output_path,
    permalink,
    section_url,
)
from sitegen.sources.config_kinds import Permalinks
from sitegen.sources.content import Document, content_key
from sitegen.sources.file_names import same_place

VIENNA = ZoneInfo("Europe/Vienna")
NEW_YEAR = dt.datetime(2017, 12, 31, 23, 30, tzinfo=dt.UTC)
"""Half past midnight of 1 January 2018 in Vienna."""


def document(path: str, slug: str = "") -> Document:
    name = PurePosixPath(path).name
    kind = "section" if name == "_index.md" else "article"
    return Document(path, kind, content_key(path), "T", date=NEW_YEAR, slug=slug)  # type: ignore[arg-type]


PATTERNS = {
    ("/{section}/{slug}/", "content/posts/trip.md", ""): "/posts/trip/",
    ("/{section}/{slug}/", "content/trip.md", ""): "/trip/",
    ("/{section}/{slug}/", "content/posts/Trip To Rome.md", ""): "/posts/trip-to-rome/",
    ("/{section}/{slug}/", "content/My Posts/trip.md", ""): "/my-posts/trip/",
    ("/{section}/{slug}/", "content/posts/trip/index.md", ""): "/posts/trip/",
    ("/{section}/{slug}/", "content/posts/trip.md", "Ein-Tag"): "/posts/Ein-Tag/",
    ("/{section}/{slug}/", "content/posts/Über.md", ""): "/posts/über/",
    ("/{section}/{slug}/", "content/posts/U\u0308ber.md", ""): "/posts/über/",
    ("/{section}/{slug}/", "content/posts/你好.md", ""): "/posts/你好/",
    ("/{section}/{slug}/", "content/posts/!!!.md", ""): "/posts/untitled/",
    ("/{section}/{slug}/", "content/posts/v1.2.md", ""): "/posts/v1-2/",
    ("/{year}/{month}/{day}/{slug}/", "content/a/trip.md", ""): "/2018/01/01/trip/",
    ("/{year}-{month}/{slug}/", "content/a/trip.md", ""): "/2018-01/trip/",
    ("/blog/{slug}/", "content/a/trip.md", ""): "/blog/trip/",
    ("/{section}/{slug}/", "content/a/trip.md", "u\u0308"): "/a/ü/",
    ("/{section}/{slug}/", "content/a/_index.md", ""): "/a/",
    ("/blog/{slug}/", "content/a/b/_index.md", "x"): "/a/b/",
    ("/blog/{slug}/", "content/_index.md", ""): "/",
}


@pytest.mark.parametrize(("given_", "meant"), PATTERNS.items())
def test_the_pattern_makes_the_permalink(given_: tuple[str, str, str], meant: str) -> None:
    pattern, path, slug = given_

    assert permalink(document(path, slug), Permalinks(article=pattern), VIENNA) == meant


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"),
        min_size=1,
        max_size=30,
    )
)
def test_every_name_has_a_permalink_that_stays_in_the_site(name: str) -> None:
    found = permalink(document(f"content/posts/{name}.md"), Permalinks(), VIENNA)

    assert found.startswith("/posts/")
    assert found.endswith("/")
    assert found.count("/") == 3
    assert not {".", ".."} & set(found.split("/"))
    assert unicodedata.is_normalized("NFC", found)


OUTPUTS = {
    "/": "index.html",
    "/a/": "a/index.html",
    "/a/b.html": "a/b.html",
    "/a/b.htm": "a/b.htm",
    "/a/b": "a/b/index.html",
    "/a/b.aspx": "a/b.aspx/index.html",
    "/über/": "über/index.html",
}


@pytest.mark.parametrize(("url", "path"), OUTPUTS.items())
def test_a_path_of_the_site_is_served_from_one_file(url: str, path: str) -> None:
    assert output_path(url) == path


def test_the_home_section_is_the_home_page() -> None:
    assert section_url("") == "/"


def claims(*paths: str) -> list[Claim]:
    return [Claim(path, Location(f"content/{n}.md", n + 1, 1)) for n, path in enumerate(paths)]


CLASHES = {
    "same": ("a/index.html", "a/index.html"),
    "case": ("A/index.html", "a/index.html"),
    "case of a folder": ("A/x.html", "a/X.html"),
    "sharp s": ("straße/index.html", "STRASSE/index.html"),
    "composed and decomposed": ("caf\u00e9/index.html", "cafe\u0301/index.html"),
    "composed and decomposed, case": ("CAF\u00c9/index.html", "cafe\u0301/index.html"),
    "file, then folder": ("a", "a/index.html"),
    "folder, then file": ("a/index.html", "a"),
    "deep folder, then file": ("a/b/c/index.html", "a/b"),
    "file, then folder in other case": ("A", "a/index.html"),
}


@pytest.mark.parametrize("paths", CLASHES.values(), ids=CLASHES)
def test_two_outputs_that_some_file_system_takes_for_one_are_a_problem(
    paths: tuple[str, str],
) -> None:
    problems = collisions(claims(*paths))

    assert [problem.code for problem in problems] == ["collision"]
    assert problems[0].location.path == "content/1.md"
    assert "`content/0.md:1:1`" in problems[0].message


def test_each_of_three_after_the_first_is_told() -> None:
    assert len(collisions(claims("a", "A", "a"))) == 2


def test_what_differs_is_no_problem() -> None:
    assert (
        collisions(
            claims("a/index.html", "a/b/index.html", "ab/index.html", "a.html", "i/x", "ı/x")
        )
        == []
    )


RESERVED = ["con/index.html", "CON/index.html", "a/aux.html", "nul", "com1/x", "LPT9.txt", "a./index.html",
            "a /index.html", "../index.html", "a/../index.html", "prn.tar.gz"]  # fmt: skip


@pytest.mark.parametrize("path", RESERVED)
def test_what_cannot_be_a_file_everywhere_is_a_problem(path: str) -> None:
    assert [problem.code for problem in collisions(claims(path))] == ["file-name"]


@pytest.mark.parametrize(
    "path", ["console/index.html", "com10/x", "a.con/index.html", "com/index.html"]
)
def test_what_only_looks_reserved_is_not(path: str) -> None:
    assert collisions(claims(path)) == []


@given(st.text(max_size=20))
def test_the_measure_of_sameness_is_stable(path: str) -> None:
    assert same_place(same_place(path)) == same_place(path)
    assert same_place(unicodedata.normalize("NFD", path)) == same_place(
        unicodedata.normalize("NFC", path)
    )
