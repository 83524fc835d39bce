from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from sitegen import git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for arguments in (["init", "-q"], ["hash-object", "-w", "--stdin"]):
        subprocess.run(["git", "-C", tmp_path, *arguments], input=b"one\n", check=True)
    return tmp_path


ONE = "5626abf0f72e58d7a153368ba57db4c673c0e171"
GONE = "0123456789012345678901234567890123456789"


def test_git_answers(repository: Path) -> None:
    assert git.ask(repository, "cat-file", "-t", ONE) == b"blob\n"


def test_there_is_no_answer_without_a_repository(tmp_path: Path) -> None:
    assert git.ask(tmp_path, "rev-parse", "--git-dir") is None


def test_there_is_no_answer_without_git(
    repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))

    assert git.ask(repository, "rev-parse", "--git-dir") is None


def test_an_answer_without_end_is_none(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "MAX_ANSWER", 3)

    assert git.ask(repository, "cat-file", "blob", ONE) is None


def test_a_repository_that_a_hook_names_is_not_the_one_that_is_asked(
    repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path_factory.mktemp("other")))

    assert git.ask(repository, "cat-file", "-t", ONE) == b"blob\n"


def test_objects_are_read_at_once_and_what_is_not_there_is_left_out(repository: Path) -> None:
    assert git.blobs(repository, [ONE, GONE, ONE], 100) == {ONE: b"one\n"}


def test_a_long_object_is_not_read(repository: Path) -> None:
    assert git.blobs(repository, [ONE], 3) == {ONE: b"    "}
