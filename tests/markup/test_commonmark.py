"""The specification of Markdown: its own 652 examples, and what this project adds on purpose."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitegen.markup.articles import render_article
from sitegen.markup.dialect import Dialect, parser

pytestmark = pytest.mark.shared

DIFFERENT = {
    608: "an address in text is a link, as on GitHub",
    611: "an address in text is a link, as on GitHub",
    612: "an e-mail address in text is a link, as on GitHub",
}


@pytest.fixture(scope="module")
def examples(shared: Path) -> list[dict]:
    place = shared / "corpora/commonmark/spec-0.31.2.json"
    if not place.is_file():
        pytest.skip("the examples of CommonMark are not among the corpora")
    return json.loads(place.read_text(encoding="utf-8"))


def test_examples_of_the_specification_hold(examples: list[dict]) -> None:
    made = parser()
    made.options["xhtmlOut"] = True
    wrong = set()
    for example in examples:
        expected = example["html"].replace(
            "<blockquote>\n</blockquote>", "<blockquote></blockquote>"
        )
        if made.render(example["markdown"]) != expected:
            wrong.add(example["example"])

    assert len(examples) == 652
    assert wrong == set(DIFFERENT)


def test_every_example_becomes_an_article_whatever_is_switched_on(examples: list[dict]) -> None:
    dialect = Dialect(highlight=True, math=True, typographer=True, language="de")
    for example in examples:
        rendered = render_article(example["markdown"], 1, dialect)

        assert rendered == render_article(example["markdown"], 1, dialect)
        assert all(problem.location.line >= 1 for problem in rendered.problems)
