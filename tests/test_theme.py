"""The default theme: its strings, its policy, its weight, and how one part of it is changed."""

from __future__ import annotations

import gzip
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from lxml import html

from sitegen.markup.marks import WORDS

THEME = Path(__file__).parent.parent / "themes/default"
TEMPLATES = sorted((THEME / "templates").glob("*"))
LANGUAGES = sorted((THEME / "i18n").glob("*.yaml"))
ARTICLE = """\
---
title: Trip
date: 2018-02-19T09:30:00Z
tags: [Community]
---
# Too high

### Too low

| a | b |
|---|--:|
| 1 | 2 |

- [x] done

## Comments

    code
"""
# What an article page may weigh with 20 comments, compressed, with its style sheet: what a
# server sends before it waits for the first answer.
FIRST_WINDOW = 14_000


def words(path: Path) -> dict[str, str]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def comment(number: int, **keys: str) -> tuple[str, str]:
    fields = {"author": f"Reader {number}", "date": f"2018-02-20T10:{number:02}:00Z", **keys}
    body = " ".join(f"word{number * 37 + word}" for word in range(60))
    lines = [f"{key}: {value}" for key, value in fields.items()]
    return f"comments/trip/c{number:02}.yaml", "\n".join([*lines, f"body: {body}"])


def of_class(element: html.HtmlElement, name: str) -> list[html.HtmlElement]:
    return element.xpath(f".//*[contains(concat(' ', @class, ' '), ' {name} ')]")


@pytest.fixture
def page(site: Callable) -> html.HtmlElement:
    replies = [comment(number, reply_to=f"c{number - 1:02}") for number in range(2, 8)]
    files = dict([comment(1, subject="Marvel", url="https://ada.example"), *replies])
    scratch = site({"content/trip.md": ARTICLE, **files})
    assert not scratch.build().problems
    return html.fromstring(scratch.text("trip/index.html"))


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_every_language_has_every_string_with_the_same_blanks(path: Path) -> None:
    english = words(THEME / "i18n/en.yaml")
    other = words(path)

    assert list(other) == list(english)
    assert other["language"] == path.stem
    for name, text in english.items():
        assert set(re.findall(r"\{\w+\}", other[name])) == set(re.findall(r"\{\w+\}", text)), name


def test_templates_use_every_string_and_no_other() -> None:
    used = set()
    for path in TEMPLATES:
        used |= set(re.findall(r"words\.(\w+)", path.read_text(encoding="utf-8")))

    of_texts = set(WORDS)  # in the text of articles, which templates show as a whole
    of_answers = {name for name in words(THEME / "i18n/en.yaml") if name.startswith("error_")}
    assert used - of_answers == set(words(THEME / "i18n/en.yaml")) - of_texts - of_answers


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_script_no_style_and_nothing_that_is_not_escaped(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    inside = re.findall(r"<script(?! src=)[^>]*>", text)
    assert set(inside) <= {'<script type="application/ld+json">'}
    assert not re.search(r"\|\s*safe\b|autoescape", text)


def test_style_asks_nobody_and_stays_small() -> None:
    style = (THEME / "static/style.css").read_text(encoding="utf-8")

    assert "@import" not in style
    assert "url(" not in style
    assert len(style) < 20_000


def test_the_script_is_there_only_if_the_site_asks(site: Callable) -> None:
    asking = "theme: {parameters: {scripts: true, accent: plum}}\n"
    for more in ("", asking):
        scratch = site({"config.yaml": f"title: T\nbase_url: https://example.org/\n{more}",
                        "content/trip.md": ARTICLE})  # fmt: skip
        assert not scratch.build().problems
        page = html.fromstring(scratch.text("trip/index.html"))
        (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")

        assert len(page.xpath("//script[@src]")) == bool(more)
        assert ("script-src 'self';" in policy) == bool(more)
        assert ("script-src 'self';" in scratch.text("_headers")) == bool(more)
        assert page.get("class") == ("plum" if more else None)


def test_the_second_theme_stands_on_the_interface_alone() -> None:
    plain = THEME.parent / "plain/templates"
    own = {path.name for path in plain.iterdir()}

    for path in plain.iterdir():
        text = path.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:extends|include) [\"']([^\"']+)", text))
        assert named <= own, path
    fallbacks = {path.name for path in TEMPLATES} - own
    parts = {"base.html", "card.html", "comment.html", "comments.html", "add-comment.html"}
    parts |= {"comment-form.html", "receive.html"}  # the receiver speaks in the default theme
    assert fallbacks == parts


def test_page_with_twenty_comments_fits_the_first_window(site: Callable) -> None:
    comments = dict(comment(number) for number in range(1, 21))
    scratch = site({"content/trip.md": ARTICLE, **comments})

    assert not scratch.build().problems
    page = scratch.text("trip/index.html")
    (style,) = scratch.output.glob("assets/style.*.css")
    assert page.count('class="comment ') == 20
    assert len(gzip.compress(page.encode()) + gzip.compress(style.read_bytes())) < FIRST_WINDOW


def test_thread_is_nested_lists_and_each_body_stands_in_its_own_article(
    page: html.HtmlElement,
) -> None:
    bodies = page.xpath("//*[@data-comment-body]")

    assert [len(body.xpath("ancestor::ol")) for body in bodies] == [1, 2, 3, 4, 4, 4, 4]
    owners = [body.xpath("ancestor::article[1]")[0] for body in bodies]
    assert [owner.get("id") for owner in owners] == [f"comment-c{n:02}" for n in range(1, 8)]
    assert all(len(owner.xpath(".//*[@data-comment-body]")) == 1 for owner in owners)
    assert all(element.getparent().tag in {"ol", "ul"} for element in page.iter("li"))


def test_reply_says_whom_it_answers_unless_its_place_does(page: html.HtmlElement) -> None:
    links = of_class(page, "u-in-reply-to")

    assert [link.text_content() for link in links] == [
        f"In reply to Reader {number}" for number in range(1, 7)
    ]
    hidden = ["hidden" in link.get("class").split() for link in links]
    assert hidden == [True, True, True, False, False, False]


def test_words_of_comments_are_in_no_script(page: html.HtmlElement) -> None:
    (data,) = page.iter("script")
    described = json.loads(data.text)

    assert described["commentCount"] == 7
    assert described["comment"][0]["@id"] == "https://example.org/trip/#comment-c01"
    for text in ("word37", "Reader", "Marvel", "ada.example"):
        assert text not in data.text


def test_page_has_one_title_an_outline_without_gaps_and_no_id_twice(
    page: html.HtmlElement,
) -> None:
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]

    assert levels.count(1) == 1
    assert all(after - before < 2 for before, after in itertools.pairwise(levels))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {"main", "comments", "add-comment"} <= set(ids)


def test_articles_keep_the_policy_and_serve_the_keyboard(page: html.HtmlElement) -> None:
    (prose,) = of_class(page, "prose")

    assert not prose.xpath(".//@style")
    assert prose.xpath("string(.//td[@class='align-right'])") == "2"
    assert [element.get("tabindex") for element in prose.xpath(".//pre|.//*[@class='table']")] == [
        "0",
        "0",
    ]
    (box,) = prose.xpath(".//label/input")
    assert box.getparent().text_content().strip() == "done"


def test_child_theme_changes_one_block(site: Callable) -> None:
    block = '{% extends "default/article.html" %}{% block after_text %}<p>Mine</p>{% endblock %}'
    scratch = site(
        {
            "config.yaml": "title: S\nbase_url: https://example.org/\ntheme: mine\n",
            "themes/mine/theme.yaml": "name: mine\nextends: default\n",
            "themes/mine/templates/article.html": block,
            "themes/mine/i18n/en.yaml": "add_comment: Answer\n",
            "content/trip.md": ARTICLE,
        }
    )

    assert not scratch.build().problems
    page = html.fromstring(scratch.text("trip/index.html"))
    assert page.xpath("//div[contains(@class, 'prose')]/following-sibling::p[1]/text()") == ["Mine"]
    assert page.xpath("string(//*[@id='add-comment-title'])") == "Answer"
    assert page.xpath("string(//h1)") == "Trip"


def test_text_in_another_language_is_marked_where_it_stands(site: Callable) -> None:
    persian = "---\ntitle: جامعه\ndate: 2018-02-19\nlang: fa\n---\nمتن\n"
    scratch = site({"content/fa.md": persian})

    assert not scratch.build().problems
    page = html.fromstring(scratch.text("fa/index.html"))
    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    marked = page.xpath("//*[@lang='fa' and @dir='rtl']")
    assert [element.tag for element in marked] == ["h1", "div"]


def test_page_speaks_the_language_of_its_text_if_the_theme_does(site: Callable) -> None:
    scratch = site(
        {
            "content/a.md": "---\ntitle: A\ndate: 2018-02-19\nlang: de-AT\n---\nText\n",
            "content/b.md": "---\ntitle: B\ndate: 2018-02-19\n---\nText\n",
        }
    )

    assert not scratch.build().problems
    german, english = (html.fromstring(scratch.text(f"{name}/index.html")) for name in "ab")
    assert (german.get("lang"), english.get("lang")) == ("de-AT", "en")
    assert german.xpath("string(//*[@id='add-comment-title'])") == "Neuen Kommentar schreiben"
    assert english.xpath("string(//*[@id='add-comment-title'])") == "Add new comment"
    assert german.xpath("//h1/@lang") == []
