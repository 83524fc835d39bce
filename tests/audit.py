"""The pins of constraints.txt, each with its licence and what needs it; and what is known against them.

    python tests/audit.py                 the table alone
    python tests/audit.py ADVISORIES      a folder or a zip of OSV files too, as downloaded from OSV

Nothing is asked of the network. Ends with status 1 if an advisory holds for a pin.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution, metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).parent.parent


def pins() -> dict[str, str]:
    """Return the version of each distribution that is pinned, by its normal name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split("==") for line in lines)
    return {canonicalize_name(name): version for name, version in rows}


def wanted(name: str = "sitegen") -> dict[str, set[str]]:
    """Return what sitegen and its extras need -> what needs it, as far as it is installed."""
    found: dict[str, set[str]] = {}
    pending = [(name, extra) for extra in ("", *metadata(name).get_all("Provides-Extra", ()))]
    done = set()
    while pending:
        one, extra = pending.pop()
        if (one, extra) in done:
            continue
        done.add((one, extra))
        for requirement in map(Requirement, _requires(one)):
            marker = requirement.marker
            if marker and not marker.evaluate({"extra": extra}):
                continue
            if extra and "extra" not in str(marker or ""):
                continue  # needed without it too
            inner = canonicalize_name(requirement.name)
            found.setdefault(inner, set()).add(f"{one}[{extra}]" if extra else one)
            pending += [(inner, of) for of in ("", *requirement.extras)]
    found.pop(canonicalize_name(name), None)
    return found


def _requires(name: str) -> list[str]:
    try:
        return distribution(name).requires or []
    except PackageNotFoundError:
        return []


def licence(name: str) -> str:
    """Return what a distribution says of its licence, in a few words."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return "(not installed)"
    classified = [
        row.rpartition(" :: ")[2]
        for row in told.get_all("Classifier", ())
        if row.startswith("License ::")
    ]
    first_line = str(told.get("License") or "").strip().split("\n")[0]
    return told.get("License-Expression") or "; ".join(classified) or first_line[:40] or "(unknown)"


def advisories(place: Path) -> Iterator[dict[str, Any]]:
    """Yield every OSV record of a folder or a zip."""
    if place.is_dir():
        for path in sorted(place.rglob("*.json")):
            yield json.loads(path.read_bytes())
        return
    with zipfile.ZipFile(place) as archive:
        for name in sorted(archive.namelist()):
            yield json.loads(archive.read(name))


def holds(advisory: dict[str, Any], name: str, version: str) -> bool:
    """Return whether an OSV record (its schema, "affected") is about this version on PyPI."""
    if "withdrawn" in advisory:
        return False
    for affected in advisory.get("affected", ()):
        package = affected.get("package", {})
        if package.get("ecosystem") != "PyPI" or canonicalize_name(package["name"]) != name:
            continue
        ranges = (one for one in affected.get("ranges", ()) if one["type"] == "ECOSYSTEM")
        if version in affected.get("versions", ()) or any(
            _is_in(one["events"], Version(version)) for one in ranges
        ):
            return True
    return False


def _is_in(events: Iterable[dict[str, str]], version: Version) -> bool:
    """Return whether a version lies in a range: from `introduced` to before `fixed`."""
    inside = False
    for event in events:
        ((kind, text),) = event.items()
        try:
            at = Version("0" if text == "0" else text)
        except InvalidVersion:
            continue
        if kind == "introduced" and version >= at:
            inside = True
        if (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def main(arguments: list[str]) -> int:
    """Print the table, and what is known against it; return the exit status."""
    pinned, needs = pins(), wanted()
    lines = [
        f"{name} {version}: {licence(name)}; for {', '.join(sorted(needs.get(name, ())))}"
        for name, version in pinned.items()
    ]
    known = list(advisories(Path(arguments[0]))) if arguments else []
    against = [
        f"{name} {version}: {one['id']}: {one.get('summary', '')}"
        for name, version in pinned.items()
        for one in known
        if holds(one, name, version)
    ]
    lines += ["", f"{len(known)} advisories were read; {len(against)} hold for a pin.", *against]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if against else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
