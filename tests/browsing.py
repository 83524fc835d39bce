"""A real Chromium, and a server for it on loopback; shared by tests and by what makes pictures."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import os
import select
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


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


class Browser:
    """A small client of the DevTools protocol over a pipe."""

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
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    session: str | None = None

    def call(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        return self.until(lambda one: one.get("id") == self.number)["result"]

    def until(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first message of a kind; events on the way are kept."""
        end = time.monotonic() + 60
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
        """Load a page and wait until all that belongs to it is there."""
        self.events.clear()
        self.call("Page.setLifecycleEventsEnabled", enabled=True)
        loader = self.call("Page.navigate", url=address)["loaderId"]
        self.until(
            lambda one: (
                one.get("method") == "Page.lifecycleEvent"
                and one["params"]["loaderId"] == loader
                and one["params"]["name"] == "networkIdle"
            )
        )

    def value(self, expression: str) -> Any:
        """Return what an expression is in the page."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)[
            "result"
        ].get("value")

    def said(self) -> list[Any]:
        """Return every message of the console and of the browser about the page."""
        kinds = {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"}
        return [one["params"] for one in self.events if one["method"] in kinds]

    def requested(self) -> list[str]:
        """Return the addresses that were asked for."""
        sent = (
            one["params"] for one in self.events if one["method"] == "Network.requestWillBeSent"
        )
        return [one["request"]["url"] for one in sent]

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        os.close(self.write_end)
        os.close(self.read_end)
