"""The formats of a review: each is what it says it is, and says the same."""

from __future__ import annotations

import html
import json
import re
import subprocess

import jsonschema
import pytest

FOLDER = "comments/posts/trip"
BO = (
    "author: Bo\ndate: 2018-02-21T09:00:00Z\nreply_to: ada\nurl: https://xn--bcher-kva.example/\nbody: |\n"
    '  <b>Thanks</b> <a href="https://evil.example">bank.example</a>, write to bo@example.org\n'
)


@pytest.fixture
def proposed(clone):
    return clone.commit({f"{FOLDER}/bo.yaml": BO, f"{FOLDER}/bad.yaml": "autor: Bo\n"}, "bo")


def test_json_is_what_its_schema_says(proposed):
    done = proposed.review("--format", "json")
    document = json.loads(done.stdout)
    jsonschema.validate(document, json.loads(proposed.cli("schema", "review").stdout))

    assert (done.returncode, document["verdict"]) == (1, "fails")
    bad, bo = document["comments"]
    assert {problem["code"] for problem in bad["problems"]} >= {"unknown-key", "missing-key"}
    assert [link["host"] for link in bo["links"]] == [
        "evil.example",
        "example.org",
        "xn--bcher-kva.example",
    ]
    assert bo["links"][2]["shown_host"] == "bücher.example"
    assert {hint["kind"] for hint in bo["hints"]} == {"html-link", "link-elsewhere", "foreign-host"}
    assert [find["kind"] for find in bo["private"]] == ["email"]
    assert bo["changes"][0]["found"] == "<b>"


def test_a_bot_learns_all_from_the_exit_status(clone):
    clone.commit({f"{FOLDER}/bo.yaml": BO}, "bo")
    done = clone.review("--format", "json")

    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (0, "hints")
    assert clone.review("a", "b").returncode == 2


def test_annotations_stand_at_the_key_that_is_meant(proposed):
    rows = proposed.review("--format", "github").stdout.splitlines()

    assert all(re.match(r"::(error|warning) file=comments/", row) for row in rows)
    assert any("line=4,col=1,title=foreign-host" in row for row in rows)
    assert rows[0].startswith("::error file=comments/posts/trip/bad.yaml")


def test_sarif_names_a_rule_for_each_kind(proposed):
    [run] = json.loads(proposed.review("--format", "sarif").stdout)["runs"]

    assert {"link-elsewhere", "private-email"} <= {
        rule["id"] for rule in run["tool"]["driver"]["rules"]
    }
    assert {result["level"] for result in run["results"]} == {"error", "warning"}


def test_the_terminal_has_colour_and_a_file_has_none(proposed):
    import datetime as dt

    from sitegen.review.gathering import review_range
    from sitegen.review.terminal import as_terminal

    review, _ = review_range(proposed.root, "main", dt.datetime(2024, 1, 1, tzinfo=dt.UTC))

    assert "\x1b[33mhint" in as_terminal(review)
    assert "\x1b" not in proposed.review().stdout
    assert max(map(len, proposed.review().stdout.splitlines())) <= 80


def test_the_page_shows_the_comment_in_its_thread_beside_its_source(clone):
    clone.commit({f"{FOLDER}/bo.yaml": BO}, "bo")
    page = clone.review("--format", "html").stdout

    assert (
        page.index("Which way did you go?")
        < page.index("By the north ridge.")
        < page.index("<strong>Thanks</strong>")
    )
    assert '<mark title="`&lt;strong&gt;` means the same and is allowed">&lt;b&gt;</mark>' in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert not re.search(
        r"<script|<img|\son\w+=|<link(?! rel=\"stylesheet\" href=\"data:text/css)", page
    )


def test_the_page_is_made_with_the_theme_of_the_base(clone):
    theme = {
        "themes/mine/theme.yaml": "name: Mine\n",
        "themes/mine/templates/comment.html": "<p>mine</p>\n",
    }
    config = "title: N\nbase_url: https://n.example/\ntheme: mine\n"
    clone.commit({"config.yaml": config, **theme})
    clone.git("push", "-q", "origin", "main")
    evil = "{{ ''.__class__.__mro__ }} evil\n"
    clone.commit({"themes/mine/templates/comment.html": evil, f"{FOLDER}/bo.yaml": BO}, "bo")
    done = clone.review("--format", "html")
    assert done.stderr == ""
    page = done.stdout
    assert "<p>mine</p>" in page
    assert "evil\n" not in html.unescape(page)


@pytest.mark.browser
def test_the_page_asks_nobody_for_anything_and_runs_nothing(clone, chromium, tmp_path):
    body = BO + "  <script>document.title='ran'</script>\n"
    clone.commit({f"{FOLDER}/bo.yaml": body}, "bo")
    page = tmp_path / "review.html"
    page.write_text(clone.review("--format", "html").stdout, encoding="utf-8")
    log = tmp_path / "net.json"
    done = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--log-net-log={log}", "--dump-dom", page.as_uri()],
        check=True, capture_output=True, text=True, timeout=50,
    )  # fmt: skip

    assert "<title>Review of 1 comment</title>" in done.stdout
    assert "evil.example" not in re.sub(
        r"file://\S+", "", log.read_text(encoding="utf-8", errors="replace")
    )


def test_the_review_of_one_comment_imports_nothing_heavy(clone):
    clone.commit({f"{FOLDER}/bo.yaml": BO.replace("<b>", "").replace("</b>", "")}, "bo")
    import sys

    code = "import sys; from sitegen.cli import main\ntry: main(['comments', 'review'])\nexcept SystemExit: pass\nprint(sorted({'jinja2', 'markdown_it', 'pygments', 'watchdog'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=clone.root, check=True, capture_output=True, text=True
    )

    assert done.stdout.splitlines()[-1] == "[]"
