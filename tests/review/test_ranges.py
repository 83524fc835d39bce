"""What a branch proposes, in repositories of every shape."""

from __future__ import annotations

import json

import pytest

FOLDER = "comments/posts/trip"
BO = "author: Bo\ndate: 2018-02-21T09:00:00Z\nreply_to: ada\nbody: |\n  <b>Thanks</b> for List<T>, see www.example.com\n"


def said(clone, *arguments):
    return json.loads(clone.review(*arguments, "--format", "json").stdout)


def test_one_comment_is_shown_as_readers_will_see_it(clone):
    clone.commit({f"{FOLDER}/bo.yaml": BO}, "bo")
    done = clone.review()

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "comments/posts/trip/bo.yaml\n"
        "  on       `A trip`, https://notes.example/posts/trip/#comment-bo\n"
        "  by       `Bo` at 2018-02-21 09:00 UTC\n"
        "  answers  `Ada`: `By the north ridge.`\n"
        "\n"
        "    | Thanks for List<T>, see www.example.com [1]\n"
        "\n"
        "  link     [1] www.example.com: http://www.example.com\n"
        "  changed  `<b>` became `<strong>`: `<strong>` means the same and is allowed\n"
        "  changed  `<T>` is shown as text: no tag that is allowed here\n"
        "\n"
        "Nothing is wrong, and nothing is suspicious.\n"
    )


def test_a_branch_behind_the_default_one_shows_only_what_it_adds(clone, remote, tmp_path):
    clone.commit({f"{FOLDER}/bo.yaml": BO}, "bo")
    other = remote.clone(tmp_path / "other").commit(
        {"content/posts/new.md": "---\ntitle: N\n---\n"}
    )
    other.git("push", "-q", "origin", "main")
    clone.git("fetch", "-q")

    assert [one["path"] for one in said(clone)["comments"]] == [f"{FOLDER}/bo.yaml"]
    assert said(clone)["outside"] == []


def test_a_parent_that_was_merged_meanwhile_is_known(clone, remote, tmp_path):
    clone.commit({f"{FOLDER}/bo.yaml": BO.replace("ada", "cy")}, "bo")
    assert "parent-unknown" in clone.review("--format", "json").stdout
    cy = BO.replace("Bo", "Cy").replace("<b>Thanks</b>", "Thank you very much")
    other = remote.clone(tmp_path / "other").commit({f"{FOLDER}/cy.yaml": cy})
    other.git("push", "-q", "origin", "main")
    clone.git("fetch", "-q")

    assert "parent-unknown" not in clone.review("--format", "json").stdout


def test_rebased_and_merged_branches_say_the_same(clone, remote, tmp_path):
    clone.commit({f"{FOLDER}/bo.yaml": BO}, "bo")
    before = said(clone)["comments"]
    other = remote.clone(tmp_path / "other").commit({"content/about.md": "---\ntitle: N\n---\n"})
    other.git("push", "-q", "origin", "main")
    clone.git("fetch", "-q")
    clone.git("checkout", "-q", "-b", "merged")
    clone.git("merge", "-q", "--no-ff", "-m", "Merge", "origin/main")
    merged = said(clone)
    clone.git("checkout", "-q", "bo")
    clone.git("rebase", "-q", "origin/main")

    assert merged["comments"] == said(clone)["comments"] == before
    assert merged["outside"] == []


def test_a_fork_is_reviewed_by_its_commit(clone, remote, tmp_path):
    fork = remote.clone(tmp_path / "fork").commit({f"{FOLDER}/bo.yaml": BO}, "bo")
    clone.git("fetch", "-q", str(fork.root), "bo")

    assert [one["id"] for one in said(clone, "main..FETCH_HEAD")["comments"]] == ["bo"]


def test_a_shallow_clone_says_what_to_fetch(clone, remote, tmp_path):
    clone.commit({f"{FOLDER}/bo.yaml": BO}, "bo").commit({f"{FOLDER}/bo2.yaml": BO})
    clone.git("push", "-q", "origin", "bo")
    shallow = remote.clone(
        tmp_path / "shallow", "--depth", "1", "--branch", "bo", "--no-single-branch"
    )
    done = shallow.review("origin/main")

    assert done.returncode == 1
    assert "the two histories do not meet here, since this clone is shallow" in done.stderr
    assert "git fetch --unshallow" in done.stderr
    shallow.git("fetch", "-q", "--unshallow")
    assert len(said(shallow, "origin/main")["comments"]) == 2


def test_a_base_that_is_not_here_names_the_fetch(remote, tmp_path):
    single = remote.clone(tmp_path / "single", "--depth", "1")
    done = single.review("origin/release")

    assert done.returncode == 1
    assert done.stderr == (
        ".: error: there is no commit `origin/release` here\n"
        "  hint: fetch it first: `git fetch origin release`; in a workflow, `fetch-depth: 0`\n"
    )


def test_outside_a_repository_files_can_be_named(clone, tmp_path, cli):
    (tmp_path / "plain").mkdir()
    clone.root.rename(tmp_path / "plain/site")
    site = tmp_path / "plain/site"
    import shutil

    shutil.rmtree(site / ".git")
    assert "there is no repository of git here" in cli("comments", "review", cwd=site).stderr
    done = cli("comments", "review", "--files", f"{FOLDER}/ada.yaml", cwd=site)
    assert (done.returncode, "By the north ridge." in done.stdout) == (0, True)
    assert (
        len(
            json.loads(cli("comments", "review", "--files", "--format", "json", cwd=site).stdout)[
                "comments"
            ]
        )
        == 2
    )
    assert cli("comments", "review", "--files", "config.yaml", cwd=site).returncode == 1


CHANGES = {
    "edited": {f"{FOLDER}/jo.yaml": "author: Jo\ndate: 2018-02-20T09:00:00Z\nbody: |\n  I hate it.\n"},
    "deleted": {f"{FOLDER}/jo.yaml": None},
    "renamed": {f"{FOLDER}/jo.yaml": None, f"{FOLDER}/jo-2.yaml": "author: Jo\ndate: 2018-02-20T09:00:00Z\nbody: |\n  Which way did you go?\n"},
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGES)
def test_somebody_s_words_are_not_changed_without_a_word(clone, kind):
    clone.commit(CHANGES[kind], kind)
    done = clone.review()
    one = said(clone)["comments"][0]

    assert done.returncode == 1
    assert (one["kind"], one["fails"]) == (kind, True)
    assert one["before"] == ["Which way did you go?"]
    assert f"  {kind}" in done.stdout
    assert "that is there" in done.stdout
    if kind == "edited":
        assert "    - Which way did you go?" in done.stdout
        assert "    + I hate it." in done.stdout


def test_anything_else_in_the_range_is_named_first_and_fails(clone):
    clone.commit({f"{FOLDER}/bo.yaml": BO, ".github/workflows/x.yml": "on: push\n"}, "bo")
    done = clone.review()

    assert done.returncode == 1
    assert done.stdout.startswith(
        "Outside comments/: 1 changed\n  added    .github/workflows/x.yml\n"
    )
    assert said(clone)["verdict"] == "fails"


def test_a_comment_moved_out_of_the_folder_is_both(clone):
    clone.git("checkout", "-q", "-b", "out")
    clone.git("mv", f"{FOLDER}/jo.yaml", "content/jo.yaml")
    clone.git("commit", "-q", "-m", "Out")
    review = said(clone)

    assert [one["path"] for one in review["outside"]] == ["content/jo.yaml"]
    assert [(one["kind"], one["path"]) for one in review["comments"]] == [
        ("deleted", f"{FOLDER}/jo.yaml")
    ]


def test_nothing_that_the_head_brings_is_believed(clone):
    config = "title: X\nbase_url: https://evil.example/\ncomments: {words: [nothing], folder: elsewhere}\n"
    clone.commit({"config.yaml": config, f"{FOLDER}/bo.yaml": BO.replace("Thanks", "casino")}, "bo")
    one = said(clone)["comments"][0]

    assert one["permalink"] == "https://notes.example/posts/trip/#comment-bo"
    assert [hint["kind"] for hint in one["hints"]] == ["words"]


def test_a_site_in_a_folder_of_its_repository(tmp_path, cli, clone):
    clone.git("checkout", "-q", "main")
    clone.git("mv", "-k", "config.yaml", "content", "comments", ".")
    (clone.root / "docs").mkdir()
    for name in ("config.yaml", "content", "comments"):
        clone.git("mv", name, f"docs/{name}")
    clone.git("commit", "-q", "-m", "Into docs")
    clone.commit({f"docs/{FOLDER}/bo.yaml": BO}, "bo")
    done = json.loads(clone.review("main", "--site", "docs", "--format", "json").stdout)

    assert [one["path"] for one in done["comments"]] == [f"{FOLDER}/bo.yaml"]
    assert done["outside"] == []
    assert done["comments"][0]["article"] == "content/posts/trip.md"


def test_comments_in_a_repository_of_their_own(tmp_path, clone, remote):
    """The stranger's pull request never touches the site's repository."""
    talk = remote.clone(tmp_path / "talk-seed")
    talk.git("rm", "-rq", "content", "config.yaml")
    talk.git("commit", "-q", "-m", "Comments only")
    clone.git("rm", "-rq", "comments")
    clone.commit(
        {
            "config.yaml": "title: N\nbase_url: https://notes.example/\ncomments: {folder: talk}\n",
            ".gitignore": "talk\n",
        }
    )
    clone.git("push", "-q", "origin", "main")
    here = talk.clone(clone.root / "talk").commit({f"{FOLDER}/bo.yaml": BO}, "bo")
    review = said(clone)

    assert [(one["id"], one["permalink"]) for one in review["comments"]] == [
        ("bo", "https://notes.example/posts/trip/#comment-bo")
    ]
    assert review["verdict"] == "clean"
    assert clone.cli("build").returncode == 0
    page = (clone.root / "output/posts/trip/index.html").read_text(encoding="utf-8")
    assert page.count('class="comment u-comment') == 3
    here.commit({"README.md": "x"})
    assert said(clone)["outside"] == [{"kind": "added", "path": "README.md"}]
    unchanged = clone.cli("build")
    assert "0 written" in unchanged.stdout


def test_nothing_changed_says_so(clone):
    done = clone.review()

    assert (done.returncode, done.stdout) == (0, "Nothing was changed.\n")
