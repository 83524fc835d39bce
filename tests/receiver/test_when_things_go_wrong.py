"""What goes wrong beside the comments themselves: it is told, it ends nothing, and nothing is lost."""

from __future__ import annotations

import functools
import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from programs import PATIENCE

from sitegen.receiver.github import ForgeError, GitHub
from sitegen.receiver.settings import Settings, secret_of
from sitegen.receiver.spool import Letter, Spool
from sitegen.receiver.starting import courier_of, opened
from tests.receiver.conftest import NOW, REPOSITORY, Kept


def letter(number: int) -> Letter:
    name = f"2024-06-01-{number:012x}"
    text = "author: Bo\ndate: 2024-06-01\nbody: Hello.\n"
    path = f"comments/posts/trip/{name}.yaml"
    return Letter(name, path, "posts/trip", text, int(NOW.timestamp()), "d")


def wait_for(found: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_disk_that_cannot_be_written_for_a_while_ends_no_delivery(
    forge, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    courier = courier_of(Settings(str(forge.place), str(tmp_path / "state")), lambda: NOW)
    courier.spool.accept(letter(1))
    courier.spool.sent.rmdir()
    courier.spool.sent.write_bytes(b"")
    thread = threading.Thread(target=courier.run)
    thread.start()
    wait_for(lambda: "cannot go on" in caplog.text)
    courier.spool.sent.unlink()
    courier.spool.sent.mkdir()
    wait_for(lambda: not courier.spool.names())
    courier.stop()
    thread.join()

    assert [receipt.id for receipt in courier.spool.receipts()] == [letter(1).id]
    assert len(forge.refs()) == 1


class _Odd(http.server.BaseHTTPRequestHandler):
    """Answers as no forge does."""

    said = b"[]"

    def do_POST(self) -> None:
        self.send_response(201)
        self.send_header("Content-Length", str(len(self.said)))
        self.end_headers()
        self.wfile.write(self.said)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def odd() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), _Odd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_answer_that_no_forge_gives_is_a_failure_to_be_tried_again(odd: str) -> None:
    with pytest.raises(ForgeError):
        GitHub(odd, "jo/notes", "").pull_request("comment/1", "main", "Title", "Text")


def test_a_receiver_that_waits_for_another_to_end_ends_when_it_is_told_to(
    forge, tmp_path: Path
) -> None:
    settings = Settings(str(forge.place), str(tmp_path / "state"))
    first, second = opened(settings, lambda: NOW), opened(settings, lambda: NOW)
    second.close()
    first.close()

    assert not first.thread.is_alive()


def test_what_waits_is_listed_while_it_is_sent(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for number in range(150):
        spool.accept(letter(number))
    names = spool.names()
    sender = threading.Thread(target=lambda: [spool.withdraw(name) for name in names])
    sender.start()
    while sender.is_alive():
        assert set(spool.names()) <= set(names)
    sender.join()

    assert spool.names() == []


def test_the_age_of_what_waits_is_that_of_the_first_to_come(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.receiver.close()
    spool = kept.receiver.courier.spool
    old = msgspec.structs.replace(letter(1), received=int(NOW.timestamp()) - 3600)
    spool.accept(old)
    spool.accept(letter(2))
    spool.note([msgspec.structs.replace(old, attempts=1)])

    assert b"sitegen_receiver_oldest_seconds 3600\n" in kept.ask("GET", "/metrics")[1]


def together(number: int, work: Callable[[], object]) -> list[object]:
    """Return what some threads get that do the same thing at the same moment."""
    gate = threading.Barrier(number)
    found: list[object] = []

    def begin() -> None:
        gate.wait()
        found.append(work())

    threads = [threading.Thread(target=begin) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_processes_that_begin_together_have_the_same_secret(tmp_path: Path) -> None:
    for number in range(50):
        settings = Settings("x", str(tmp_path / str(number)))
        secrets = together(8, functools.partial(secret_of, settings))

        assert {len(str(secret)) for secret in secrets} == {len(str(b"")) + 64}
        assert len(set(secrets)) == 1
        assert [path.name for path in Path(settings.state).iterdir()] == ["secret"]


BEGINNERS = """
import json, threading
from sitegen.wsgi import application
gate = threading.Barrier(8)
def ask():
    gate.wait()
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/health", "wsgi.url_scheme": "http"}
    application(environ, lambda status, headers: None)
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(json.dumps([thread.name for thread in threading.enumerate()].count("courier")))
"""


def test_first_requests_that_come_together_begin_one_receiver(forge, tmp_path: Path) -> None:
    told = {"REMOTE": str(forge.place), "STATE": str(tmp_path / "state")}
    done = subprocess.run(
        [sys.executable, "-c", BEGINNERS], capture_output=True, check=True, timeout=PATIENCE,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY),
             **{f"SITEGEN_RECEIVE_{name}": value for name, value in told.items()}},
    )  # fmt: skip

    assert json.loads(done.stdout) == 1
