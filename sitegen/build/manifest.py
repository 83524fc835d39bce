"""Output files and their digests <-> the list that lies among them, as `sha256sum` writes it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from sitegen.sources.file_names import same_place

MANIFEST = ".sitegen-manifest"


def manifest_text(files: Mapping[str, str]) -> bytes:
    """Return the manifest that names these files: output path -> SHA-256."""
    return "".join(f"{files[path]}  {path}\n" for path in sorted(files)).encode()


def manifest_says(root: Path, files: Mapping[str, str]) -> bool:
    """Return whether the manifest of a folder names exactly these files: output path -> SHA-256."""
    try:
        return (root / MANIFEST).read_bytes() == manifest_text(files)
    except OSError:
        return False


def manifest_digest(files: Mapping[str, str]) -> bytes:
    """Return the SHA-256 of the manifest that names these files: output path -> SHA-256."""
    return hashlib.sha256(manifest_text(files)).digest()


def read_manifest(path: Path) -> dict[str, str]:
    """Return output path -> digest; empty if the manifest is missing or damaged.

    A line that leads out of the folder is dropped: the manifest decides what is deleted.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return {}
    return {
        line[66:]: line[:64] for line in lines if line[64:66] == "  " and _stays_inside(line[66:])
    }


def _stays_inside(path: str) -> bool:
    inside = not path.startswith("/") and "\\" not in path and ":" not in path.split("/", 1)[0]
    return inside and bool(path) and "\0" not in path and "/../" not in f"/{path}/"


def spellings(paths: Iterable[str]) -> dict[str, set[str]]:
    """Return what some file systems take for one place -> the paths that mean it there."""
    found: dict[str, set[str]] = {}
    for path in paths:
        found.setdefault(same_place(path), set()).add(path)
    return found


def is_spelled_so(root: Path, path: str) -> bool:
    """Return whether a file is there, and the folders on its way list it letter for letter."""
    parts = PurePosixPath(path).parts
    folders = (root.joinpath(*parts[:count]) for count in range(len(parts)))
    try:
        return all(
            any(entry.name == part for entry in above.iterdir())
            for above, part in zip(folders, parts, strict=True)
        )
    except OSError:
        return False
