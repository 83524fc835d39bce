from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator

from sitegen.sources import comments, config_keys, front_matter, kinds, schema, strict_yaml, theme
from sitegen.sources.kinds import Reader
from sitegen.sources.schema import Key

PATH = "some.yaml"


def read(text: str, *keys: Key) -> tuple[dict[str, object], list[tuple[str, str, int, int]]]:
    reader = Reader(ZoneInfo("UTC"))
    mapping = strict_yaml.parse_mapping(text, PATH, strict_yaml.AUTHORS)
    values = schema.read_keys(mapping, keys, reader)
    return values, [
        (p.message, p.hint, p.location.line, p.location.column) for p in reader.problems
    ]


def one(kind: kinds.Kind, text: str) -> tuple[object, list[str]]:
    values, problems = read(f"key: {text}", Key("key", kind, "A key."))
    return values.get("key"), [problem[0] for problem in problems]


READ = {
    "text": (kinds.text(), "  a b ", "a b"),
    "text that looks like a number": (kinds.text(), "2018", "2018"),
    "text over lines": (kinds.text(), "a\n  b", "a b"),
    "block": (kinds.text(), "|\n  a\n  b\n", "a b"),
    "text of lines": (kinds.text(one_line=False), "|\n  a\n  b\n", "a\nb\n"),
    "flag": (kinds.flag, "true", True),
    "flag in capitals": (kinds.flag, "False", False),
    "number": (kinds.whole_number(1, 10), "10", 10),
    "number with a zero": (kinds.whole_number(1, 10), "07", 7),
    "choice": (kinds.choice("one", "two"), "two", "two"),
    "list": (kinds.list_of(kinds.text()), "[no, 1.10, 2720e784]", ("no", "1.10", "2720e784")),
    "list of lines": (kinds.list_of(kinds.text()), "\n- a\n- b", ("a", "b")),
    "empty list": (kinds.list_of(kinds.text()), "[]", ()),
    "list of one": (kinds.list_of(kinds.text(), or_one=True), "a", ("a",)),
    "own values": (kinds.anything, "{a: [b, {c: d}]}", {"a": ("b", {"c": "d"})}),
    "nothing": (kinds.text(), "", None),
    "null is a text": (kinds.text(), "~", "~"),
}


@pytest.mark.parametrize(("kind", "text", "value"), READ.values(), ids=READ)
def test_values_mean_what_they_say(kind: kinds.Kind, text: str, value: object) -> None:
    assert one(kind, text) == (value, [])


REFUSED = {
    "quoted nothing": (kinds.text(), '""', "the text is empty"),
    "blank": (kinds.text(), '"  "', "the text is empty"),
    "list for a text": (kinds.text(), "[a]", "found a list, expected a text"),
    "mapping for a text": (kinds.text(), "{a: b}", "found a mapping, expected a text"),
    "long": (kinds.text(max_length=3), "abcd", "the text has 4 characters, at most 3 are allowed"),
    "yes": (kinds.flag, "yes", "`yes` is neither true nor false"),
    "one": (kinds.flag, "1", "`1` is neither true nor false"),
    "small": (kinds.whole_number(1, 10), "0", "`0` is not a whole number from 1 to 10"),
    "large": (kinds.whole_number(1, 10), "9" * 4301, "is not a whole number from 1 to 10"),
    "fraction": (kinds.whole_number(1, 10), "1.5", "`1.5` is not a whole number"),
    "grouped": (kinds.whole_number(1, 1000), "1_0", "`1_0` is not a whole number"),
    "Arabic digits": (kinds.whole_number(1, 10), "٣", "`٣` is not a whole number"),
    "choice": (kinds.choice("open", "closed"), "opne", "`opne` is not one of open, closed"),
    "text for a list": (kinds.list_of(kinds.text()), "a", "expected a list"),
    "item": (kinds.list_of(kinds.flag), "[true, 2]", "`2` is neither true nor false"),
    "many": (kinds.list_of(kinds.text(), max_items=2), "[a, b, c]", "more than 2 items"),
    "own values": (kinds.anything, "a", "expected a mapping"),
    "date": (kinds.moment, "soon", "`soon` is not a date"),
    "escape": (kinds.choice("a"), '"\\u202e::x"', "`\\u202e: :x` is not one of a"),
}


@pytest.mark.parametrize(("kind", "text", "said"), REFUSED.values(), ids=REFUSED)
def test_what_a_value_cannot_be_is_said(kind: kinds.Kind, text: str, said: str) -> None:
    value, messages = one(kind, text)

    assert value in {None, (True,)} if isinstance(value, tuple) else value is None
    assert len(messages) == 1
    assert said in messages[0]


MEANT = {
    "titel": "did you mean `title`?",
    "Title": "did you mean `title`?",
    "base-url": "did you mean `base_url`?",
    "xyz": "known keys: base_url, title",
}


@pytest.mark.parametrize(("written", "hint"), MEANT.items())
def test_an_unknown_key_is_told_with_the_one_that_was_meant(written: str, hint: str) -> None:
    keys = (Key("title", kinds.text(), "A."), Key("base_url", kinds.text(), "B."))

    assert read(f"{written}: x", *keys)[1] == [(f"unknown key `{written}`", hint, 1, 1)]


def test_a_missing_key_is_told_at_the_mapping_that_lacks_it() -> None:
    inner = schema.record((Key("url", kinds.text(), "A.", required=True),), inside="menu.")
    _, problems = read(
        "a: b\nmenu:\n  title: x", Key("a", kinds.text(), ""), Key("menu", inner, "")
    )

    assert ("key `menu.url` is missing", "add `url: …`", 3, 3) in problems


def test_a_key_without_a_value_counts_as_absent() -> None:
    key = Key("title", kinds.text(), "A.", required=True)

    assert [problem[0] for problem in read("title:", key)[1]] == ["key `title` is missing"]


def test_a_faulty_value_leaves_the_default_and_the_other_keys() -> None:
    keys = (Key("a", kinds.flag, "", default=True), Key("b", kinds.text(), ""))

    assert read("a: x\nb: y", *keys)[0] == {"a": True, "b": "y"}


@pytest.mark.parametrize("keys", [config_keys.KEYS, front_matter.KEYS, comments.KEYS, theme.KEYS])
def test_every_table_of_keys_is_a_json_schema_with_a_sentence_for_each_key(
    keys: tuple[Key, ...],
) -> None:
    found = schema.keys_schema(keys, "A title", "About it.")

    Draft202012Validator.check_schema(found)
    assert found["additionalProperties"] is False
    for key in keys:
        assert key.doc[0].isupper()
        assert key.doc.endswith(".")
        assert found["properties"][key.name]["description"] == key.doc
