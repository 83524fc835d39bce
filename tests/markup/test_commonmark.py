"""The specification of Markdown: its own 652 examples, and what this project adds on purpose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitegen.markup.articles.dialect import Dialect, parser
from sitegen.markup.articles.rendering import render_article

pytestmark = pytest.mark.page_checks  # npm has the specification too

DIFFERENT = {
    608: "an address in text is a link, as on GitHub",
    611: "an address in text is a link, as on GitHub",
    612: "an e-mail address in text is a link, as on GitHub",
}


_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def examples(page_checks: Path) -> list[tuple[str, str]]:
    """Markdown and HTML of each example, in the order of their numbers."""
    text = (page_checks / "commonmark-spec/spec.txt").read_text(encoding="utf-8")
    found = _EXAMPLE.findall(text.replace("\N{RIGHTWARDS ARROW}", "\t"))
    assert len(found) == 652
    return found


def test_examples_of_the_specification_hold(examples: list[tuple[str, str]]) -> None:
    made = parser()
    made.options["xhtmlOut"] = True
    wrong = set()
    for number, (markdown, html) in enumerate(examples, start=1):
        expected = html.replace("<blockquote>\n</blockquote>", "<blockquote></blockquote>")
        if made.render(markdown) != expected:
            wrong.add(number)

    assert wrong == set(DIFFERENT)


def test_the_manual_names_the_examples_that_differ() -> None:
    page = Path(__file__).parents[2] / "content/manual/articles.md"
    sentence = re.search(
        r"^Three of its 652 examples.*$", page.read_text(encoding="utf-8"), re.MULTILINE
    )

    assert sentence
    assert {int(number) for number in re.findall(r"\b6\d\d\b", sentence[0])} - {652} == set(
        DIFFERENT
    )


def test_every_example_becomes_an_article_whatever_is_switched_on(
    examples: list[tuple[str, str]],
) -> None:
    dialect = Dialect(highlight=True, math=True, typographer=True, language="de")
    for markdown, _ in examples:
        rendered = render_article(markdown, 1, dialect)

        assert rendered == render_article(markdown, 1, dialect)
        assert all(problem.location.line >= 1 for problem in rendered.problems)
