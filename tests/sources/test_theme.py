from __future__ import annotations

import pytest

from sitegen.errors import SiteError
from sitegen.sources.theme import admits, parse_theme, parse_words
from sitegen.sources.theme_parameters import Parameter

PATH = "themes/mine/theme.yaml"


def test_every_key_of_a_theme_is_read() -> None:
    text = (
        "name: Mine\nextends: default\nversion: '1.10'\nrequires: '>=0.1,<1'\n"
        "parameters:\n  tone: {kind: choice, choices: [calm, loud], about: How it speaks.}\n"
    )
    read = parse_theme(PATH, text.encode())

    assert (read.name, read.extends, read.version) == ("Mine", "default", "1.10")
    assert read.requires == ">=0.1,<1"
    assert read.parameters == (
        Parameter("tone", "choice", "calm", "How it speaks.", ("calm", "loud")),
    )
    assert (read.places["requires"].line, read.places["requires"].column) == (4, 11)


KINDS = {
    "text": ("text", "", "two words", "two words"),
    "flag": ("flag", False, "true", True),
    "number": ("number", 0, "12", 12),
    "link": ("link", "", "/about/", "/about/"),
    "texts": ("texts", (), "[a, b]", ("a", "b")),
}


def declared(rest: str) -> str:
    return f"name: M\nparameters:\n  it: {{about: It., {rest}}}\n"


@pytest.mark.parametrize(("kind", "nothing", "text", "value"), KINDS.values(), ids=KINDS)
def test_a_parameter_has_the_kind_that_is_declared(
    kind: str, nothing: object, text: str, value: object
) -> None:
    plain = parse_theme(PATH, declared(f"kind: {kind}").encode()).parameters
    given = parse_theme(PATH, declared(f"kind: {kind}, default: {text}").encode()).parameters

    assert (plain[0].default, given[0].default) == (nothing, value)
    assert type(given[0].default) is type(value)


FAULTS = {
    "unknown kind": ("kind: txt", "`txt` is not one of"),
    "no kind": ("default: 1", "key `parameters.it.kind` is missing"),
    "no choices": ("kind: choice", "the kind and the choices do not fit"),
    "choices of a text": ("kind: text, choices: [a]", "the kind and the choices do not fit"),
    "default of another kind": ("kind: number, default: many", "`many` is not a whole number"),
    "no choice of these": ("kind: choice, choices: [a], default: b", "`b` is not one of a"),
}


@pytest.mark.parametrize(("text", "said"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_declaration_is_told_on_its_line(text: str, said: str) -> None:
    with pytest.raises(SiteError) as refused:
        parse_theme(PATH, declared(text).encode())

    (problem,) = refused.value.problems
    assert said in problem.message
    assert problem.location.line == 3


def test_parameters_that_are_no_mapping_are_told() -> None:
    with pytest.raises(SiteError, match="expected a mapping of parameters"):
        parse_theme(PATH, b"name: x\nparameters: [a]\n")


VERSIONS = {
    ("", "0.1.0"): True,
    (">=0.1", "0.1.0"): True,
    (">=0.1,<1", "0.12.3"): True,
    (">= 0.2 , < 1", "0.1.9"): False,
    ("<1", "1.0.0"): False,
    (">1.9", "1.10"): True,
    ("==0.1", "0.1.0"): True,
    ("!=0.1", "0.1.0"): False,
    ("<=0.1", "0.1.1"): False,
    (">=0.1", "0.1.0rc1"): True,
}


@pytest.mark.parametrize(("bounds", "version"), VERSIONS)
def test_a_range_of_versions_holds_some(bounds: str, version: str) -> None:
    assert admits(bounds, version) is VERSIONS[bounds, version]


def test_a_range_that_is_none_is_told() -> None:
    with pytest.raises(SiteError) as refused:
        parse_theme(PATH, b"name: M\nrequires: new")

    assert refused.value.problems[0].message == "`new` is not a range of versions"


def test_a_fault_of_a_theme_is_told_where_it_stands() -> None:
    with pytest.raises(SiteError) as refused:
        parse_theme(PATH, b"name: Mine\nextends: ../x\nextend: y")

    assert [(p.location.line, p.location.column) for p in refused.value.problems] == [
        (2, 10),
        (3, 1),
    ]


def test_the_strings_of_a_theme_are_texts() -> None:
    assert parse_words("themes/mine/i18n/en.yaml", b"no: No\nmenu: 'On'") == {
        "no": "No",
        "menu": "On",
    }


def test_a_string_that_is_a_list_is_a_problem() -> None:
    with pytest.raises(SiteError) as refused:
        parse_words("themes/mine/i18n/en.yaml", b"menu: [a]")

    assert refused.value.problems[0].message == "expected a text"
