from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator

from sitegen.sources import comments, config, fields, front_matter, schema, theme
from sitegen.sources.schema import Key, Reader

PATH = "some.yaml"


def read(text: str, *keys: Key) -> tuple[dict[str, object], list[tuple[str, str, int, int]]]:
    reader = Reader(ZoneInfo("UTC"))
    mapping = fields.parse_mapping(text, PATH, fields.AUTHORS)
    values = schema.read_keys(mapping, keys, reader)
    return values, [
        (p.message, p.hint, p.location.line, p.location.column) for p in reader.problems
    ]


def one(kind: schema.Kind, text: str) -> tuple[object, list[str]]:
    values, problems = read(f"key: {text}", Key("key", kind, "A key."))
    return values.get("key"), [problem[0] for problem in problems]


READ = {
    "text": (schema.text(), "  a b ", "a b"),
    "text that looks like a number": (schema.text(), "2018", "2018"),
    "text over lines": (schema.text(), "a\n  b", "a b"),
    "block": (schema.text(), "|\n  a\n  b\n", "a b"),
    "text of lines": (schema.text(one_line=False), "|\n  a\n  b\n", "a\nb\n"),
    "flag": (schema.flag, "true", True),
    "flag in capitals": (schema.flag, "False", False),
    "number": (schema.whole_number(1, 10), "10", 10),
    "number with a zero": (schema.whole_number(1, 10), "07", 7),
    "choice": (schema.choice("one", "two"), "two", "two"),
    "list": (schema.list_of(schema.text()), "[no, 1.10, 2720e784]", ("no", "1.10", "2720e784")),
    "list of lines": (schema.list_of(schema.text()), "\n- a\n- b", ("a", "b")),
    "empty list": (schema.list_of(schema.text()), "[]", ()),
    "list of one": (schema.list_of(schema.text(), or_one=True), "a", ("a",)),
    "own values": (schema.anything, "{a: [b, {c: d}]}", {"a": ("b", {"c": "d"})}),
    "nothing": (schema.text(), "", None),
    "null is a text": (schema.text(), "~", "~"),
}


@pytest.mark.parametrize(("kind", "text", "value"), READ.values(), ids=READ)
def test_values_mean_what_they_say(kind: schema.Kind, text: str, value: object) -> None:
    assert one(kind, text) == (value, [])


REFUSED = {
    "quoted nothing": (schema.text(), '""', "the text is empty"),
    "blank": (schema.text(), '"  "', "the text is empty"),
    "list for a text": (schema.text(), "[a]", "found a list, expected a text"),
    "mapping for a text": (schema.text(), "{a: b}", "found a mapping, expected a text"),
    "long": (schema.text(max_length=3), "abcd", "the text has 4 characters, at most 3 are allowed"),
    "yes": (schema.flag, "yes", "`yes` is neither true nor false"),
    "one": (schema.flag, "1", "`1` is neither true nor false"),
    "small": (schema.whole_number(1, 10), "0", "`0` is not a whole number from 1 to 10"),
    "large": (schema.whole_number(1, 10), "9" * 4301, "is not a whole number from 1 to 10"),
    "fraction": (schema.whole_number(1, 10), "1.5", "`1.5` is not a whole number"),
    "grouped": (schema.whole_number(1, 1000), "1_0", "`1_0` is not a whole number"),
    "Arabic digits": (schema.whole_number(1, 10), "٣", "`٣` is not a whole number"),
    "choice": (schema.choice("open", "closed"), "opne", "`opne` is not one of open, closed"),
    "text for a list": (schema.list_of(schema.text()), "a", "expected a list"),
    "item": (schema.list_of(schema.flag), "[true, 2]", "`2` is neither true nor false"),
    "many": (schema.list_of(schema.text(), max_items=2), "[a, b, c]", "more than 2 items"),
    "own values": (schema.anything, "a", "expected a mapping"),
    "date": (schema.moment, "soon", "`soon` is not a date"),
    "escape": (schema.choice("a"), '"\\u202e::x"', "`\\u202e: :x` is not one of a"),
}


@pytest.mark.parametrize(("kind", "text", "said"), REFUSED.values(), ids=REFUSED)
def test_what_a_value_cannot_be_is_said(kind: schema.Kind, text: str, said: str) -> None:
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
    keys = (Key("title", schema.text(), "A."), Key("base_url", schema.text(), "B."))

    assert read(f"{written}: x", *keys)[1] == [(f"unknown key `{written}`", hint, 1, 1)]


def test_a_missing_key_is_told_at_the_mapping_that_lacks_it() -> None:
    inner = schema.record((Key("url", schema.text(), "A.", required=True),), inside="menu.")
    _, problems = read(
        "a: b\nmenu:\n  title: x", Key("a", schema.text(), ""), Key("menu", inner, "")
    )

    assert ("key `menu.url` is missing", "add `url: …`", 3, 3) in problems


def test_a_key_without_a_value_counts_as_absent() -> None:
    key = Key("title", schema.text(), "A.", required=True)

    assert [problem[0] for problem in read("title:", key)[1]] == ["key `title` is missing"]


def test_a_faulty_value_leaves_the_default_and_the_other_keys() -> None:
    keys = (Key("a", schema.flag, "", default=True), Key("b", schema.text(), ""))

    assert read("a: x\nb: y", *keys)[0] == {"a": True, "b": "y"}


@pytest.mark.parametrize("keys", [config.KEYS, front_matter.KEYS, comments.KEYS, theme.KEYS])
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
