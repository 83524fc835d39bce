"""After the merge: threads stay whole, whatever is written, removed, renamed or moved."""

from __future__ import annotations

import pytest

from sitegen.sources.comments import parse_comment

FOLDER = "comments/posts/trip"


def text(clone, name):
    return (clone.root / f"{FOLDER}/{name}.yaml").read_text(encoding="utf-8")


def test_a_new_comment_is_valid_and_published(clone):
    done = clone.cli(
        "comments",
        "new",
        "content/posts/trip.md",
        "--author",
        "Zoë & Co",
        "--reply-to",
        "jo",
        stdin="Ünter uns:\r\n\r\nnein.".encode(),
    )

    assert (done.returncode, done.stdout) == (0, f"{FOLDER}/2024-06-01-zoe-co.yaml\n")
    assert text(clone, "2024-06-01-zoe-co") == (
        'author: "Zoë & Co"\ndate: 2024-06-01T12:00:00Z\nreply_to: jo\nbody: |\n  Ünter uns:\n\n  nein.\n'
    )
    again = clone.cli("comments", "new", "posts/trip", "--author", "Zoë & Co", "--body", "Ja.")
    assert again.stdout == f"{FOLDER}/2024-06-01-zoe-co-2.yaml\n"
    assert clone.cli("comments", "check").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["posts/tripp", "--author", "x"], "did you mean posts/trip?"),
        (["posts/trip", "--author", "x", "--reply-to", "joo"], "did you mean jo?"),
        (["posts/trip", "--author", "x" * 81], "81 characters"),
        (["posts/trip", "--author", "x", "--body", ""], "key `body` is missing"),
        (["posts/trip", "--author", "x", "--format-name", "bbcode"], "known: markdown"),
        (["../../etc", "--author", "x"], "there is no such article"),
    ],
)
def test_a_new_comment_that_would_be_faulty_is_not_written(clone, arguments, words):
    done = clone.cli("comments", "new", *arguments, stdin=b"Hello.")

    assert done.returncode == 1
    assert words in done.stderr
    assert clone.git("status", "--porcelain") == ""


def test_a_removed_comment_with_replies_leaves_a_tombstone(clone):
    done = clone.cli("comments", "remove", f"{FOLDER}/jo.yaml")

    assert done.stdout == f"{FOLDER}/jo.yaml is a tombstone now, since it has replies\n"
    assert text(clone, "jo") == "date: 2018-02-20T09:00:00Z\nremoved: true\n"
    assert clone.cli("comments", "check").returncode == 0


def test_the_last_reply_takes_the_tombstone_with_it(clone):
    clone.cli("comments", "remove", f"{FOLDER}/jo.yaml")
    done = clone.cli("comments", "remove", "posts/trip/ada")

    assert done.stdout == f"{FOLDER}/ada.yaml is removed\n{FOLDER}/jo.yaml is removed\n"
    assert not list((clone.root / FOLDER).iterdir())


def test_a_renamed_comment_keeps_its_replies(clone):
    done = clone.cli("comments", "rename", f"{FOLDER}/jo.yaml", "2018-jo")

    assert (
        done.stdout
        == f"{FOLDER}/jo.yaml is {FOLDER}/2018-jo.yaml now\n{FOLDER}/ada.yaml answers 2018-jo now\n"
    )
    assert "reply_to: 2018-jo\n" in text(clone, "ada")
    assert clone.git("diff", "--stat", "--", f"{FOLDER}/ada.yaml").count("|") == 1
    assert clone.cli("comments", "check").returncode == 0


@pytest.mark.parametrize("name", ["ada", "ADA", "con", "../x", "a b", ""])
def test_no_id_is_taken_twice_or_badly(clone, name):
    done = clone.cli("comments", "rename", f"{FOLDER}/jo.yaml", name)

    assert done.returncode == 1
    assert clone.git("status", "--porcelain") == ""


def test_a_name_that_it_has_already_changes_nothing(clone):
    done = clone.cli("comments", "rename", "posts/trip/jo", "jo")

    assert (done.returncode, done.stdout) == (0, "")
    assert clone.git("status", "--porcelain") == ""


def test_who_renames_an_author_s_comment_is_told_to_say_so_in_the_configuration(clone):
    config = (clone.root / "config.yaml").read_text(encoding="utf-8")
    assert "comments:" not in config
    clone.write({"config.yaml": f"{config}comments:\n  by_author: [posts/trip/jo]\n"})
    done = clone.cli("comments", "rename", "posts/trip/jo", "j2")

    assert done.returncode == 0, done.stderr
    assert "config.yaml: write posts/trip/j2 below `by_author`\n" in done.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [("bad", "this is no sound comment"), ("gone", "there is no such comment")],
)
def test_a_comment_that_cannot_be_read_or_found_stays_and_that_is_said(clone, name, words):
    clone.write({f"{FOLDER}/bad.yaml": "author: [\n"})
    done = clone.cli("comments", "remove", f"posts/trip/{name}")

    assert done.returncode == 1
    assert words in done.stderr
    assert text(clone, "bad") == "author: [\n"


def test_quoted_and_odd_files_are_rewritten_to_mean_the_same(clone):
    odd = '"reply_to": "jo"\nauthor: Cy\ndate: 2018-02-22\nbody: "reply_to: jo"\n'
    clone.write({f"{FOLDER}/cy.yaml": odd})
    clone.cli("comments", "rename", "posts/trip/jo", "j2")
    from zoneinfo import ZoneInfo

    cy = parse_comment(f"{FOLDER}/cy.yaml", text(clone, "cy").encode(), ZoneInfo("UTC"))
    assert (cy.reply_to, cy.body) == ("j2", "reply_to: jo")


def test_comments_follow_an_article_that_git_saw_move(clone):
    (clone.root / "content/essays").mkdir()
    clone.git("mv", "content/posts/trip.md", "content/essays/journey.md")
    clone.git("commit", "-q", "-m", "Move")
    done = clone.cli("comments", "check")

    assert done.returncode == 1
    assert (
        "the article is content/essays/journey.md now: `sitegen comments check --fix` moves them"
        in done.stderr
    )
    fixed = clone.cli("comments", "check", "--fix")
    assert fixed.returncode == 0
    assert fixed.stdout.startswith("moved comments/posts/trip/ to comments/essays/journey/\n")
    assert clone.cli("build").returncode == 0


def test_a_thread_parted_into_folders_is_kept_and_reviewed_as_one(clone):
    (clone.root / FOLDER / "+2018").mkdir()
    clone.git("mv", f"{FOLDER}/jo.yaml", f"{FOLDER}/+2018/jo.yaml")
    clone.git("commit", "-q", "-m", "Part")
    done = clone.cli("comments", "rename", f"{FOLDER}/+2018/jo.yaml", "2018-jo")

    assert done.stdout == (
        f"{FOLDER}/+2018/jo.yaml is {FOLDER}/+2018/2018-jo.yaml now\n"
        f"{FOLDER}/ada.yaml answers 2018-jo now\n"
    )
    assert clone.cli("comments", "check").returncode == 0
    clone.commit({})
    clone.git("branch", "base")
    bo = "author: Bo\ndate: 2018-02-21\nreply_to: ada\nbody: And back?\n"
    clone.commit({f"{FOLDER}/+2018/bo.yaml": bo, f"{FOLDER}/+2018/ada.yaml": bo}, "new")
    page = clone.review("base", "--format", "html").stdout

    assert "Which way did you go?" in page
    assert "by case, Unicode form or folder of the thread only" in page
    assert "there is no article" not in page


def test_comments_whose_article_is_gone_stay_where_they_are(clone):
    clone.git("rm", "-q", "content/posts/trip.md")
    clone.git("commit", "-q", "-m", "Gone")
    done = clone.cli("comments", "check", "--fix")

    assert done.returncode == 1
    assert (clone.root / FOLDER / "jo.yaml").is_file()


def test_check_finds_what_was_said_twice_and_parents_that_are_not_there(clone):
    clone.write(
        {
            f"{FOLDER}/jo-2.yaml": text(clone, "jo").replace("09:", "11:"),
            f"{FOLDER}/cy.yaml": text(clone, "ada").replace("jo", "nobody").replace("By", "Bye"),
        }
    )
    done = clone.cli("comments", "check")

    assert "jo-2.yaml: warning: `Jo` says the same in `comments/posts/trip/jo.yaml`" in done.stderr
    assert "there is no comment `nobody` on this article" in done.stderr
