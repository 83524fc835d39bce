"""A new site: it builds at once, says nothing wrong, and its workflows give strangers nothing."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from sitegen.commands.schema import PUBLISHED
from sitegen.scaffold.sites import starter_files
from tests.test_cli import PlainLoader

NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
FILES = starter_files("notes", NOW)
APART = starter_files("notes", NOW, apart=True)
GITHUB = ".github/workflows/"
FORGEJO = ".forgejo/workflows/"
HASH = re.compile(r"(?:https://data\.forgejo\.org/)?(?:actions|forgejo)/[a-z-]+@[0-9a-f]{40}")


def test_it_builds_at_once_without_a_warning(tmp_path, cli):
    made = cli("init", str(tmp_path / "My notes"))
    assert made.returncode == 0
    assert set(made.stdout.split("\n\n")[0].splitlines()) == set(FILES)

    done = cli("build", "--strict", "--site", str(tmp_path / "My notes"))
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "My notes/output/index.html").read_text(encoding="utf-8")
    assert "<title>My notes</title>" in page
    article = (tmp_path / "My notes/output/articles/hello/index.html").read_text(encoding="utf-8")
    assert "<em>merging it</em>" in article
    assert (tmp_path / "My notes/output/about/index.html").is_file()


NAMED = re.compile(rf"# yaml-language-server: \$schema={re.escape(PUBLISHED)}([a-z-]+)\.json\n")


@pytest.mark.parametrize("files", [FILES, APART], ids=["together", "apart"])
def test_an_editor_finds_a_schema_for_each_file_of_ours_and_no_fault(files, cli, tmp_path):
    own = {
        path: NAMED.match(text)
        for path, text in files.items()
        if path.endswith(".yaml") and "/." not in f"/{path}"
    }
    assert {Path(path).name for path in own} == {"config.yaml", "first.yaml"}

    for path, named in own.items():
        assert named, path
        schema = json.loads(cli("schema", named[1], "--site", str(tmp_path)).stdout)
        values = yaml.load(files[path], Loader=PlainLoader)
        jsonschema.validate(values, schema, jsonschema.Draft202012Validator)
        faulty = {**values, "titel": "A"}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(faulty, schema, jsonschema.Draft202012Validator)


def test_what_is_built_and_remembered_stays_out_of_git():
    assert {"/output/", "/.sitegen/"} <= set(FILES[".gitignore"].split())


def test_a_folder_with_anything_in_it_is_refused(tmp_path, cli):
    (tmp_path / "letter.txt").write_text("Dear Ada")
    (tmp_path / "more.txt").write_text("")
    done = cli("init", ".", cwd=tmp_path)

    assert done.returncode == 1
    assert done.stderr == (
        ".: error: the folder is not empty: it holds `letter.txt` and 1 more\n"
        "  hint: name a folder that is not there yet, or an empty one\n"
    )
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_is_no_folder_for_a_site(tmp_path, cli):
    (tmp_path / "letter").write_text("Dear Ada")
    done = cli("init", "letter", cwd=tmp_path)

    assert done.stderr.startswith("letter: error: this is a file, not a folder\n")


def test_a_fresh_clone_counts_as_empty(tmp_path, cli):
    (tmp_path / ".git").mkdir()

    assert cli("init", ".", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "name", ['a "quoted" name', "no", "1.10", "a: b", "#x", "C:\\", "你好", " "]
)
def test_any_name_of_a_folder_makes_a_title(tmp_path, scratch, name):
    site = scratch(tmp_path).write(starter_files(name, NOW))

    assert site.messages(strict=True) == []


# Workflows, by the list of what goes wrong with them elsewhere


EVERY = {**FILES, **{f"apart/{path}": text for path, text in APART.items()}}


def workflows():
    return {path: yaml.safe_load(text) for path, text in EVERY.items() if path.endswith(".yml")}


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


FORGE_FILES = [path for path in EVERY if GITHUB in path or FORGEJO in path]
REVIEWS = [path for path in FORGE_FILES if path.endswith("comments.yml")]


@pytest.mark.parametrize("path", FORGE_FILES)
def test_actions_are_the_forge_s_own_and_pinned_by_hash(path):
    for step in steps(workflows()[path]):
        assert HASH.fullmatch(step.get("uses", "actions/x@" + "0" * 40))


@pytest.mark.parametrize("path", FORGE_FILES)
def test_no_checkout_leaves_a_token_behind(path):
    for step in steps(workflows()[path]):
        if "checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", FORGE_FILES)
def test_no_text_of_an_event_gets_into_a_shell(path):
    for step in steps(workflows()[path]):
        assert "${{" not in step.get("run", "")
        assert "GITHUB_ENV" not in step.get("run", "")
        assert "GITHUB_OUTPUT" not in step.get("run", "")


@pytest.mark.parametrize("path", FORGE_FILES)
def test_every_job_ends_some_day_and_one_runs_at_a_time(path):
    workflow = workflows()[path]

    assert workflow["concurrency"]["group"]
    assert all(job["timeout-minutes"] <= 30 for job in workflow["jobs"].values())


@pytest.mark.parametrize("path", REVIEWS)
def test_a_pull_request_gets_a_token_that_reads_and_no_secret(path):
    workflow = workflows()[path]

    assert [*workflow[True]] == ["pull_request"] or workflow[True] == "pull_request"
    assert workflow["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in workflow["jobs"].values())
    assert not re.search(r"secrets\b|\btoken\b|cache@", EVERY[path])


@pytest.mark.parametrize("path", REVIEWS)
def test_a_pull_request_is_checked_by_the_tool_of_the_branch_it_goes_to(path):
    first, second = (step["with"] for step in steps(workflows()[path])[:2])

    assert first["ref"] == "${{ github.event.pull_request.base.sha }}"
    own = "base" if "talk/" in path else "site"
    assert (first["path"], second["path"]) == (own, "proposed")
    assert "proposed/requirements" not in EVERY[path]
    assert "--site site" in EVERY[path]


def test_the_page_of_a_review_is_kept_for_the_reviewer():
    for path in REVIEWS:
        assert steps(workflows()[path])[-1]["with"]["path"] == "review.html"
    for path in (".gitlab-ci.yml", "apart/talk/.gitlab-ci.yml"):
        assert workflows()[path]["comments"]["artifacts"]["paths"] == ["review.html"]


def test_a_stranger_s_folder_gives_python_no_module_on_gitlab():
    """`python3 -m venv` in a checkout runs a `venv.py` that lies there."""
    for path in (".gitlab-ci.yml", "apart/talk/.gitlab-ci.yml"):
        script = workflows()[path]["comments"]["script"]
        assert [line for line in script if "-m venv" in line] == ["python3 -I -m venv ../venv"]


def test_comments_apart_make_two_folders_and_no_check_in_the_site(tmp_path, cli):
    done = cli("init", str(tmp_path / "notes"), "--comments-apart")
    made = tmp_path / "notes"

    assert done.returncode == 0
    assert not (made / "comments").exists()
    assert not (made / ".github/workflows/comments.yml").exists()
    assert (made / "talk/comments/articles/hello/first.yaml").is_file()
    assert "/talk/" in (made / ".gitignore").read_text(encoding="utf-8")
    assert cli("build", "--strict", "--site", str(made)).returncode == 0
    assert "#apart" not in "".join(EVERY.values())
    for path in (f"apart/{GITHUB}publish.yml", f"apart/{FORGEJO}publish.yml"):
        assert [step["with"].get("path") for step in steps(workflows()[path])[:2]] == [None, "talk"]


def test_only_the_job_that_publishes_on_github_may_publish():
    workflow = workflows()[f"{GITHUB}publish.yml"]

    assert workflow["permissions"] == {"contents": "read"}
    assert "permissions" not in workflow["jobs"]["build"]
    assert workflow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert "run" not in " ".join(workflow["jobs"]["publish"]["steps"][0])


@pytest.mark.parametrize(
    "path", [f"{GITHUB}publish.yml", f"{FORGEJO}publish.yml", ".gitlab-ci.yml"]
)
def test_what_builds_remember_is_kept_between_pushes(path):
    assert ".sitegen" in FILES[path]
    assert "cache" in FILES[path]


def test_gitlab_keeps_the_cache_of_the_site_from_merge_requests():
    jobs = workflows()[".gitlab-ci.yml"]

    assert jobs["comments"]["cache"] == []
    assert jobs["comments"]["rules"][0]["if"] == '$CI_PIPELINE_SOURCE == "merge_request_event"'
    assert all("timeout" in jobs[name] for name in ("pages", "comments"))
    assert not re.search(
        r"\$CI_MERGE_REQUEST_(TITLE|DESCRIPTION|SOURCE_BRANCH_NAME)", FILES[".gitlab-ci.yml"]
    )


def test_the_tool_is_pinned():
    pins = [line for line in FILES["requirements.txt"].splitlines() if not line.startswith("#")]

    assert all(re.fullmatch(r"sitegen==\d+\.\d+\.\d+", line) for line in pins)
