"""Sites of unusual shape: no page, and no work for one page, grows with the number of the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from lxml import html
from markupsafe import Markup

from sitegen.build import library
from sitegen.model.threads import thread
from sitegen.sources.comments import Comment
from sitegen.views import plan
from sitegen.views.machine_records import SitemapEntry
from sitegen.views.machines import MOST_BYTES, in_sitemaps
from sitegen.views.parts import POINTERS, Arrangement, Entries, ThreadEntry

CONFIG = "title: T\nbase_url: https://example.org/sub/\n"
FIRST = dt.datetime(2018, 2, 20, tzinfo=dt.UTC)


def _entries(count: int, reply_to: Callable[[int], str] = lambda number: "") -> Entries:
    return tuple(
        ThreadEntry(
            Comment(
                path=f"comments/a/c{number}.yaml",
                target="a",
                id=f"c{number}",
                author="Jo",
                date=FIRST + dt.timedelta(minutes=number),
                reply_to=reply_to(number),
            ),
            Markup("<p>Text.</p>"),
        )
        for number in range(count)
    )


@pytest.mark.parametrize("theme", ["default", "plain"])
def test_the_list_of_all_terms_is_cut_into_pages(
    theme: str, site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "TERMS", 2)
    tags = ["ant", "bee", "cow", "dog", "eel"]
    article = f"---\ntitle: A\ndate: 2018-02-19\ntags: {tags}\n---\nText.\n"
    made = site({"config.yaml": f"{CONFIG}theme: {theme}\n", "content/a.md": article})
    assert made.build().problems == ()

    paths = ["tags/index.html", "tags/page/2/index.html", "tags/page/3/index.html"]
    pages = [html.fromstring(made.text(path)) for path in paths]
    terms = [page.xpath("//main//li/a/text()") for page in pages]
    assert terms == [["ant", "bee"], ["cow", "dog"], ["eel"]]
    assert [page.xpath("//main//nav//a/@href") for page in pages] == [
        ["/sub/tags/page/2/"],
        ["/sub/tags/", "/sub/tags/page/3/"],
        ["/sub/tags/page/2/"],
    ]
    assert not (made.output / "tags/page/4").exists()


def test_a_long_thread_is_arranged_once_for_all_its_pages(
    site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []

    class Counted(Arrangement):
        def __init__(self, entries: Entries, per_page: int) -> None:
            sizes.append(len(entries))
            super().__init__(entries, per_page)

    monkeypatch.setattr(library, "Arrangement", Counted)
    comments = {
        f"comments/a/c{number:02}.yaml": f"date: 2018-02-20T10:{number:02}:00Z\nauthor: Jo\nbody: B\n"
        for number in range(40)
    }
    config = f"{CONFIG}comments: {{per_page: 2}}\n"
    article = "---\ntitle: A\ndate: 2018-02-19\n---\nText.\n"
    made = site({"config.yaml": config, "content/a.md": article, **comments})

    assert made.build(jobs=1).problems == ()
    assert sizes == [40]
    assert (made.output / "a/comments/20/index.html").exists()


def test_a_page_of_a_thread_carries_no_other_page() -> None:
    whole = Arrangement(_entries(5000), 100)

    first, second, last = whole.part(1), whole.part(2), whole.part(50)

    assert [reply.comment.id for reply in second.replies] == [f"c{n}" for n in range(100, 200)]
    assert len(first.replies) == len(last.replies) == len(last.html) == 100
    assert (last.count, last.slots, last.elsewhere) == (5000, 5000, ())
    assert [pointer.id for pointer in first.elsewhere] == [
        f"comment-c{number}" for number in range(100, 100 + POINTERS)
    ]


def test_a_chain_of_replies_may_be_as_long_as_strangers_make_it() -> None:
    chain = _entries(20_000, lambda number: f"c{number - 1}" if number else "")

    replies, problems = thread(entry.comment for entry in chain)

    assert problems == []
    assert replies[-1].depth == 19_999
    assert len(Arrangement(chain, 100).part(1).replies) == 20_000


def test_a_sitemap_holds_no_more_bytes_than_it_may() -> None:
    entries = [SitemapEntry(f"https://example.org/{'&' * 20_000}{n}/", "") for n in range(1200)]

    parts = list(in_sitemaps(entries))

    assert [entry for part in parts for entry in part] == entries
    assert all(5 * sum(len(entry.url) for entry in part) < MOST_BYTES for part in parts)
    assert len(parts) == 3
