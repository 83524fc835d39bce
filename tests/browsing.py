"""A real Chromium, servers on loopback for it to look at; shared by tests, benchmarks and what makes pictures."""

from __future__ import annotations

import contextlib
import functools
import http.client
import http.server
import json
import os
import re
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from programs import PATIENCE, Program

REPOSITORY = Path(__file__).resolve().parents[1]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing: the browser's view is what counts."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as a host would, and give its address."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Server(Program):
    """`sitegen serve` in a process of its own."""

    def __init__(self, root: Path, *arguments: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        super().__init__(["serve", "--port", "0", *arguments], environment, root)
        found = re.search(r"http://\S+", self.until("serving http://"))
        assert found
        self.address = found[0]
        self.port = int(self.address.rsplit(":", 1)[1].strip("/"))

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
        return super().stop(number)


class Browser:
    """A small client of the DevTools protocol over a pipe."""

    session: str | None = None

    def __init__(self, chromium: str, profile: Path) -> None:
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()

        def wire() -> None:
            os.dup2(to_browser, 3)
            os.dup2(from_browser, 4)
            os.set_inheritable(3, True)  # if it was that number already, nothing was copied
            os.set_inheritable(4, True)

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
        self.opened = 0  # of the events, when the present page was asked for
        self.loader = ""
        page = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)

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
        """Return the first message of a kind; events on the way are kept."""
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
        """Go to an address, and wait until its page and what belongs to it are loaded."""
        self.opened = len(self.events)
        self.loader = self.call("Page.navigate", url=address)["loaderId"]
        self.wait(f"location.href === {json.dumps(address)} && document.readyState === 'complete'")

    def rest(self) -> None:
        """Wait until the page that was opened has asked for nothing for half a second."""

        def is_idle(one: dict[str, Any]) -> bool:
            found = one.get("params", {})
            return found.get("name") == "networkIdle" and found["loaderId"] == self.loader

        if not any(map(is_idle, self.events)):
            self._until(is_idle)

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

    def said(self) -> list[Any]:
        """Return every message of the console and of the browser about the page that was opened."""
        kinds = {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"}
        return [one["params"] for one in self.events[self.opened :] if one["method"] in kinds]

    def requested(self) -> list[str]:
        """Return the addresses that the page that was opened has asked for."""
        return [
            one["params"]["request"]["url"]
            for one in self.events[self.opened :]
            if one["method"] == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        """Return what the browser found wrong in all pages: policies broken, scripts that failed."""
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
