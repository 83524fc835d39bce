"""Links and pictures of a site: resolved, checked, measured, and exact from build to build."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

import feedparser
import pytest

from sitegen.pictures.looking import look_at

HEAD = "---\ntitle: {}\ndate: 2024-01-0{}\n---\n"


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\0" + bytes([row % 256] * width * 3) for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


GIF = b"GIF89a" + struct.pack("<HH", 7, 5) + b"\x80\0\0\0\0\0\xff\xff\xff;"
JPEG = (
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    b"\xff\xc0\0\x11\x08" + struct.pack(">HH", 30, 40) + b"\3\1\x22\0\2\x11\1\3\x11\1\xff\xd9"
)
WEBP = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\x63\0\0" + b"\x31\0\0"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="12" height="8"></svg>'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (png(4, 3), (4, 3)),
        (GIF, (7, 5)),
        (JPEG, (40, 30)),
        (WEBP, (100, 50)),
        (SVG, (12, 8)),
        (b"", (0, 0)),
        (b"\x89PNG\r\n\x1a\n", (0, 0)),
        (b"<svg><svg>", (0, 0)),
        (b"words", (0, 0)),
    ],
)
def test_size_is_read_from_the_head_of_a_picture(data: bytes, expected: tuple[int, int]) -> None:
    look = look_at(data)

    assert (look.width, look.height) == expected


def test_picture_has_its_size_and_a_changed_one_its_new_size(site: Callable) -> None:
    text = HEAD.format("Trip", 1) + '![A](a.png)\n\n<img src="a.png" alt="">\n'
    scratch = site({"content/trip/index.md": text, "content/trip/a.png": png(4, 3)})
    assert not scratch.build().problems
    page = scratch.text("trip/index.html")

    assert '<img src="/trip/a.png" alt="A" width="4" height="3">' in page
    assert '<img src="/trip/a.png" alt="" width="4" height="3">' in page
    scratch.write({"content/trip/a.png": png(8, 5)})
    assert not scratch.build().problems
    assert 'width="8" height="5"' in scratch.text("trip/index.html")
    before = scratch.outputs()
    assert not scratch.build(remember=False).problems
    assert scratch.outputs() == before


def test_other_pages_are_left_alone_when_a_picture_changes(site: Callable) -> None:
    files = {f"content/{n}.md": HEAD.format(n, 1) + f"![A]({n}.png)" for n in "ab"}
    scratch = site({**files, "content/a.png": png(4, 3), "content/b.png": png(4, 3)})
    scratch.build()
    scratch.write({"content/a.png": png(8, 5)})

    written = scratch.build().written
    assert set(written.changed) == {"a/index.html", "a.png", "feed.json", "feed.xml"}


def test_documents_know_who_links_to_them(site: Callable) -> None:
    template = "{% for link in page.backlinks %}[{{ link.title }} {{ link.url }}]{% endfor %}"
    scratch = site(
        {
            "config.yaml": "title: T\nbase_url: https://example.org/\ntheme: mine\n",
            "themes/mine/theme.yaml": "name: mine\nextends: default\n",
            "themes/mine/templates/article.html": template,
            "content/a.md": HEAD.format("A", 1) + "[b](b.md) [b](b.md#x) [a](a.md)\n",
            "content/b.md": HEAD.format("B", 2) + "## X\n",
            "content/c.md": HEAD.format("C", 3) + '<a href="b.md">b</a>\n',
            "content/d.md": "---\ntitle: D\ndate: 2024-01-01\nunlisted: true\n---\n[b](b.md)\n",
        }
    )
    assert not scratch.build().problems

    assert scratch.text("b/index.html") == "[C /c/][A /a/]"
    assert scratch.text("a/index.html") == ""
    scratch.write({"content/c.md": HEAD.format("C!", 3) + "[b](b.md)"})
    scratch.build()
    assert scratch.text("b/index.html") == "[C! /c/][A /a/]"


def test_links_in_raw_html_are_resolved_and_checked(site: Callable) -> None:
    text = '<p><a href="b.md#no">b</a>\n<a href="gone.md">c</a></p>\n<img src="no.png" alt="x">\n'
    scratch = site(
        {"content/a.md": HEAD.format("A", 1) + text, "content/b.md": HEAD.format("B", 2)}
    )

    assert scratch.messages() == [
        "content/a.md:5:13: error: there is no `#no` in content/b.md",
        "content/a.md:6:10: error: the link `gone.md` leads nowhere",
        "content/a.md:7:11: warning: the picture `no.png` is not there",
    ]


def test_what_is_wrong_in_a_text_is_weighed_by_the_site(site: Callable) -> None:
    config = "title: T\nbase_url: https://example.org/\nchecks:\n  missing_alt: {}\n"
    text = HEAD.format("A", 1) + "Words ![](a.png)[^1]"
    files = {"content/a.md": text, "content/a.png": png(1, 1)}
    missing = "content/a.md:5:17: warning: there is no footnote `[^1]`"
    alt = "content/a.md:5:11: {}: the picture has no words for those who do not see it"

    scratch = site({**files, "config.yaml": config.format("error")})
    assert scratch.messages() == [alt.format("error"), missing]
    scratch.write({"config.yaml": config.format("ignore")})
    assert scratch.messages() == [missing]


def test_problem_of_an_unpublished_text_is_not_told(site: Callable) -> None:
    scratch = site({"content/a.md": "---\ntitle: A\ndraft: true\n---\n![](a.png)"})

    assert scratch.messages() == []


def test_style_of_code_follows_the_code(site: Callable) -> None:
    text = HEAD.format("A", 1) + "```python\n{}\n```\n"
    plain = HEAD.format("B", 2) + "Words"
    scratch = site({"content/a.md": text.format("x = 1"), "content/b.md": plain})
    scratch.build()
    (first,) = scratch.output.glob("assets/code.*.css")

    assert f'href="/assets/{first.name}"' in scratch.text("a/index.html")
    assert "assets/code." not in scratch.text("b/index.html")
    scratch.write({"content/a.md": text.format("if x: pass  # why")})
    scratch.build()
    (second,) = scratch.output.glob("assets/code.*.css")
    assert first.name != second.name
    assert "code .c" in second.read_text()
    scratch.write({"content/a.md": plain})
    scratch.build()
    assert not list(scratch.output.glob("assets/code.*.css"))


def test_code_in_a_feed_is_shown_as_it_was_written(site: Callable) -> None:
    code = '```text\n<a href="#top">\n```\n'
    scratch = site({"content/a.md": HEAD.format("A", 1) + code})
    scratch.build()
    [entry] = feedparser.parse(scratch.text("feed.xml")).entries

    assert '&lt;a href="#top"&gt;' in entry.content[0].value


def test_text_in_a_feed_leads_to_its_page(site: Callable) -> None:
    scratch = site({"content/a.md": HEAD.format("A", 1) + "# Snow\n\nOne[^1]\n\n[^1]: Note\n"})
    scratch.build()
    feed = scratch.text("feed.json")

    assert "https://example.org/a/#snow" in feed
    assert "https://example.org/a/#fn1" in feed
    assert 'href=\\"#' not in feed
