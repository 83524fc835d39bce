"""What the tests of `serve` share: a server in a process of its own, and a Chromium."""

from __future__ import annotations

import http.client
import json
import os
import queue
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds; only a hanging test waits that long


class Server:
    """`sitegen serve` in a process of its own."""

    def __init__(self, root: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sitegen", "serve", "--port", "0", *arguments],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.said: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        found = re.search(r"http://\S+", self.until("serving http://"))
        assert found
        self.address = found[0]
        self.port = int(self.address.rsplit(":", 1)[1].strip("/"))

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def until(self, text: str) -> str:
        """Return the first line from now on that holds a text."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                line = self.lines.get(timeout=1)
            except queue.Empty:
                assert self.process.poll() is None, "\n".join(self.said)
                continue
            self.said.append(line)
            if text in line:
                return line
        raise TimeoutError("\n".join(self.said))

    def get(
        self, path: str, method: str = "GET", host: str = ""
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of a request whose path is sent as it stands."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host or f"127.0.0.1:{self.port}")
        connection.endheaders()
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        body = response.read()
        connection.close()
        return response.status, headers, body

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Interrupt the server; return its exit status and all that it said."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        while not self.lines.empty():
            self.said.append(self.lines.get())
        return status, "\n".join(self.said)

    def kill(self) -> None:
        """Leave nothing behind."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join(PATIENCE)
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Return a function that serves a folder until the end of the test."""
    servers: list[Server] = []

    def start(root: Path, *arguments: str) -> Server:
        servers.append(Server(root, *arguments))
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


class Browser:
    """A small client of the DevTools protocol over a pipe."""

    session: str | None = None

    def __init__(self, chromium: str, profile: Path) -> None:
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()

        def wire() -> None:
            os.dup2(to_browser, 3)
            os.dup2(from_browser, 4)

        self.process = subprocess.Popen(
            [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--disable-background-networking", "--disable-component-update", "--no-first-run",
             "--window-size=1000,700",
             f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=wire,  # noqa: PLW1509 - the ends of a pipe have to be 3 and 4
            close_fds=False, env={**os.environ, "HOME": str(profile)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.events: list[dict[str, Any]] = []
        page = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        answer = self._until(lambda one: one.get("id") == self.number)
        assert "error" not in answer, answer
        return answer["result"]

    def _until(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            while b"\0" in self.buffer:
                raw, self.buffer = self.buffer.split(b"\0", 1)
                message = json.loads(raw)
                if "method" in message:
                    self.events.append(message)
                if is_it(message):
                    return message  # type: ignore[no-any-return]
            if select.select([self.read_end], [], [], 1)[0]:
                self.buffer += os.read(self.read_end, 1 << 20)
        raise TimeoutError

    def open(self, address: str) -> None:
        """Go to an address, and wait until its page listens for news."""
        self.call("Page.navigate", url=address)
        self.wait(f"location.href === {json.dumps(address)} && document.readyState === 'complete'")

    def ask(self, expression: str) -> Any:
        """Return the value of an expression in the page; None while a page is being left."""
        try:
            found = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        except AssertionError:
            return None
        return found["result"].get("value") if "exceptionDetails" not in found else None

    def wait(self, expression: str) -> Any:
        """Return the value of an expression in the page once it is true."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = self.ask(expression)
            if found:
                return found
            time.sleep(0.05)
        raise TimeoutError(f"{expression}\n{self.ask('document.documentElement.outerHTML')}")

    def complaints(self) -> list[str]:
        """Return what the browser found wrong so far: policies broken, scripts that failed."""
        return [
            json.dumps(event["params"])
            for event in self.events
            if event["method"] == "Runtime.exceptionThrown"
            or (
                event["method"] == "Log.entryAdded"
                and event["params"]["entry"]["level"] == "error"
                and "404" not in event["params"]["entry"]["text"]
            )
        ]

    def stop(self) -> None:
        """End it, and wait for it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.write_end)
        os.close(self.read_end)


@pytest.fixture
def browser(chromium: str, tmp_path: Path) -> Iterator[Browser]:
    made = Browser(chromium, tmp_path / "profile")
    yield made
    made.stop()
