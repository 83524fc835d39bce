from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest

FILES = {
    "config.yaml": "title: T\nbase_url: https://example.org/blog/\n",
    "content/about.md": "---\ntitle: About\n---\n## Us\n\n## Über uns\n",
    "content/posts/_index.md": "---\ntitle: Posts\n---\n",
    "content/posts/other.md": "---\ntitle: Other\ndate: 2020-01-01\nslug: anders\n---\n## A part\n",
    "content/posts/trip/index.md": "---\ntitle: Trip\ndate: 2020-01-02\n---\n",
    "content/posts/trip/map.txt": "map",
    "content/posts/later.md": "---\ntitle: Later\ndate: 2030-01-01\n---\n",
    "content/files/paper.txt": "paper",
    "static/own.css": "x",
}

RESOLVED = {
    "other.md": "/blog/posts/anders/",
    "./other.md": "/blog/posts/anders/",
    "../posts/other.md": "/blog/posts/anders/",
    "other.md#a-part": "/blog/posts/anders/#a-part",
    "other.md?x=1#a-part": "/blog/posts/anders/?x=1#a-part",
    "../about.md": "/blog/about/",
    "../about.md#us": "/blog/about/#us",
    "../about.md#%C3%BCber-uns": "/blog/about/#%C3%BCber-uns",
    "trip/index.md": "/blog/posts/trip/",
    "trip": "/blog/posts/trip/",
    "trip/": "/blog/posts/trip/",
    "trip/map.txt": "/blog/posts/trip/map.txt",
    "../files/paper.txt": "/blog/files/paper.txt",
    "_index.md": "/blog/posts/",
    "/": "/blog/",
    "/about/": "/blog/about/",
    "/own.css": "/blog/own.css",
    "/feed.xml": "/blog/feed.xml",
    "#here": "#here",
    "#top": "#top",
    "#comments": "#comments",
    "#add-comment": "#add-comment",
    "other.md#main": "/blog/posts/anders/#main",
    "https://elsewhere.example/x": "https://elsewhere.example/x",
    "mailto:jo@example.org": "mailto:jo@example.org",
    "//host.example/x": "//host.example/x",
}

BROKEN = {
    "gone.md": "the link `gone.md` leads nowhere",
    "othr.md": "the link `othr.md` leads nowhere",
    "../../about.md": "leads nowhere",
    "../../../etc/passwd": "leads nowhere",
    "Other.md": "differs in case from content/posts/other.md",
    "later.md": "which is not published (draft, future or expired)",
    "/gone/": "leads nowhere",
    "other.md#b-part": "there is no `#b-part` in content/posts/other.md",
    "#commentary": "there is no `#commentary` in this page",
    "#nowhere": "there is no `#nowhere` in this page",
}


def page(ref: str) -> str:
    return f"---\ntitle: Page\ndate: 2020-01-03\n---\n## Here\n\n[x](<{ref}>)\n"


@pytest.mark.parametrize(("ref", "meant"), RESOLVED.items())
def test_a_reference_leads_where_it_should(site: Callable[..., Any], ref: str, meant: str) -> None:
    made = site({**FILES, "content/posts/page.md": page(ref)})
    report = made.build()
    body = lxml.html.document_fromstring(made.text("posts/page/index.html"))

    assert report.problems == ()
    assert body.xpath("//div[contains(@class, 'e-content')]//a[text() = 'x']/@href") == [meant]


@pytest.mark.parametrize(("ref", "said"), BROKEN.items())
def test_a_reference_that_leads_nowhere_is_told_at_its_column(
    site: Callable[..., Any], ref: str, said: str
) -> None:
    problems = site({**FILES, "content/posts/page.md": page(ref)}).build(write=False).problems

    assert [(p.location.path, p.location.line, p.location.column) for p in problems] == [
        ("content/posts/page.md", 7, 6)
    ]
    assert said in problems[0].message
    assert problems[0].hint


NEAR = {
    "[x](othr.md)": "did you mean other.md?",
    "[x](../posts/othr.md)": "did you mean other.md?",
    "[x](trip/mop.txt)": "did you mean trip/map.txt?",
    "[x](unlike.md)": "correct the path, or delete the link",
    "![x](other.png)": "correct the path, or delete the link",
    "![x](trip/mop.txt)": "did you mean trip/map.txt?",
}


@pytest.mark.parametrize(("text", "hint"), NEAR.items())
def test_a_near_name_is_suggested_if_it_can_be_meant(
    site: Callable[..., Any], text: str, hint: str
) -> None:
    text = f"---\ntitle: Page\ndate: 2020-01-03\n---\n{text}\n"
    problems = site({**FILES, "content/posts/page.md": text}).build(write=False).problems

    assert [problem.hint for problem in problems] == [hint]


def test_a_page_in_a_folder_without_a_list_leads_up_to_the_next_list(
    site: Callable[..., Any],
) -> None:
    page = "---\ntitle: Deep\n---\nText\n"
    made = site({**FILES, "content/posts/notes/old/deep.md": page})

    assert made.build().problems == ()
    found = lxml.html.document_fromstring(made.text("posts/notes/old/deep/index.html"))
    assert found.xpath("//nav[@aria-label='You are here']/a/@href") == ["/blog/posts/"]


def test_links_in_feeds_are_absolute(site: Callable[..., Any]) -> None:
    made = site({**FILES, "content/posts/page.md": page("other.md#a-part")})
    made.build()

    assert "https://example.org/blog/posts/anders/#a-part" in made.text("feed.xml")
