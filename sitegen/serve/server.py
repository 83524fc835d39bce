"""A local server for a built site: files, and news for the pages that are open."""

from __future__ import annotations

import contextlib
import errno
import secrets
import socket
import socketserver
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from sitegen.serve import answering
from sitegen.serve.answering import Answer
from sitegen.serve.paging import SCRIPT
from sitegen.serve.stage import Scene, Stage

EVENTS = "/.sitegen/events"
_HEARTBEAT = 10.0  # seconds after which a silent line is tried, so that dead ones are noticed
_TRIES = 50  # ports


class SiteServer(ThreadingHTTPServer):
    """Serves a folder, and tells open pages when it has changed."""

    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"  # there it would share the port
    request_queue_size = 64

    def __init__(self, bind: str, port: int, stage: Stage) -> None:
        self.address_family = socket.AF_INET6 if ":" in bind else socket.AF_INET
        self.bound = bind
        self.stage = stage
        self.folder = Path()
        self.built = Path()
        self.start = secrets.token_hex(4)
        super().__init__((bind, port), _Handler)

    def server_bind(self) -> None:
        """Bind without asking the network for this machine's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.bound, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about browsers that went away."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        """The address of the home page."""
        name = self.bound
        if name in {"0.0.0.0", "::", ""}:  # noqa: S104 - compared, not bound
            name = "localhost"
        return f"http://{f'[{name}]' if ':' in name else name}:{self.server_port}/"

    def token(self, number: int) -> str:
        """Return a name for a build that no other start of the server gives."""
        return f"{self.start}-{number}"

    def number(self, token: str) -> int:
        """Return the number of the build that a token names; of the present one for any other."""
        start, _, number = token.partition("-")
        if start == self.start and number.isascii() and number.isdigit() and len(number) < 12:
            return int(number)
        return self.stage.scene.number


def listen(bind: str, port: int, stage: Stage) -> SiteServer:
    """Return a server at a port, or at the next one that is free.

    Raises:
        OSError: The address is not one of this machine, or no port is free.
    """
    for number in range(port, min(port + _TRIES, 65_536)):
        try:
            return SiteServer(bind, number, stage)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, f"no port from {port} on is free")


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: SiteServer
    server_version = "sitegen"
    sys_version = ""
    timeout = 30

    def log_message(self, *arguments: object) -> None:
        """Say nothing: the terminal is for problems of the site."""

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def _respond(self) -> None:
        if not answering.may_ask(self.headers.get("Host", ""), self.server.bound):
            text = b"this server answers to localhost and to addresses in numbers only\n"
            self._send(Answer(403, text))
            return
        path = urlsplit(self.path).path if self.path.startswith("/") else ""
        if path == EVENTS and self.command == "GET":
            with contextlib.suppress(OSError):
                self._tell_news()
        elif path == SCRIPT:
            script = Path(__file__).with_name("live.js").read_bytes()
            self._send(Answer(200, script, answering.content_type(SCRIPT)))
        elif not path:
            self._send(Answer(400, b"this is not a path of the site\n"))
        else:
            news = {"build": self.server.token(self.server.stage.scene.number)}
            self._send(answering.answer(self.server.folder, self.path, news, self.server.built))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if answer.location:
            self.send_header("Location", answer.location)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _tell_news(self) -> None:
        """Send the state of a page now and after every build, until the browser goes away."""
        query = parse_qs(urlsplit(self.path).query)
        page = query.get("path", ["/"])[0]
        known = self.headers.get("Last-Event-ID") or query.get("since", [""])[0]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(b"retry: 300\n\n")
        stage = self.server.stage
        number, scene = self.server.number(known), stage.scene
        while stage.is_open:
            self.wfile.write(self._news(page, scene, number))
            number = scene.number
            while stage.is_open and (scene := stage.wait(number, _HEARTBEAT)).number == number:
                self.wfile.write(b": still here\n\n")

    def _news(self, page: str, scene: Scene, since: int) -> bytes:
        seen = answering.sight(self.server.folder, page)
        token = self.server.token(scene.number)
        files = [f"/{path}" for path in self.server.stage.changed_since(since)]
        news = {
            "build": token,
            "files": [path for path in files if not path.endswith((".html", ".xml"))],
            "problems": scene.problems,
            **msgspec.structs.asdict(seen),
        }
        return b"id: " + token.encode() + b"\ndata: " + msgspec.json.encode(news) + b"\n\n"
