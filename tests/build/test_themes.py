from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CONFIG = "title: T\nbase_url: https://example.org/\ntheme: mine\n"
FILES = {
    "config.yaml": CONFIG,
    "content/a.md": "---\ntitle: A\ndate: 2020-01-01\n---\nText.\n",
    "themes/mine/theme.yaml": "name: Mine\nextends: default\n",
}


def test_a_theme_changes_one_block_and_inherits_the_rest(site: Callable[..., Any]) -> None:
    own = '{% extends "default/article.html" %}{% block byline %}<p>MINE</p>{% endblock %}'
    made = site({**FILES, "themes/mine/templates/article.html": own})
    report = made.build()
    page = made.text("a/index.html")

    assert report.problems == ()
    assert "<p>MINE</p>" in page
    assert "Submitted by" not in page
    assert 'id="add-comment-title"' in page


def test_a_theme_of_a_theme_of_the_default_one(site: Callable[..., Any]) -> None:
    made = site({
        **FILES,
        "themes/mine/theme.yaml": "name: Mine\nextends: middle\n",
        "themes/middle/theme.yaml": "name: Middle\n",
        "themes/middle/templates/card.html": "<p>MIDDLE</p>",
        "themes/middle/static/x.txt": "middle",
        "themes/mine/templates/home.html": '{% extends "middle/home.html" %}{% block list_title %}MINE{% endblock %}',
        "themes/middle/templates/home.html": '{% extends "default/home.html" %}',
        "themes/mine/static/x.txt": "mine",
        "themes/mine/i18n/en.yaml": "archive: THE ARCHIVE",
    })  # fmt: skip
    made.build()
    page = made.text("index.html")

    assert "MINE" in page
    assert "<p>MIDDLE</p>" in page
    assert "THE ARCHIVE" in page
    assert [
        content for path, content in made.outputs().items() if path.startswith("assets/x.")
    ] == [b"mine"]


FAULTS = {
    "undefined": ("<p>\n{{ page.titel }}", 2, "has no attribute 'titel'"),
    "undefined inside": ("{{ page.comments.thred }}", 1, "has no attribute 'thred'"),
    "undefined name": ("{{ nothing }}", 1, "'nothing' is undefined"),
    "no clock": ("{{ now() }}", 1, "'now' is undefined"),
    "no chance": ("{{ lipsum() }}", 1, "'lipsum' is undefined"),
    "syntax": ("a\nb\n{% if %}", 3, "expected an expression"),
    "no end": ("{% if page %}\n", 1, "unexpected end of template"),
    "unknown filter": ("\n{{ page.title|nosuch }}", 2, "no filter named 'nosuch'"),
    "missing template": ('\n\n{% include "gone.html" %}', 3, "there is no template `gone.html`"),
    "wrong type": ("{{ page.title + 1 }}", 1, "while rendering `a/index.html`"),
    "endless": ('{% include "article.html" %}', 1, "while rendering `a/index.html`"),
}


@pytest.mark.parametrize(("template", "line", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_a_template_names_file_line_and_page(
    site: Callable[..., Any], template: str, line: int, said: str
) -> None:
    made = site({**FILES, "themes/mine/templates/article.html": template})
    problems = made.build().problems

    assert [(p.location.path, p.location.line) for p in problems] == [
        ("themes/mine/templates/article.html", line)
    ]
    assert said in problems[0].message
    assert "`a/index.html`" in problems[0].message
    assert not made.output.exists()


def test_everything_that_is_no_markup_is_escaped(site: Callable[..., Any]) -> None:
    made = site({**FILES, "content/a.md": "---\ntitle: <b>&\ndate: 2020-01-01\n---\n",
                 "themes/mine/templates/article.html": "{{ page.title }}"})  # fmt: skip
    made.build()

    assert made.text("a/index.html") == "&lt;b&gt;&amp;"


def test_an_unknown_theme_is_told_with_those_that_are_there(site: Callable[..., Any]) -> None:
    problems = site({**FILES, "config.yaml": CONFIG.replace("mine", "mien")}).build().problems

    assert [p.message for p in problems] == ["there is no theme `mien`"]
    assert "default, mine" in problems[0].hint


def test_themes_that_extend_each_other_end_in_problems(site: Callable[..., Any]) -> None:
    made = site({**FILES, "themes/mine/theme.yaml": "name: Mine\nextends: other\n",
                 "themes/other/theme.yaml": "name: Other\nextends: mine\n"})  # fmt: skip

    assert {p.code for p in made.build().problems} == {"template"}
