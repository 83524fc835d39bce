"""What workflow files run, run here: every shell step of three forges, word for word, on real repositories.

Beside git there is no forge and no network, so three programs are stand-ins: `python3`, which
makes a virtual environment with this sitegen in it, the `pip` of that, and `apt-get`. What forges
do themselves (checkouts, caches, artifacts) is done as their documentation says.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from sitegen.scaffold.sites import starter_files

ROOT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
SITE = starter_files("notes", NOW)
APART = starter_files("notes", NOW, apart=True)
TALK = {path[5:]: text for path, text in APART.items() if path.startswith("talk/")}
BESIDE = {path: text for path, text in APART.items() if not path.startswith("talk/")}
SHAPES = {"together": (SITE, SITE), "apart": (BESIDE, TALK)}
"""Shape -> the files of the site's repository, and of that which takes comments."""
COMMENT = "author: Jo\ndate: 2024-06-02T10:00:00Z\nbody: Hello.\n"
FIRST = "comments/articles/hello/first.yaml"
NEW = "comments/articles/hello/jo.yaml"
PROPOSALS = {
    "a comment": ({NEW: COMMENT}, 0, ""),
    "a comment and a workflow": ({NEW: COMMENT, ".github/x.yml": "a"}, 1, "Outside comments/"),
    "another's comment, changed": ({FIRST: COMMENT}, 1, "somebody's words are being changed"),
    "another's comment, deleted": ({FIRST: None}, 1, "somebody's words are being taken away"),
    "a comment under another name": ({FIRST: None, "comments/articles/hello/2.yaml": SITE[FIRST]}, 1, "its permalink and its replies are lost"),
    "the version of the tool": ({"requirements.txt": "evil\n", NEW: COMMENT}, 1, "Outside comments/"),
    "modules of Python": ({"venv.py": "raise SystemExit(7)\n", "sitegen.py": "raise SystemExit(7)\n", NEW: COMMENT}, 1, "Outside comments/"),
    "a faulty comment": ({NEW: "autor: Jo\n"}, 1, "unknown key `autor`"),
}  # fmt: skip
PYTHON3 = """#!/bin/sh
case "$*" in
  "-m venv "*|"-I -m venv "*) ;;
  *) exec {python} "$@" ;;
esac
[ "$1" = -I ] || [ ! -e venv.py ] || exit 7 # the module would be the stranger's
for place; do :; done
mkdir -p "$place/bin"
printf '#!/bin/sh\\ntest "$1 $2" = "install --requirement" && cat "$3" >> {told}\\n' > "$place/bin/pip"
printf '#!/bin/sh\\nPYTHONPATH={root} exec {python} -P -m sitegen "$@"\\n' > "$place/bin/sitegen"
chmod +x "$place/bin/pip" "$place/bin/sitegen"
"""
pytestmark = pytest.mark.skipif(
    not shutil.which("git") or not shutil.which("bash"), reason="needs git and bash"
)


class Ran(NamedTuple):
    """What a job left behind."""

    status: int
    said: str
    """On standard output, its white space made one blank each."""
    errors: str
    page: str
    """The page of the review."""
    installed: str
    """The requirements that pip was given."""


class Forge:
    """Repositories below one address, and programs for jobs to find."""

    def __init__(self, folder: Path, shape: str) -> None:
        self.folder = folder
        self.shape = shape
        self.host = folder / "forge"
        site, talk = SHAPES[shape]
        self.publish("me/notes", site)
        if shape == "apart":
            self.publish("me/notes-comments", talk)
        self.takes = "me/notes-comments" if shape == "apart" else "me/notes"
        self.told = folder / "installed.txt"
        self.told.touch()
        tools = folder / "tools"
        tools.mkdir()
        fills = {"python": sys.executable, "root": str(ROOT), "told": str(self.told)}
        for name, text in (("python3", PYTHON3.format(**fills)), ("apt-get", "#!/bin/sh\n")):
            (tools / name).write_text(text)
            (tools / name).chmod(0o755)
        self.environment = {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "LC_ALL": "C.UTF-8",
            **{f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }  # fmt: skip

    def git(self, folder: Path, *arguments: str) -> str:
        environment = {**os.environ, **getattr(self, "environment", {})}
        name = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]  # fmt: skip
        done = subprocess.run(
            ["git", *name, *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True
        )  # fmt: skip
        return done.stdout.strip()

    def publish(self, name: str, files: dict[str, str | None], branch: str = "main") -> str:
        """Commit files to a branch of a repository, which is made if need be; return the commit."""
        work = self.folder / "work" / name
        bare = self.host / f"{name}.git"
        if not bare.exists():
            bare.mkdir(parents=True)
            self.git(bare, "init", "--quiet", "--bare")
            self.git(self.folder, "clone", "--quiet", bare.as_uri(), str(work))
        if branch != "main":
            self.git(work, "checkout", "--quiet", "-b", branch, "main")
        for path, text in files.items():
            place = work / path
            if text is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        self.git(work, "add", "--all")
        self.git(work, "commit", "--quiet", "--message", "Change")
        self.git(work, "push", "--quiet", "origin", f"HEAD:{branch}")
        return self.git(work, "rev-parse", "HEAD")

    def checkout(self, name: str, place: Path, commit: str = "main") -> None:
        """Do what a forge does before the first step."""
        self.git(self.folder, "clone", "--quiet", (self.host / f"{name}.git").as_uri(), str(place))
        self.git(place, "checkout", "--quiet", "--detach", commit if len(commit) == 40 else f"origin/{commit}")  # fmt: skip

    def run(self, script: str, place: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a step as forges do: bash that stops at the first failure."""
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script], cwd=place, check=False, capture_output=True,
            text=True, env={**self.environment, **variables}, timeout=120,
        )  # fmt: skip

    def workflow(self, path: str, *, of_talk: bool = False) -> Any:
        """Return a workflow file as it stands in one of the two repositories."""
        return yaml.safe_load(SHAPES[self.shape][of_talk][path])


@pytest.fixture(params=SHAPES)
def forge(request: pytest.FixtureRequest, tmp_path: Path) -> Forge:
    return Forge(tmp_path, request.param)


def review_by_steps(forge: Forge, path: str, base: str, head: str) -> Ran:
    """Review as GitHub and Forgejo do: two checkouts, then the one step that runs something."""
    place = forge.folder / "runner"
    place.mkdir()
    steps = forge.workflow(path, of_talk=True)["jobs"]["check"]["steps"]
    for step, commit in zip(steps[:2], (base, head), strict=True):
        forge.checkout(forge.takes, place / step["with"]["path"], commit)
    [script] = [step["run"] for step in steps if "run" in step]
    (place / "summary.md").touch()
    done = forge.run(
        script, place, BASE=base, HEAD=head, GITHUB_STEP_SUMMARY=str(place / "summary.md"),
        GITHUB_SERVER_URL=forge.host.as_uri(), GITHUB_REPOSITORY=forge.takes,
    )  # fmt: skip
    summary = (place / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("### "), done.stderr
    return _ran(forge, done, place)


def review_by_script(forge: Forge, base: str, head: str) -> Ran:
    """Review as GitLab does: in a checkout of what is proposed."""
    place = forge.folder / "builds/project"
    forge.checkout(forge.takes, place, head)
    script = "\n".join(forge.workflow(".gitlab-ci.yml", of_talk=True)["comments"]["script"])
    done = forge.run(
        script, place, CI_COMMIT_SHA=head, CI_MERGE_REQUEST_DIFF_BASE_SHA=base,
        CI_MERGE_REQUEST_PROJECT_URL=f"{forge.host.as_uri()}/{forge.takes}",
    )  # fmt: skip
    return _ran(forge, done, place)


def _ran(forge: Forge, done: subprocess.CompletedProcess[str], place: Path) -> Ran:
    page = (place / "review.html").read_text(encoding="utf-8") if done.returncode < 2 else ""
    said = " ".join(done.stdout.split())
    return Ran(done.returncode, said, done.stderr, page, forge.told.read_text())


REVIEWS = {
    "GitHub": lambda *asked: review_by_steps(*asked[:1], ".github/workflows/comments.yml", *asked[1:]),
    "Forgejo": lambda *asked: review_by_steps(*asked[:1], ".forgejo/workflows/comments.yml", *asked[1:]),
    "GitLab": review_by_script,
}  # fmt: skip


@pytest.mark.parametrize("name", PROPOSALS)
@pytest.mark.parametrize("kind", REVIEWS)
def test_a_pull_request_that_does_more_than_add_comments_is_stopped(
    forge: Forge, kind: str, name: str
) -> None:
    files, status, words = PROPOSALS[name]
    base = forge.git(forge.folder / "work" / forge.takes, "rev-parse", "HEAD")
    head = forge.publish(forge.takes, files, "proposal")
    ran = REVIEWS[kind](forge, base, head)

    assert (ran.status, words in ran.said) == (status, True), (ran.said, ran.errors)
    assert "<title>Review of" in ran.page
    assert "on `Hello`" in ran.said or status
    assert ran.installed == SITE["requirements.txt"]  # of the branch it goes to


PUBLISHING = (".github/workflows/publish.yml", ".forgejo/workflows/publish.yml", ".gitlab-ci.yml")


@pytest.mark.parametrize("path", PUBLISHING)
def test_what_was_merged_is_published(forge: Forge, path: str) -> None:
    forge.publish(forge.takes, {NEW: COMMENT})
    place = forge.folder / "runner"
    forge.checkout("me/notes", place)
    found = forge.workflow(path)
    address = f"{forge.host.as_uri()}/"
    variables = {
        "CI_PROJECT_URL": f"{address}me/notes",
        "TOKEN": "secret", "SERVER": "https://forge.example", "REPOSITORY": "me/notes",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{address}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://token:secret@forge.example/",
    }  # fmt: skip
    if "jobs" in found:
        [job] = [job for job in found["jobs"].values() if any("run" in one for one in job["steps"])]
        for step in job["steps"][1:]:
            if "checkout@" in step.get("uses", ""):
                forge.checkout("me/notes-comments", place / step["with"]["path"])
        scripts = [step["run"] for step in job["steps"] if "run" in step]
    else:
        scripts = ["\n".join(found["pages"]["script"])]
    for script in scripts:
        done = forge.run(script, place, **variables)
        assert done.returncode == 0, done.stderr

    output = place / ("public" if path == ".gitlab-ci.yml" else "output")
    page = (output / "articles/hello/index.html").read_text(encoding="utf-8")
    assert 'id="comment-jo"' in page
    assert 'id="comment-first"' in page
    if path.startswith(".forgejo"):
        pushed = forge.git(forge.host / "me/notes.git", "show", "pages:articles/hello/index.html")
        assert pushed == page.strip()
        assert "_headers" in forge.git(forge.host / "me/notes.git", "ls-tree", "--name-only", "pages")  # fmt: skip
