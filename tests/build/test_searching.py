"""The index that browsers search: of what, when it is made anew, and exact from build to build."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CONFIG = "title: Scratch\nbase_url: https://example.org/\nsearch: true\n"
ARTICLE = "---\ntitle: {}\ndate: 2024-01-0{}\n{}---\nText of {}.\n"
FILES = {
    "config.yaml": CONFIG,
    "content/a.md": ARTICLE.format("One", 1, "", "one"),
    "content/b.md": ARTICLE.format("Two", 2, "unlisted: true\n", "two"),
    "comments/a/c1.yaml": "author: Ada\ndate: 2024-01-02\nbody: Yes.\n",
}


def index(site: object) -> dict[str, bytes]:
    return {path: data for path, data in site.outputs().items() if path.startswith("pagefind/")}


def fragments(site: object) -> list[str]:
    return [path for path in index(site) if path.startswith("pagefind/fragment/")]


def test_what_is_listed_is_in_the_index_and_the_page_leads_to_the_archive(site: Callable) -> None:
    scratch = site(FILES)
    assert not scratch.build().problems

    assert len(fragments(scratch)) == 1
    assert "pagefind/pagefind.js" in index(scratch)
    assert not [path for path in index(scratch) if "ui" in path.rpartition("/")[2]]
    page = scratch.text("search/index.html")
    assert '<form role="search" hidden ' in page
    assert '<a href="/archive/">' in page.split("<main", 1)[1].split("</main>", 1)[0]
    policy = page.split('Security-Policy" content="', 1)[1].split('"', 1)[0]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert "script-src" not in scratch.text("a/index.html")
    assert 'href="/search/"' in scratch.text("a/index.html")


def test_there_is_none_where_the_site_does_not_ask(site: Callable) -> None:
    scratch = site({**FILES, "config.yaml": CONFIG.replace("search: true\n", "")})
    scratch.build()

    assert not index(scratch)
    assert "search/index.html" not in scratch.outputs()
    assert "/search/" not in scratch.text("a/index.html")


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"content/a.md": ARTICLE.format("One", 1, "", "all")}, True),
        ({"comments/a/c1.yaml": "author: Ada\ndate: 2024-01-02\nbody: No.\n"}, True),
        ({"comments/a/c2.yaml": "author: Jo\ndate: 2024-01-02\nbody: Indeed.\n"}, True),
        ({"content/c.md": ARTICLE.format("Three", 3, "", "three")}, True),
        ({"content/a.md": ARTICLE.format("One", 1, "comments: hidden\n", "one")}, True),
        ({"content/b.md": ARTICLE.format("Two", 2, "unlisted: true\n", "another")}, False),
        ({"static/x.txt": "x"}, False),
    ],
    ids=["article", "comment", "new comment", "new article", "hidden", "unlisted", "file"],
)
def test_the_index_follows_the_texts(site: Callable, change: dict[str, str], differs: bool) -> None:
    scratch = site(FILES)
    scratch.build()
    before = index(scratch)
    scratch.write(change)
    assert not scratch.build().problems
    after = scratch.outputs()

    assert (index(scratch) != before) is differs
    scratch.build(remember=False)
    assert scratch.outputs() == after


def test_the_library_that_is_missing_is_named(
    site: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = site(FILES)
    monkeypatch.setitem(sys.modules, "pagefind", None)
    report = scratch.build()

    assert [problem.message for problem in report.problems] == [
        "searching needs Pagefind, which is not installed"
    ]
    assert "sitegen[search]" in report.problems[0].hint


def test_a_server_makes_no_index_and_leads_to_the_archive(site: Callable) -> None:
    scratch = site(FILES)
    assert not scratch.build(serving=True).problems

    assert not index(scratch)
    assert '<a href="/archive/">' in scratch.text("search/index.html")


def test_nothing_is_written_into_the_working_directory(
    site: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = site(FILES)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert not scratch.build().problems

    assert index(scratch)
    assert list((tmp_path / "elsewhere").iterdir()) == []
