"""Faults planted in what makes builds incremental; `benchmarks/faults_in_memory.py` tries them all."""

from __future__ import annotations

import pytest

from benchmarks import faults_in_memory as planted

SHORT = ("tests/build/test_each_change_is_seen.py",)
SOME = (
    "the template closure is not in the key",
    "a fingerprint lacks the last field",
    "a thread's digest is its place",
    "stale outputs stay",
)
MADE = {
    "an index is kept whatever the texts": "searching",
    "an index does not depend on comments": "searching",
    "a picture does not depend on its original": "made_pictures",
    "a sharing picture does not depend on its font": "sharing_pictures",
    "the letters of another font are believed": "sharing_pictures",
}
BY_NAME = {fault[0]: fault for fault in planted.FAULTS}


def test_there_are_many_faults_and_each_has_its_name() -> None:
    assert len(BY_NAME) == len(planted.FAULTS) > 50


@pytest.mark.parametrize("name", BY_NAME)
def test_what_a_fault_replaces_still_stands_in_the_source(name: str) -> None:
    """Else the fault is not planted at all: write what stands there now into the table."""
    _, file, before, _ = BY_NAME[name]

    assert before in (planted.ROOT / "sitegen" / file).read_text(encoding="utf-8")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", SOME)
def test_a_planted_fault_is_noticed(name: str) -> None:
    noticed, _ = planted.notice(BY_NAME[name], SHORT)

    assert noticed.startswith("test_")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", MADE)
def test_a_fault_planted_in_what_is_made_of_files_is_noticed(name: str) -> None:
    noticed, _ = planted.notice(BY_NAME[name], (f"tests/build/test_{MADE[name]}.py",))

    assert noticed.startswith("test_")


@pytest.mark.timeout(120)
def test_without_a_fault_nothing_is_noticed() -> None:
    noticed, _ = planted.notice(("none", "__init__.py", "", ""), SHORT)

    assert noticed == ""
