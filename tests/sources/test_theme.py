from __future__ import annotations

import pytest

from sitegen.errors import SiteError
from sitegen.sources.theme import ThemeSettings, parse_theme, parse_words

PATH = "themes/mine/theme.yaml"


def test_every_key_of_a_theme_is_read() -> None:
    text = (
        "name: Mine\nextends: default\nversion: '1.10'\nrequires: '>=0.1,<1'\nparameters: {a: b}\n"
    )

    assert parse_theme(PATH, text.encode()) == ThemeSettings(
        "Mine", "default", "1.10", ">=0.1,<1", {"a": "b"}
    )


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
