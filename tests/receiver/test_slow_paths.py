"""Proof of work, and pull requests that are opened before the answer."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from tests.receiver.conftest import git
from tests.receiver.test_forges import AGIT, hook

FORM = {"article": "posts/trip", "author": "Bo", "body": "Hello."}


def solved(task: dict[str, Any], shift: int = 0) -> str:
    """Return the answer to a task as a browser sends it; with a shift, a wrong one."""
    number = next(
        one
        for one in range(task["maxNumber"] + 1)
        if hashlib.sha256(f"{task['salt']}{one}".encode()).hexdigest() == task["challenge"]
    )
    kept = {name: task[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return packed({**kept, "number": number + shift})


def packed(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


@pytest.fixture
def guarded(receive):
    """Return a receiver that wants a proof, or an hour of patience."""
    return receive(PROOF="200", WAIT="0", SLOW_WAIT="3600")


def outcome(receiver, token: str, proof: str) -> tuple[int, set[str]]:
    value = json.dumps({**FORM, "token": token, "proof": proof}).encode()
    answer = receiver.ask("/", "POST", value, Content_Type="application/json")
    return answer.status, set(answer.json.get("faults", ()))


def test_a_proof_opens_the_fast_way_and_only_for_its_own_form(guarded) -> None:
    first, second = (guarded.ask("/token").json for _ in range(2))
    task = first["proof"]
    wrong = [
        "", "x", packed([]), packed({}), packed({**task, "number": "1"}), packed({"number": 10**400}),
        "=" * 1000, solved(task, 1), solved(second["proof"]), packed({**task, "number": None}),
        packed(dict.fromkeys(("algorithm", "challenge", "number", "salt", "signature"))),
        solved({**task, "algorithm": "MD5"}), solved({**task, "signature": "0" * 64}),
    ]  # fmt: skip

    for proof in wrong:
        assert outcome(guarded, first["token"], proof) == (428, {"early"}), proof
    assert outcome(guarded, first["token"], solved(task)) == (202, set())
    assert outcome(guarded, second["token"], solved(task)) == (428, {"early"})


def test_a_reader_without_a_script_is_sent_to_the_slower_way_and_not_away(receive, forge) -> None:
    receiver = receive(PROOF="200", WAIT="0", SLOW_WAIT="0")
    assert receiver.send().status == 202
    receiver.until(" delivered\n")

    assert len(forge.refs()) == 1


def test_at_once_means_that_the_forge_has_it_before_the_answer(receive, forge) -> None:
    receiver = receive(AT_ONCE="1", REFRESH="3600")
    assert receiver.send().status == 202

    assert len(forge.refs()) == 1


def test_at_once_what_the_forge_does_not_take_is_given_back_and_forgotten(receive, forge) -> None:
    receiver = receive(AT_ONCE="1", REFRESH="3600")
    token = receiver.ask("/token").json["token"]
    hook(forge, "pre-receive", "#!/bin/sh\nexit 1\n")
    refused = receiver.post({**FORM, "token": token})
    waiting = receiver.command("--status").stdout
    (forge.place / "hooks/pre-receive").unlink()
    taken = receiver.post({**FORM, "token": token})

    assert refused.status == 503
    assert "Hello." in refused.text
    assert waiting == "0 waiting, 0 sent in the last 30 days\n"
    assert taken.status == 202
    assert len(forge.refs()) == 1


@pytest.mark.parametrize("way", ["branch", "agit", "gitlab"])
def test_at_once_a_form_sent_again_to_another_process_is_one_comment(
    receive, forge, tmp_path, way
) -> None:
    if way == "agit":
        hook(forge, "proc-receive", AGIT)
        git(forge.place, "config", "--add", "receive.procReceiveRefs", "refs/for")
    git(forge.place, "config", "receive.advertisePushOptions", "true")
    told = {"AT_ONCE": "1", "SECRET": "s" * 40, "WAY": way}
    first = receive(**told)
    token = first.ask("/token").json["token"]
    assert first.post({**FORM, "token": token}).status == 202
    first.stop()
    first.state.rename(tmp_path / "gone")

    assert receive(**told).post({**FORM, "token": token}).status == 202
    assert len(forge.refs()) == 1
