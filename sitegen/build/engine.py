"""What made the bytes: the digest of the tool's own code and of the libraries it uses.

It stands in every key, so a new version of anything that touches the output builds anew.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import re
import sys
import zoneinfo
from pathlib import Path

LIBRARIES = (
    "babel",
    "bleach",
    "jinja2",
    "linkify-it-py",
    "markdown-it-py",
    "markupsafe",
    "mdit-py-plugins",
    "mdurl",
    "msgspec",
    "nh3",
    "pygments",
    "pyyaml",
    "tzdata",
    "webencodings",
)
_INSTALLED = re.compile(r"(?P<name>.+?)-(?P<version>[0-9][^-]*)(?:-py[0-9.]+)?\.(?:dist|egg)-info")


@functools.cache
def engine_digest() -> bytes:
    """Return the digest of Python, the libraries' versions and every source file of the package."""
    versions = _versions()
    named = [f"{name} {versions.get(name, '')}" for name in LIBRARIES]
    made_of = [sys.version, sys.platform, _zone_rules(), *named]
    state = hashlib.blake2b("\n".join(made_of).encode(), digest_size=16)
    package = Path(__file__).parent.parent
    for path in sorted(package.rglob("*.py")):
        state.update(path.relative_to(package).as_posix().encode())
        state.update(path.read_bytes())
    return state.digest()


def _zone_rules() -> str:
    """Return the version of the system's time zones, which come before those of tzdata."""
    for folder in zoneinfo.TZPATH:
        with contextlib.suppress(OSError), (Path(folder) / "tzdata.zi").open("rb") as stream:
            return stream.readline(100).decode("latin-1")  # as in `# version 2026a`
    return ""


def library_versions() -> dict[str, str]:
    """Return the version of each library that is installed, by name."""
    versions = _versions()
    return {name: versions[name] for name in LIBRARIES if name in versions}


def _versions() -> dict[str, str]:
    """Return the versions of what is installed, from the names of its metadata folders.

    `importlib.metadata` tells the same and costs as much as a whole build with nothing to do.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        for path in Path(folder).glob("*-info"):
            match = _INSTALLED.fullmatch(path.name)
            if match:
                found.setdefault(re.sub(r"[-_.]+", "-", match["name"]).lower(), match["version"])
    return found
