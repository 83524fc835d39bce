from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BLOG = Path(__file__).parent / "sites/blog"
TINY = Path(__file__).parent / "themes/tiny"


def files_of_the_blog(order: random.Random | None) -> list[tuple[str, bytes]]:
    """Return the files of a golden site with the default theme, so that all of it takes part."""
    files = [
        (path.relative_to(BLOG).as_posix(), path.read_bytes())
        for path in sorted(BLOG.rglob("*"))
        if path.is_file() and "expected" not in path.parts
    ]
    config = dict(files)["config.yaml"].replace(b"theme: tiny\n", b"")
    files = [(path, config if path == "config.yaml" else content) for path, content in files]
    if order:
        order.shuffle(files)
    return files


def built(
    root: Path,
    scratch: Callable[[Path], Any],
    order: random.Random | None = None,
    **environment: str,
) -> Any:
    site = scratch(root / "site")
    for path, content in files_of_the_blog(order):
        site.write({path: content})
    done = site.cli("build", "--no-cache", process=True, **environment)
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture(scope="module")
def reference(
    tmp_path_factory: pytest.TempPathFactory, scratch_session: Callable[[Path], Any]
) -> dict[str, bytes]:
    return built(
        tmp_path_factory.mktemp("reference"), scratch_session, PYTHONHASHSEED="0"
    ).outputs()


CONDITIONS = {
    "hash seed": {"PYTHONHASHSEED": "12345"},
    "time zone": {"TZ": "Pacific/Kiritimati"},
    "other time zone": {"TZ": "America/Los_Angeles"},
    "locale": {"LC_ALL": "C"},
    "Turkish locale": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "home": {"HOME": "/nonexistent"},
}


@pytest.mark.parametrize("environment", CONDITIONS.values(), ids=CONDITIONS)
def test_the_environment_changes_no_byte(
    reference: dict[str, bytes],
    tmp_path: Path,
    scratch: Callable[[Path], Any],
    environment: dict[str, str],
) -> None:
    assert built(tmp_path, scratch, **environment).outputs() == reference


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_in_which_files_were_made_changes_no_byte(
    reference: dict[str, bytes], tmp_path: Path, scratch: Callable[[Path], Any], seed: int
) -> None:
    assert built(tmp_path, scratch, random.Random(seed)).outputs() == reference


def test_the_working_directory_changes_no_byte(
    reference: dict[str, bytes],
    tmp_path: Path,
    scratch: Callable[[Path], Any],
    cli: Callable[..., Any],
) -> None:
    site = scratch(tmp_path / "a folder with ünïcode")
    site.write(dict(files_of_the_blog(None)))
    done = cli(
        "build", "--site", str(site.root), "--output", "elsewhere", cwd=tmp_path, process=True
    )

    assert done.returncode == 0, done.stderr
    assert scratch(tmp_path).root.joinpath("elsewhere/index.html").exists()
    assert {path: (tmp_path / "elsewhere" / path).read_bytes() for path in reference} == reference


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_number_of_processes_changes_no_byte(
    reference: dict[str, bytes], tmp_path: Path, scratch: Callable[[Path], Any], jobs: str
) -> None:
    site = scratch(tmp_path / "site").write(dict(files_of_the_blog(None)))
    done = site.cli("build", "--jobs", jobs, process=True)

    assert done.returncode == 0, done.stderr
    assert site.outputs() == reference


def test_times_and_modes_of_files_change_no_byte(
    reference: dict[str, bytes], tmp_path: Path, scratch: Callable[[Path], Any]
) -> None:
    site = scratch(tmp_path / "site").write(dict(files_of_the_blog(None)))
    for number, path in enumerate(sorted(site.root.rglob("*"))):
        os.utime(path, (number * 10**6, number * 10**6))
        if path.is_file():
            path.chmod(0o600)
    site.build()

    assert site.outputs() == reference


def test_a_theme_that_is_a_copy_of_the_default_one_changes_no_byte(
    reference: dict[str, bytes], tmp_path: Path, scratch: Callable[[Path], Any], repository: Path
) -> None:
    site = scratch(tmp_path / "site").write(dict(files_of_the_blog(None)))
    shutil.copytree(repository / "themes/default", site.root / "themes/default")
    site.build()

    assert site.outputs() == reference
