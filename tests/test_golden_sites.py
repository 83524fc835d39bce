"""Small whole sites, byte for byte, and broken ones with the whole of what is said about them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SITES = sorted(path for path in (HERE / "sites").iterdir() if path.is_dir())
INVALID = sorted(path for path in (HERE / "sites_invalid").iterdir() if path.is_dir())


def copied(source: Path, target: Path, scratch: Callable[[Path], Any]) -> Any:
    """Return a copy of a site, with the eight-line theme of all golden sites beside its own."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("expected", "problems.txt"))
    shutil.copytree(HERE / "themes/tiny", target / "themes/tiny")
    return scratch(target)


@pytest.mark.parametrize("source", SITES, ids=lambda path: path.name)
def test_a_site_is_published_as_expected(
    source: Path,
    tmp_path: Path,
    scratch: Callable[[Path], Any],
    golden: Callable[[Path, Mapping[str, bytes]], None],
) -> None:
    site = copied(source, tmp_path / "site", scratch)
    done = site.cli("build")

    assert done.returncode == 0, done.stderr
    # What the default theme brings has its own life and its own tests.
    made = {
        path: content for path, content in site.outputs().items() if not path.startswith("assets/")
    }
    golden(source / "expected", {**made, "stderr.txt": done.stderr.encode()})


@pytest.mark.parametrize("source", INVALID, ids=lambda path: path.name)
def test_a_broken_site_is_told_all_that_is_wrong_and_nothing_is_written(
    source: Path, tmp_path: Path, scratch: Callable[[Path], Any], golden: Callable[[Path, Mapping[str, bytes]], None],
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    site = copied(source, tmp_path / "site", scratch)
    done = site.cli("build")
    place = source / "problems.txt"
    expected = place.read_text(encoding="utf-8") if place.exists() else ""

    assert (done.returncode, done.stdout) == (1, "")
    assert not site.output.exists()
    if expected != done.stderr and request.config.getoption("--update-golden"):
        place.write_text(done.stderr, encoding="utf-8")
        pytest.fail(f"{place.name} was rewritten: read `git diff`, then run again")
    assert expected == done.stderr


def test_ten_mistakes_are_ten_problems_each_with_its_place_and_cure() -> None:
    said = (HERE / "sites_invalid/ten_mistakes/problems.txt").read_text(encoding="utf-8")
    problems = [line for line in said.splitlines() if ": error: " in line]

    assert len(problems) >= 10
    assert len({line.split(":")[0] for line in problems}) >= 10
    assert said.count("  hint: ") == len(problems)


@pytest.mark.parametrize("source", INVALID, ids=lambda path: path.name)
def test_every_message_keeps_the_grammar(source: Path) -> None:
    for line in (source / "problems.txt").read_text(encoding="utf-8").splitlines():
        if ": error: " in line or line.startswith("  hint: "):
            sentence = line.split(": error: ")[-1].removeprefix("  hint: ")

            assert not sentence.endswith((".", "!"))
            assert not sentence[0].isupper() or sentence.startswith("YAML")
            assert "please" not in sentence.lower()
            assert "invalid" not in sentence.lower()


def test_golden_files_are_not_rewritten_in_ci(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    import subprocess
    import sys

    command = [
        sys.executable,
        "-m",
        "pytest",
        "--update-golden",
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
        __file__,
    ]
    done = subprocess.run(
        command,
        cwd=pytestconfig.rootpath,
        env={**os.environ, "CI": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--update-golden is for people" in done.stderr
