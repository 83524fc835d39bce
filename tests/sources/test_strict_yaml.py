"""Rows of the threats that YAML itself brings, each with the wanted behaviour."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SiteError
from sitegen.sources import nodes, strict_yaml
from sitegen.sources.decoding import decode
from sitegen.sources.nodes import Mapping, Scalar, Sequence
from sitegen.sources.strict_yaml import AUTHORS, STRANGERS, parse_mapping

PATH = "comments/trip/a.yaml"


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Both of PyYAML's parsers: where libyaml is not installed there is only the other one."""
    if request.param == "python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    strict_yaml._event_loader.cache_clear()
    yield request.param
    strict_yaml._event_loader.cache_clear()


def read(data: str | bytes, limits: strict_yaml.Limits = STRANGERS) -> dict[str, object]:
    text = decode(data.encode() if isinstance(data, str) else data, PATH)
    mapping = parse_mapping(text, PATH, limits)
    return {key.text: _plain(value) for key, value in mapping.entries}


def _plain(node: nodes.Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return {key.text: _plain(value) for key, value in node.entries}


def refusal(
    data: str | bytes, limits: strict_yaml.Limits = STRANGERS
) -> list[tuple[str, int, int, str]]:
    with pytest.raises(SiteError) as refused:
        read(data, limits)
    return [(p.code, p.location.line, p.location.column, p.message) for p in refused.value.problems]


BOMB = "\n".join(
    [
        "a0: &a0 [x]",
        *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)),
    ]
)
MERGES = "\n".join(
    [
        "a0: &a0 {k: v}",
        *(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 7)),
    ]
)

# row of the table in the threat list: (file, code, line, column)
REFUSED: dict[str, tuple[str | bytes, str, int, int]] = {
    "1 alias bomb": (BOMB, "nesting|alias", 1, 5),
    "1 anchor": ("a: &x text", "alias", 1, 4),
    "1 alias": ("a: *x", "alias", 1, 4),
    "2 self-reference": ("a: &a [*a]", "alias|nesting", 1, 4),
    "3 merge key": ("<<: text", "alias", 1, 1),
    "3 quoted merge key": ('"<<": text', "alias", 1, 1),
    "3 merge bomb": (MERGES, "alias|nesting", 1, 5),
    "4 python object": ("a: !!python/object/apply:os.system [id]", "tag|nesting", 1, 4),
    "4 python name": ("a: !!python/name:os.system ''", "tag", 1, 4),
    "4 tag alias": (
        "%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!name:os.system ''",
        "directive",
        1,
        1,
    ),
    "4 version": ("%YAML 1.1\n---\na: b", "directive", 1, 1),
    "4 tag on a key": ("!x a: b", "tag", 1, 1),
    "4 tag on the mapping": ("!!map\na: b", "tag", 1, 1),
    "5 binary": ("a: !!binary aGk=", "tag", 1, 4),
    "5 set": ("!!set\n? a", "tag", 1, 1),
    "5 omap": ("a: !!omap [b: c]", "tag|nesting", 1, 4),
    "5 string, which is harmless": ("a: !!str b", "tag", 1, 4),
    "5 non-specific": ("a: ! b", "tag", 1, 4),
    "6 repeated key": ("body: safe\ndate: x\nbody: evil", "repeated-key", 3, 1),
    "6 repeated key in quotes": ('body: safe\n"bo\\x64y": evil', "repeated-key", 2, 1),
    "9 list": ("a: [b]", "nesting", 1, 4),
    "9 mapping": ("a: {b: c}", "nesting", 1, 4),
    "9 block list": ("a:\n- b", "nesting", 2, 1),
    "9 key that is a list": ("[a]: b", "nesting", 1, 1),
    "9 key that is a mapping": ("? {a: b}\n: c", "nesting", 1, 3),
    "10 many keys": ("\n".join(f"k{n}: v" for n in range(40)), "size", 33, 1),
    "12 empty": ("", "not-a-mapping", 1, 1),
    "12 only comments": ("# one\n# two\n", "not-a-mapping", 1, 1),
    "12 null": ("~", "not-a-mapping", 1, 1),
    "12 text": ("hello", "not-a-mapping", 1, 1),
    "12 list": ("- a\n- b", "not-a-mapping", 1, 1),
    "12 end marks": ("---\n...\n", "not-a-mapping", 2, 1),
    "14 second document": ("a: b\n---\nc: d", "documents", 2, 1),
    "14 second, empty document": ("a: b\n---\n", "documents", 2, 1),
    "15 Latin-1": (b"a: caf\xe9", "encoding", 1, 7),
    "15 Latin-1, later": ("a: é\r\nb: ".encode() + b"\xff", "encoding", 2, 4),
    "15 UTF-16": ("a: b".encode("utf-16"), "encoding", 1, 1),
    "15 UTF-16 without a mark": ("a: b".encode("utf-16-be"), "control-character", 1, 1),
    "15 overlong": (b"a: \xc0\xaf", "encoding", 1, 4),
    "15 surrogate": (b"a: \xed\xa0\x80", "encoding", 1, 4),
    "15 byte order mark inside": ("a: x\ufeffy", "control-character", 1, 5),
    "15 two byte order marks": ("\ufeff\ufeffa: x", "control-character", 1, 1),
    "17 tab": ("a: b\n\tc: d", "yaml", 2, 1),
    "18 next line": ("a: x\x85b: y", "control-character", 1, 5),
    "18 line separator": ("a: x\u2028b: y", "control-character", 1, 5),
    "18 paragraph separator": ("a: x\u2029b: y", "control-character", 1, 5),
    "19 NUL": ("a: x\0", "control-character", 1, 5),
    "19 escape": ("a: b\nc: \x1b[31m", "control-character", 2, 4),
    "19 vertical tab": ("a: \x0b", "control-character", 1, 4),
    "19 form feed": ("a: \x0c", "control-character", 1, 4),
    "19 delete": ("a: \x7f", "control-character", 1, 4),
    "19 C1": ("a: \x9b31m", "control-character", 1, 4),
    "19 non-character": ("a: \uffff", "control-character", 1, 4),
    "20 escaped NUL": (r'a: "\0"', "control-character", 1, 4),
    "20 escaped escape": (r'a: "\x1b[31m"', "control-character", 1, 4),
    "20 escaped escape, named": (r'a: "\e[31m"', "control-character", 1, 4),
    "20 escaped surrogate": (r'a: "\ud800"', "control-character|yaml", 1, 4),
    "20 escaped non-character": (r'a: "\uffff"', "control-character", 1, 4),
    "20 escape in a key": (r'"\e": b', "control-character", 1, 1),
    "20 beyond Unicode": (r'a: "\Uffffffff"', "yaml", 1, 1),
    "20 just beyond Unicode": (r'a: "\U00110000"', "yaml", 1, 1),
    "unclosed quote": ('a: "b', "yaml", 1, 1),
    "colon in a value": ("a: b: c", "yaml", 1, 5),
    "reserved sign": ("a: @b", "yaml", 1, 4),
    "percent": ("a: %b", "yaml", 1, 4),
    "no blank": ("a: b\nc", "yaml", 2, 1),
}


@pytest.mark.parametrize(("data", "code", "line", "column"), REFUSED.values(), ids=REFUSED)
def test_what_could_harm_is_refused_where_it_stands(
    data: str | bytes, code: str, line: int, column: int, parser: str
) -> None:
    found = refusal(data)[0]

    assert found[0] in code.split("|")
    if found[0] != "yaml":  # the two parsers differ by a sign or a line here
        assert (line, column) == found[1:3]
    else:
        assert found[1] in {0, line, line + 1}


TEXTS = ["no", "0123", "12:30:45", "~", ".inf", "0xFF", "1_000", "null", "true", "2024-13-01",
         "9999-12-31T23:59:59-23:59", "1e3", "9" * 4301, "=", "2720e784", "1.10", "{{ 7*7 }}x"]  # fmt: skip


@pytest.mark.parametrize("text", [text for text in TEXTS if not text.startswith("{")])
def test_every_value_stays_the_text_it_is(text: str) -> None:
    assert read(f"author: {text}\n") == {"author": text}


READ = {
    "15 byte order mark": ("\ufeffa: b", {"a": "b"}),
    "16 CRLF": ("a: b\r\nc: |\r\n  d\r\n  e\r\n", {"a": "b", "c": "d\ne\n"}),
    "16 lone CR": ("a: b\rc: d\r", {"a": "b", "c": "d"}),
    "first document marked": ("---\na: b\n", {"a": "b"}),
    "end marked": ("a: b\n...\n", {"a": "b"}),
    "flow": ("{a: b, c: d}", {"a": "b", "c": "d"}),
    "nothing": ("a:\nb: ''", {"a": "", "b": ""}),
    "18 line separator by escape": (r'a: "x\u2028y\Nz"', {"a": "x\u2028y\x85z"}),
    "keep": ("a: |+\n  b\n\n", {"a": "b\n\n"}),
    "13 odd keys": ("__class__: x\n__proto__: y", {"__class__": "x", "__proto__": "y"}),
}


@pytest.mark.parametrize(("data", "values"), READ.values(), ids=READ)
def test_what_is_harmless_is_read(data: str, values: dict[str, object]) -> None:
    assert read(data) == values


def test_a_repeated_key_names_both_lines() -> None:
    assert (
        "key `body` stands here again; it was first set in line 1"
        in refusal("body: a\nbody: b")[0][3]
    )


def test_all_repeated_keys_are_told_at_once() -> None:
    assert [problem[1] for problem in refusal("a: 1\na: 2\nb: 1\nb: 2")] == [2, 4]


def test_a_tab_is_called_a_tab() -> None:
    with pytest.raises(SiteError) as refused:
        read("a: |\n  b\n\tc: d")

    assert refused.value.problems[0].hint == "a tab stands here: indent with blanks"


HOSTILE = {
    "brackets": "[" * 65_000,
    "open brackets in a value": "a: " + "[" * 65_000,
    "braces": "{" * 65_000,
    "dashes": "- " * 32_000,
    "question marks": "? " * 32_000,
    "keys": "a: {" * 16_000,
    "long flow": "a: [" + "x," * 32_000 + "]",
    "quotes": "a: " + "'" * 65_000,
    "escapes": 'a: "' + "\\x41" * 16_000 + '"',
    "folds": "a: >\n" + "  x\n\n" * 13_000,
    "signs": "a: " + "&" * 65_000,
    "comment": "#" * 65_000,
    "colons": "a" + ":" * 65_000,
    "blank": " " * 65_000,
    "lines": "\n" * 65_000,
    "key": "a" * 65_000 + ": b",
    "many keys": "".join(f"{n}: x\n" for n in range(8000)),
    "marks": "a: " + "e\u0301\u0301" * 10_000,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_no_hostile_file_ends_the_process_or_keeps_it_busy(data: str) -> None:
    started = time.process_time()
    try:
        read(data)
    except SiteError as error:
        assert error.problems[0].location.path == PATH

    # The bar is 0.3 s; PyYAML's own parser, a fallback, takes longer, and machines differ.
    assert time.process_time() - started < 3


def test_more_than_64_kib_are_refused() -> None:
    assert refusal("a: " + "x" * 65_536)[0][0] == "size"


def test_authors_may_nest_lists_and_mappings() -> None:
    assert read("a: [b, {c: [d]}]", AUTHORS) == {"a": ["b", {"c": ["d"]}]}


def test_authors_may_not_nest_without_end() -> None:
    assert refusal("a: " + "[" * 20, AUTHORS)[0][0] == "nesting"


def test_places_count_from_the_line_at_which_the_text_begins() -> None:
    mapping = parse_mapping("a: b\nc:   'd e'", PATH, AUTHORS, first_line=2)
    key, value = mapping.entries[1]

    assert (key.location.line, key.location.column, key.location.width) == (3, 1, 1)
    assert (value.location.line, value.location.column, value.location.width) == (3, 6, 5)


def test_a_problem_shows_the_line_of_the_file() -> None:
    with pytest.raises(SiteError) as refused:
        parse_mapping("a: b\nc: &d e", PATH, AUTHORS, first_line=2)

    assert refused.value.problems[0].location.text == "c: &d e"


@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_a_mapping_or_a_problem(data: bytes) -> None:
    for limits in (STRANGERS, AUTHORS):
        try:
            found = parse_mapping(decode(data, PATH), PATH, limits)
        except SiteError as error:
            assert error.problems
        else:
            assert isinstance(found, Mapping)


@given(st.text(alphabet="ab:-#&*!|>'\"%@`{}[],? \t\n\\x0", max_size=40))
def test_any_text_of_signs_is_a_mapping_or_a_problem(text: str) -> None:
    try:
        parse_mapping(text, PATH, AUTHORS)
    except SiteError as error:
        assert all(problem.message for problem in error.problems)


def test_no_module_composes_or_constructs_yaml(repository) -> None:  # type: ignore[no-untyped-def]
    source = "".join(
        path.read_text(encoding="utf-8") for path in (repository / "sitegen").rglob("*.py")
    )

    for name in ("yaml.load(", "safe_load", "full_load", "unsafe_load", "yaml.compose", "CLoader"):
        assert name not in source
