"""A request -> an answer: the WSGI application (PEP 3333)."""

from __future__ import annotations

import functools
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from sitegen.receiver import endpoints, pages
from sitegen.receiver.answers import ALLOWED, Answer, Asked, as_json, dressed
from sitegen.receiver.forms import MAX_BYTES, Form
from sitegen.receiver.intake import Intake
from sitegen.receiver.mirror import GitError

log = logging.getLogger("sitegen.receiver")


class Application:
    """The form's end point, for any WSGI server; safe to call from many threads."""

    def __init__(self, intake: Intake) -> None:
        """Take what judges and keeps what is sent."""
        self.intake = intake

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        began = time.perf_counter()
        asked = _asked(environ)
        try:
            answer = self._answer(asked, environ)
        except (GitError, sqlite3.Error, OSError):
            log.exception("a request cannot be answered")
            answer = Answer("503 Service Unavailable", b"Something is out of order. Try later.\n")
        headers = dressed(answer, asked, self.intake.origins())
        self.intake.counters.took(time.perf_counter() - began)
        start(answer.status, headers)
        return [b"" if asked.method == "HEAD" else answer.body]

    def _answer(self, asked: Asked, environ: dict[str, Any]) -> Answer:
        routes: dict[str, Callable[[Asked], Answer]] = {
            "/": self._form if asked.is_reading else self.intake.post,
            "/preview": functools.partial(endpoints.preview, self.intake),
            "/token": functools.partial(endpoints.token, self.intake),
            "/health": functools.partial(endpoints.health, self.intake),
            "/metrics": functools.partial(endpoints.metrics, self.intake),
            "/style.css": lambda _: Answer("200 OK", pages.style(), "text/css; charset=utf-8"),
        }
        route = routes.get(asked.path)
        if route is None:
            return Answer("404 Not Found", b"There is nothing here.\n")
        if asked.method == "OPTIONS":
            return Answer("204 No Content")
        if asked.method not in ALLOWED[asked.path]:
            allowed = ", ".join(ALLOWED[asked.path])
            return Answer("405 Method Not Allowed", headers=(("Allow", allowed),))
        if asked.method != "POST":
            return route(asked)
        read = _read(environ)
        if isinstance(read, Answer):
            return read
        return route(asked.with_body(environ.get("CONTENT_TYPE", ""), read))

    def _form(self, asked: Asked) -> Answer:
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        form = Form(article=query.get("article", ""), reply_to=query.get("reply_to", ""))
        return self.intake.blank(form, asked)


def _asked(environ: dict[str, Any]) -> Asked:
    accept = environ.get("HTTP_ACCEPT", "")
    kind = environ.get("CONTENT_TYPE", "")
    return Asked(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO") or "/",
        query=environ.get("QUERY_STRING", "")[:2000],
        wants_json="application/json" in accept or kind.startswith("application/json"),
        origin=environ.get("HTTP_ORIGIN", ""),
        own_origin=f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}",
        address=environ.get("REMOTE_ADDR", ""),
    )


def _read(environ: dict[str, Any]) -> bytes | Answer:
    """Return the body of a request, which may be only so long, and whose length has to be told."""
    length = environ.get("CONTENT_LENGTH", "") or ""
    if not (length.isascii() and length.isdigit()):
        return Answer("411 Length Required", as_json({"error": "length"}), "application/json")
    if len(length) > 9 or int(length) > MAX_BYTES:
        text = b"This is more than a comment can hold. Go back, and shorten it.\n"
        return Answer("413 Content Too Large", text)
    data: bytes = environ["wsgi.input"].read(int(length))
    if len(data) != int(length):
        return Answer("400 Bad Request", b"The request ended too early. Send it again.\n")
    return data
