"""What `check` finds in rendered pages, be it a template's doing or a text's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sitegen.build.inspection import facts_of, page_problems

BASE = "https://example.org/blog/"
FILES = {
    "config.yaml": "title: T\nbase_url: https://example.org/blog/\ntheme: mine\n",
    "themes/mine/theme.yaml": "name: mine\nextends: default\n",
    "content/a.md": "---\ntitle: A\ndate: 2024-01-01\n---\n## Snow\n",
    "content/b.md": "---\ntitle: B\ndate: 2024-01-02\n---\n",
}
ARTICLE = "themes/mine/templates/article.html"


def told(page: str) -> list[str]:
    pages = [facts_of("a/index.html", page.encode()), facts_of("b/index.html", b'<p id="x">')]
    outputs = {"a/index.html", "b/index.html", "c.png"}
    return [p.message for p in page_problems(pages, outputs, BASE, {"/told/"})]


@pytest.mark.parametrize(
    "page",
    [
        '<a href="/blog/b/#x">b</a><a href="../b/">b</a><a href="/blog/b">b</a>',
        '<a href="#top">t</a><a href="#me" id="me">m</a><a href="?q=1">q</a>',
        '<a href="/elsewhere/">e</a><a href="https://other.example/x">o</a><a href="mailto:a@b.c">m</a>',
        '<img src="/blog/c.png" alt=""><img src="data:image/gif;base64,R0" alt="">',
        '<a href="/blog/told/">t</a>',
        '<div data-comment-body><div><a href="/blog/no/">n</a><br></div><a href="/blog/no/">n</a></div>',
        "<!--[if IE]><![endif]--><![x <![CDATA[ y ]]> z",
        "<script>'<a href=\"/blog/no/\">'</script><!-- <a href='/blog/no/'> -->",
    ],
)
def test_nothing_is_wrong_with(page: str) -> None:
    assert told(page) == []


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<a href="/blog/no/">n</a>', "the link `/no/` leads nowhere"),
        ('<a href="../b/#y">n</a>', "there is no `#y` in b/index.html"),
        ('<img src="no.png" alt="">', "the picture `/a/no.png` is not there"),
        ('<p id="a"><p id="a">', "the id `a` stands twice in the page"),
        (
            '<div data-comment-body><p></p></div><a href="/blog/no/">',
            "the link `/no/` leads nowhere",
        ),
    ],
)
def test_fault_of_a_page_is_found(page: str, expected: str) -> None:
    assert told(page) == [expected]


def test_fault_of_a_template_is_told_once_with_its_place(site: Callable) -> None:
    scratch = site({**FILES, ARTICLE: '<p>\n  <a href="/blog/no/">n</a>\n<p id="x"><p id="x">'})

    assert scratch.messages(write=False) == [
        "a/index.html:2:3: error: the link `/no/` leads nowhere, as on 1 more",
        "a/index.html:3:11: warning: the id `x` stands twice in the page, as on 1 more",
    ]
    assert scratch.messages() == []
    assert len(scratch.messages(write=False)) == 2


def test_fault_of_a_text_is_told_where_it_was_written_only(site: Callable) -> None:
    scratch = site({**FILES, "content/b.md": FILES["content/b.md"] + "[no](no.md) [x](a.md#x)\n"})

    assert [line.split(":")[0] for line in scratch.messages(write=False)] == ["content/b.md"] * 2


def test_pages_of_the_default_theme_are_sound(site: Callable) -> None:
    comment = "author: Ada\ndate: 2024-02-01\nbody: <a href='/no/'>no</a>"
    text = FILES["content/a.md"] + "One[^1]\n\n[^1]: Note\n\n## Comments\n"
    scratch = site({"content/a.md": text, "comments/a/x.yaml": comment})

    assert scratch.messages(write=False) == []
