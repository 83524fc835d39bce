from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from sitegen.markup.untrusted.allowlist import parse_allowlist
from sitegen.markup.untrusted.formats import (
    BUILTIN_FORMATS,
    DEFAULT_FORMAT,
    RenderedComment,
    TextFormat,
    comment_html,
    render_comment,
    tips,
)

RESTRICTED_HTML = BUILTIN_FORMATS["restricted_html"]


def changes_of(text, text_format=RESTRICTED_HTML, prefix="c-"):
    """Return (kind, the text at the place, found, became) of each change."""
    return [
        (change.kind, text[change.start : change.end], change.found, change.became)
        for change in render_comment(text, text_format, prefix).changes
    ]


def test_the_three_tips_are_the_originals_word_for_word():
    assert tips(RESTRICTED_HTML) == (
        (
            "Allowed HTML tags: <a href hreflang> <em> <strong> <cite> <blockquote cite> <code> "
            "<ul type> <ol start type> <li> <dl> <dt> <dd> "
            "<h2 id> <h3 id> <h4 id> <h5 id> <h6 id>"
        ),
        "Lines and paragraphs break automatically.",
        "Web page addresses and email addresses turn into links automatically.",
    )


def test_tips_follow_the_policy_in_force():
    own = TextFormat("own", "html", parse_allowlist('<em> <ul type="disc"> <li>'))

    assert tips(own) == (
        'Allowed HTML tags: <em> <ul type="disc"> <li>',
        "Lines and paragraphs break automatically.",
    )


def test_tips_of_formats_without_tags_say_so():
    assert tips(BUILTIN_FORMATS["plain_text"])[0] == "No HTML tags allowed."
    assert tips(TextFormat("own", "html", parse_allowlist("")))[0] == "No HTML tags allowed."
    assert tips(BUILTIN_FORMATS["markdown"])[1] == "HTML tags are shown as they are written."


def test_the_default_format_is_restricted_html():
    assert DEFAULT_FORMAT == "restricted_html"
    assert {name: one.name for name, one in BUILTIN_FORMATS.items()} == {
        name: name for name in ("restricted_html", "markdown", "plain_text")
    }


def test_formats_and_rendered_comments_encode_for_cache_keys():
    rendered = render_comment("<b>x</b>", RESTRICTED_HTML, "c-")

    encoded = msgspec.msgpack.encode(rendered, enc_hook=str)
    back = msgspec.msgpack.decode(
        encoded, type=RenderedComment, dec_hook=lambda made, text: made(text)
    )

    assert back == rendered
    assert msgspec.msgpack.encode(RESTRICTED_HTML) == msgspec.msgpack.encode(
        TextFormat("restricted_html", "html", RESTRICTED_HTML.allowlist)
    )


def test_the_names_are_imported_without_the_libraries():
    code = (
        "import sys, sitegen.markup.untrusted.formats, sitegen.markup.untrusted.allowlist, sitegen.markup.untrusted.sanitize;"
        "print(sorted({'bleach', 'nh3', 'markdown_it', 'html5lib'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("plain text", []),
        ("<p>a</p><br>b <em>c</em>", []),
        ("see <b>x</b>", [("tag-mapped", "<b>", "<b>", "<strong>")]),
        ("a List<T> b", [("tag-shown", "<T>", "<T>", "<T>")]),
        ("x <script>y", [("tag-shown", "<script>", "<script>", "<script>")]),
        ("<em class=x lang=en>y</em>", [("attribute-removed", "class=x", "class=x", "")]),
        (
            '<a href="javascript:1">y</a>',
            [("address-removed", 'href="javascript:1"', 'href="javascript:1"', "")],
        ),
        ('<a href="/x" rel="me" rel="you">y</a>', []),
        ("<h2 id=top>x</h2>", [("id-renamed", "id=top", "top", "c-~top")]),
        ("a</li>b", [("tag-mapped", "</li>", "</li>", "a line break")]),
        ("<li>b", [("tag-mapped", "<li>", "<li>", "a line break")]),
        ("<div>b", [("tag-mapped", "<div>", "<div>", "a line break")]),
        ("<pre>b</pre>", [("tag-mapped", "<pre>", "<pre>", "<code>")]),
        ("a\u202eb", [("characters-removed", "\u202e", "\u202e", "")]),
        (
            "\u200b\r\n\u202ea <b>x</b>",
            [
                ("characters-removed", "\u200b", "\u200b", ""),
                ("characters-removed", "\u202e", "\u202e", ""),
                ("tag-mapped", "<b>", "<b>", "<strong>"),
            ],
        ),
    ],
)
def test_changes_name_what_was_changed_at_its_place(text, wanted):
    assert wanted == changes_of(text)


def test_places_hold_behind_line_ends_of_windows_and_removed_characters():
    text = "one\r\ntwo\r\n\u2066three\u2069 <b>four</b> \x00<u>five"

    for kind, at, found, _ in changes_of(text):
        assert at == found, kind


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("*x* <b>y</b>", [("tag-shown", "<b>"), ("tag-shown", "</b>")]),
        ("a\n\n![x](https://example.com/y.png)", [("tag-mapped", "https://example.com/y.png")]),
        ("a\n\n[x](javascript:1)", [("address-removed", "javascript:1")]),
        ("`<b>` and\n\n    <i>", []),
    ],
)
def test_changes_of_markdown_have_their_places_too(text, wanted):
    found = changes_of(text, BUILTIN_FORMATS["markdown"])

    assert wanted == [(kind, at) for kind, at, _, _ in found]


@pytest.mark.parametrize("name", BUILTIN_FORMATS)
def test_a_text_over_the_limit_is_cut_and_says_so(name):
    text = "x" * 19_990 + "<em>1234567890123</em>"
    rendered = render_comment(text, BUILTIN_FORMATS[name], "c-")

    assert [change.kind for change in rendered.changes if change.kind != "tag-shown"] in (
        ["shown-as-text", "cut"],
        ["shown-as-text", "shown-as-text", "cut"],
    )
    assert str(rendered.html).endswith("&lt;em&gt;123456…</p>")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<em>x</em>" * 301, "it has more than 300 tags"),
        ("<blockquote>" * 41, "it has more than 300 tags or nests deeper than 40"),
        ("<em>" * 41 + "x", "it has more than 300 tags or nests deeper than 40"),
        ("<em>" * 35 + "a\n\n" * 2_000, "characters long, the limit is"),
        ("<ul>" * 30, "it has more than 300 tags or nests deeper than 40"),
    ],
)
def test_past_a_limit_the_text_shows_as_it_was_written(text, why):
    rendered = render_comment(text, RESTRICTED_HTML, "c-")

    assert [change.kind for change in rendered.changes] == ["shown-as-text"]
    assert why in rendered.changes[0].why
    assert "<em>" not in rendered.html
    assert text[:12].replace("<", "&lt;").replace(">", "&gt;") in rendered.html


def test_past_a_limit_markdown_shows_as_it_was_written():
    rendered = render_comment("*a* " * 400, BUILTIN_FORMATS["markdown"], "c-")

    assert [change.kind for change in rendered.changes] == ["shown-as-text"]
    assert "<em>" not in rendered.html


@pytest.mark.parametrize(
    "text",
    ["<em>x</em>" * 300, "<blockquote>" * 40 + "x", "<em>" * 40 + "x", "x" * 20_000],
)
def test_at_a_limit_nothing_is_refused(text):
    assert not render_comment(text, RESTRICTED_HTML, "c-").changes


@pytest.mark.parametrize("name", BUILTIN_FORMATS)
def test_no_place_lies_outside_the_text(name):
    text = "a\r\n\u202e<em>[" * 1_800

    for change in render_comment(text, BUILTIN_FORMATS[name], "c-").changes:
        assert 0 <= change.start <= change.end <= len(text)


def test_markdown_with_a_thousand_brackets_is_text():
    rendered = render_comment("[" * 1_001 + "*a*", BUILTIN_FORMATS["markdown"], "c-")

    assert str(rendered.html).endswith("[*a*</p>")
    assert rendered.changes[0].kind == "shown-as-text"


def test_the_html_is_the_same_with_and_without_the_changes():
    text = "<b>x</b> List<T> <h2 id=a>y</h2> www.example.com \u202e"

    assert (
        comment_html(text, RESTRICTED_HTML, "c-")
        == render_comment(text, RESTRICTED_HTML, "c-").html
    )


def test_ids_of_two_comments_can_never_meet():
    one = comment_html("<h2 id=ada-x>a</h2>", RESTRICTED_HTML, "comment-jo-")
    other = comment_html("<h2 id=x>b</h2>", RESTRICTED_HTML, "comment-jo-ada-")

    assert 'id="comment-jo-~ada-x"' in one
    assert 'id="comment-jo-ada-~x"' in other
