from __future__ import annotations

import pytest

from sitegen.importers.front_matter import HeadError, read_head, read_pelican_head

HEADS = {
    "YAML": ("---\na: 1\nb: [x, No]\nc: ~\n---\nText\n", [("a", "1", 2), ("b", ["x", "No"], 3), ("c", "", 4)]),
    "TOML": (
        "+++\na = 2018-02-19T10:00:00Z\nb = true\n[extra]\nc = 1\n+++\nText\n",
        [("a", "2018-02-19T10:00:00+00:00", 2), ("b", "true", 3), ("extra", {"c": "1"}, 4)],
    ),
    "none": ("Text\n", []),
    "empty": ("---\n---\nText\n", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "entries"), HEADS.values(), ids=HEADS)
def test_values_are_text_lists_and_mappings_and_know_their_line(
    text: str, entries: list[tuple[str, object, int]]
) -> None:
    head = read_head(text)

    assert [(entry.key, entry.value, entry.line) for entry in head.entries] == entries
    assert head.body == "Text\n"
    assert text.split("\n")[head.body_line - 1] == "Text"


def test_of_a_key_that_stands_twice_the_last_counts_and_the_first_is_told() -> None:
    head = read_head("---\na: 1\nA: 2\nb: 3\n---\n")

    assert [(entry.key, entry.value) for entry in head.entries] == [("A", "2"), ("b", "3")]
    assert [(entry.value, entry.line) for entry in head.repeated] == [("1", 2)]


def test_pelican_s_lines_end_at_the_first_empty_one() -> None:
    head = read_pelican_head("Title: A: B\nSummary: one\n    two\nTags: x, y\n\nText: no key\n")

    assert [(entry.key, entry.value, entry.line) for entry in head.entries] == [
        ("Title", "A: B", 1), ("Summary", "one\ntwo", 2), ("Tags", "x, y", 4),
    ]  # fmt: skip
    assert head.body == "\nText: no key\n"
    assert head.body_line == 5


def test_pelican_s_lines_may_be_all_that_there_is() -> None:
    head = read_pelican_head("Title: A\nDate: 2018-01-01")

    assert [entry.key for entry in head.entries] == ["Title", "Date"]
    assert head.body == ""


FAULTS = {
    "---\na: 1\n": ("the front matter has no end", 1),
    "---\na: [1\n---\n": ("did not find expected ',' or ']'", 3),
    "---\n- a\n---\n": ("expected lines of `key: value`", 2),
    "+++\na = \n+++\n": ("invalid value", 2),
    "+++\na = 1\na = 2\n+++\n": ("cannot overwrite a value", 3),
}


@pytest.mark.parametrize(("text", "fault"), FAULTS.items())
def test_a_head_that_cannot_be_read_says_why_and_where(text: str, fault: tuple[str, int]) -> None:
    with pytest.raises(HeadError) as refused:
        read_head(text)

    assert refused.value.args == fault
