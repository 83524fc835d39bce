from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.markup.untrusted.allowlist import (
    RESTRICTED,
    Allowlist,
    AllowlistError,
    allowlist_notation,
    parse_allowlist,
)
from sitegen.markup.untrusted.elements import ATTRIBUTES, REFUSED
from sitegen.markup.untrusted.formats import BUILTIN_FORMATS, TextFormat, comment_html

WORD_FOR_WORD = (
    "<a href hreflang> <em> <strong> <cite> <blockquote cite> <code> <ul type> <ol start type> <li> "
    "<dl> <dt> <dd> <h2 id> <h3 id> <h4 id> <h5 id> <h6 id>"
)


def faults_of(notation: str) -> list[tuple[str, str]]:
    """Return (what is marked, message) of each fault."""
    with pytest.raises(AllowlistError) as caught:
        parse_allowlist(notation)
    return [
        (notation[fault.start : fault.start + fault.width], fault.message)
        for fault in caught.value.faults
    ]


def test_the_restricted_list_is_the_original_word_for_word():
    assert allowlist_notation(RESTRICTED) == WORD_FOR_WORD


def test_notation_and_allowlist_are_inverses():
    notation = (
        '<a href hreflang> <ul type="disc circle"> <li> <h2 id="jump-*"> <code class="language-*">'
    )

    assert notation == allowlist_notation(parse_allowlist(notation))


@pytest.mark.parametrize(
    "notation",
    ["<EM>", "  <em>  ", "< em >", "<em\n>"],
)
def test_case_and_blanks_do_not_matter(notation):
    assert parse_allowlist("<em>") == parse_allowlist(notation)


def test_single_quotes_and_a_bare_star_are_understood():
    parsed = parse_allowlist("<ul type='disc circle'> <li> <h2 id=*>")

    assert allowlist_notation(parsed) == '<ul type="disc circle"> <li> <h2 id>'


def test_an_empty_notation_allows_nothing():
    assert Allowlist() == parse_allowlist("")


@pytest.mark.parametrize(
    ("notation", "marked", "message"),
    [
        ("<em> <script>", "script", "<script> may not be allowed: it runs a stranger's code"),
        ("<style>", "style", "<style> may not be allowed"),
        ("<img src>", "img", "<img> may not be allowed: it lets a stranger count"),
        ("<svg>", "svg", "<svg> may not be allowed"),
        ("<IFRAME>", "IFRAME", "<iframe> may not be allowed"),
        ("<em onclick>", "onclick", "`onclick` runs code"),
        ("<em ONCLICK>", "ONCLICK", "`onclick` runs code"),
        ("<em style>", "style", "`style` can cover"),
        ("<em on*>", "on*", "`on*` runs code"),
        ("<em data-*>", "data-*", "`data-*` stands for attributes nobody has looked at"),
        ("<em *>", "*", "`*` stands for attributes"),
        ("<*>", "*", "`*` is not an element"),
        ("<em name>", "name", "`name` is not an attribute of <em>"),
        ("<a target>", "target", "`target` is not an attribute of <a>"),
        ("<a hrf>", "hrf", "`hrf` is not an attribute of <a>"),
        ("<stong>", "stong", "`stong` is not an element"),
        ('<a href="javascript:*">', 'href="javascript:*"', "`javascript:*` can never be a value"),
        ('<ul type="disc plain"> <li>', 'type="disc plain"', "`plain` can never be a value"),
        ('<h2 id="a b:*">', 'id="a b:*"', "`b:*` can never be a value"),
        ("<code class>", "class", "`class` on <code> needs values"),
        ('<code class="*">', 'class="*"', "`class` on <code> needs values"),
        ("<em> <em>", "<em>", "<em> is listed twice"),
        ("<h2 id id>", "id", "`id` is listed twice for <h2>"),
        ("<li>", "<li>", "<li> can only stand in <ol> or <ul>"),
        ("<ul>", "<ul>", "<ul> holds nothing without <li>"),
        ("<table> <tr> <td>", "<table>", "<table> holds nothing without <tbody>"),
        ("em", "em", "`em` stands outside a tag"),
        ("<em> and <strong>", "and", "`and` stands outside a tag"),
        ("<em", "<", "`<` stands outside a tag"),
        ("<>", "<>", "a tag has no name"),
        ("<em=x>", "em=x", "`em=x` is not an element"),
        ("</em>", "/em", "`/em` is not an element"),
    ],
)
def test_a_dangerous_or_contradictory_policy_is_refused_with_its_place(notation, marked, message):
    found = faults_of(notation)

    assert any(mark == marked and text.startswith(message) for mark, text in found), found


def test_all_faults_are_reported_at_once_in_order():
    marked = [mark for mark, _ in faults_of("<script> <em style> <li> text")]

    assert marked == ["script", "style", "<li>", "text"]


def test_messages_follow_the_projects_grammar():
    for _, message in faults_of("<script> <em style on* name> <li> text <ul> <em> <code class>"):
        assert message[0].islower() or message[0] in "`<"
        assert not message.endswith((".", "!"))


def test_a_notation_cannot_speak_to_a_terminal():
    for _, message in faults_of("<\x1b[31m> \x1b[0m <em \x1bx> <ul type=\x1b> <li>"):
        assert "\x1b" not in message


def test_equal_policies_have_one_encoding():
    one = msgspec.msgpack.encode(parse_allowlist(WORD_FOR_WORD))

    assert one == msgspec.msgpack.encode(RESTRICTED)
    assert msgspec.msgpack.decode(one, type=Allowlist) == RESTRICTED


def test_nothing_refused_is_in_the_positive_list():
    assert not REFUSED.keys() & ATTRIBUTES.keys()


@pytest.mark.parametrize("name", ["href", "cite"])
def test_only_known_elements_have_addresses(name):
    assert {element for element in ATTRIBUTES if name in ATTRIBUTES[element]} <= {
        "a",
        "blockquote",
        "q",
        "ins",
        "del",
    }


def test_no_attribute_that_runs_or_loads_is_in_the_positive_list():
    known = frozenset().union(*ATTRIBUTES.values())

    assert not {name for name in known if name.startswith("on")}
    assert not known & {
        "style",
        "src",
        "srcset",
        "srcdoc",
        "action",
        "formaction",
        "ping",
        "target",
    }
    assert not known & {"name", "background", "poster", "data", "xmlns", "is", "slot", "part"}


SOME_TAGS = st.lists(
    st.sampled_from(
        [
            f"<{name} {' '.join(sorted(attributes - {'class'}))}>"
            for name, attributes in ATTRIBUTES.items()
        ]
    ),
    unique=True,
)


@given(SOME_TAGS)
def test_every_policy_is_parsed_or_refused_and_survives_the_round_trip(tags):
    try:
        parsed = parse_allowlist(" ".join(tags))
    except AllowlistError:
        assert faults_of(" ".join(tags))
    else:
        assert parsed == parse_allowlist(allowlist_notation(parsed))


@given(st.text(max_size=60))
def test_any_text_is_a_policy_or_a_refusal_with_places_inside_it(notation):
    try:
        parse_allowlist(notation)
    except AllowlistError as error:
        for fault in error.faults:
            assert 0 <= fault.start <= fault.start + fault.width <= len(notation)


@pytest.mark.parametrize(
    ("notation", "text", "html"),
    [
        ('<ul type="disc circle"> <li>', "<ul type=square><li>x</ul>", "<ul>\n<li>x</li>\n</ul>"),
        (
            '<ul type="disc circle"> <li>',
            "<ul type=circle><li>x</ul>",
            '<ul type="circle">\n<li>x</li>\n</ul>',
        ),
        ('<h2 id="jump-*">', "<h2 id=jump-1>x</h2>", '<h2 id="c-~jump-1">x</h2>'),
        ('<h2 id="jump-*">', "<h2 id=top>x</h2>", "<h2>x</h2>"),
        (
            '<code class="language-*">',
            '<code class="language-py admin language-a.b">x</code>',
            '<p><code class="language-py">x</code></p>',
        ),
        ("<b> <i>", "<b>x</b> <strong>y</strong>", "<p><b>x</b> <b>y</b></p>"),
        ("<em>", "<b>x</b> <i>y</i>", "<p>&lt;b&gt;x&lt;/b&gt; <em>y</em></p>"),
        (
            "<em>",
            "www.example.com <a href=/x>y</a>",
            "<p>www.example.com &lt;a href=/x&gt;y&lt;/a&gt;</p>",
        ),
        ("<a hreflang>", "www.example.com", "<p>www.example.com</p>"),
        ("<p> <br>", "<p>a<br>b</p>", "<p>a<br>\nb</p>"),
        ("<pre> <code>", "<pre>a\n\n  b</pre>", "<pre>a\n\n  b</pre>"),
        ("<pre>", "<pre><ul>\n<b>x</pre>", "<pre>&lt;ul&gt;\n&lt;b&gt;x</pre>"),
        ("<hr>", "a<hr>b<hr/>", "<p>a</p>\n<hr>\n<p>b</p>\n<hr>"),
        ("<abbr title>", '<abbr title="a & b">c</abbr>', '<p><abbr title="a &amp; b">c</abbr></p>'),
        (
            "<del datetime cite>",
            "<del datetime=2024-01-01 cite=/x>y</del>",
            '<p><del datetime="2024-01-01" cite="/x">y</del></p>',
        ),
        (
            "<table> <tbody> <tr> <td colspan> <th>",
            "<table>x<tr><td colspan=2>a<th>b<tr>c</table>",
            (
                "<table>\n<tbody>\n<tr>\n<td>x</td>\n</tr>\n<tr>\n"
                '<td colspan="2">a</td>\n<th>b</th>\n</tr>\n<tr>\n<td>c</td>\n</tr>\n</tbody>\n</table>'
            ),
        ),
        ("", "<em>x</em> & y", "<p>&lt;em&gt;x&lt;/em&gt; &amp; y</p>"),
    ],
)
def test_a_site_can_have_its_own_list(notation, text, html):
    own = TextFormat("own", "html", parse_allowlist(notation))

    assert html == str(comment_html(text, own, "c-"))


def test_markdown_stays_as_written_where_the_list_cannot_show_it():
    own = TextFormat("own", "markdown", parse_allowlist("<em> <strong>"))

    shown = comment_html("# a\n\n*b* `c` [d](/e)\n\n- f\n\n| g |\n|-|", own, "")

    assert (
        str(shown) == "<p># a</p>\n<p><em>b</em> `c` [d](/e)</p>\n<p>- f</p>\n<p>| g |<br>\n|-|</p>"
    )


def test_the_built_in_lists_are_policies_a_site_could_write():
    for text_format in BUILTIN_FORMATS.values():
        notation = allowlist_notation(text_format.allowlist)

        assert text_format.allowlist == parse_allowlist(notation)
