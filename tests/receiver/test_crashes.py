"""kill -9 before and after every step between the answer and the forge: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.receiver.conftest import CLEAN, REPOSITORY

# Runs in a process of its own; each attempt is a fork of it, killed at the step that it is told.
DRIVER = r"""
import json, os, pathlib, signal, sys
from sitegen.receiver import mirror, settings, spool, starting
from sitegen.receiver.spool import Letter, Receipt

def courier(folder):
    told = {"SITEGEN_RECEIVE_REMOTE": sys.argv[1], "SITEGEN_RECEIVE_STATE": str(folder)}
    import datetime
    now = lambda: datetime.datetime(2024, 6, 1, tzinfo=datetime.UTC)
    return starting.courier_of(settings.from_environment(told), now)

def letter(number):
    name = f"2024-06-01-{number:012x}"
    text = f"author: Bo\ndate: 2024-06-01\nbody: Number {number}.\n"
    return Letter(name, f"comments/posts/trip/{name}.yaml", "posts/trip", text, 1717200000, "d")

def killing(step):
    seen = 0
    def wrap(owner, name):
        real = getattr(owner, name)
        def wrapped(*a, **k):
            nonlocal seen
            for after in (False, True):
                if after:
                    result = real(*a, **k)
                seen += 1
                if seen == step:
                    os.kill(os.getpid(), signal.SIGKILL)
            return result
        setattr(owner, name, wrapped)
    for owner, name in ((os, "fsync"), (os, "link"), (pathlib.Path, "replace"),
                        (pathlib.Path, "unlink"), (mirror.Mirror, "git")):
        wrap(owner, name)

results = []
base = pathlib.Path(sys.argv[2])
for step in range(1, 200):
    folder = base / str(step)
    first = courier(folder)
    assert first.look()
    child = os.fork()
    if not child:
        killing(step)
        for number in (2 * step - 1, 2 * step):
            first.spool.accept(letter(number))
        (folder / "answered").touch()
        assert all(one.delivered for one in first.attempt(first.batch()))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status)
    again = courier(folder)
    answered = (folder / "answered").exists()
    if not answered:  # the reader saw no answer, and sends again
        again.spool.accept(letter(2 * step - 1))
        again.spool.accept(letter(2 * step))
    for _ in range(3):
        again.carry(again.batch())
    results.append([killed, answered, again.spool.names(), len(list(again.spool.receipts()))])
    if not killed:
        assert os.WEXITSTATUS(status) == 0
        break
print(json.dumps(results))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.timeout(300)
def test_a_kill_at_any_step_neither_loses_nor_doubles_a_comment(forge, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(forge.place), str(tmp_path / "states")],
        env={**os.environ, **CLEAN, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True, encoding="utf-8", check=False, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)

    assert len(results) > 25
    assert not results[-1][0]
    assert {killed for killed, *_ in results[:-1]} == {True}
    assert {answered for _, answered, *_ in results} == {True, False}
    assert [rest for _, _, *rest in results] == [[[], 2]] * len(results)
    refs = forge.refs()
    assert len(refs) == 2 * len(results)
    for number, ref in enumerate(sorted(refs), 1):
        ((path, text),) = forge.added(ref).items()
        assert text.endswith(f"body: Number {number}.\n")
        assert path == f"comments/posts/trip/{ref.rpartition('/')[2]}.yaml"
