"""Sites on file systems that are not Linux's: one that takes `A` for `a`, and one with the names that Windows allows.

Both are real ones, in a file each, mounted by FUSE. Only root may do that, and only where the
programs are; elsewhere these tests are skipped, and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest
from conftest import tree

from sitegen.errors import Location
from sitegen.model.permalinks import Claim, collisions
from sitegen.scaffold.sites import starter_files
from tests.scaffold.test_sites import NOW

ROOT = Path(__file__).resolve().parents[1]
SIZE = 1 << 28


def _mounted(folder: Path, kind: str, make: list[str], mount: list[str]) -> Iterator[Path]:
    if (
        not shutil.which(make[0])
        or not shutil.which(mount[0])
        or not os.access("/dev/fuse", os.W_OK)
    ):
        pytest.skip(f"there is no {mount[0]} here, or it may not be used")
    image, place = folder / f"{kind}.image", folder / kind
    place.mkdir()
    with image.open("wb") as stream:
        stream.truncate(SIZE)

    def run(*command: str) -> str:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            pytest.skip(f"no {kind} can be mounted here: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    device = run("losetup", "--find", "--show", str(image))
    run(*make, device)
    run(*mount, device, str(place))
    yield place
    subprocess.run(["umount", str(place)], check=True)
    subprocess.run(["losetup", "--detach", device], check=True)


@pytest.fixture(scope="module")
def folding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in which `A` and `a` are one file, as on most machines with macOS and Windows."""
    folder = tmp_path_factory.mktemp("folding")
    for place in _mounted(folder, "exfat", ["mkfs.exfat"], ["mount.exfat-fuse"]):
        (place / "Case").touch()
        assert (place / "cASE").exists()
        yield place


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that takes no name which Windows would not."""
    folder = tmp_path_factory.mktemp("windows")
    make, mount = ["mkntfs", "--quick", "--force", "--quiet"], ["ntfs-3g", "-o", "windows_names"]
    yield from _mounted(folder, "ntfs", make, mount)


@pytest.fixture
def site_in(scratch: Callable[[Path], Any]) -> Callable[[Path, str], Any]:
    def make(place: Path, name: str) -> Any:
        return scratch(place / name).write(starter_files("notes", NOW))

    return make


@pytest.mark.parametrize("place", ["folding", "windows"])
def test_a_site_is_built_of_the_same_bytes(
    request: pytest.FixtureRequest, site_in: Any, tmp_path: Path, place: str
) -> None:
    site = site_in(request.getfixturevalue(place), "same")
    elsewhere = site_in(tmp_path, "same")
    for one in (site, elsewhere):
        assert one.messages(strict=True) == []

    assert site.outputs() == elsewhere.outputs()
    assert site.build().written.changed == ()
    assert site.cli("build", "--verify").returncode == 0


CHANGES = {
    "the case of an address": (
        {"content/a.md": "---\ntitle: A\nslug: About-us\n---\n"},
        {"content/a.md": "---\ntitle: A\nslug: about-us\n---\n"},
    ),
    "the case of a file that is copied": (
        {"static/Logo.txt": "logo"}, {"static/Logo.txt": None, "static/logo.txt": "logo"},
    ),
    "the case of a folder": (
        {"static/Files/a.txt": "a"}, {"static/Files/a.txt": None, "static/files/a.txt": "a"},
    ),
    "a file to a folder of another case": (
        {"static/Files": "a"}, {"static/Files": None, "static/files/a.txt": "a"},
    ),
    "a folder to a file of another case": (
        {"static/Files/a.txt": "a"}, {"static/Files/a.txt": None, "static/files": "a"},
    ),
}  # fmt: skip


def _write(site: Any, files: dict[str, str | None]) -> None:
    site.write(files)
    for path in (path for path, text in files.items() if text is None):
        parent = (site.root / path).parent
        if parent.name != "static" and parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_case_loses_no_output(folding: Path, site_in: Any, change: str) -> None:
    before, after = CHANGES[change]
    shutil.rmtree(folding / "site", ignore_errors=True)
    site = site_in(folding, "site")
    _write(site, before)
    assert site.messages() == []
    _write(site, {path: text for path, text in after.items() if text is None})
    _write(site, {path: text for path, text in after.items() if text is not None})
    assert site.messages() == []
    built = site.outputs()
    assert site.messages(remember=False) == []

    assert site.outputs() == built
    shutil.rmtree(site.output)
    shutil.rmtree(site.root / ".sitegen")
    site.build()
    assert site.outputs() == built


def test_comments_that_differ_in_case_only_are_a_problem_before_they_meet(site: Any) -> None:
    """They come from a checkout on Linux, and would be one file elsewhere."""
    made = site({
        "content/a.md": "---\ntitle: A\ndate: 2018-02-19\n---\n",
        "comments/a/jo.yaml": "author: Jo\ndate: 2018-02-20\nbody: a\n",
        "comments/a/JO.yaml": "author: Jo\ndate: 2018-02-20\nbody: b\n",
    })  # fmt: skip

    assert any("comments/a/JO.yaml" in one for one in made.messages())


NAMES = (
    *("con", "CON.txt", "a/nul/b", "aux.tar.gz", "com1", "lpt9.html", "prn.css"),
    *("a.", "b /c", "a/..b./c", "a:b", "what?", "a*b", "a|b", 'a"b', "a<b", "a>b", "a\\b", "a\tb"),
    *("conx", "a.con", "com", "com10", ".a", "a..b", "nul-1", "über", "日本", "a b", "a'b", "a;b"),
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_output_is_refused_if_and_only_if_windows_would_refuse_it(
    windows: Path, name: str
) -> None:
    place = windows / "names" / name
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("a")
        fits = name in {one.relative_to(windows / "names").as_posix() for one in (windows / "names").rglob("*")}  # fmt: skip
    except OSError:
        fits = False
    finally:
        shutil.rmtree(windows / "names", ignore_errors=True)

    assert (collisions([Claim(name, Location("content/a.md"))]) == []) == fits


@pytest.mark.parametrize("name", ["com1 .txt", "CONIN$", "conout$", "com¹", "lpt³.txt", "nul:"])
def test_a_device_that_few_know_is_refused_too(name: str) -> None:
    assert PureWindowsPath(name).is_reserved()
    assert collisions([Claim(name, Location("content/a.md"))])


def test_the_files_of_this_repository_fit_on_windows(windows: Path) -> None:
    for folder in ("content", "comments", "themes", "sitegen/scaffold"):
        shutil.copytree(ROOT / folder, windows / "copy" / folder)

        assert tree(windows / "copy" / folder) == tree(ROOT / folder)
