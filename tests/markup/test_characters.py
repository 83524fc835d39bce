from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.markup.untrusted.characters import MAX_MARKS, Places, plain_characters


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("a\x1cb\x1fc", "a b c"),
        ("a\x00\x01\x08\x7f\x9fb", "ab"),
        ("a\ud800\udfffb", "ab"),
        ("a\ufffe\uffff\ufdd0\U0001fffeb", "ab"),
        ("a\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069b", "ab"),
        ("a\u200b\u2060\ufeff\u180eb", "ab"),
        ("a\U000e0041b", "ab"),
        ("a\u200db", "ab"),
        ("\u200db", "b"),
        ("क\u200dष", "क\u200dष"),
        ("क\u200d\u200d\u200d", "क\u200d"),
        ("e" + "\u0301\u200b" * 20 + "x", "e" + "\u0301" * MAX_MARKS + "x"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("a\u200b\u200c\u200d\ufeffb", "ab"),
        ("e" + "\u0301" * 20, "e" + "\u0301" * MAX_MARKS),
        ("tab\tand no-break\u00a0space", "tab\tand no-break\u00a0space"),
        ("“ünïcödé” 漢字 😀 עברית \u200f", "“ünïcödé” 漢字 😀 עברית \u200f"),
    ],
)
def test_characters_that_lie_are_removed_and_others_kept(text, plain):
    assert plain == plain_characters(text)


@given(st.text(st.characters(), max_size=200))
def test_once_is_enough(text):
    once = plain_characters(text)

    assert once == plain_characters(once)


@given(st.text(st.sampled_from("ab\r\n\u200d\u202e\u0301é\x00\u2028"), max_size=80))
def test_places_lead_back_to_the_source(text):
    plain, places = plain_characters(text), Places(text)

    for position, character in enumerate(plain):
        if character not in "\n \u200d\u0301":
            assert text[places.source(position)] == character


@given(st.text(st.characters(), max_size=200))
def test_nothing_that_utf8_cannot_hold_is_left(text):
    plain = plain_characters(text)

    assert plain == plain.encode("utf-8").decode("utf-8")
