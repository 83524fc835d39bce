"""The tutorial from an empty folder to a published comment, with the wheel in an environment of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import wheels
import write_manual as manual
from programs import Program

PAGE = Path(__file__).parents[1] / "content/manual/tutorial.md"
COMMENT = "author: {0}\ndate: 2024-06-02T10:00:00Z\nbody: I am {0}.\n"

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a POSIX shell"),
    pytest.mark.skipif(not shutil.which("git"), reason="needs git"),
]


@pytest.mark.timeout(180)
def test_a_stranger_gets_from_an_empty_folder_to_a_published_comment(
    tmp_path: Path, wheel: Path
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    install, serve = re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    packages = wheels.lay(wheels.needed(wheels.requirements(wheel)), tmp_path / "packages")
    here, tools = tmp_path / "here", tmp_path / "tools"
    for folder in (here, tools):
        folder.mkdir()
    (tools / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (tools / "python3").chmod(0o755)
    environment = {
        "PATH": f"{tools}{os.pathsep}{os.defpath}",
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(packages),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheel.parent),
    }
    done = subprocess.run(
        ["sh", "-e", "-c", install], cwd=here, env=environment, capture_output=True, encoding="utf-8", check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    programs = here / ".venv/bin"
    origin = [programs / "python", "-c", "import sitegen; print(sitegen.__file__)"]
    place = subprocess.run(origin, cwd=here, env=environment, capture_output=True, text=True, check=True)  # fmt: skip
    assert Path(place.stdout).is_relative_to(here / ".venv")

    assert manual.follow(page, here, programs, packages) == page

    words = serve.split()
    server = Program(words[1:], environment, here / "notes", [str(programs / words[0])])
    try:
        address = re.search(r"http://[\d.:]+/", server.until("http://"))
        assert address
        with urllib.request.urlopen(f"{address[0]}articles/first-snow/", timeout=30) as answer:
            shown = answer.read().decode()
        status, said = server.stop(signal.SIGINT)
    finally:
        server.kill()
    assert "Three <strong>fingers</strong>" in shown
    assert status == 0, said


def test_comments_of_two_people_at_once_are_merged_in_any_order(tmp_path: Path) -> None:
    """Unless they chose one file name: then git tells the second."""

    def git(*arguments: str, fails: bool = False) -> str:
        name = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        done = subprocess.run(["git", *name, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)  # fmt: skip
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout

    folder = tmp_path / "comments/trip"
    folder.mkdir(parents=True)
    git("init", "--quiet", "--initial-branch=main")
    (folder / "first.yaml").write_text(COMMENT.format("Jo"))
    git("add", ".")
    git("commit", "--message=The first")
    for who, name in (("Ada", "ada"), ("Bo", "bo"), ("Cy", "ada")):
        git("switch", "--create", who, "main")
        (folder / f"{name}.yaml").write_text(COMMENT.format(who))
        git("add", ".")
        git("commit", f"--message={who}")
    for order in (("Ada", "Bo"), ("Bo", "Ada")):
        git("switch", "--detach", "main")
        for who in order:
            git("merge", "--no-edit", who)
        assert {path.name for path in folder.iterdir()} == {"first.yaml", "ada.yaml", "bo.yaml"}

    assert "CONFLICT (add/add)" in git("merge", "--no-edit", "Cy", fails=True)
