from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.markup.escaping import escape, escape_attribute
from sitegen.markup.untrusted.addresses import decoded, safe_address
from sitegen.markup.untrusted.autolink import linked
from sitegen.markup.untrusted.gates import accepts_address

LINK = re.compile(r'<a href="([^"]*)" rel="nofollow ugc noopener">([^<]*)</a>')


def links(text):
    """Return (address, caption) of each link, and check that the rest is the text."""
    shown = linked(text, accepts_address)
    return [
        (html.unescape(address), html.unescape(caption)) for address, caption in LINK.findall(shown)
    ]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        # What the original's own tests ask of its filter, in other words.
        ("http://jo.example", "http://jo.example"),
        ("www.jo.example", "http://www.jo.example"),
        ("jo@jo.example", "mailto:jo@jo.example"),
        ("mailto:ada@jo.example", "mailto:ada@jo.example"),
        ("one+two@jo.example", "mailto:one+two@jo.example"),
        ("a" * 254 + "@jo.example", "mailto:" + "a" * 254 + "@jo.example"),
        ("http://slash.example/", "http://slash.example/"),
        ("www.slash.example/", "http://www.slash.example/"),
        ("http://h.example/p/q?a=b&c[d]=e#f", "http://h.example/p/q?a=b&c[d]=e#f"),
        ("www.h.example/p/q?a=b&c[d]=e#f", "http://www.h.example/p/q?a=b&c[d]=e#f"),
        ("http://h.example/#!/ada/123", "http://h.example/#!/ada/123"),
        ("http://h.example/@ada/", "http://h.example/@ada/"),
        ("http://пример.испытание/", "http://пример.испытание/"),
        ("http://مثال.إختبار/", "http://مثال.إختبار/"),
        ("http://例子.測試/", "http://例子.測試/"),
        ("http://999.中国/", "http://999.中国/"),
        ("http://例え.テスト/", "http://例え.テスト/"),
        ("http://straße-bücher.de/", "http://straße-bücher.de/"),
        ("http://niño-mañana.es/", "http://niño-mañana.es/"),
        ("http://amp.example/?a=1&b=2", "http://amp.example/?a=1&b=2"),
        ("www.ab.ab", "http://www.ab.ab"),
        ("www.example.example", "http://www.example.example"),
        ("me@me.tv", "mailto:me@me.tv"),
        ("https://comma.example,", "https://comma.example"),
        ("www.stop.example.", "http://www.stop.example"),
        ("ada@stop.example,", "mailto:ada@stop.example"),
        ("http://www.ask.example?", "http://www.ask.example"),
        ("www.query.example/i.php?a=!", "http://www.query.example/i.php?a="),
        ("www.dots.example...", "http://www.dots.example"),
        ("cry@dots.example!!!", "mailto:cry@dots.example"),
        ("(http://www.b.example/q=abc).", "http://www.b.example/q=abc"),
        ("(www.b.example/a_(b)_c_(d)).", "http://www.b.example/a_(b)_c_(d)"),
        ("http://b.example/[x]/y[z]", "http://b.example/[x]/y[z]"),
        ("(www.b.example/d?a=1&b=2#a)", "http://www.b.example/d?a=1&b=2#a"),
        ("http://b.example/Film_(Thema)", "http://b.example/Film_(Thema)"),
        ("https://www.t.example.", "https://www.t.example"),
        ("https://t.example/?s=test", "https://t.example/?s=test"),
        ("https://t.example/a-b_c~d", "https://t.example/a-b_c~d"),
        ("https://t.example/?q=%C3%A4", "https://t.example/?q=%C3%A4"),
        ("https://t.example/über/ß", "https://t.example/über/ß"),
        ("https://t.example/a'b", "https://t.example/a'b"),
        ("https://t.example/a;b=c", "https://t.example/a;b=c"),
        ("https://t.example/a,b", "https://t.example/a,b"),
        ("https://t.example/$%25", "https://t.example/$%25"),
        ("http://127.0.0.1/x", "http://127.0.0.1/x"),
        ("http://localhost:8080/x", "http://localhost:8080/x"),
        ("text http://in.example/ text", "http://in.example/"),
        ("*http://star.example/x*", "http://star.example/x"),
        ('"http://quote.example/x"', "http://quote.example/x"),
        ("http://hyphen.example/foo-", "http://hyphen.example/foo-"),
        ("HTTP://LOUD.EXAMPLE/", "HTTP://LOUD.EXAMPLE/"),
    ],
)
def test_addresses_are_linked_as_in_the_original(text, address):
    assert [address] == [one for one, _ in links(text)]


@pytest.mark.parametrize(
    "text",
    [
        "b" * 255 + "@jo.example",
        "www." + "toolong" * 10,
        "person@test",
        "foo://refused.example",
        "example.com",
        "http://[::1]/",
        "http://256.1.1.1/",
        "https://a@b.example/",
        "http://example.com:99999/",
        "http://xn--a.example/",
        "@everyone",
        "a.@b.example",
        "http://" + "a." * 200 + "b",
        "http://example.com/" + "a" * 2_000,
    ],
)
def test_what_is_no_address_is_no_link(text):
    assert links(text) == []


@pytest.mark.parametrize(
    ("length", "caption"),
    [(72, "http://example.com/" + "a" * 53), (73, "http://example.com/" + "a" * 52 + "…")],
)
def test_captions_are_cut_at_72_characters(length, caption):
    address = "http://example.com/" + "a" * (length - 19)

    assert [(address, caption)] == links(address)


def test_a_full_stop_before_the_cut_goes():
    address = "http://example.com/" + "a" * 51 + "." + "b" * 20

    assert links(address)[0][1] == "http://example.com/" + "a" * 51 + "…"


@given(
    st.text(st.sampled_from("aZ9 .@:/-_?#&;()[]<>'\"\n見。（）éhtpsw%"), max_size=60).map(
        lambda text: text.replace("h", "http://").replace("w", "www.").replace("p", "jo@a.bc")
    )
)
def test_without_its_links_linked_text_is_the_text(text):
    shown = linked(text, accepts_address)
    back = html.unescape(re.sub(r"<a [^>]*>|</a>", "", shown))

    if "…" not in back:
        assert back == text


@given(st.text(max_size=200))
def test_every_link_has_a_safe_address(text):
    for address, _ in links(f"www.{text} http://{text} {text}@a.bc"):
        assert safe_address(address) == address


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("https://example.com", "https://example.com"),
        (" https://example.com/ ", "https://example.com/"),
        ('https://example.com/a b"c<d>e`f', "https://example.com/a%20b%22c%3Cd%3Ee%60f"),
        ("HTTPS://EXAMPLE.COM/", "HTTPS://EXAMPLE.COM/"),
        ("mailto:jo@example.com", "mailto:jo@example.com"),
        ("/", "/"),
        ("/a/b?c#d", "/a/b?c#d"),
        ("#top", "#top"),
        ("https://例え.example/", "https://例え.example/"),
        ("https://example.com:8443/", "https://example.com:8443/"),
    ],
)
def test_addresses_of_the_four_shapes_are_safe(value, address):
    assert address == safe_address(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "javascript:alert(1)",
        "JaVaScRiPt:1",
        "javascript://example.com/%0aalert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:1",
        "hxxp://example.com/",
        "https+x://example.com/",
        "data:text/html,x",
        "vbscript:1",
        "file:///etc/passwd",
        "blob:https://example.com/x",
        "ftp://example.com/",
        "tel:1",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "https:/evil.example",
        "https:evil.example",
        "https:///evil.example",
        "https://",
        "https://user@evil.example/",
        "https://user:pw@evil.example/",
        "https://bank.example\\@evil.example",
        "https://evil.example\\",
        "https://evil.example／bank",
        "https://evil.example。bank",
        "https://evil.example/\u202ex",
        "https://evil\u200b.example/",
        "https://evil.example/\x00",
        "https://evil.example:123456/",
        "https://-evil.example/",
        "https://.evil.example/",
        "mailto:a@b.c?subject=x",
        "mailto:a@b.c,d@e.f",
        "mailto:",
        "mailto:<a@b.c>",
        "#",
        "#1",
        "#a b",
        "#a:b",
        "#" + "a" * 61,
        "relative",
        "./relative",
        "../relative",
        "?query",
        "https://example.com/" + "a" * 2_000,
        "https://example.com/\ud800",
    ],
)
def test_other_addresses_are_not(value):
    assert safe_address(value) is None


def test_text_and_values_are_escaped_in_the_form_of_the_second_gate():
    assert escape("a<b>&amp;\u00a0\"'") == "a&lt;b&gt;&amp;amp;&nbsp;\"'"
    assert escape_attribute("a<b>&\u00a0\"'") == "a&lt;b&gt;&amp;&nbsp;&quot;'"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("&lt;&#60;&#x3C;&LT;", "<<<<"),
        ("&amp;lt;", "&lt;"),
        (
            "&#12345678; &#x1234567; &nosuch; &lt &copy=1",
            "&#12345678; &#x1234567; &nosuch; &lt &copy=1",
        ),
        ("&NotEqualTilde;", "≂̸"),
        ("&#0; &#xD800;", "� �"),
    ],
)
def test_whole_references_are_decoded_once(text, plain):
    assert plain == decoded(text)
