"""A thread on several pages: full pages stay, and every address that was once given leads on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import feedparser
import pytest
from lxml import html

CONFIG = "title: T\nbase_url: https://example.org/sub/\ncomments: {per_page: 3}\n"
ARTICLE = "---\ntitle: Trip\ndate: 2018-02-19\nlang: de\n---\nText.\n"


def comment(number: int, **keys: str) -> tuple[str, str]:
    fields = {"author": f"Reader {number}", "date": f"2018-02-20T10:{number:02}:00Z", **keys}
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"comments/trip/c{number:02}.yaml", f"{text}body: Word {number}\n"


REMOVED = "date: 2018-02-20T10:01:00Z\nremoved: true\n"
SEVEN = dict(comment(number) for number in range(1, 8))
FILES = {"config.yaml": CONFIG, "content/trip.md": ARTICLE, **SEVEN}
PAGES = ["trip/index.html", "trip/comments/2/index.html", "trip/comments/3/index.html"]


def shown(made: Any, path: str) -> list[str]:
    page = html.fromstring(made.text(path))
    return [
        article.get("id").removeprefix("comment-")
        for article in page.xpath(
            "//article[.//*[@data-comment-body]][starts-with(@id, 'comment-')]"
        )
    ]


@pytest.fixture(params=["default", "plain"])
def themed(request: pytest.FixtureRequest, site: Callable[..., Any]) -> Callable[..., Any]:
    """A function that writes a site with one of the two themes that come with the tool."""

    def make(files: Mapping[str, str]) -> Any:
        return site({**files, "config.yaml": f"{CONFIG}theme: {request.param}\n"})

    return make


def test_a_thread_is_cut_into_pages_from_the_oldest_on(themed: Callable[..., Any]) -> None:
    made = themed(FILES)

    assert made.build().problems == ()
    assert [shown(made, path) for path in PAGES] == [
        ["c01", "c02", "c03"],
        ["c04", "c05", "c06"],
        ["c07"],
    ]


def test_a_reply_stands_with_what_it_answers_however_late(site: Callable[..., Any]) -> None:
    made = site(FILES | dict([comment(8, reply_to="c01"), comment(9, reply_to="c08")]))
    made.build()

    assert [shown(made, path) for path in PAGES] == [
        ["c01", "c08", "c09", "c02", "c03"],
        ["c04", "c05", "c06"],
        ["c07"],
    ]


def test_a_new_comment_leaves_full_pages_as_they_are(site: Callable[..., Any]) -> None:
    made = site(FILES)
    made.build()
    before = made.outputs()
    made.write(dict([comment(8)]))
    report = made.build()

    assert "trip/comments/3/index.html" in report.written.changed
    assert shown(made, PAGES[1]) == ["c04", "c05", "c06"]
    article = html.fromstring(made.text(PAGES[0]))
    assert shown(made, PAGES[0]) == ["c01", "c02", "c03"]
    assert article.xpath("//*[@id='comment-c08']//@href") == ["/sub/trip/comments/3/#comment-c08"]
    assert before[PAGES[0]] != made.outputs()[PAGES[0]]


def test_a_removed_comment_keeps_its_slot(site: Callable[..., Any]) -> None:
    made = site(FILES | {"comments/trip/c01.yaml": REMOVED})

    assert made.build().problems == ()
    assert [shown(made, path) for path in PAGES] == [
        ["c02", "c03"],
        ["c04", "c05", "c06"],
        ["c07"],
    ]


def test_every_comment_is_found_from_the_article_by_its_id(themed: Callable[..., Any]) -> None:
    made = themed(FILES)
    made.build()
    article = html.fromstring(made.text(PAGES[0]))

    for number in range(1, 8):
        (element,) = article.xpath(f"//*[@id='comment-c{number:02}']")
        if number > 3:
            (link,) = element.xpath(".//@href")
            path, _, fragment = link.removeprefix("/sub/").partition("#")
            assert fragment == element.get("id")
            assert f'id="{fragment}"' in made.text(f"{path}index.html")


def test_pages_lead_to_each_other_and_to_the_article(themed: Callable[..., Any]) -> None:
    made = themed(FILES)
    made.build()

    def links(path: str) -> list[str]:
        return html.fromstring(made.text(path)).xpath("//nav/*/a[@rel]/@href|//nav/a[@rel]/@href")

    assert [links(path) for path in PAGES] == [
        ["/sub/trip/comments/2/#comments"],
        ["/sub/trip/#comments", "/sub/trip/comments/3/#comments"],
        ["/sub/trip/comments/2/#comments"],
    ]
    second = html.fromstring(made.text(PAGES[1]))
    assert "/sub/trip/" in second.xpath("//a/@href")
    assert second.xpath("//link[@rel='canonical']/@href") == [
        "https://example.org/sub/trip/comments/2/"
    ]
    assert "Trip" in second.xpath("string(//h1)")


def test_the_links_of_all_pages_lead_somewhere(themed: Callable[..., Any]) -> None:
    done = themed(FILES).cli("check")

    assert (done.returncode, done.stderr) == (0, "")


def test_a_feed_keeps_ids_and_tells_where_comments_stand(site: Callable[..., Any]) -> None:
    made = site(FILES)
    made.build()
    entries = {
        entry.id: entry.link for entry in feedparser.parse(made.text("comments/feed.xml")).entries
    }

    page = "https://example.org/sub/trip/"
    assert entries[f"{page}#comment-c07"] == f"{page}comments/3/#comment-c07"
    assert entries[f"{page}#comment-c01"] == f"{page}#comment-c01"


def test_hidden_comments_have_no_pages(site: Callable[..., Any]) -> None:
    hidden = ARTICLE.replace("lang: de", "comments: hidden")
    made = site(FILES | {"content/trip.md": hidden})
    made.build()

    assert not [path for path in made.outputs() if path.startswith("trip/comments/")]


def test_a_thread_with_many_replies_can_be_folded(site: Callable[..., Any]) -> None:
    replies = dict(comment(number, reply_to="c01") for number in range(10, 16))
    one = dict([comment(16, reply_to="c02")])
    made = site(FILES | replies | one)
    made.build()
    page = html.fromstring(made.text(PAGES[0]))

    (fold,) = page.xpath("//details[@class='fold']")
    assert fold.get("open") is not None
    assert fold.xpath("string(summary)") == "6 Antworten"
    assert len(fold.xpath(".//article")) == 6
    assert fold.getparent().xpath("article/@id") == ["comment-c01"]
