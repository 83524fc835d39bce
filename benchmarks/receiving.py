"""A receiver under load: so many comments a second, then a forge that is away, then the count.

    python -m benchmarks.receiving [--seconds 30] [--rate 200] [--away 60]

Prints how long answers took, and whether every accepted comment is on the forge exactly once.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

THREADS = 16
HEAD = (
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%b"
)


def git(folder: Path, *arguments: str) -> str:
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ["-c", "user.name=Jo", "-c", "user.email=jo@notes.example"]
    command = ["git", "-C", str(folder), *who, *arguments]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, **quiet})
    return done.stdout.decode()


def forge_in(folder: Path) -> Path:
    work, forge = folder / "work", folder / "forge.git"
    (work / "content").mkdir(parents=True)
    (work / "config.yaml").write_text("title: T\nbase_url: https://notes.example/\n")
    (work / "content/trip.md").write_text("---\ntitle: Trip\ndate: 2018-02-19\n---\n\nUp.\n")
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(forge))
    git(forge, "config", "receive.autogc", "false")
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "add", ".")
    git(work, "commit", "--quiet", "--message=Site")
    git(work, "push", "--quiet", str(forge), "main")
    return forge


def port_in(log: Path) -> int:
    """Return where the receiver listens, once it has read the repository."""
    while True:
        time.sleep(0.1)
        found = re.search(r":(\d+)/$", log.read_text(), re.MULTILINE)
        if found:
            connection = http.client.HTTPConnection("127.0.0.1", int(found[1]))
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return int(found[1])


def asked(connection: socket.socket, request: bytes) -> tuple[int, bytes]:
    """Return status and body of an answer; `http.client` would cost more than the receiver."""
    connection.sendall(request)
    said = connection.recv(65_536)
    while b"\r\n\r\n" not in said:
        said += connection.recv(65_536)
    head, _, body = said.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    assert length
    while len(body) < int(length[1]):
        body += connection.recv(65_536)
    return int(head[9:12]), body


class Load:
    """Comments sent at a steady rate; each is timed from the moment at which it was due."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.lock = threading.Lock()
        self.took: list[float] = []
        self.ids: list[str] = []
        self.failed = 0

    def run(self, rate: int, seconds: int, label: str) -> None:
        begun = time.monotonic() + 0.5
        numbers = iter(range(rate * seconds))
        args = (numbers, begun, rate, label)
        threads = [threading.Thread(target=self._work, args=args) for _ in range(THREADS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    def _work(self, numbers: object, begun: float, rate: int, label: str) -> None:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        while True:
            with self.lock:
                number = next(numbers, None)  # type: ignore[call-overload]
            if number is None:
                return
            due = begun + number / rate
            _, body = asked(connection, b"GET /token HTTP/1.1\r\nHost: localhost\r\n\r\n")
            token = json.loads(body)["token"]
            form = {"article": "trip", "author": "Bo", "body": f"{label} {number}", "token": token}
            sent = json.dumps(form).encode()
            time.sleep(max(0.0, due - time.monotonic()))
            status, body = asked(connection, HEAD % (len(sent), sent))
            with self.lock:
                self.took.append(time.monotonic() - due)
                if status == 202:
                    self.ids.append(json.loads(body)["id"])
                else:
                    self.failed += 1


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--away", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        forge = forge_in(folder)
        told = {"REMOTE": forge, "STATE": folder / "state", "WAIT": 0, "BURST": 10**9,
                "HOURLY": 10**9, "DAILY": 10**9}  # fmt: skip
        environment = {**os.environ, **{f"SITEGEN_RECEIVE_{k}": str(v) for k, v in told.items()}}
        process = subprocess.Popen(
            [sys.executable, "-m", "sitegen", "receive", "--port", "0"],
            env=environment, stderr=(folder / "log").open("wb"),
        )  # fmt: skip
        load = Load(port_in(folder / "log"))
        try:
            load.run(asked.rate, asked.seconds, "first")
            p50, p99 = percentile(load.took, 0.5), percentile(load.took, 0.99)
            print(
                f"{len(load.ids)} accepted, {load.failed} not; p50 {p50:.0f} ms, p99 {p99:.0f} ms"
            )
            forge.rename(folder / "away.git")
            load.run(10, asked.away, "away")
            (folder / "away.git").rename(forge)
            begun = time.monotonic()
            while list((folder / "state/spool/waiting").glob("*.json")):
                assert time.monotonic() - begun < 1800
                time.sleep(1)
            print(f"all carried {time.monotonic() - begun:.0f} s after the forge came back")
        finally:
            process.terminate()
            process.wait()
        rows = git(forge, "for-each-ref", "--format=%(refname)", "refs/heads/comment").split()
        there = [row.removeprefix("refs/heads/comment/") for row in rows]
        lost, more = set(load.ids) - set(there), set(there) - set(load.ids)
        print(
            f"{len(load.ids)} accepted, {len(there)} there, {len(lost)} lost, {len(more)} too many"
        )
        raise SystemExit(bool(lost or more or load.failed))


if __name__ == "__main__":
    main()
