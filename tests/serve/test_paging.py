"""What is added to a page on its way to the browser."""

from __future__ import annotations

import html
import re

import pytest

from sitegen.serve.paging import adapted_policy, style_sheets, with_script
from sitegen.serve.stage import Stage
from sitegen.serve.watching import matters


@pytest.mark.parametrize(
    ("policy", "adapted"),
    [
        ("default-src 'none'", "default-src 'none'; script-src 'nonce-n'; connect-src 'self'"),
        ("script-src 'none'; connect-src 'none'", "script-src 'nonce-n'; connect-src 'self'"),
        ("default-src 'self'", "default-src 'self'; script-src 'self' 'nonce-n'; connect-src 'self'"),
        ("img-src 'self'", "img-src 'self'"),
        ("script-src 'unsafe-inline'", "script-src 'unsafe-inline' 'self'"),
        ("Script-Src 'sha256-x'", "script-src 'sha256-x' 'nonce-n'"),
        ("script-src-elem 'none'", "script-src-elem 'nonce-n'"),
        ("default-src *; ; connect-src https://x.example", "default-src *; connect-src https://x.example 'self'; script-src * 'nonce-n'"),
    ],
)  # fmt: skip
def test_a_policy_lets_the_script_in_and_nothing_else(policy, adapted):
    assert sorted(adapted_policy(policy, "n").split("; ")) == sorted(adapted.split("; "))


@pytest.mark.parametrize(
    "meta",
    [
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'">""",
        """<META content="default-src 'none'" http-equiv=content-security-policy />""",
        """<meta http-equiv='content-security-policy' content='default-src &#39;none&#39;'>""",
    ],
)
def test_the_policy_is_found_however_it_is_written(meta):
    page = f"<html><head>{meta}<title>T</title></head><body></body></html>".encode()
    served = with_script(page, "{}", "n").decode()

    assert "script-src 'nonce-n'" in html.unescape(served)


def test_everything_else_of_the_page_stays_as_it_is():
    page = b"<head><title>\xff</title></head><body>caf\xc3\xa9 </head> x</body>"
    served = with_script(page, '{"a": "</script>"}', "n")

    assert re.sub(b"<script.*?</script>", b"", served) == page
    assert served.index(b"<script") < served.index(b"<body>")


def test_a_page_without_a_head_gets_the_script_too():
    assert with_script(b"<p>x", "{}", "n").startswith(b"<p>x<script ")


def test_only_the_site_s_own_style_sheets_are_watched():
    page = b"""<link href=/a.css rel=stylesheet><link rel="preload stylesheet" href='/b.css?x=1&amp;y'>
        <link rel="stylesheet" href="https://x.example/c.css"><link rel="stylesheet" href="//x.example/d.css">"""

    assert style_sheets(page) == ("/a.css", "/b.css?x=1&y")


@pytest.mark.parametrize("name", ["a.md~", ".a.md.swp", "4913", ".#a.md", "#a.md#", "a.tmp", "a.md___jb_tmp___", "a.md___jb_old___", ".goutputstream-X1", "A.TMP"])  # fmt: skip
def test_what_editors_leave_for_a_moment_is_no_change(name):
    assert not matters(f"content/posts/{name}")


@pytest.mark.parametrize("path", ["output/index.html", ".sitegen/clock", ".git/index", "config.yaml~", "README.md", "", "posts/config.yaml"])  # fmt: skip
def test_what_no_build_reads_is_no_change(path):
    assert not matters(path)


@pytest.mark.parametrize("path", ["config.yaml", "content", "content/a.md", "static/.well-known/x", "themes/x/static/a.css", "comments/a/b.yaml", "content/tmp/a.md"])  # fmt: skip
def test_what_a_build_reads_is_a_change(path):
    assert matters(path)


def test_who_comes_back_learns_what_changed_in_between():
    stage = Stage()
    stage.show([], ["a"])
    stage.show([], ["b", "a"])
    stage.show(["x"], ["c"])

    assert stage.changed_since(1) == ("b", "a", "c")
    assert stage.changed_since(3) == ()
    assert stage.wait(0, 0).number == 3


def test_a_stage_remembers_little():
    stage = Stage()
    for number in range(1000):
        stage.show([], [str(number)])

    assert len(stage.changed_since(0)) < 100
