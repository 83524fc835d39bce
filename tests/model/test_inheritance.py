from __future__ import annotations

import datetime as dt

import pytest

from sitegen.model.inheritance import completed
from sitegen.sources.content import Document
from sitegen.sources.front_matter import Defaults

DAY = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
LATER = DAY + dt.timedelta(days=9)


def article(key: str, **values: object) -> Document:
    return Document(f"content/{key}.md", "article", key, key, date=DAY, **values)  # type: ignore[arg-type]


def page(key: str, **values: object) -> Document:
    return Document(f"content/{key}.md", "page", key, key, **values)  # type: ignore[arg-type]


def section(key: str, **defaults: object) -> Document:
    path = f"content/{key}/_index.md" if key else "content/_index.md"
    return Document(path, "section", key, key, defaults=Defaults(**defaults))  # type: ignore[arg-type]


def complete(*documents: Document, **changes: dt.datetime) -> dict[str, Document]:
    by_path = {document.path: document for document in documents}
    found = completed(by_path, {f"content/{key}.md": date for key, date in changes.items()})
    return {document.key: document for document in found.values()}


def test_the_nearest_section_that_says_something_counts() -> None:
    found = complete(
        section("", comments="open", lang="en", authors=("Root",)),
        section("a", lang="de"),
        section("a/b", comments="closed"),
        article("a/b/c/x"),
    )
    x = found["a/b/c/x"]

    assert (x.comments, x.lang, x.authors) == ("closed", "de", ("Root",))


def test_a_section_takes_only_the_language_and_not_its_own() -> None:
    found = complete(section("", lang="fr", comments="open"), section("a", lang="de"))

    assert (found[""].lang, found["a"].lang, found["a"].comments) == ("", "fr", None)


def test_a_page_takes_all_but_tags() -> None:
    found = complete(section("", tags=("x",), template="t.html", unlisted=True), page("p"))

    assert found["p"] == page("p", template="t.html", unlisted=True)


SAID = {
    "unlisted": ({"unlisted": False}, {"unlisted": True}),
    "tags": ({"tags": ()}, {"tags": ("x",)}),
    "author": ({"authors": ("Jo",)}, {"authors": ("Root",)}),
    "comments": ({"comments": "hidden"}, {"comments": "open"}),
}


@pytest.mark.parametrize(("key", "values"), SAID.items())
def test_what_a_file_says_counts_more(
    key: str, values: tuple[dict[str, object], dict[str, object]]
) -> None:
    own, above = values
    document = article("x", lines={key: 3}, **own)

    assert complete(section("", **above), document)["x"] == document


def test_what_needs_nothing_is_the_same_record() -> None:
    documents = [section("a", lang="de"), article("x"), article("y", updated=DAY)]
    found = complete(*documents, y=LATER)

    assert found["x"] is documents[1]
    assert found["y"] is documents[2]


def test_the_history_tells_when_a_document_was_changed_after_its_date() -> None:
    found = complete(article("x"), article("y"), page("p"), x=LATER, y=DAY, p=DAY)

    assert [found[key].updated for key in "xyp"] == [LATER, None, DAY]
