"""Sections, taxonomies, series, authors, languages: what pages show, and that no edit leaves one stale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lxml import html

CONFIG = """\
title: Scratch
base_url: https://example.org/
author: jo
taxonomies: [topics]
related: 2
author_pages: true
edit_links: true
authors:
  jo: {name: Jo Stone, url: "https://jo.example", aliases: [Jo]}
  ida: {name: Ida, url: "https://ida.example"}
comments: {repository: "https://github.com/jo/notes", by_author: [posts/a/one]}
"""


def article(title: str, day: int, more: str = "") -> str:
    return f"---\ntitle: {title}\ndate: 2024-05-{day:02}\n{more}---\nText of {title}.\n"


def comment(author: str) -> str:
    return f"author: {author}\ndate: 2024-05-20\nbody: Yes\n"


FILES: dict[str, str | bytes | None] = {
    "config.yaml": CONFIG,
    "content/posts/_index.md": "---\ntitle: Posts\ndefaults: {tags: snow, comments: closed}\n---\n",
    "content/posts/a.md": article("A", 1, "series: Alps\ntopics: [Ice]\n"),
    "content/posts/b.md": article(
        "B", 2, "series: Alps\ntopics: [Ice, Rock]\nauthors: [Jo, Ida]\n"
    ),
    "content/posts/c.md": article("C", 3, "series: Alps\nauthor: Guest\ncomments: open\n"),
    "content/posts/deep/d.md": article("D", 4, "tags: [sun]\ntopics: [Ice]\n"),
    "content/z.md": "---\ntitle: Z\norder: 1\n---\nText\n",
    "content/y.md": "---\ntitle: Y\norder: 2\n---\nText\n",
    "content/x.md": "---\ntitle: X\n---\nText\n",
    "comments/posts/a/one.yaml": comment("Jo"),
    "comments/posts/a/two.yaml": comment("Jo Stone"),
}


def page(scratch: Any, path: str) -> html.HtmlElement:
    return html.fromstring(scratch.text(f"{path}index.html"))


def links(element: html.HtmlElement, name: str) -> list[tuple[str, str]]:
    found = element.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]//a")
    return [(link.text_content().strip(), link.get("href")) for link in found]


@pytest.fixture
def scratch(site: Callable[..., Any]) -> Any:
    scratch = site(FILES)
    assert scratch.messages() == []
    return scratch


def test_an_article_shows_its_series_its_terms_its_relatives_and_its_authors(scratch: Any) -> None:
    b = page(scratch, "posts/b/")

    assert links(b, "series") == [
        ("Alps", "/series/alps/"), ("A", "/posts/a/"), ("C", "/posts/c/"),
    ]  # fmt: skip
    assert "Part 2 of 3" in b.text_content()
    assert links(b, "tags") == [
        ("snow", "/tags/snow/"), ("Topics", "/topics/"), ("Ice", "/topics/ice/"), ("Rock", "/topics/rock/"),
    ]  # fmt: skip
    assert links(b, "related") == [("A", "/posts/a/"), ("D", "/posts/deep/d/")]
    assert links(b, "byline") == [("Jo Stone", "/authors/jo/"), ("Ida", "/authors/ida/")]
    assert "Submitted by Jo Stone, Ida on" in " ".join(b.text_content().split())
    assert "1 min read" in b.text_content()
    assert b.xpath("//a[text()='Edit this page']/@href") == [
        "https://github.com/jo/notes/edit/main/content/posts/b.md"
    ]


def cards(scratch: Any, path: str) -> list[str]:
    return [link.text_content() for link in page(scratch, path).xpath("//article//h2/a")]


def test_every_taxonomy_has_its_lists_and_feeds(scratch: Any) -> None:
    assert cards(scratch, "series/alps/") == ["A", "B", "C"]
    assert cards(scratch, "topics/ice/") == ["D", "B", "A"]
    assert cards(scratch, "authors/jo/") == ["D", "B", "A"]
    assert cards(scratch, "authors/guest/") == ["C"]
    assert cards(scratch, "tags/snow/") == ["C", "B", "A"]
    for path in ("series", "topics", "authors", "tags"):
        assert page(scratch, f"{path}/").xpath("//h1")
    titles = [
        line for line in scratch.text("series/alps/feed.xml").splitlines() if "<title" in line
    ]
    assert [title for title in "CBA" if any(f">{title}<" in line for line in titles)] == [*"CBA"]


def test_pages_of_a_section_stand_in_their_order_and_then_by_title(scratch: Any) -> None:
    assert page(scratch, "").xpath("//nav[@class='pages']//a/text()") == ["Z", "Y", "X"]


def test_comments_are_as_the_section_says_unless_the_article_says_otherwise(scratch: Any) -> None:
    assert "Comments are closed" in page(scratch, "posts/a/").text_content()
    assert "Add new comment" in page(scratch, "posts/c/").text_content()


def badges(scratch: Any) -> list[str]:
    return page(scratch, "posts/a/").xpath("//*[@class='badge']/ancestor::article[1]/@id")


def test_a_comment_is_the_author_s_only_if_the_configuration_says_so(scratch: Any) -> None:
    assert badges(scratch) == ["comment-one"]


SPOOFS = {
    "the author's name": {"comments/posts/a/three.yaml": comment("Jo Stone")},
    "the author's alias and id": {"comments/posts/a/jo.yaml": comment("Jo")},
    "the same id elsewhere": {"comments/posts/b/one.yaml": comment("Jo")},
    "the listed file, rewritten": {"comments/posts/a/one.yaml": comment("Mallory")},
    "a name that looks the same": {
        "comments/posts/a/one.yaml": comment("J\N{CYRILLIC SMALL LETTER O}")
    },
}


@pytest.mark.parametrize("files", SPOOFS.values(), ids=SPOOFS)
def test_nothing_that_a_stranger_chooses_makes_him_the_author(
    scratch: Any, files: dict[str, str]
) -> None:
    scratch.write(files)
    assert scratch.build().written
    everything = b"".join(
        content for path, content in scratch.outputs().items() if path.endswith(".html")
    )

    assert everything.count(b'class="badge"') == (0 if "comments/posts/a/one.yaml" in files else 1)


def test_a_stranger_cannot_put_a_comment_where_the_author_s_is_missing(scratch: Any) -> None:
    scratch.write({"comments/posts/a/one.yaml": None})

    assert scratch.messages() == [
        "config.yaml:0:0: error: `by_author` names `comments/posts/a/one.yaml`, which is not there"
    ]


def test_a_menu_entry_leads_to_a_part_of_a_page_and_to_names_in_any_spelling(scratch: Any) -> None:
    scratch.write(
        {
            "config.yaml": CONFIG
            + "menu:\n- {title: A, url: /über/#us}\n- {title: B, url: '/%C3%BCber/?x=1'}\n",
            "content/über.md": "---\ntitle: Über\n---\n## Us\n",
        }
    )

    assert scratch.messages() == []
    assert page(scratch, "").xpath("//header//nav//a/@href") == [
        "/%C3%BCber/#us",
        "/%C3%BCber/?x=1",
    ]


def test_a_menu_entry_that_leads_nowhere_is_told_where_it_stands(scratch: Any) -> None:
    menu = "menu:\n- {title: A, url: /posts/a/}\n- {title: B, url: /nope/}\n- {title: C, url: 'https://c.example/nope'}\n"
    scratch.write({"config.yaml": CONFIG + menu})
    line = CONFIG.count("\n") + 3

    assert scratch.messages() == [
        f"config.yaml:{line}:19: error: the link `/nope/` of the menu leads nowhere"
    ]


EDITS: dict[str, dict[str, str | bytes | None]] = {
    "a default": {"content/posts/_index.md": "---\ntitle: Posts\ndefaults: {tags: ice, lang: de}\n---\n"},
    "no defaults": {"content/posts/_index.md": "---\ntitle: Posts\n---\n"},
    "no section": {"content/posts/_index.md": None},
    "a deeper default": {"content/posts/deep/_index.md": "---\ntitle: Deep\ndefaults: {author: Ida}\n---\n"},
    "a neighbour's title": {"content/posts/c.md": article("See", 3, "series: Alps\n")},
    "an article that left its series": {"content/posts/a.md": article("A", 1)},
    "an article that is gone": {"content/posts/b.md": None},
    "another date in a series": {"content/posts/a.md": article("A", 9, "series: Alps\n")},
    "other terms": {"content/posts/d.md": article("D", 4, "tags: [snow]\ntopics: [Rock]\n")},
    "another order": {"content/x.md": "---\ntitle: X\norder: 0\n---\nText\n"},
    "another author's name": {"config.yaml": CONFIG.replace("name: Ida", "name: Ida B.")},
    "no author pages": {"config.yaml": CONFIG.replace("author_pages: true", "author_pages: false")},
    "an author's comment": {
        "config.yaml": CONFIG.replace("[posts/a/one]", "[posts/a/one, posts/a/two]")
    },
    "no related": {"config.yaml": CONFIG.replace("related: 2", "related: 0")},
    "another language": {"content/z.md": "---\ntitle: Z\nlang: fr\n---\nText\n"},
    "a taxonomy more": {"config.yaml": CONFIG.replace("[topics]", "[topics, places]")},
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_leaves_no_page_stale(scratch: Any, edit: dict[str, str | bytes | None]) -> None:
    scratch.write(edit)
    assert scratch.build().written
    built = scratch.outputs()
    clean = scratch.root / "clean"
    scratch.output.rename(clean)
    assert scratch.build(remember=False).written

    assert built == scratch.outputs()
    assert scratch.build().rendered == 0


def test_a_changed_default_renders_what_is_below_and_no_other(scratch: Any) -> None:
    scratch.write(
        {
            "content/posts/_index.md": "---\ntitle: Posts\ndefaults: {tags: snow, comments: open}\n---\n"
        }
    )
    report = scratch.build()

    assert {path for path in report.written.changed if path.endswith(".html")} == {
        f"posts/{name}/index.html" for name in ("a", "b", "deep/d")
    }
