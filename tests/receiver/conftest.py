"""What the tests of the receiver share: a site in a bare repository, a receiver in a process of its own."""

from __future__ import annotations

import datetime as dt
import http.client
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from programs import PATIENCE, Program

from sitegen.receiver.settings import Settings
from sitegen.receiver.starting import opened

NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
REPOSITORY = Path(__file__).resolve().parents[2]
START = ("receive", "--port", "0")
FILES = {
    "config.yaml": "title: Field notes\nbase_url: https://notes.example/\n",
    "content/posts/trip.md": "---\ntitle: A trip\ndate: 2018-02-19\n---\n\nUp and down.\n",
    "content/posts/over.md": "---\ntitle: Over\ndate: 2018-02-19\ncomments: closed\n---\n\nNo more.\n",
    "content/posts/draft.md": "---\ntitle: Draft\ndate: 2018-02-19\ndraft: true\n---\n\nNot yet.\n",
    "content/about.md": "---\ntitle: About\n---\n\nMe.\n",
    "comments/posts/trip/2018-ada.yaml": "author: Ada\ndate: 2018-02-20\nbody: I was there.\n",
}
CLEAN = {
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C",
    "GIT_AUTHOR_NAME": "Jo", "GIT_AUTHOR_EMAIL": "jo@notes.example",
    "GIT_COMMITTER_NAME": "Jo", "GIT_COMMITTER_EMAIL": "jo@notes.example",
}  # fmt: skip


def git(folder: Path, *arguments: str, stdin: str = "") -> str:
    """Return what git prints."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], input=stdin.encode(), capture_output=True,
        check=True, env={**os.environ, **CLEAN},
    )  # fmt: skip
    return done.stdout.decode()


class Forge:
    """A bare repository with a site in it."""

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        self.place = folder / "forge.git"
        self.work = folder / "work"
        self.place.mkdir(parents=True)
        git(self.place, "init", "--quiet", "--bare", "--initial-branch=main")
        git(folder, "clone", "--quiet", str(self.place), str(self.work))
        self.publish(files)

    def publish(self, files: dict[str, str]) -> None:
        """Put files on the published branch."""
        for path, text in files.items():
            (self.work / path).parent.mkdir(parents=True, exist_ok=True)
            (self.work / path).write_text(text, encoding="utf-8")
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--message=Publish")
        git(self.work, "push", "--quiet", "origin", "HEAD:main")

    def refs(self) -> dict[str, str]:
        """Return every ref of it but the published branch -> its commit."""
        rows = git(self.place, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return {ref: commit for ref, commit in (row.split() for row in rows) if "main" not in ref}

    def added(self, ref: str) -> dict[str, str]:
        """Return path -> text of what a ref adds to the published branch."""
        rows = git(self.place, "diff", "--name-status", f"main...{ref}").splitlines()
        assert all(row.startswith("A\t") for row in rows), rows
        paths = [row.split("\t")[1] for row in rows]
        return {path: git(self.place, "show", f"{ref}:{path}") for path in paths}


class Reply(NamedTuple):
    """An answer of the receiver."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def token(self) -> str:
        """The token in the page's form."""
        found = re.search('name="token" value="([^"]+)"', self.text)
        assert found, self.text
        return found[1]


class Receiver(Program):
    """`sitegen receive` in a process of its own."""

    def __init__(
        self, forge: Path, state: Path, arguments: Sequence[str] = START, **settings: str
    ) -> None:
        told = {"REMOTE": str(forge), "STATE": str(state), "WAIT": "0", "SLOW_WAIT": "0",
                "REFRESH": "1", **settings}  # fmt: skip
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"},
            **{f"SITEGEN_RECEIVE_{name}": value for name, value in told.items()},
            "PYTHONPATH": str(REPOSITORY),
        }
        self.state = state
        super().__init__(arguments, self.environment)
        found = re.search(r"http://[\d.]+:(\d+)/", self.until("receiving at"))
        assert found
        self.port = int(found[1])

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Reply:
        """Return the answer to a request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        reply = Reply(response.status, found, response.read().decode())
        connection.close()
        return reply

    def post(self, fields: dict[str, str], path: str = "/", **headers: str) -> Reply:
        """Send a form."""
        kind = {"Content_Type": "application/x-www-form-urlencoded"}
        return self.ask(path, "POST", urlencode(fields).encode(), **{**kind, **headers})

    def ready(self) -> Receiver:
        """Wait until the repository was read."""
        end = time.monotonic() + PATIENCE
        while self.ask("/health").status != 200:
            assert time.monotonic() < end, "\n".join(self.said)
            time.sleep(0.05)
        return self

    def send(self, **fields: str) -> Reply:
        """Send a comment the way that needs no script: twice."""
        form = {"article": "posts/trip", "author": "Bo", "body": "Hello.", **fields}
        asked = self.post(form)
        return self.post({**form, "token": asked.token})

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `sitegen receive` with the same settings."""
        return subprocess.run(
            [sys.executable, "-m", "sitegen", "receive", *arguments],
            env=self.environment, capture_output=True, encoding="utf-8", check=False, timeout=60,
        )  # fmt: skip

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        return super().stop(number)


class Kept:
    """A receiver called as WSGI servers call it, and a checkout of its site."""

    def __init__(self, folder: Path, files: dict[str, str] = FILES) -> None:
        self.forge = Forge(folder, files)
        many = 10**9
        settings = Settings(
            str(self.forge.place), str(folder / "state"), wait=0, slow_wait=0,
            burst=many, hourly=many, daily=many, refresh=10**6,
        )  # fmt: skip
        self.receiver = opened(settings, lambda: NOW)

    def ask(self, method: str, path: str, body: bytes = b"", **extra: str) -> tuple[int, bytes]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http", "HTTP_HOST": "here",
            "REMOTE_ADDR": "192.0.2.1", **extra,
        }  # fmt: skip
        seen: list[str] = []
        answer = self.receiver.application(environ, lambda status, headers: seen.append(status))
        return int(seen[0][:3]), b"".join(answer)

    def form(self, **fields: str) -> str:
        """Return the page that answers a form sent by a browser."""
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", "/", urlencode(fields).encode(), CONTENT_TYPE=kind)[1].decode()


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return Forge(tmp_path, FILES)


@pytest.fixture
def receive(forge: Forge, tmp_path: Path) -> Iterator[Callable[..., Receiver]]:
    """Return a function that starts a receiver of the forge's site."""
    begun: list[Receiver] = []

    def start(**settings: str) -> Receiver:
        begun.append(Receiver(forge.place, tmp_path / "state", **settings))
        return begun[-1].ready()

    yield start
    for one in begun:
        one.kill()
