"""Rules tried only where they may begin: the same tokens as those of the library, in half the time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.common.normalize_url import normalizeLink, normalizeLinkText
from markdown_it.token import Token

from sitegen.markup.articles.dialect import ENGLISH, library_parser, parser
from sitegen.markup.articles.dispatch import _ORDINARY

PAIRS = [
    (parser(), library_parser()),
    (parser(math=True, quotes=ENGLISH), library_parser(math=True, quotes=ENGLISH)),
]

PIECES = st.sampled_from(
    [
        "\\",
        "`",
        "``",
        "```",
        "~",
        "~~",
        "~~~",
        "*",
        "**",
        "***",
        "_",
        "__",
        "!",
        "![",
        "[",
        "]",
        "(",
        ")",
        "[^",
        "[^1]",
        "[^1]:",
        "[a]:",
        "<",
        ">",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "&",
        "&amp;",
        "@",
        "a.b@c.de",
        "www.",
        "www.a.bc",
        "w",
        ":",
        "://",
        "http://a.bc",
        "https://a.bc/d#e",
        "mailto:a@b.cd",
        "xmpp:a@b",
        "#",
        "##",
        "-",
        "+",
        "=",
        "---",
        "===",
        "|",
        "|-|",
        "$",
        "$$",
        "{}",
        "%",
        "1.",
        "1)",
        "x",
        "word",
        "[",
        "]",
        "[x]",
        "é",
        "日本",
    ]
)
LINES = st.lists(
    st.one_of(PIECES, st.sampled_from([" ", "  ", "    ", "\t"]), st.text(max_size=3)), max_size=8
).map("".join)
TEXTS = st.lists(st.one_of(LINES, st.just("")), max_size=12).map("\n".join)


def dumped(tokens: Iterable[Token]) -> list[dict[str, Any]]:
    return [token.as_dict() for token in tokens]


def assert_same(text: str) -> None:
    for ours, library in PAIRS:
        assert dumped(ours.parse(text, {})) == dumped(library.parse(text, {}))


@given(TEXTS)
@example("[w[w](www.a.bc)](x) www.a.bc")
@example("a\n: b\n\n~ c\nd\n===")
@example("> a\nb\n    c\n> - d\ne\n-")
@example("a | b\n- | -\nc | d\n\ntext\na|b\n-|-\n")
@example("[" * 30 + "a" + "]" * 30)
@example("*" * 200 + "[a](b)" + "_" * 200)
def test_a_text_has_the_same_tokens(text: str) -> None:
    assert_same(text)


@given(st.from_regex(_ORDINARY, fullmatch=True))
def test_an_ordinary_address_is_written_as_it_is(address: str) -> None:
    assert normalizeLink(address) == address
    assert normalizeLinkText(address) == address


@pytest.mark.parametrize(
    "address",
    ["//host/", "https://xn--a.example.org", "http:x", "a b", "A:b", "https://ä.example.org"],
)
def test_an_unusual_address_is_left_to_the_library(address: str) -> None:
    assert not _ORDINARY.fullmatch(address)


@pytest.mark.shared
@pytest.mark.parametrize("part", range(8))
def test_articles_of_real_blogs_have_the_same_tokens(shared: Path, part: int) -> None:
    """In parts, each of which has time enough on a loaded machine."""
    paths = sorted((shared / "corpora").rglob("*.md"))[part::8]

    assert len(paths) > 12
    for path in paths:
        assert_same(path.read_text("utf-8", "replace"))
