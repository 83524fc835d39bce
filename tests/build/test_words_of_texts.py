"""Words of the theme that stand in the texts of articles: titles of alerts, ways back from footnotes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

TEXT = """\
---
title: T
date: 2024-01-01
{head}---
> [!{kind}]
> Take care.[^1]

[^1]: Note.
"""


@pytest.mark.parametrize(
    ("language", "kind", "title"),
    [
        ("en", "NOTE", "Note"),
        ("de", "TIP", "Tipp"),
        ("de-AT", "IMPORTANT", "Wichtig"),
        ("fr", "WARNING", "Avertissement"),
        ("es", "CAUTION", "Precaución"),
        ("ar", "NOTE", "ملاحظة"),
        ("fi", "NOTE", "Note"),
    ],
)
def test_an_alert_speaks_the_language_of_its_text(
    site: Callable, language: str, kind: str, title: str
) -> None:
    scratch = site({"content/a.md": TEXT.format(kind=kind, head=f"lang: {language}\n")})
    assert not scratch.build().problems

    for path in ("a/index.html", "feed.xml"):
        page = scratch.text(path).replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
        assert f'<p class="markdown-alert-title">{title}</p>' in page


def test_the_words_change_with_the_language_of_the_site_and_the_theme(site: Callable) -> None:
    scratch = site({"content/a.md": TEXT.format(kind="NOTE", head="")})
    scratch.build()
    base = "title: S\nbase_url: https://example.org/\n"
    scratch.write({"config.yaml": base + "language: de\n"})
    assert not scratch.build().problems
    assert '<p class="markdown-alert-title">Hinweis</p>' in scratch.text("a/index.html")
    assert 'aria-label="Zurück zur Stelle 1 im Text"' in scratch.text("a/index.html")

    theme = {"themes/x/theme.yaml": "name: x\n", "themes/x/i18n/de.yaml": "alert_note: <Merke>\n"}
    scratch.write({"config.yaml": base + "language: de\ntheme: x\n", **theme})
    assert not scratch.build().problems
    assert "&lt;Merke&gt;</p>" in scratch.text("a/index.html")
    made = scratch.outputs()
    scratch.build(remember=False)
    assert scratch.outputs() == made


def test_an_alert_in_the_text_of_a_section_has_its_title(site: Callable) -> None:
    text = TEXT.format(kind="TIP", head="lang: fr\n").replace("date: 2024-01-01\n", "")
    scratch = site({"content/_index.md": text})
    assert not scratch.build().problems

    assert "Astuce</p>" in scratch.text("index.html")
