"""The picture that is shown where an article's address is shared."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from sitegen.pictures.sharing import Design, draw, pieces

FONTS = Path(__file__).parents[2] / "themes/default/fonts"
FONT = (FONTS / "sharing.ttf").read_bytes()
CONFIG = "title: Scratch\nbase_url: https://example.org/blog/\npictures: {sharing: true}\n"
ARTICLE = "---\ntitle: {}\ndate: 2024-01-0{}\n---\nText.\n"
FILES = {
    "config.yaml": CONFIG,
    "content/a.md": ARTICLE.format("One", 1),
    "content/b.md": ARTICLE.format("Two", 2),
    "content/page.md": "---\ntitle: Page\n---\n",
}


def cards(site: object) -> dict[str, bytes]:
    return {path: data for path, data in site.outputs().items() if "/sharing." in path}


def test_every_article_has_one_of_the_size_that_is_asked_for(site: Callable) -> None:
    scratch = site(FILES)
    assert not scratch.build().problems

    assert len(cards(scratch)) == 2
    for path, data in cards(scratch).items():
        with Image.open(io.BytesIO(data)) as picture:
            assert (picture.format, picture.size) == ("PNG", (1200, 630))
        assert len(data) < 30_000
        named = f'<meta property="og:image" content="https://example.org/blog/{path}">'
        pages = [scratch.text(page) for page in ("a/index.html", "b/index.html")]
        assert sum(named in page for page in pages) == 1
    assert "og:image:width" in scratch.text("a/index.html")
    assert "/sharing." not in scratch.text("page/index.html")


def test_there_is_none_where_the_site_does_not_ask(site: Callable) -> None:
    scratch = site({**FILES, "config.yaml": CONFIG.split("pictures", maxsplit=1)[0]})
    scratch.build()

    assert not cards(scratch)
    assert "/assets/card." in scratch.text("a/index.html")


def test_another_title_makes_another_picture_and_nothing_else_does(site: Callable) -> None:
    scratch = site(FILES)
    scratch.build()
    before = cards(scratch)
    scratch.write({"content/a.md": ARTICLE.format("One", 1) + "More.\n"})
    scratch.build()
    assert cards(scratch) == before

    scratch.write({"content/a.md": ARTICLE.format("Three", 1)})
    scratch.build()
    after = scratch.outputs()
    assert len(set(before) & set(cards(scratch))) == 1
    scratch.build(remember=False)
    assert scratch.outputs() == after


def test_a_theme_chooses_colours_and_font(site: Callable) -> None:
    theme = 'name: mine\nextends: default\nsharing_picture: {background: "#102030"}\n'
    scratch = site(
        {**FILES, "config.yaml": CONFIG + "theme: mine\n", "themes/mine/theme.yaml": theme}
    )
    assert not scratch.build().problems
    before = cards(scratch)
    for data in before.values():
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.convert("RGB").getpixel((5, 600)) == (0x10, 0x20, 0x30)

    own = theme.replace('"}', '", font: own.ttf}')
    scratch.write({"themes/mine/theme.yaml": own})
    assert scratch.messages() == [
        "themes/mine/theme.yaml:3:18: error: there is no font `own.ttf` in the theme's fonts/"
    ]
    scratch.write({"themes/mine/fonts/own.ttf": b"no font"})
    assert "the font cannot be used" in scratch.messages()[0]
    scratch.write({"themes/mine/fonts/own.ttf": FONT})
    assert not scratch.build().problems
    assert set(cards(scratch).values()) == set(before.values())
    assert "fonts/own.ttf" not in scratch.outputs()


def changed_font(table: bytes, offset: int, data: bytes) -> bytes:
    """Return the font with other bytes in one of its tables."""
    entry = FONT.index(table)
    place = int.from_bytes(FONT[entry + 8 : entry + 12], "big") + offset
    return FONT[:place] + data + FONT[place + len(data) :]


def test_another_font_of_the_same_name_draws_and_knows_its_own_letters(site: Callable) -> None:
    theme = "name: mine\nsharing_picture: {font: own.ttf}\n"
    scratch = site(
        {
            **FILES,
            "config.yaml": CONFIG + "theme: mine\n",
            "themes/mine/theme.yaml": theme,
            "themes/mine/fonts/own.ttf": FONT,
        }
    )
    assert scratch.messages() == []
    before = cards(scratch)
    scratch.write({"themes/mine/fonts/own.ttf": changed_font(b"head", 18, b"\x0b\xb8")})
    assert scratch.messages() == []
    after = cards(scratch)
    assert set(after) == set(before)
    assert not set(after.values()) & set(before.values())

    scratch.write({"themes/mine/fonts/own.ttf": FONT.replace(b"cmap", b"xmap", 1)})
    assert "content/a.md:2:1: warning: the picture for sharing cannot show `One`" in (
        scratch.messages()
    )
    assert not cards(scratch)


def test_alike_titles_share_a_picture(site: Callable) -> None:
    scratch = site({**FILES, "content/b.md": ARTICLE.format("One", 2)})
    assert not scratch.build().problems

    assert len(cards(scratch)) == 1


@pytest.mark.parametrize(
    "title",
    [
        "",
        "x",
        "word " * 200,
        "w" * 500,
        "你好",
        "\N{GRINNING FACE}",
        "\u202eabc",
        "a\u0301 é ß Ж λ",
    ],
)
def test_any_title_makes_a_picture(title: str) -> None:
    made = draw(Design(), FONT, title, title)

    assert made == draw(Design(), FONT, title, title)
    with Image.open(io.BytesIO(made)) as picture:
        picture.load()
        assert picture.size == (1200, 630)
        assert picture.convert("RGB").getpixel((1190, 300)) == (
            0xFD,
            0xFC,
            0xF9,
        )  # the margin is free


def test_words_without_shapes_are_left_out() -> None:
    assert draw(Design(), FONT, "A 你好, day", "") == draw(Design(), FONT, "A day", "")
    assert draw(Design(), FONT, "你好", "") == draw(Design(), FONT, "", "")
    assert draw(Design(), FONT, "A day", "") != draw(Design(), FONT, "", "")


UNSHOWN = {
    "Snow 你好你": ("你好", True),
    "你好": ("你好", False),
    "שלום world": ("שלום", True),
    "سلام": ("سلام", False),
    "Snow \N{SNOWFLAKE}\N{GRINNING FACE}": ("", True),
    "Ärger, Жук, λόγος": ("", True),
}


@pytest.mark.parametrize("title", UNSHOWN)
def test_a_title_that_the_font_cannot_show_is_told_and_leaves_the_theme_s_picture(
    site: Callable, title: str
) -> None:
    told, has_one = UNSHOWN[title]
    files = {"config.yaml": CONFIG, "content/a.md": ARTICLE.format(title, 1)}
    scratch = site(files)
    expected = [
        f"content/a.md:2:1: warning: the picture for sharing cannot show `{told}`"
    ] if told else []  # fmt: skip

    assert scratch.messages() == expected
    assert len(cards(scratch)) == has_one
    assert ("/assets/card." in scratch.text("a/index.html")) is not has_one
    assert scratch.messages() == expected, "the memory knows the font's letters"
    scratch.write({"config.yaml": CONFIG + "checks: {unshown_letters: ignore}\n"})
    assert scratch.messages() == []


def test_letters_that_come_later_are_looked_up_too(site: Callable) -> None:
    scratch = site({"config.yaml": CONFIG, "content/a.md": ARTICLE.format("Snow", 1)})
    assert scratch.messages() == []
    scratch.write({"content/a.md": ARTICLE.format("Snow 你", 1)})

    assert scratch.messages() == [
        "content/a.md:2:1: warning: the picture for sharing cannot show `你`"
    ]


def test_the_name_of_the_site_is_told_too(site: Callable) -> None:
    scratch = site({**FILES, "config.yaml": CONFIG.replace("Scratch", "Αβγ 你")})

    assert [one for one in scratch.messages() if one.startswith("config.yaml")] == [
        "config.yaml:0:0: warning: the picture for sharing cannot show `你`"
    ]


def test_lines_break_between_signs_that_need_no_blanks() -> None:
    text = "雪のアルプスを越えて、小屋まで" * 8
    assert "".join(pieces(text)) == text
    assert all(len(one.strip("、")) == 1 for one in pieces(text))


def test_the_font_comes_with_its_licence() -> None:
    assert re.search("permission notice shall\\s+be included", (FONTS / "LICENSE.txt").read_text())
