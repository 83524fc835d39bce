from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import (
    PROBLEM_FORMATS,
    Location,
    Problem,
    Severity,
    SiteError,
    as_github,
    as_sarif,
    as_text,
    has_errors,
    in_order,
    printable,
    quoted,
)

PRINTABLE = {
    "plain": ("Ada", "Ada"),
    "letters": ("Ünï 你好 🙂", "Ünï 你好 🙂"),
    "escape": ("\x1b[31m", "\\u001b[31m"),
    "C1": ("\x9b31m", "\\u009b31m"),
    "lines": ("a\r\nb\n", "a\\u000d\\u000ab\\u000a"),
    "line separator": ("a\u2028b", "a\\u2028b"),
    "bidi": ("a\u202eb", "a\\u202eb"),
    "zero width": ("a\u200bb", "a\\u200bb"),
    "tag character": ("a\U000e0041", "a\\U000e0041"),
    "surrogate": ("a\udc80", "a\\udc80"),
    "no-break space": ("a\u00a0b", "a b"),
    "command": ("::error::x", ": :error: :x"),
    "commands": (":::::", ": : : : :"),
    "old command": ("a##[error]", "a# #[error]"),
    "hashes": ("####[x]", "### #[x]"),
    "long": ("a" * 300, "a" * 199 + "…"),
}


@pytest.mark.parametrize(("text", "shown"), PRINTABLE.values(), ids=PRINTABLE)
def test_text_from_outside_is_shown_as_one_harmless_line(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters() | st.sampled_from(":#[ \x1b\r\n"), max_size=300))
def test_nothing_printable_speaks_to_a_terminal_or_a_runner(text: str) -> None:
    shown = printable(text)

    assert shown == "" or shown.isprintable()
    assert "::" not in shown
    assert "##[" not in shown
    assert len(shown) <= 10 * 200


@given(st.text(max_size=100))
def test_what_is_printable_stays_as_it_is(text: str) -> None:
    once = printable(text, 10_000)

    assert printable(once, 10_000) == once


def test_a_quoted_text_is_cut() -> None:
    assert quoted("a" * 100) == f"`{'a' * 59}…`"


DATE = Problem(
    "date",
    "`2024-02-30` is not a date: February 2024 has 29 days",
    Location("content/posts/no-date.md", 3, 7, "date: 2024-02-30", 10),
    "write YYYY-MM-DD",
)


def test_a_problem_shows_its_place_its_line_and_its_cure() -> None:
    assert as_text([DATE]) == (
        "content/posts/no-date.md:3:7: error: `2024-02-30` is not a date: February 2024 has 29 days\n"
        "   3 | date: 2024-02-30\n"
        "     |       ^^^^^^^^^^\n"
        "  hint: write YYYY-MM-DD\n"
    )


def test_a_problem_of_a_whole_file_has_neither_line_nor_excerpt() -> None:
    problem = Problem("x", "m", Location("a.md"), severity=Severity.WARNING)

    assert as_text([problem]) == "a.md: warning: m\n"


def test_a_long_line_is_cut_around_what_is_meant() -> None:
    line = "x" * 500 + "HERE" + "y" * 500
    shown = as_text([Problem("x", "m", Location("a", 1, 501, line, 4))]).splitlines()

    assert len(shown[1]) < 120
    assert shown[2].index("^") == shown[1].index("HERE")
    assert shown[2].count("^") == 4


def test_carets_stand_below_what_is_shown_as_an_escape() -> None:
    shown = as_text([Problem("x", "m", Location("a", 1, 3, "a\x1bbc", 1))]).splitlines()

    assert shown[1] == "   1 | a\\u001bbc"
    assert shown[2].index("^") == shown[1].index("bc")


def test_problems_are_in_order_and_said_once() -> None:
    late = Problem("x", "m", Location("b"))
    early = Problem("x", "m", Location("a", 2, 1))
    first = Problem("x", "m", Location("a", 1, 9))

    assert in_order([late, early, first, early]) == [first, early, late]


def test_only_errors_stop_a_build() -> None:
    assert has_errors([DATE])
    assert not has_errors([Problem("x", "m", Location("a"), severity=Severity.WARNING)])


def test_an_error_says_all_its_problems() -> None:
    assert str(SiteError(DATE)) == as_text([DATE])


def test_github_reads_file_line_and_column() -> None:
    assert as_github([DATE]) == (
        "::error file=content/posts/no-date.md,line=3,col=7,title=date::"
        "`2024-02-30` is not a date: February 2024 has 29 days (write YYYY-MM-DD)\n"
    )


def test_github_is_told_of_a_whole_file_without_a_line() -> None:
    problem = Problem("file", "m", Location("content/a.md"))

    assert as_github([problem]) == "::error file=content/a.md,title=file::m\n"


def test_sarif_names_a_file_by_an_address() -> None:
    problem = Problem("x", "m", Location("content/über mich.md"))
    [result] = json.loads(as_sarif([problem]))["runs"][0]["results"]
    [place] = result["locations"]

    assert place["physicalLocation"]["artifactLocation"]["uri"] == "content/%C3%BCber%20mich.md"


HOSTILE = ["\x1b[31m", "\r::error::x", "a\n::stop-commands::x", "##[error]x", "%0A::error::x", "\u2028::x",
           "a,line=1::x", "\x9b", "```", "<script>"]  # fmt: skip


@pytest.mark.parametrize("form", PROBLEM_FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_format_lets_a_stranger_speak(form: str, text: str) -> None:
    """Messages and hints are made safe where they are made; this is the second fence."""
    problem = Problem(
        "x", f"m {text}", Location(f"comments/{text}", 1, 1, f"x {text}", 2), f"h {text}"
    )

    said = PROBLEM_FORMATS[form]([problem])

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", said)
    assert "##[" not in said
    ours = 1 if form == "github" else 0
    assert len(re.findall(r"^\s*::", said, re.MULTILINE)) == ours
    if form in {"json", "sarif"}:
        json.loads(said)
