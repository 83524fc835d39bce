"""What authors write: the HTML beside each case, and the place of each problem."""

from __future__ import annotations

import html
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import get_all_lexers

from sitegen.markup.articles.dialect import Dialect
from sitegen.markup.articles.highlighting import highlight, style_sheet
from sitegen.markup.articles.marks import Place, Source, anchors_of, fill
from sitegen.markup.articles.rendering import RenderedText, render_article

HERE = Path(__file__).resolve().parents[1]
STYLE = HERE.parent / "themes/default/static/style.css"
PYTHON = '@wraps\nclass A(B):  # why\n    """Doc."""\n    x = f"{1.5!r}\\n" or None\n'


def cases() -> list[tuple[str, str, str]]:
    """Return (title, text, HTML) of each case; a mark is shown as `%0a%`."""
    parts = (HERE / "cases/articles.txt").read_text(encoding="utf-8").split("\n.\n")
    return list(zip(parts[::3], parts[1::3], parts[2::3], strict=False))


@pytest.mark.parametrize(("title", "text", "expected"), cases(), ids=lambda case: case[:60])
def test_text_becomes_the_html_beside_it(title: str, text: str, expected: str) -> None:
    made = render_article(f"{text}\n").body.html

    assert expected == made.rstrip("\n").replace("\0", "%")


@pytest.mark.parametrize(
    "text", ["<div>\n<![x\n</div>", "<b>a</b> <![x y <![CDATA[ <i> ]]>", "<![", "<p>\n<![if"]
)
def test_sections_of_sgml_stay_as_they_are(text: str) -> None:
    assert text.rpartition("<![")[2].partition(">")[0].strip() in html.unescape(
        render_article(f"{text}\n").body.html
    )


def test_every_title_of_a_case_is_used_once() -> None:
    titles = [title for title, _, _ in cases()]

    assert len(titles) == len(set(titles))


def told(text: str, dialect: Dialect | None = None) -> list[tuple[str, int, int, int]]:
    return [
        (problem.code, problem.location.line, problem.location.column, problem.location.width)
        for problem in render_article(text, 10, dialect).problems
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Words\n\n![](hut.jpg)", ("missing_alt", 12, 5, 7)),
        ("![](https://example.org/a.jpg)", ("missing_alt", 10, 5, 25)),
        ("> - one\n>   ![](a.jpg) ![b](b.jpg)", ("missing_alt", 11, 9, 5)),
        ('<p>\n<img src="hut.jpg"></p>', ("missing_alt", 11, 11, 7)),
        ("# A {#a}\n\n# B {#a}", ("duplicate_id", 12, 5, 4)),
        ("One[^1] two[^2]\n\n[^1]: Note", ("missing_footnote", 10, 12, 4)),
    ],
)
def test_problem_of_a_text_has_line_column_and_width(text: str, expected: tuple) -> None:
    assert told(text) == [expected]


@pytest.mark.parametrize(
    "text",
    ["![A hut](hut.jpg)", '<img src="hut.jpg" alt="">', "`[^1]`", "    [^1]", "# A {#a}\n# B {#b}"],
)
def test_nothing_is_wrong_with(text: str) -> None:
    assert told(text) == []


def test_same_reference_twice_has_two_places() -> None:
    links = render_article("[a](x.md) [b](x.md)\n[c](x.md)\n\n[d][e]\n\n[e]: x.md").links

    assert [(link.line, link.column) for link in links] == [(1, 5), (1, 15), (2, 5), (6, 6)]


def test_reference_in_raw_html_has_its_place() -> None:
    links = render_article('<div>\n  <a href="a.md">\n  <img src="a b.jpg" alt=""></a></div>').links

    assert [(link.ref, link.line, link.column) for link in links] == [
        ("a.md", 2, 12),
        ("a b.jpg", 3, 13),
    ]
    assert [link.is_image for link in links] == [False, True]


def filled(rendered: RenderedText, *places: Place) -> str:
    return str(fill(rendered.body, places))


def test_marks_are_filled_in_and_addresses_are_escaped() -> None:
    rendered = render_article("![A](a.jpg) [b](b.md)[^1]\n\n[^1]: Note")
    sources = (Source("image/avif", "/a.480.avif 480w", "90vw"),)
    page = filled(rendered, Place('/a.jpg?"&', 4, 3, sources), Place("/b/"))

    assert '<picture><source type="image/avif" srcset="/a.480.avif 480w" sizes="90vw">' in page
    assert '<img src="/a.jpg?&#34;&amp;" alt="A" width="4" height="3"></picture>' in page
    assert '<a href="/b/">b</a>' in page
    assert 'aria-label="Back to reference 1"' in page
    assert "\0" not in page


def test_picture_of_unknown_size_has_none() -> None:
    page = filled(render_article("![A](a.jpg)"), Place("/a.jpg"))

    assert page == '<p><img src="/a.jpg" alt="A"></p>\n'


@given(st.text(alphabet=" \n#*_`[](){}<>!|-=\"'$^:.ab01/&;\\", max_size=200))
def test_no_text_breaks_an_article_or_leaves_a_mark(text: str) -> None:
    rendered = render_article(text, 1, Dialect(math=True, typographer=True))
    page = filled(rendered, *(Place("/") for _ in rendered.links))

    assert "\0" not in page
    assert all(heading.id in anchors_of(rendered.body) for heading in rendered.body.headings)
    assert not re.search(r"\sstyle=", page) or "style" in text


def test_headings_are_the_table_of_contents() -> None:
    headings = render_article("# One\n\n### Two `b`\n\n# Three {#third}").body.headings

    assert [(h.level, h.id, h.text) for h in headings] == [
        (2, "one", "One"),
        (3, "two-b", "Two b"),
        (2, "third", "Three"),
    ]


@pytest.mark.parametrize("more", ["<!-- more -->", "<!--more-->"])
def test_summary_ends_where_it_says_more(more: str) -> None:
    rendered = render_article(f"![A](a.jpg)\n\nOne\n\nTwo\n\n{more}\n\nThree")

    assert rendered.summary == "One Two"


def test_summary_is_the_first_paragraph_with_words() -> None:
    assert render_article("# T\n\n![A](a.jpg)\n\nOne *two*\n\nThree").summary == "One two"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "“Yes” – it’s…"), ("de-AT", "„Yes“ – it’s…"), ("fr", "«\u202fYes\u202f» – it’s…")],
)
def test_typographer_sets_as_in_print(language: str, expected: str) -> None:
    text = '"Yes" -- it\'s...'

    assert render_article(text).summary == text
    assert render_article(text, 1, Dialect(typographer=True, language=language)).summary == expected


def test_formula_is_text_unless_it_is_wanted() -> None:
    assert render_article("$a$").body.html == "<p>$a$</p>\n"


@pytest.mark.parametrize("text", ["It costs $5 or $10", r"\$a\$", "`$a$`"])
def test_money_is_no_formula(text: str) -> None:
    assert "math" not in render_article(text, 1, Dialect(math=True)).body.html


def test_formula_becomes_mathml_where_the_library_is_there() -> None:
    pytest.importorskip("latex2mathml")
    page = render_article("So $x^2$:\n\n$$\n\\frac{a}{b}\n$$", 1, Dialect(math=True)).body.html

    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><msup>' in page
    assert 'display="block"><mrow><mfrac>' in page


def test_formula_that_cannot_be_read_is_shown_as_typed_with_its_place() -> None:
    pytest.importorskip("latex2mathml")

    assert told("A\n\nB $\\left( a$ c", Dialect(math=True)) == [("bad_formula", 12, 4, 8)]
    assert '<code class="math">' in render_article("$a^b^c$", 1, Dialect(math=True)).body.html


def test_formula_without_the_library_is_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", None)
    rendered = render_article("$a < b$", 1, Dialect(math=True))

    assert rendered.body.html == '<p><code class="math">a &lt; b</code></p>\n'
    assert rendered.problems == ()


@given(st.sampled_from(("python", "html", "console", "diff", "css")), st.text(max_size=300))
def test_highlighted_code_is_the_same_code(language: str, code: str) -> None:
    code = code.replace("\r", "")
    shown = highlight(code, language, set())

    assert shown is None or html.unescape(re.sub(r"</?span[^>]*>", "", shown)) == code


def test_highlighting_can_be_switched_off() -> None:
    rendered = render_article("```python\nif\n```", 1, Dialect(highlight=False))

    assert rendered.classes == ()
    assert "<span" not in rendered.body.html


def test_style_sheet_has_the_used_classes_and_no_other() -> None:
    used: set[str] = set()
    highlight(PYTHON, "python", used)
    rules = style_sheet(used)

    assert used
    assert set(re.findall(r"code \.(\w+)", rules)) == used
    assert len(rules) < 3_000


def luminance(color: str) -> float:
    parts = [int(color[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_of_code_can_be_read_on_the_paper() -> None:
    from pygments.token import STANDARD_TYPES

    from sitegen.markup.articles.highlighting import _class_of

    rules = style_sheet(filter(None, {_class_of(kind) for kind in STANDARD_TYPES}))
    light, dark = rules.split("@media")
    papers = re.findall(r"--paper: (#\w{6})", STYLE.read_text(encoding="utf-8"))
    for sheet, paper in ((light, papers[0]), (dark, papers[1])):
        colors = re.findall(r"color:(#\w{6})", sheet)

        assert len(colors) > 5
        for color in colors:
            assert contrast(color, paper) >= 4.5, (color, paper)


def test_every_language_is_known_by_its_names() -> None:
    names = [aliases[0] for _, aliases, _, _ in get_all_lexers() if aliases]

    assert len(names) > 400
    assert highlight("x", "no-such-language", set()) is None
