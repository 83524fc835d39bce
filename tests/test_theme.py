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

from sitegen.markup.articles.marks import WORDS
from sitegen.sources.theme import parse_words

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


SWITCHES = {
    "nothing": ("", set()),
    "scripts": ("theme: {parameters: {scripts: true}}", {"script"}),
    "a form": ("comments: {receiver: 'https://r.example'}", set()),
    "both": ("theme: {parameters: {scripts: true}}\ncomments: {receiver: 'https://r.example'}", {"script", "comment-form"}),
    "search": ("search: true", {"search"}),
}  # fmt: skip


@pytest.mark.parametrize(("more", "scripts"), SWITCHES.values(), ids=SWITCHES)
def test_a_script_is_published_only_where_pages_load_it(
    site: Callable, more: str, scripts: set[str]
) -> None:
    scratch = site({"config.yaml": f"title: T\nbase_url: https://example.org/\n{more}\n",
                    "content/trip.md": ARTICLE})  # fmt: skip
    scratch.build()
    published = {path.name for path in scratch.output.glob("assets/*.js")}
    loaded = {
        name
        for page in scratch.output.rglob("*.html")
        for name in re.findall(r'<script src="/assets/([^"]+)', page.read_text(encoding="utf-8"))
    }

    assert {name.split(".")[0] for name in published} == scripts
    assert loaded == published


def test_a_page_without_an_author_says_when_and_not_by_whom(site: Callable) -> None:
    scratch = site({"config.yaml": "title: T\nbase_url: https://example.org/\n",
                    "content/trip.md": ARTICLE})  # fmt: skip

    assert not scratch.build().problems
    page = html.fromstring(scratch.text("trip/index.html"))
    assert page.xpath("string(//*[@class='byline'])").strip() == "Mon, 19/02/2018 - 09:30"


def test_a_byline_of_names_alone_is_left_out_where_there_is_none(site: Callable) -> None:
    for theme in ("default", "plain"):
        config = (
            f"title: T\nbase_url: https://example.org/\nbyline: By {{author}}\ntheme: {theme}\n"
        )
        scratch = site({"config.yaml": config, "content/trip.md": ARTICLE})

        assert not scratch.build().problems
        assert "By " not in scratch.text("trip/index.html")
        assert 'class="byline"' not in scratch.text("trip/index.html")


@pytest.mark.parametrize("theme", ["default", "plain"])
def test_the_form_of_a_theme_posts_where_its_policy_lets_it(site: Callable, theme: str) -> None:
    config = f"title: T\nbase_url: https://example.org/\ntheme: {theme}\ncomments: {{receiver: 'https://r.example'}}\n"
    scratch = site({"config.yaml": config, "content/trip.md": ARTICLE})

    assert not scratch.build().problems
    page = html.fromstring(scratch.text("trip/index.html"))
    (form,) = page.xpath("//form")
    assert (form.get("method"), form.get("action")) == ("post", "https://r.example/")
    fields = {field.get("name") for field in form.xpath(".//input|.//textarea")}
    assert {"article", "author", "url", "body", "contact"} <= fields
    assert form.xpath("string(.//input[@name='article']/@value)") == "trip"
    assert all(
        field.xpath("ancestor::label") or page.xpath(f"//label[@for='{field.get('id')}']")
        for field in form.xpath(".//input[not(@type='hidden')]|.//textarea")
    )
    for policy in (scratch.text("_headers"), *page.xpath("//meta/@content")):
        if "default-src" in policy:
            assert "form-action 'self' https://r.example" in policy


def test_the_archive_stands_once_in_a_menu_that_names_it(site: Callable) -> None:
    for theme in ("default", "plain"):
        config = f"title: T\nbase_url: https://example.org/\ntheme: {theme}\nmenu: [{{title: All, url: /archive/}}]\n"
        scratch = site({"config.yaml": config, "content/trip.md": ARTICLE})

        assert not scratch.build().problems
        page = html.fromstring(scratch.text("trip/index.html"))
        assert len(page.xpath("//nav//a[@href='/archive/']")) == 1


BLOCK = re.compile(r"{%-? block (\w+)")
WHOLE = {
    "config.yaml": "title: T\nbase_url: https://example.org/\ntheme: mine\nauthor: Jo\nedit_links: true\nsearch: true\n"
    "author_pages: true\nmarkdown_copies: true\nrelated: 3\ntaxonomies: [places]\n"
    "comments: {per_page: 1, repository: 'https://github.com/a/b', mail: a@example.org}\n",
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/posts/_index.md": "---\ntitle: Posts\n---\n",
    "content/posts/a.md": "---\ntitle: A\ndate: 2020-01-01\nupdated: 2020-02-02\ntags: [x]\nplaces: [Rome]\nseries: S\n---\n# a\n\n# b\n\n# c\n",
    "content/posts/b.md": "---\ntitle: B\ndate: 2020-01-02\ntags: [x]\nseries: S\ncomments: closed\n---\nText.\n",
    "content/about.md": "---\ntitle: About\ncomments: open\n---\n# a\n\n# b\n\n# c\n",
    "comments/posts/a/one.yaml": "author: Ada\ndate: 2020-01-02\nsubject: S\nsource: https://s.example/\nbody: One\n",
    "comments/posts/a/two.yaml": "date: 2020-01-03\nremoved: true\n",
    "comments/posts/a/three.yaml": "author: Ada\ndate: 2020-01-04\nreply_to: two\nbody: Three\n",
}  # fmt: skip


def test_every_block_of_every_template_can_be_changed_alone(site: Callable) -> None:
    """Whatever its depth: in a page, in a part of a page, in a part of that part."""
    own, marks = {"themes/mine/theme.yaml": "name: mine\n"}, {}
    for path in TEMPLATES:
        for block in BLOCK.findall(path.read_text(encoding="utf-8")):
            if path.name != "receive.html":
                marks[f"{path.name}:{block}"] = block
    for name in {mark.split(":")[0] for mark in marks}:
        blocks = [mark.split(":")[1] for mark in marks if mark.split(":")[0] == name]
        parts = "".join(
            f"{{% block {block} %}}{{{{ super() }}}}[{name}:{block}]{{% endblock %}}"
            for block in blocks
        )
        own[f"themes/mine/templates/{name}"] = f'{{% extends "default/{name}" %}}{parts}'
    scratch = site({**WHOLE, **own})
    problems = [one for one in scratch.build().problems if one.severity.value == "error"]
    scratch.write(
        {
            "config.yaml": WHOLE["config.yaml"].replace(
                "per_page: 1", "receiver: 'https://r.example'"
            )
        }
    )
    found = {mark for text in seen(scratch) for mark in marks if f"[{mark}]" in text}
    problems += [one for one in scratch.build().problems if one.severity.value == "error"]
    found |= {mark for text in seen(scratch) for mark in marks if f"[{mark}]" in text}

    assert problems == []
    assert set(marks) - found == {"base.html:content"}  # every page fills it
    assert len(marks) > 80


def seen(scratch) -> list[str]:
    return [
        path.read_text(encoding="utf-8")
        for path in scratch.output.rglob("*")
        if path.suffix in {".html", ".xml"}
    ]


def test_the_second_theme_stands_on_the_interface_alone() -> None:
    plain = THEME.parent / "plain/templates"
    own = {path.name for path in plain.iterdir()}
    strings = plain.parent / "i18n/en.yaml"
    words = parse_words("en.yaml", strings.read_bytes())

    for path in plain.iterdir():
        text = path.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:extends|include) [\"']([^\"']+)", text))
        assert named <= own, path
        assert set(re.findall(r"\bwords\.(\w+)", text)) <= set(words), path
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
