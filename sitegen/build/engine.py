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
    "imagesize",
    "jinja2",
    "latex2mathml",
    "linkify-it-py",
    "markdown-it-py",
    "markupsafe",
    "mdit-py-plugins",
    "mdurl",
    "msgspec",
    "nh3",
    "pagefind",
    "pagefind-bin",
    "pillow",
    "pygments",
    "pyyaml",
    "tzdata",
    "webencodings",
)
_INSTALLED = re.compile(r"(?P<name>.+?)-(?P<version>[0-9][^-]*)(?:-py[0-9.]+)?\.(?:dist|egg)-info")


@functools.cache
def engine_digest() -> bytes:
    """Return the digest of Python, the libraries' versions and every source file of the package."""
    return hashlib.blake2b("\n".join(engine_parts()).encode(), digest_size=16).digest()


@functools.cache
def engine_parts() -> tuple[str, ...]:
    """Return all that makes the bytes, one name and version or digest each; always as many."""
    versions = _versions()
    libraries = (f"{name} {versions.get(name, 'not installed')}" for name in LIBRARIES)
    own = f"sitegen {_own_digest()}"
    return (f"Python {sys.version}", sys.platform, f"time zones {_zone_rules()}", *libraries, own)


def _own_digest() -> str:
    state = hashlib.blake2b(digest_size=16)
    package = Path(__file__).parent.parent
    for path in sorted(package.rglob("*.py")):
        state.update(path.relative_to(package).as_posix().encode())
        state.update(path.read_bytes())
    return state.hexdigest()


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
