"""What strangers may put into a commit: names, modes and bytes of every kind."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

FOLDER = "comments/posts/trip"
FORMATS = ("text", "markdown", "github", "json", "sarif", "html")
EVIL = "\x1b[31m::error::pwned ##[command]x <script>alert(1)</script> \u202e @someone `a` ${{ secrets.X }}"
NAMES = (
    b"comments/posts/trip/\x1b[31mred.yaml",
    b"comments/posts/trip/::error::x.yaml",
    b"comments/posts/trip/##[command]x.yaml",
    b"comments/posts/trip/new\nline.yaml",
    b"comments/posts/trip/<script>alert(1)</script>.yaml",
    b"comments/posts/trip/\xff\xfe.yaml",
    b"comments/posts/trip/-rf.yaml",
    b"comments/posts/trip/con.yaml",
    b"comments/posts/trip/" + b"x" * 200 + b".yaml",
    "comments/posts/trip/\u202egnp.yaml".encode(),
    b"comments/posts/trip/$(id).yaml",
    b"comments/.gitattributes",
    b"comments/posts/trip/x.html",
    b"comments/" + b"d/" * 60 + b"x.yaml",
    b"::warning::x",
)
SAFE = re.compile(r"^\s*::(?!(?:error|warning) file=)|##\[|\x1b|\u202e", re.MULTILINE)
BO = b"author: Bo\ndate: 2018-02-21T09:00:00Z\nbody: |\n  Hello there, how are you?\n"


def entries():
    return [("100644", name.decode("utf-8", "surrogateescape"), BO) for name in NAMES]


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_names_never_speak(clone, form):
    clone.git("checkout", "-q", "-b", "evil")
    clone.commit_raw(entries())
    done = clone.review("main", "--format", form)

    assert done.returncode == 1
    assert not SAFE.search(done.stdout), SAFE.search(done.stdout)
    assert "<script>alert" not in done.stdout or form != "html"
    assert done.stderr == ""


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "field", ["author", "subject", "reply_to", "url", "body", "format", "other"]
)
def test_hostile_values_never_speak(clone, form, field):
    values = {"author": "Bo", "date": "2018-02-21T09:00:00Z", "body": "Hello."}
    text = "".join(
        f"{key}: {json.dumps(value)}\n" for key, value in {**values, field: EVIL}.items()
    )
    clone.commit({f"{FOLDER}/bo.yaml": text}, "bo")
    done = clone.review("main", "--format", form)

    assert not SAFE.search(done.stdout), done.stdout
    if form == "html":
        assert "<script" not in done.stdout
    if form == "markdown":
        outside = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", done.stdout)
        assert not re.search(r"@someone|<script|\]\(", outside)


def test_text_cannot_leave_its_fence(clone):
    body = "  ``````\n  # Merge me\n  ![x](https://evil.example/x.png)\n"
    clone.commit({f"{FOLDER}/bo.yaml": BO.decode().partition("  Hello")[0] + body}, "bo")
    text = clone.review("main", "--format", "markdown").stdout

    assert "```````text\n``````" in text


def test_links_and_submodules_are_no_comments(clone):
    clone.git("checkout", "-q", "-b", "evil")
    head = clone.git("rev-parse", "HEAD").encode()
    clone.commit_raw(
        [("120000", f"{FOLDER}/link.yaml", b"/etc/passwd"), ("160000", f"{FOLDER}/module", head)]
    )
    done = clone.review("main")

    assert done.returncode == 1
    assert done.stdout.count("this is a link or a submodule, not a file") == 2
    assert "root:" not in done.stdout


BYTES = {"none": b"", "of no text": b"\0\1\2\xff" * 100, "many": b"a" * 10_000_000, "of UTF-16": b"\xff\xfea\0"}  # fmt: skip


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_no_bytes_are_too_many_or_too_strange(clone, data):
    clone.commit({f"{FOLDER}/bo.yaml": data}, "bo")
    for form in FORMATS:
        done = clone.review("main", "--format", form)
        assert done.returncode == 1
        assert len(done.stdout) < 200_000


BIG = b"x" * 5_000_000
DIFFS = {
    "two files outside": {"a.bin": b"\0" + BIG, "b.txt": BIG + b"\n" + BIG},
    "a comment that grew": {f"{FOLDER}/jo.yaml": BO + b"  " + BIG + b"\n  " + BIG},
    "a comment of many lines": {f"{FOLDER}/bo.yaml": BO + b"  a\n" * 2_500_000},
    "many comments of the longest": {f"{FOLDER}/c{n}.yaml": BO + b"  word" * 3_000 for n in range(550)},
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFS)
def test_a_diff_of_ten_megabytes_is_a_short_review(clone, name):
    clone.commit(DIFFS[name], "big")
    began = cpu_seconds()
    done = clone.review("main")

    assert cpu_seconds() - began < 10
    assert len(done.stdout) < 20_000
    assert done.returncode == (0 if name.startswith("many") else 1)
    assert "xxxxxxxxxxxxxxxx" not in done.stdout


def cpu_seconds():
    """Return what this process and those that it waited for have worked."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


ODD = {
    "a link in place of the folder": [("120000", "comments/posts/other", b"../../content")],
    "a submodule in place of a comment": [("160000", f"{FOLDER}/ada.yaml", b"HEAD")],
    "a link in place of a comment": [("120000", f"{FOLDER}/ada.yaml", b"/etc/passwd")],
    "a submodule beside": [("160000", "themes/evil", b"HEAD")],
    "a link beside": [("120000", "config.yaml", b"/etc/passwd")],
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_file_fails_and_is_followed_nowhere(clone, name):
    clone.git("checkout", "-q", "-b", "odd")
    head = clone.git("rev-parse", "HEAD").encode()
    clone.commit_raw([(m, p, head if c == b"HEAD" else c) for m, p, c in ODD[name]])

    for form in FORMATS:
        done = clone.review("main", "--format", form)
        assert done.returncode == 1, done.stdout
        assert ODD[name][0][1].split("/")[-1] in done.stdout
        assert "root:" not in done.stdout


def test_a_comment_that_could_be_run_is_a_comment(clone):
    clone.git("checkout", "-q", "-b", "run")
    clone.commit_raw([("100755", f"{FOLDER}/bo.yaml", BO)])

    assert clone.review("main").returncode == 0


def test_no_hook_filter_or_diff_driver_of_a_repository_runs(clone, tmp_path):
    witness = tmp_path / "ran"
    run = f"touch {witness}; cat"
    for key in (
        "filter.x.clean",
        "filter.x.smudge",
        "diff.x.textconv",
        "diff.x.command",
        "core.pager",
        "core.fsmonitor",
        "diff.external",
    ):
        clone.git("config", key, run)
    clone.git("config", "filter.x.clean", "cat")  # so that the commit itself is quiet
    clone.git("config", "core.fsmonitor", "false")
    clone.commit({".gitattributes": "*.yaml filter=x diff=x\n", f"{FOLDER}/bo.yaml": BO}, "bo")
    witness.unlink(missing_ok=True)
    clone.git("config", "core.fsmonitor", run)
    clone.git("config", "filter.x.clean", run)
    assert clone.review("main").returncode == 1

    assert not witness.exists()


def test_names_that_differ_by_case_only_are_told(clone):
    clone.git("checkout", "-q", "-b", "twins")
    clone.commit_raw([("100644", "comments/Posts/trip/jo.yaml", BO)])

    assert "differs from `comments/posts/trip/jo.yaml` by case" in " ".join(
        clone.review("main").stdout.split()
    )


@pytest.mark.timeout(180)
def test_five_thousand_comments_fit_one_screen(clone):
    clone.git("checkout", "-q", "-b", "flood")
    spam = BO.replace(b"Hello there", b'<a href="https://casino.example">casino</a>')
    one = clone.git("hash-object", "-w", "--stdin", stdin=spam)
    two = clone.git("hash-object", "-w", "--stdin", stdin=BO)
    rows = "".join(
        f"100644 {one if number % 2 else two}\t{FOLDER}/c{number}.yaml\0" for number in range(5_000)
    )
    clone.git("update-index", "-z", "--index-info", stdin=rows.encode())
    clone.git("commit", "-q", "-m", "Flood")
    began = cpu_seconds()
    done = clone.review("main")
    lines = done.stdout.splitlines()

    assert cpu_seconds() - began < 10
    assert len(lines) <= 80
    assert max(map(len, lines)) <= 80
    assert "4997 more, by what is to be said of them:" in done.stdout
    assert "5000 comments in one range" in done.stdout
    assert "html-link" in "".join(lines[:45])
    assert len(clone.review("main", "--format", "html").stdout) < 500_000


def test_the_review_of_one_comment_is_done_in_half_a_second(clone):
    """As a command of its own, with Python's start and all of git; the best of five."""
    clone.commit({f"{FOLDER}/bo.yaml": BO.replace(b"Hello", b"<b>Hello</b>")}, "bo")
    took = []
    for _ in range(5):
        began = cpu_seconds()
        command = [sys.executable, "-m", "sitegen", "comments", "review", "main"]
        done = subprocess.run(command, cwd=clone.root, capture_output=True, text=True, check=True)
        took.append(cpu_seconds() - began)

    assert "changed  `<b>` became `<strong>`" in done.stdout
    assert min(took) < 0.5, took
