"""Every case in tests/cases: a title, a dot, the text, a dot, the HTML, a dot."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.markup.untrusted.formats import BUILTIN_FORMATS, comment_html

CASES = Path(__file__).resolve().parents[1] / "cases"
FORMAT_OF = {
    "restricted_html": "restricted_html",
    "breaks": "restricted_html",
    "links": "restricted_html",
    "attacks": "restricted_html",
    "markdown": "markdown",
    "plain_text": "plain_text",
}


def read_cases(path: Path) -> list[tuple[str, str, str]]:
    """Return (title, text, HTML) of each case in a file."""
    parts = path.read_text(encoding="utf-8").split("\n.\n")
    triples = zip(parts[::3], parts[1::3], parts[2::3], strict=False)
    return [(title.strip(), text, html) for title, text, html in triples]


@pytest.mark.parametrize(
    ("name", "title", "text", "html"),
    [
        pytest.param(name, *case, id=f"{name}: {case[0]}")
        for name in FORMAT_OF
        for case in read_cases(CASES / f"{name}.txt")
    ],
)
def test_text_becomes_the_html_beside_it(name, title, text, html):
    rendered = comment_html(text, BUILTIN_FORMATS[FORMAT_OF[name]], "c-")

    assert html == str(rendered)


@pytest.mark.parametrize("name", [name for name, kind in FORMAT_OF.items() if kind[0] == "r"])
def test_rendering_a_rendered_case_changes_nothing(name):
    restricted = BUILTIN_FORMATS["restricted_html"]
    for title, text, _ in read_cases(CASES / f"{name}.txt"):
        once = comment_html(text, restricted, "")

        assert once == comment_html(str(once), restricted, ""), title


def test_every_title_is_used_once():
    for path in CASES.glob("*.txt"):
        if path.stem in FORMAT_OF:
            titles = [title for title, _, _ in read_cases(path)]

            assert len(titles) == len(set(titles)), path.name
