"""The pins are those that are needed, they are within what pyproject.toml allows, and advisories are found."""

from __future__ import annotations

import json
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import audit
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DIRECT = [
    Requirement(text)
    for texts in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for text in texts
    if not text.startswith("sitegen[")
]


def is_here(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="the pins are those of the oldest Python"
)
def test_every_pin_is_needed_and_all_that_is_needed_is_pinned() -> None:
    if not all(is_here(one.name) for one in DIRECT if one.marker is None):
        pytest.skip("not all extras are installed: `make check` installs them")

    assert sorted(audit.pins()) == sorted(audit.wanted())


@pytest.mark.parametrize("requirement", DIRECT, ids=str)
def test_a_pin_is_within_what_the_project_allows(requirement: Requirement) -> None:
    pinned = audit.pins().get(canonicalize_name(requirement.name))
    if pinned is None:
        assert requirement.marker, f"{requirement} is not pinned"
        return

    assert requirement.specifier.contains(pinned)


def test_the_sanitizer_is_asked_for_by_one_version() -> None:
    (bleach,) = (one for one in DIRECT if one.name == "bleach")

    assert str(bleach.specifier) == f"=={audit.pins()['bleach']}"


def test_nothing_that_is_needed_to_run_is_under_the_gpl() -> None:
    for name in audit.pins():
        said = audit.licence(name)

        assert said == "(not installed)" or "GPL" not in said or "LGPL" in said, (name, said)


def advisory(name: str, *events: dict[str, str], **more: object) -> dict[str, object]:
    package = {"ecosystem": "PyPI", "name": name}
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}]
    return {"id": "PYSEC-1", "summary": "A hole", "affected": [{"package": package, "ranges": ranges}], **more}  # fmt: skip


FROM_0 = {"introduced": "0"}
RANGES = {
    "from the beginning to before the fix": ((FROM_0, {"fixed": "2.0"}), {"1.9": True, "2.0": False}),
    "two ranges": ((FROM_0, {"fixed": "1.1"}, {"introduced": "2.0"}), {"1.0": True, "1.5": False, "2.1": True}),
    "the last that has it": ((FROM_0, {"last_affected": "2.0"}), {"2.0": True, "2.1": False}),
    "not compared as text": (({"introduced": "9.0"}, {"fixed": "10.0"}), {"9.5": True, "10.0": False}),
}  # fmt: skip


@pytest.mark.parametrize("name", RANGES)
def test_an_advisory_holds_for_the_versions_of_its_ranges(name: str) -> None:
    events, expected = RANGES[name]
    one = advisory("Some_Thing", *events)

    assert {text: audit.holds(one, "some-thing", text) for text in expected} == expected


def test_an_advisory_that_was_withdrawn_or_is_of_another_index_holds_for_nothing() -> None:
    assert not audit.holds(advisory("a", FROM_0, withdrawn="2024-01-01T00:00:00Z"), "a", "1.0")
    other = advisory("a", FROM_0)
    other["affected"][0]["package"]["ecosystem"] = "npm"  # type: ignore[index]
    assert not audit.holds(other, "a", "1.0")


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_the_audit_ends_with_what_is_known_against_a_pin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    records = {"1.json": advisory("Jinja2", FROM_0), "2.json": advisory("jinja3", FROM_0)}
    place = tmp_path / kind
    if kind == "folder":
        place.mkdir()
        for name, record in records.items():
            (place / name).write_text(json.dumps(record))
    else:
        with zipfile.ZipFile(place, "w") as archive:
            for name, record in records.items():
                archive.writestr(name, json.dumps(record))
    status = audit.main([str(place)])
    told = capsys.readouterr().out

    assert status == 1
    assert "2 advisories were read; 1 hold for a pin.\njinja2 3.1.6: PYSEC-1: A hole\n" in told
    assert "nh3 " in told
    assert audit.main([]) == 0
