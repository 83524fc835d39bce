"""What other people's repositories take from this one: the steps of its action, the hooks of pre-commit."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import wheels
import yaml

from sitegen.scaffold.sites import starter_files
from tests.scaffold.test_sites import NOW

ROOT = Path(__file__).resolve().parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = ACTION["runs"]["steps"]
SCRIPTS = [step for step in STEPS if "run" in step]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
BUILDS_WHEELS = {"hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers"}
EXPRESSION = re.compile(r"\$\{\{ *(.+?) *\}\}")


def filled(text: str, values: dict[str, str]) -> str:
    """Return a text with its expressions replaced, as a runner does."""
    return EXPRESSION.sub(lambda found: values[found[1]], text)


class Runner:
    """A machine that runs the steps of the action."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.work = folder / "work"
        self.temporary = folder / "temp"
        self.temporary.mkdir(parents=True)
        for path, text in starter_files("notes", NOW).items():
            (self.work / path).parent.mkdir(parents=True, exist_ok=True)
            (self.work / path).write_text(text, encoding="utf-8")
        programs = folder / "programs"
        programs.mkdir()
        python = programs / "python3"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
        # What the index would give is laid beside pip; sitegen itself is built and installed by it.
        beside = wheels.needed(wheels.requirements(wheel)) | BUILDS_WHEELS
        self.variables = {
            "PATH": f"{programs}{os.pathsep}{os.defpath}", "HOME": str(folder), "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(wheels.lay(beside, folder / "beside")),
            "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_CONFIG_FILE": os.devnull,
        }  # fmt: skip

    def run(self, step: dict[str, Any], **inputs: str) -> dict[str, str]:
        """Run the script of a step; return its outputs."""
        told = self.temporary / "outputs.txt"
        told.write_text("")
        given = {name: asked["default"] for name, asked in ACTION["inputs"].items()} | inputs
        values = {f"inputs.{name}": value for name, value in given.items()}
        values |= {"runner.temp": str(self.temporary), "github.action_path": str(ROOT)}
        named = {name: filled(str(text), values) for name, text in step["env"].items()}
        assert step["shell"] == "bash"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.work, env={**self.variables, **named, "GITHUB_OUTPUT": str(told)},
            capture_output=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
        self.said = done.stdout
        assert done.returncode == 0, done.stdout + done.stderr
        return dict(line.split("=", 1) for line in told.read_text().splitlines())


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash here")
def test_the_action_installs_this_version_and_builds_what_has_changed(
    tmp_path: Path, wheel: Path
) -> None:
    runner = Runner(tmp_path, wheel)
    install, build = SCRIPTS
    assert runner.run(install) == {}
    outputs = runner.run(build, **{"base-url": "https://a.example/b/", "strict": "true"})

    assert outputs["output"] == "output"
    assert outputs["changed"] == "true"
    assert "index.html" in json.loads(Path(outputs["changes"]).read_text())["changed"]
    page = (runner.work / "output/index.html").read_text(encoding="utf-8")
    assert "https://a.example/b/" in page
    again = runner.run(build, **{"base-url": "https://a.example/b/"})
    assert again["changed"] == "false"

    (runner.work / "content/about.md").write_text("---\ntitel: About\n---\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"::error file=content/about\.md,line=2"):
        runner.run(build)


def test_the_action_offers_what_its_steps_make() -> None:
    made = set(re.findall(r'echo "([a-z]+)=', SCRIPTS[-1]["run"]))
    used = set(EXPRESSION.findall((ROOT / "action.yml").read_text(encoding="utf-8")))

    assert made == set(ACTION["outputs"])
    assert {f"steps.build.outputs.{name}" for name in made} <= used
    for name in ACTION["inputs"]:
        assert any(f"inputs.{name}" in expression for expression in used)


def test_no_input_of_the_action_gets_into_a_shell_as_text() -> None:
    for step in SCRIPTS:
        assert "${{" not in step["run"]


def test_the_action_uses_others_pinned_by_hash() -> None:
    scaffold = starter_files("notes", NOW)[".github/workflows/publish.yml"]
    for step in STEPS:
        if "uses" in step:
            assert re.fullmatch(r"actions/cache@[0-9a-f]{40}", step["uses"])
            assert step["uses"] in scaffold


COMMENT = "comments/articles/hello/first.yaml"
FILES = {
    COMMENT: ["sitegen-check", "sitegen-comments-check"],
    "talk/comments/a/b.yaml": ["sitegen-check", "sitegen-comments-check"],
    "content/about.md": ["sitegen-check"],
    "config.yaml": ["sitegen-check"],
}


@pytest.mark.parametrize("path", FILES)
def test_a_hook_runs_for_the_files_that_it_is_for(path: str) -> None:
    woken = [hook["id"] for hook in HOOKS if re.search(hook.get("files", ""), path)]

    assert sorted(woken) == FILES[path]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_stops_a_commit_of_a_faulty_comment(
    tmp_path: Path, scratch: Callable[[Path], Any], hook: dict[str, Any]
) -> None:
    site = scratch(tmp_path).write(starter_files("notes", NOW))
    program, *words = shlex.split(hook["entry"])
    files = [COMMENT] if hook.get("pass_filenames", True) else []
    assert program == "sitegen"
    assert site.cli(*words, *files).returncode == 0

    site.write({COMMENT: "autor: Jo\n"})
    assert site.cli(*words, *files).returncode == 1
