"""Requests and answers as values, and the headers that every answer has."""

from __future__ import annotations

import json
from typing import Any

import msgspec

ALLOWED = {
    "/": ("GET", "HEAD", "POST", "OPTIONS"),
    "/preview": ("POST", "OPTIONS"),
    "/token": ("GET", "HEAD", "OPTIONS"),
    "/health": ("GET", "HEAD"),
    "/metrics": ("GET", "HEAD"),
    "/style.css": ("GET", "HEAD"),
}
_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class Asked(msgspec.Struct, frozen=True):
    """A request."""

    method: str
    path: str
    query: str
    wants_json: bool
    origin: str
    own_origin: str
    address: str
    """Of whoever asks; it goes into a digest and nowhere else."""
    kind: str = ""
    body: bytes = b""

    @property
    def is_reading(self) -> bool:
        """Whether nothing is sent."""
        return self.method != "POST"

    def with_body(self, kind: str, body: bytes) -> Asked:
        """Return the request with what was sent."""
        return msgspec.structs.replace(self, kind=kind, body=body)


class Answer(msgspec.Struct, frozen=True):
    """An answer: status line, body, media type, further headers."""

    status: str
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


def as_json(value: Any) -> bytes:
    """Return a value as JSON."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")


def json_answer(status: str, value: Any, *headers: tuple[str, str]) -> Answer:
    """Return an answer for a program."""
    return Answer(status, as_json(value), "application/json", headers)


def dressed(answer: Answer, asked: Asked, origins: frozenset[str]) -> list[tuple[str, str]]:
    """Return all headers of an answer: what browsers may do with it, and who may read it."""
    headers = [
        ("Content-Type", answer.kind),
        ("Content-Length", str(len(answer.body))),
        ("Content-Security-Policy", _POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
        ("Vary", "Origin, Accept"),
        *answer.headers,
    ]
    if asked.origin in origins:
        headers.append(("Access-Control-Allow-Origin", asked.origin))
        if asked.method == "OPTIONS":
            headers += [
                ("Access-Control-Allow-Methods", "GET, POST"),
                ("Access-Control-Allow-Headers", "Content-Type, Accept"),
                ("Access-Control-Max-Age", "3600"),
            ]
    return headers
