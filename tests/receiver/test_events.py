"""A comment without a server: an issue form or a dispatch of GitHub becomes the same pull request."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from sitegen.receiver.events import form_of_event
from sitegen.receiver.settings import Settings
from sitegen.receiver.without_server import RefusedError, receive
from tests.receiver.conftest import REPOSITORY
from tests.receiver.test_forges import github, settings  # noqa: F401 - the fixture
from tests.receiver.test_running_for_good import block

TEXTS = {
    "article": "posts/trip",
    "author": "Bo",
    "body": "Hello, <b>you</b>!\n\n### Comment\n\nNot a heading of the form.",
}


def issue(number: int = 7, **texts: str) -> bytes:
    """Return the event of an issue written by the manual's form, as GitHub renders one."""
    form = yaml.safe_load(block("yaml", "type: input"))
    parts = [
        f"### {field['attributes']['label']}\n\n{texts.get(field['id']) or '_No response_'}"
        for field in form["body"]
    ]
    about = {"number": number, "body": "\n\n".join(parts), "labels": [{"name": form["labels"][0]}]}
    return json.dumps({"action": "opened", "issue": about}).encode()


def dispatch(**texts: str) -> bytes:
    return json.dumps({"action": "comment", "client_payload": {"id": "a1", **texts}}).encode()


def run(folder: Path, data: bytes, **told: str) -> subprocess.CompletedProcess[str]:
    """Run what the manual's workflow runs, on a disk without anything of an earlier run."""
    (folder / "event.json").write_bytes(data)
    step = yaml.safe_load(block("yaml", "repository_dispatch"))["jobs"]["receive"]["steps"][-1]
    assert step["run"] == 'sitegen receive --event "$GITHUB_EVENT_PATH"'
    assert {f"SITEGEN_RECEIVE_{name}" for name in told if name != "STATE"} <= set(step["env"])
    return subprocess.run(
        [sys.executable, "-m", "sitegen", "receive", "--event", str(folder / "event.json")],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY),
             **{f"SITEGEN_RECEIVE_{name}": value for name, value in told.items()}},
        capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip


def test_an_issue_and_a_run_of_it_again_are_one_pull_request(tmp_path, forge, github) -> None:  # noqa: F811
    told = {"REMOTE": str(forge.place), **settings(github)}
    said = [
        run(tmp_path, issue(**TEXTS), STATE=str(tmp_path / name), **told) for name in ("one", "two")
    ]
    ((_, text),) = forge.added(next(iter(forge.refs()))).items()

    assert [one.stdout for one in said] == ["https://github.example/jo/notes/pull/1\n"] * 2, said
    assert len(github.pulls) == 1
    assert "\n  Not a heading of the form." in text
    assert "_No response_" not in text


@pytest.mark.parametrize("merged", [False, True])
def test_an_event_that_is_run_again_on_another_day_is_the_same_comment(
    tmp_path, forge, merged
) -> None:
    def once(day: int) -> str:
        told = Settings(str(forge.place), str(tmp_path / str(day)))
        now = dt.datetime(2024, 6, day, tzinfo=dt.UTC)
        return receive(*form_of_event(dispatch(**TEXTS)), told, lambda: now)

    first = once(1)
    if merged:
        forge.publish(forge.added(next(iter(forge.refs()))))
    again = once(2)

    assert len(forge.refs()) == 1
    assert first.startswith("comment/2024-06-01-")
    assert again == (
        f"comments/posts/trip/{first.removeprefix('comment/')}.yaml" if merged else first
    )


FAULTS: list[tuple[bytes, str]] = [
    (dispatch(**{**TEXTS, "author": ""}), "Write your name"),
    (dispatch(**{**TEXTS, "article": "posts/over"}), "closed"),
    (issue(**{**TEXTS, "article": "nowhere"}), "article"),
    (b"{}", "neither an issue"),
]


@pytest.mark.parametrize(("data", "said"), FAULTS)
def test_what_cannot_be_taken_is_said_and_nothing_is_pushed(
    tmp_path, forge, data: bytes, said: str
) -> None:
    done = run(tmp_path, data, STATE=str(tmp_path / "state"), REMOTE=str(forge.place))

    assert done.returncode == 1
    assert said.casefold() in done.stderr.casefold()
    assert "Traceback" not in done.stderr
    assert forge.refs() == {}


def test_a_forge_that_refuses_is_said(tmp_path, forge) -> None:
    (forge.place / "hooks/pre-receive").write_text("#!/bin/sh\necho protected\nexit 1\n")
    (forge.place / "hooks/pre-receive").chmod(0o755)
    form, name = form_of_event(dispatch(**TEXTS))
    told = Settings(str(forge.place), str(tmp_path / "state"))
    now: Any = lambda: dt.datetime(2024, 6, 1, tzinfo=dt.UTC)  # noqa: E731

    with pytest.raises(RefusedError, match="protected"):
        receive(form, name, told, now)
