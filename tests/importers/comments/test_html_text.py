"""HTML from elsewhere -> text of ours: every word, nothing glued, nothing dropped in silence."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import Location
from sitegen.importers.comments.found import Found
from sitegen.importers.comments.html_text import canonical
from sitegen.importers.comments.words import lost_words, words_of_html
from sitegen.markup.untrusted.formats import BUILTIN_FORMATS, comment_html

CASES = [
    ("paragraphs become empty lines", "<p>One</p><p>Two</p>", "One\n\nTwo"),
    ("a break ends a line", "One<br>Two<br />Three", "One\nTwo\nThree"),
    ("two breaks end a paragraph", "One<br><br><br>Two", "One\n\nTwo"),
    ("divisions do not glue", "<div>One</div><div>Two</div>", "One\n\nTwo"),
    ("line ends are blanks", "<p>One\n  two</p>", "One two"),
    ("what means the same is mapped", "<b>a</b> <i>b</i> <u>c</u> <tt>d</tt>",
     "<strong>a</strong> <em>b</em> <em>c</em> <code>d</code>"),
    ("what was struck out stays struck out", "I <s>like</s> <strike>love</strike> it", "I ~~like~~ ~~love~~ it"),
    ("powers stay powers", "E=mc<sup>2</sup>", "E=mc^2"),
    ("links keep their address only", '<a href="https://a.example/?a=1&amp;b=2" rel="x" onclick="y">z</a>',
     '<a href="https://a.example/?a=1&amp;b=2">z</a>'),
    ("a link without an address is text", "<a name=x>here</a>", "here"),
    ("Disqus's own links are unwrapped",
     '<a href="https://disq.us/url?url=https%3A%2F%2Fa.example%2Fx%3AqZ-9_k&amp;cuid=12">x</a>',
     '<a href="https://a.example/x">x</a>'),
    ("a link without words goes", 'One <a href="https://a.example/"></a> two', "One two"),
    ("a picture is a link", '<img src="https://a.example/cat.png" alt="A cat">',
     '<a href="https://a.example/cat.png">A cat</a>'),
    ("a player is a link", '<iframe src="https://v.example/1"></iframe>',
     '<a href="https://v.example/1">https://v.example/1</a>'),
    ("a picture in a link is its words", '<a href="https://a.example/"><img src="/x.png" alt="Us"></a>',
     '<a href="https://a.example/">Us</a>'),
    ("lists stay lists", "<ul><li>One<li>Two</ul>after", "<ul>\n<li>One</li>\n<li>Two</li>\n</ul>\n\nafter"),
    ("quotes stay quotes", "<blockquote><p>One</p><p>Two</p></blockquote>mine",
     "<blockquote>One\n\nTwo</blockquote>\n\nmine"),
    ("code keeps its lines", "<pre><code>if a &lt; b:\n    go()</code></pre>", "<pre>if a &lt; b:\n    go()</pre>"),
    ("what is no tag is shown", "a List<T> of Map<K,V>", "a List&lt;T> of Map&lt;K,V>"),
    ("a script is shown", "<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
    ("references are decoded once", "&amp;lt; &eacute; AT&T", "&amp;lt; é AT&T"),
    ("rows of a table are lines", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>x",
     "a | b\nc\n\nx"),
    ("spans and fonts go", '<span class="x">a</span><font color=red>b</font>', "ab"),
    ("what is open is closed", "<b>One <i>two", "<strong>One <em>two</em></strong>"),
    ("an end without a start is nothing", "One</b></p>", "One"),
    ("a ruler is three dashes", "a<hr>b", "a\n\n---\n\nb"),
    ("unquoted less-than stays", "if a < b and c > d", "if a &lt; b and c > d"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "text"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_html_becomes_the_text_that_means_the_same(body: str, text: str) -> None:
    assert canonical(body, keeps_lines=False) == text


def test_where_lines_count_they_are_kept() -> None:
    assert canonical("One\ntwo\n\n\nthree <b>x</b>", keeps_lines=True) == (
        "One\ntwo\n\nthree <strong>x</strong>"
    )


TAGS = st.sampled_from(
    [
        "p",
        "b",
        "i",
        "u",
        "div",
        "span",
        "ul",
        "li",
        "blockquote",
        "pre",
        "code",
        "h3",
        "td",
        "a",
    ]
)
PIECES = st.lists(
    st.one_of(
        st.text("abcé <&\n", min_size=1, max_size=8).map(html.escape),
        TAGS.map(lambda name: f"<{name}>"),
        TAGS.map(lambda name: f"</{name}>"),
        st.just("<br>"),
    ),
    max_size=12,
).map("".join)


@given(PIECES, st.booleans())
def test_no_word_is_lost_and_none_is_glued(body: str, keeps_lines: bool) -> None:
    text = canonical(body, keeps_lines=keeps_lines)
    page = comment_html(text, BUILTIN_FORMATS["restricted_html"], "comment-")

    known = words_of_html(body)
    shown = words_of_html(page)
    assert not [word for word in known if shown.count(word) < known.count(word)], (text, page)


@given(PIECES)
def test_what_is_canonical_stays_as_it_is(body: str) -> None:
    text = canonical(body, keeps_lines=True)

    assert canonical(text, keeps_lines=True) == text


@given(st.text(max_size=300))
def test_any_text_at_all_is_read(body: str) -> None:
    canonical(body, keeps_lines=False)


def test_a_lost_word_is_told() -> None:
    found = Found(Location("x"), "1", (), body="<p>One two three</p>")

    assert lost_words(found, "<p>One twothree</p>") == ("two", "three")
    assert lost_words(found, "<p>one <em>two</em> three</p>") == ()
