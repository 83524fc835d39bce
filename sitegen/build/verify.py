"""An incremental build against a clean one, byte by byte."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.build.pipeline import Options, build
from sitegen.errors import Location, Problem

_CURE = "build once more with --no-cache, and report this"
_CURE_OF_SHARED = "empty the remote cache, delete .sitegen/, and build once more"


def differences(options: Options) -> tuple[Problem, ...]:
    """Return a problem for each output that a clean build would make otherwise, or not at all.

    Args:
        options: Of the build whose output folder is to be verified.
    """
    with tempfile.TemporaryDirectory(prefix="sitegen-verify-") as folder:
        clean = Path(folder) / "output"
        # Nothing that was found out before is believed, here or elsewhere.
        alone = {"output": clean, "remember": False, "remote": None, "explain": ""}
        report = build(msgspec.structs.replace(options, **alone))
        if report.written is None:
            return report.problems
        made = _contents(options.output)
        return tuple(
            Problem(
                "verify",
                _sentence(path, made),
                Location(path),
                _CURE_OF_SHARED if options.remote else _CURE,
            )
            for path, content in _contents(clean).items()
            if made.get(path) != content
        )


def _sentence(path: str, made: dict[str, bytes]) -> str:
    return (
        "a clean build makes other bytes" if path in made else "a clean build makes this output too"
    )


def _contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file that the tool wrote into an output folder, and of its manifest."""
    found = disk.scan(folder, [""], hidden=[""])
    manifest = disk.find(folder, ".sitegen-manifest")
    files = (*found.files, manifest) if manifest else found.files
    return {file.path: disk.read(file) for file in files}
