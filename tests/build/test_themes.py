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
    "undefined": (
        "<p>\n{{ page.titel }}",
        2,
        "there is no `titel` in ArticleView (did you mean `title`?)",
    ),
    "undefined inside": (
        "{{ page.comments.thred }}",
        1,
        "there is no `thred` in CommentsView (did you mean `thread`?)",
    ),
    "undefined word": ("{{ words.skipp }}", 1, "there is no `skipp` here (did you mean `skip`?)"),
    "undefined of a text": ("{{ page.title.nothing }}", 1, "there is no `nothing` here, while"),
    "undefined name": ("{{ nothing }}", 1, "there is no `nothing` here, while"),
    "no clock": ("{{ now() }}", 1, "there is no `now` here"),
    "no chance": ("{{ lipsum() }}", 1, "there is no `lipsum` here"),
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


CIRCLES = {
    "two": {"mine": "other", "other": "mine"},
    "itself": {"mine": "mine"},
    "three": {"mine": "a", "a": "b", "b": "a"},
}


@pytest.mark.parametrize("extends", CIRCLES.values(), ids=CIRCLES)
def test_themes_that_extend_each_other_are_one_problem(
    site: Callable[..., Any], extends: dict[str, str]
) -> None:
    layers = {
        f"themes/{name}/theme.yaml": f"name: {name}\nextends: {other}\n"
        for name, other in extends.items()
    }
    (problem,) = site({**FILES, **layers}).build().problems

    assert problem.code == "theme-circle"
    assert "→" in problem.message
    assert (problem.location.line, problem.location.column) == (2, 10)
    assert problem.location.path in layers


PARAMETERS = """\
name: Mine
parameters:
  columns: {kind: number, default: 2, about: How many columns there are.}
  motto: {kind: text, about: A line below the title.}
"""
SHOWN = "{{ site.parameters.columns + 1 }} {{ site.parameters.motto }}"


def with_parameters(**given: str) -> dict[str, str]:
    lines = "".join(f"    {name}: {value}\n" for name, value in given.items())
    chosen = f"theme:\n  name: mine\n  parameters:\n{lines}" if given else "theme: mine\n"
    return {
        **FILES,
        "config.yaml": f"title: T\nbase_url: https://example.org/\n{chosen}",
        "themes/mine/theme.yaml": PARAMETERS,
        "themes/mine/templates/article.html": SHOWN,
    }


def test_a_site_sets_the_parameters_of_its_theme(site: Callable[..., Any]) -> None:
    made = site(with_parameters(columns="4", motto="<Slowly>"))

    assert made.build().problems == ()
    assert made.text("a/index.html") == "5 &lt;Slowly&gt;"


def test_a_parameter_that_is_not_set_has_its_default(site: Callable[..., Any]) -> None:
    made = site(with_parameters())

    assert made.build().problems == ()
    assert made.text("a/index.html") == "3 "


def test_what_is_called_like_a_method_of_python_s_is_found(site: Callable[..., Any]) -> None:
    files = with_parameters(copy="Yes", items="3")
    files["themes/mine/theme.yaml"] = (
        "name: Mine\nparameters:\n  copy: {kind: text, about: A.}\n  items: {kind: number, about: B.}\n"
    )
    files["themes/mine/templates/article.html"] = (
        "{{ words.copy }} {{ site.parameters.copy }} {{ site.parameters.items }} {{ page.extra.keys }}"
        " {{ page.extra.items() | list }}"
    )
    made = site(
        {**files, "content/a.md": "---\ntitle: A\ndate: 2020-01-01\nextra: {keys: two}\n---\n"}
    )

    assert made.build().problems == ()
    assert made.text("a/index.html") == "Copy Yes 3 two [(&#39;keys&#39;, &#39;two&#39;)]"


def test_a_child_inherits_parameters_and_may_declare_one_anew(site: Callable[..., Any]) -> None:
    child = "name: Child\nextends: mine\nparameters:\n  columns: {kind: number, default: 6, about: More.}\n"
    files = with_parameters(motto="Yes")
    files["config.yaml"] = files["config.yaml"].replace("name: mine", "name: child")
    made = site({**files, "themes/child/theme.yaml": child})

    assert made.build().problems == ()
    assert made.text("a/index.html") == "7 Yes"


WRONG = {
    "unknown": ("colums", "3", 6, 5, "the theme `mine` has no parameter `colums`", "`columns`"),
    "of another kind": ("columns", "many", 6, 14, "`many` is not a whole number", ""),
}


@pytest.mark.parametrize(
    ("name", "value", "line", "column", "said", "cure"), WRONG.values(), ids=WRONG
)
def test_a_wrong_parameter_is_told_where_it_stands(
    site: Callable[..., Any], name: str, value: str, line: int, column: int, said: str, cure: str
) -> None:
    (problem,) = site(with_parameters(**{name: value})).build().problems

    assert (problem.location.path, problem.location.line) == ("config.yaml", line)
    assert problem.location.column == column
    assert said in problem.message
    assert cure in problem.hint


ONLY_WITH = "name: Mine\nparameters:\n  loud: {kind: flag, about: Aloud.}\nonly_with:\n  a.txt: loud\n  b.txt: [loud, receiver]\n"


def test_a_file_is_published_only_with_what_its_theme_names(site: Callable[..., Any]) -> None:
    static = {f"themes/mine/static/{name}.txt": name for name in "abc"}
    files = {**with_parameters(), **static, "themes/mine/theme.yaml": ONLY_WITH,
             "themes/mine/templates/article.html": "{{ site.assets.keys()|select('eq', 'b.txt')|list }}"}  # fmt: skip
    made = site(files)
    assert made.build().problems == ()
    assert names_of(made) == {"c"}

    made.write({"config.yaml": with_parameters(loud="true")["config.yaml"]})
    assert made.build().problems == ()
    assert names_of(made) == {"a", "c"}

    config = with_parameters(loud="true")["config.yaml"]
    made.write({"config.yaml": f"{config}comments: {{receiver: 'https://r.example'}}\n"})
    assert made.build().problems == ()
    assert names_of(made) == {"a", "b", "c"}
    assert "b.txt" in made.text("a/index.html")


def names_of(made: Any) -> set[str]:
    return {path.name.split(".")[0] for path in made.output.glob("assets/*.txt")}


def test_a_file_that_waits_for_what_cannot_be_on_is_told(site: Callable[..., Any]) -> None:
    theme = ONLY_WITH.replace("[loud, receiver]", "lout")
    made = site({**with_parameters(), "themes/mine/theme.yaml": theme})
    (problem,) = [one for one in made.build().problems if "only_with" in one.message]

    assert problem.message == "`only_with` names `lout`, which cannot be on"
    assert problem.hint == "did you mean `loud`?"
    assert problem.location.line == 5


def test_a_theme_for_another_version_is_not_used(site: Callable[..., Any]) -> None:
    made = site({**FILES, "themes/mine/theme.yaml": "name: Mine\nrequires: '>=99'\n"})
    (problem,) = made.build().problems

    assert problem.message.startswith("the theme is made for sitegen >=99, and this is ")
    assert (problem.location.path, problem.location.line) == ("themes/mine/theme.yaml", 2)
    assert not made.output.exists()


def test_a_part_deep_in_the_page_is_changed_alone(site: Callable[..., Any]) -> None:
    own = '{% extends "default/comment.html" %}{% block comment_author %}<h3>SOMEBODY</h3>{% endblock %}'
    made = site({
        **FILES,
        "themes/mine/templates/comment.html": own,
        "comments/a/x.yaml": "author: Ada\ndate: 2020-01-02\nbody: Hello\n",
    })  # fmt: skip

    assert made.build().problems == ()
    page = made.text("a/index.html")
    assert "<h3>SOMEBODY</h3>" in page
    assert "Hello" in page
    assert ">Ada<" not in page
