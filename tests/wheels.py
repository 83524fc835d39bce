"""What is given out, built and installed: an sdist, a wheel, and environments that hold no more than asked for."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def build(source: Path, kind: str, folder: Path) -> Path:
    """Build the `sdist` or the `wheel` of a folder of sources into another folder."""
    folder.mkdir(parents=True, exist_ok=True)
    code = f"from hatchling.build import build_{kind} as build; print(build({str(folder)!r}))"
    return folder / _run([sys.executable, "-c", code], source).splitlines()[-1]


def requirements(wheel: Path) -> tuple[Requirement, ...]:
    """Return what a wheel says that it needs, with and without extras."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        message = email.message_from_bytes(archive.read(name))
    return tuple(Requirement(text) for text in message.get_all("Requires-Dist", ()))


def needed(requirements: tuple[Requirement, ...], extra: str = "") -> set[str]:
    """Return the names of all distributions that an extra needs, and those that these need."""
    found: set[str] = set()
    pending = [(one, extra) for one in requirements if extra in {"", *extras_of(one)}]
    while pending:
        one, of = pending.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker and not one.marker.evaluate({"extra": of})):
            continue
        found.add(name)
        inner = [Requirement(text) for text in distribution(one.name).requires or ()]
        pending += [(each, of) for each in inner for of in ("", *one.extras)]
    return found


def extras_of(requirement: Requirement) -> Iterator[str]:
    """Yield the name of the extra that a requirement belongs to, if it belongs to one."""
    marker = str(requirement.marker or "")
    if "extra == " in marker:
        yield marker.partition("extra == ")[2].strip("\"'() ")


def lay(names: set[str], folder: Path) -> Path:
    """Make a folder that holds just the files of some installed distributions, as links."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or () if file.parts[0] != ".."}:
            if top != "__pycache__":
                (folder / top).symlink_to(Path(str(found.locate_file(top))))
    return folder


class Environment:
    """A Python of its own, with one wheel and what that needs, and without what tests need."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        _run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
        self.folder = folder
        self.programs = folder / "bin"
        (self.packages,) = folder.glob("lib/python*/site-packages")
        self.laid = needed(requirements(wheel))
        lay(self.laid, self.packages)
        self.pip("install", "--no-index", "--no-deps", "--quiet", str(wheel))

    def pip(self, *arguments: str) -> str:
        """Run the pip of the tests in this environment."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.programs / "python")]
        return _run([*pip, "--disable-pip-version-check", *arguments])

    def variables(self, **more: str) -> dict[str, str]:
        """Return the variables of the environment's processes, which know no other Python."""
        path = f"{self.programs}{os.pathsep}{os.defpath}"
        return {"PATH": path, "LC_ALL": "C.UTF-8", "HOME": str(self.folder), **more}

    def sitegen(
        self, *arguments: str, folder: Path, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the installed program in a folder."""
        return subprocess.run(
            [str(self.programs / "sitegen"), *arguments], cwd=folder, env=self.variables(**more),
            capture_output=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip


def _run(command: list[str], folder: Path | None = None) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
