from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import sitegen.markup.untrusted
from sitegen.markup.untrusted import gates, sanitize
from sitegen.markup.untrusted.allowlist import RESTRICTED, parse_allowlist
from sitegen.markup.untrusted.autolink import linked
from sitegen.markup.untrusted.breaks import written
from sitegen.markup.untrusted.changes import Notes
from sitegen.markup.untrusted.formats import (
    BUILTIN_FORMATS,
    TextFormat,
    comment_html,
    render_comment,
)
from sitegen.markup.untrusted.gates import accepts_address, tags_stand, unchanged
from sitegen.markup.untrusted.tags import End, Start, Text

RESTRICTED_HTML = BUILTIN_FORMATS["restricted_html"]
PACKAGE = Path(sitegen.markup.untrusted.__file__).parent

# Written down here once more, by hand: what may be in a page, whatever the code believes.
MAY_BE = {
    "a": {"href", "hreflang", "rel"},
    "blockquote": {"cite"},
    "ul": {"type"},
    "ol": {"start", "type"},
    **{key: set() for key in ["em", "strong", "cite", "code", "li", "dl", "dt", "dd", "p", "br"]},
    **{key: {"id"} for key in ["h2", "h3", "h4", "h5", "h6"]},
}
MARKDOWN_TOO = {
    key: set() for key in ["pre", "del", "hr", "table", "thead", "tbody", "tr", "th", "td"]
}
ADDRESS = re.compile(
    r"(https?://[^@\\/?#\s]+([/?#][^\\\s]*)?|mailto:[^\s?]+@[^\s?]+|/([^/\\\s][^\\\s]*)?|#c-~[\w-]+)\Z",
    re.IGNORECASE,
)


class Judge(HTMLParser):
    """Reads a page with the standard library's parser and complains."""

    def __init__(self, may_be):
        super().__init__(convert_charrefs=True)
        self.may_be, self.open, self.ids, self.complaints = may_be, [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.may_be:
            self.complaints.append(f"<{tag}>")
        for name, value in attrs:
            if name not in self.may_be.get(tag, set()) | {"lang", "dir"}:
                self.complaints.append(f"<{tag} {name}>")
            if name in ("href", "cite") and not ADDRESS.match(value):
                self.complaints.append(value)
            if name == "id":
                self.ids.append(value)
        if tag == "a" and dict(attrs).get("rel") != "nofollow ugc noopener":
            self.complaints.append("a link without rel")
        if tag == "li" and (not self.open or self.open[-1] not in ("ul", "ol")):
            self.complaints.append("li outside a list")
        if tag in ("dt", "dd") and (not self.open or self.open[-1] != "dl"):
            self.complaints.append(f"{tag} outside a list")
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.complaints.append(f"</{tag}>")

    def handle_comment(self, data):
        self.complaints.append(f"<!--{data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def complaints(html, may_be=MAY_BE):
    """Return everything that a page with this in it must not have."""
    judge = Judge(may_be)
    judge.feed(html)
    judge.close()
    if judge.open:
        judge.complaints.append(f"left open: {judge.open}")
    if len(judge.ids) != len(set(judge.ids)) or not all(one.startswith("c-~") for one in judge.ids):
        judge.complaints.append(f"ids: {judge.ids}")
    return judge.complaints


NAMES = [
    "a",
    "em",
    "strong",
    "b",
    "i",
    "cite",
    "blockquote",
    "code",
    "pre",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "h2",
    "h3",
    "h6",
    "p",
    "br",
    "div",
    "span",
    "script",
    "style",
    "svg",
    "math",
    "table",
    "tr",
    "td",
    "img",
    "iframe",
    "form",
    "template",
    "noscript",
    "textarea",
    "title",
    "object",
    "x-y",
    "T",
]
VALUES = [
    "javascript:alert(1)",
    "https://example.com/",
    "//evil.example",
    "#top",
    "/x",
    "mailto:a@b.c",
    "3",
    "a",
    "disc",
    "x y",
    "&#106;avascript:1",
    "a&quot;b",
    "data:1",
    "https://a@b/",
    "/\\x",
    "en",
    "rtl",
    "comment-x",
    "",
]
ATTRIBUTE_NAMES = [
    "href",
    "cite",
    "id",
    "type",
    "start",
    "lang",
    "dir",
    "hreflang",
    "rel",
    "class",
    "style",
    "onclick",
    "title",
    "src",
    "name",
]
ATTRIBUTE = st.builds(
    "{}{}={}{}{}".format,
    st.sampled_from([" ", "\n", "/", ""]),
    st.sampled_from(ATTRIBUTE_NAMES),
    st.sampled_from(['"', "'", ""]),
    st.sampled_from(VALUES),
    st.sampled_from(['"', "'", ""]),
)
TAG = st.builds(
    "<{}{}{}{}".format,
    st.sampled_from(["", "", "/"]),
    st.sampled_from(NAMES),
    st.lists(ATTRIBUTE, max_size=3).map("".join),
    st.sampled_from([">", ">", ">", "/>", " >", "", "\n"]),
)
SNIPPETS = [
    "text", " ", "\n", "\n\n", "  indented", "&lt;", "&amp;", "&", "&#60;script&#62;", "<", ">",
    '"', "'", "<!--", "-->", "<![CDATA[", "]]>", "<?", "www.example.com", "jo@example.com",
    "https://example.com/a_(b).", "\u00a0", "\u202e", "\u0338", "\x00", "\r\n", "\t", "`", "*",
    "_", "[x](/y)", "```\n", "> ", "- ", "é\u200d", "🙂", "</p>", "&nbsp;",
]  # fmt: skip
PIECES = [
    "javascript:",
    "data:",
    "//",
    "&#x202e;",
    "|-|\n",
    "~~",
    "![",
    "](",
    "\n    ",
    "<a href=",
    "\\",
]
SOUP = st.lists(st.one_of(TAG, st.sampled_from(SNIPPETS), st.text(max_size=4)), max_size=14).map(
    "".join
)


@given(SOUP)
@example("<ul><li>a</ul></li><em>b")
@example("<h2 id=a>x</h2><h3 id=a>y</h3><h4 id=a-2>z</h4>")
def test_nothing_but_the_allowlist_reaches_a_page(text):
    assert not complaints(comment_html(text, RESTRICTED_HTML, "c-"))


@given(SOUP)
def test_nothing_but_its_allowlist_reaches_a_page_from_markdown(text):
    shown = comment_html(text, BUILTIN_FORMATS["markdown"], "c-")

    assert not complaints(shown, MAY_BE | MARKDOWN_TOO)


@given(SOUP)
def test_plain_text_holds_paragraphs_and_links_only(text):
    shown = comment_html(text, BUILTIN_FORMATS["plain_text"], "c-")

    assert not complaints(shown, {name: MAY_BE[name] for name in ("p", "br", "a")})


@given(SOUP)
@example("<b>This</b> <a href=x></a><br/>x")
@example("\u00a0\n    x")
def test_rendering_twice_is_rendering_once(text):
    once = comment_html(text, RESTRICTED_HTML, "")

    assert once == comment_html(str(once), RESTRICTED_HTML, "")


@given(SOUP)
def test_both_gates_agree_with_what_we_make_of_any_text(text):
    refusals = [
        one
        for one in render_comment(text, RESTRICTED_HTML, "c-").changes
        if one.kind == "shown-as-text"
    ]

    assert not [one.why for one in refusals if "gate" in one.why or "failed" in one.why]


PLAIN = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "one",
                " ",
                "  ",
                "\n",
                "\n\n",
                "\t",
                "    x",
                "www.example.com",
                "jo@a.bc.",
                "\u00a0",
                ">",
                '"',
                "é",
            ]
        ),
        st.text(st.characters(exclude_characters="<&"), max_size=5),
    ),
    max_size=14,
).map("".join)


@given(PLAIN)
@example("one\n\n\ntwo  \n   three")
@example("  \n one")
def test_the_fast_path_equals_the_slow_one(text):
    fast = comment_html(text, RESTRICTED_HTML, "c-")
    normal = sanitize.plain_characters(text)
    slow = written([Text(normal)], lambda part: linked(part, accepts_address))

    assert str(fast) == slow


@given(PLAIN)
def test_a_tag_in_front_does_not_change_how_lines_break(text):
    with_tag = str(comment_html(f"<em>a</em>\n\n{text.lstrip()}", RESTRICTED_HTML, "c-"))
    without = str(comment_html(f"a\n\n{text.lstrip()}", RESTRICTED_HTML, "c-"))

    assert without == with_tag.replace("<em>a</em>", "a")


WORDS = st.lists(
    st.text(
        st.characters(categories=["L", "N", "P", "S"], exclude_characters="&\u180e"),
        min_size=1,
        max_size=6,
    ),
    max_size=8,
)


@given(WORDS)
def test_no_word_that_is_no_tag_gets_lost(words):
    text = " ".join(words)
    shown = str(comment_html(f"{text} <em>x</em>", RESTRICTED_HTML, "c-"))
    judge = HTMLParser()
    parts = []
    judge.handle_data = parts.append
    judge.feed(shown)
    judge.close()

    if "…" not in shown and not any("<" in word for word in words):
        assert [*sanitize.plain_characters(text).split(), "x"] == "".join(parts).split()


# ---- the gates


@pytest.mark.parametrize(
    "html",
    [
        "<p>x</p><script>alert(1)</script>",
        '<p onclick="x()">x</p>',
        '<p style="x">x</p>',
        '<p title="x">x</p>',
        '<p><a href="javascript:1" rel="nofollow ugc noopener">x</a></p>',
        '<p><a href="//evil.example" rel="nofollow ugc noopener">x</a></p>',
        '<p><a href="/\\evil.example" rel="nofollow ugc noopener">x</a></p>',
        '<p><a href="https://a@b.example/" rel="nofollow ugc noopener">x</a></p>',
        '<p><a href="https://a.example/" rel="opener">x</a></p>',
        '<p><a href="https://a.example/" rel="nofollow ugc noopener" target="_blank">x</a></p>',
        '<p><a href="#top" rel="nofollow ugc noopener">x</a></p>',
        '<blockquote cite="javascript:1">x</blockquote>',
        '<h2 id="top">x</h2>',
        '<h2 id="c-top">x</h2>',
        '<h2 id="c-~">x</h2>',
        '<h2 id="c-~a b">x</h2>',
        "<p>x<p>y",
        "<p>x</p></div>",
        "<em>x",
        "x & y",
        "a < b",
        "<!-- x -->",
        "<svg></svg>",
        "<P>x</P>",
        "<p>\ud800</p>",
        '<ol start="&quot;>">x</ol>',
        "<p>a\u00a0b</p>",
    ],
)
def test_the_second_gate_refuses(html):
    assert not unchanged(html, RESTRICTED, "c-")


@pytest.mark.parametrize(
    "html",
    [
        "",
        '<p>a &lt; b &amp; c&nbsp;d "e"</p>',
        '<p><a href="https://example.com/?a=1&amp;b=2" hreflang="en" rel="nofollow ugc noopener">x</a></p>',
        '<p><a href="#c-~x" rel="nofollow ugc noopener">x</a></p>',
        '<h2 id="c-~x">x</h2>\n<ul type="disc">\n<li>x</li>\n</ul>',
        '<p lang="en" dir="rtl">x<br>\ny</p>',
    ],
)
def test_the_second_gate_lets_our_own_form_through(html):
    assert unchanged(html, RESTRICTED, "c-")


@pytest.mark.parametrize(
    ("pieces", "stand"),
    [
        ([Start("em"), Text("x"), End("em")], True),
        ([Start("a", (("href", "https://x.example/?a=1&b=2"),)), End("a")], True),
        ([Start("script"), End("script")], False),
        ([Start("em", (("onclick", "x"),)), End("em")], False),
        ([Start("em", (("style", "x"),)), End("em")], False),
        ([Start("a", (("href", "javascript:alert(1)"),)), End("a")], False),
        ([Start("blockquote", (("cite", "vbscript:x"),)), End("blockquote")], False),
        ([Start("a", (("href", "ftp://x.example/"),)), End("a")], False),
        ([Start("em")], False),
        ([Start("em"), Start("strong"), End("em"), End("strong")], False),
        ([Start("a", (("href", "/"),)), Start("a", (("href", "/"),)), End("a"), End("a")], False),
        ([End("p")], False),
    ],
)
def test_the_first_gate_judges_the_tags(pieces, stand):
    assert stand == tags_stand(pieces, RESTRICTED)


def test_the_second_gate_stands_without_the_first(monkeypatch):
    monkeypatch.setattr(
        gates, "_cleaner", lambda *_: type("Identity", (), {"clean": staticmethod(str)})
    )
    monkeypatch.setattr(sanitize, "nested", lambda pieces, _: pieces)
    monkeypatch.setattr(
        sanitize.TagReader, "pieces", lambda *_: [Start("script"), Text("alert(1)"), End("script")]
    )
    shown = comment_html("<script>alert(1)</script>", RESTRICTED_HTML, "c-")

    assert str(shown) == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


HOSTILE = [
    '<a href="javascript:alert(1)">x</a>',
    '<a href="javascript:123">x</a>',
    '<a href="//evil.example">x</a>',
    '<a href="https://a@evil.example/">x</a>',
    "<em onclick=alert(1) style=x class=y>x</em>",
    "<script>alert(1)</script>",
    '<blockquote cite="javascript:1">x</blockquote>',
    '<h2 id="location">x</h2><h3 id="location">y</h3>',
    "<li>x",
    "<ul><li>x</ul></li>",
    "<em><strong>x</em>",
    '<ol start="x" type="y"><li>z</ol>',
    "<svg><style><img src=x onerror=alert(1)>",
    '<a href="&#106;avascript:1">x</a>',
    '<a href="/a"><a href="/b">x</a></a>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "a\x00b\u202ec",
    '<em lang="x y" dir="up">x</em>',
    '<a href="https://x.example/" hreflang="e n" target=_blank>x</a>',
]
RULES = {
    "names of tags": (
        sanitize.TagReader,
        "_piece",
        lambda self, tag, written: (
            End(written)
            if tag[1]
            else Start(
                written, self._attributes.read(written, tag[3], 0) if written in MAY_BE else ()
            )
        ),
    ),
    "values of attributes": (
        "sitegen.markup.untrusted.attributes.AttributeReader",
        "_value",
        lambda self, element, name, written: written,
    ),
    "addresses": (
        "sitegen.markup.untrusted.attributes.AttributeReader",
        "_address",
        lambda self, written: written,
    ),
    "own ids": (
        "sitegen.markup.untrusted.attributes.AttributeReader",
        "_own_id",
        lambda self, value, place: value,
    ),
    "nesting": (sanitize, "nested", lambda pieces, notes: pieces),
    "escaping": ("sitegen.markup.untrusted.autolink", "escape", lambda text: text),
    "removed characters": (sanitize, "plain_characters", lambda text: text),
    "the first gate": (sanitize, "tags_stand", lambda pieces, allowlist: True),
}


@pytest.mark.parametrize("rule", RULES)
def test_without_any_one_rule_the_rest_still_lets_nothing_through(rule, monkeypatch):
    owner, name, instead = RULES[rule]
    if isinstance(owner, str):
        monkeypatch.setattr(f"{owner}.{name}", instead)
    else:
        monkeypatch.setattr(owner, name, instead)

    for text in HOSTILE:
        found = complaints(str(comment_html(text, RESTRICTED_HTML, "c-")))
        # Where an element may stand and how often an id is given is not for a sanitizer to know.
        assert not [
            one for one in found if "outside a list" not in one and not one.startswith("ids:")
        ], text


@pytest.mark.parametrize("error", [ValueError, KeyError, RecursionError, MemoryError])
def test_an_exception_shows_the_text_as_it_was_written(error, monkeypatch):
    def fails(*_):
        raise error

    monkeypatch.setattr(sanitize, "nested", fails)
    rendered = render_comment("<em>x</em>\ny", RESTRICTED_HTML, "c-")

    assert str(rendered.html) == "<p>&lt;em&gt;x&lt;/em&gt;<br>\ny</p>"
    assert rendered.changes[0].why == f"the text format failed: {error.__name__}"


@pytest.mark.parametrize("gate", ["tags_stand", "unchanged"])
def test_a_gate_that_disagrees_shows_the_text_as_it_was_written(gate, monkeypatch):
    monkeypatch.setattr(sanitize, gate, lambda *_: False)
    rendered = render_comment("<em>x</em> www.example.com", RESTRICTED_HTML, "c-")

    assert str(rendered.html) == "<p>&lt;em&gt;x&lt;/em&gt; www.example.com</p>"
    assert [change.kind for change in rendered.changes] == ["shown-as-text"]
    assert "gate would change" in rendered.changes[0].why


def test_nh3_itself_refuses_schemes_that_our_patterns_would_let_through(monkeypatch):
    monkeypatch.setattr(gates, "_second_opinion", lambda _: lambda _element, _name, value: value)
    gates._gate.cache_clear()
    try:
        html = '<p><a href="ftp://example.com/" rel="nofollow ugc noopener">x</a></p>'

        assert not unchanged(html, RESTRICTED, "c-")
    finally:
        gates._gate.cache_clear()


def test_text_that_would_grow_too_long_shows_without_indentation():
    shown = comment_html("\ta\n" * 6_600, RESTRICTED_HTML, "c-")

    assert len(shown) < 200_000
    assert not complaints(shown)


def test_text_that_grows_too_long_even_as_text_is_one_paragraph():
    text = "\t" * 15_000 + "<em>" * 301 + "x"

    shown = comment_html(text, RESTRICTED_HTML, "c-")

    assert shown.startswith("<p>\t\t")
    assert shown.count("&lt;em&gt;") == 301


WIDER = TextFormat(
    "wider", "html", parse_allowlist("<table> <tbody> <tr> <td> <pre> <em> <ul> <li>")
)
NESTED = {
    "an element that ends inside a block ends with it": (
        "<em>a<ul><li>b</em></li></ul>c",
        "<p><em>a</em></p>\n<ul>\n<li><em>b</em></li>\n</ul>\n<p>c</p>",
    ),
    "a row of a table gets a body to stand in": (
        "<table><tr><td>x</td></tr></table>",
        "<table>\n<tbody>\n<tr>\n<td>x</td>\n</tr>\n</tbody>\n</table>",
    ),
    "a first line end in kept lines is none": (
        "<pre>\n<em>a</em>\n b</pre>",
        "<pre><em>a</em>\n b</pre>",
    ),
}


@pytest.mark.parametrize(("text", "html"), NESTED.values(), ids=NESTED)
def test_what_is_nested_otherwise_than_it_may_be_is_mended(text, html):
    assert comment_html(text, WIDER, "c-") == html


def test_an_address_that_no_file_can_hold_is_refused_by_the_second_gate():
    assert not accepts_address("https://a.example/\ud800")


# ---- what the source itself must and must not hold


def _calls(path: Path):
    return [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
    ]


def test_one_function_makes_markup_of_a_strangers_text():
    makers = []
    for path in PACKAGE.glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                made = [one for one in ast.walk(function) if isinstance(one, ast.Call)]
                if any(isinstance(one.func, ast.Name) and one.func.id == "Markup" for one in made):
                    makers.append(f"{path.name}: {function.name}")

    assert makers == ["sanitize.py: sanitized"]


def test_the_linkifier_of_bleach_is_not_used():
    for path in PACKAGE.glob("*.py"):
        imports = [
            ast.unparse(node)
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, (ast.Import, ast.ImportFrom))
        ]

        assert not [
            line
            for line in imports
            if "bleach" in line and "from bleach.sanitizer import Cleaner" not in line
        ]


def test_bleach_is_the_release_that_was_measured():
    import bleach

    assert bleach.__version__ == "6.4.0"


def test_notes_that_are_not_wanted_tell_a_refusal_and_nothing_else():
    notes = Notes(wanted=False)
    comment_html("<b>x</b>" * 400, RESTRICTED_HTML, "c-", notes)

    assert notes.refusal
    assert notes.changes == []
