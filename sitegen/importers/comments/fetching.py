"""The address of a service's public API -> files of an export, page by page.

Only over HTTPS, only when a command asks for it, never during a build. Every answer is kept
in `.sitegen/fetched/` until the whole is there, so what was cut off goes on where it was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import json
import os
import re
import shutil
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

from sitegen import __version__
from sitegen.errors import Location, Problem, SiteError

TOKEN = "SITEGEN_TOKEN"  # noqa: S105 - the name of a variable of the environment
_SECONDS, _MOST, _LONGEST_WAIT, _TRIES = 30, 64 << 20, 120, 5


_NEXT = re.compile(r'<([^<>]+)>;[^,]*\brel="?next"?')


class Answer(msgspec.Struct, frozen=True):
    """What a service said: JSON, and where it goes on."""

    value: Any
    next: str = ""
    """The address of the next page, if the answer names one."""


Ask = Callable[..., Answer]


def fetch(system: str, address: str, root: Path, tell: Callable[[str], None]) -> Path:
    """Return a folder with everything that a service has for an address.

    Args:
        system: A module of `importers/systems/` that has `fetched_from`.
        address: As people know it; begins with `https://`.
        root: The site's folder, which keeps the answers until they are imported.
        tell: Told about every page.

    Raises:
        SiteError: It is not HTTPS, there is no answer, or a limit is reached; run it again later.
    """
    module = importlib.import_module(f"sitegen.importers.systems.{system}")
    name = hashlib.sha256(f"{system} {address}".encode()).hexdigest()[:16]
    folder = root / ".sitegen/fetched" / name
    client = _Client(folder / "answers", tell)
    pages = folder / "pages"
    shutil.rmtree(pages, ignore_errors=True)
    pages.mkdir(parents=True)
    found: Iterator[tuple[str, Any]] = module.fetched_from(address, client.ask)
    for file, value in found:
        (pages / file).write_text(json.dumps(value, ensure_ascii=True), encoding="utf-8")
    return pages


def forget(pages: Path) -> None:
    """Delete what was kept, after it was imported."""
    shutil.rmtree(pages.parent, ignore_errors=True)


class _Client:
    """Asks politely, and never the same thing twice."""

    def __init__(self, kept: Path, tell: Callable[[str], None]) -> None:
        self._kept = kept
        self._tell = tell
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=ssl.create_default_context()), _OnlyHttps()
        )

    def ask(self, address: str, body: Any = None) -> Answer:
        """Return the answer to an address, or to a question that is sent there as JSON."""
        question = json.dumps([address, body])
        place = self._kept / f"{hashlib.sha256(question.encode()).hexdigest()}.json"
        if place.exists():
            return msgspec.json.decode(place.read_bytes(), type=Answer)
        answer = self._answer(address, body)
        self._kept.mkdir(parents=True, exist_ok=True)
        beside = place.with_suffix(".new")
        beside.write_bytes(msgspec.json.encode(answer))
        beside.replace(place)
        return answer

    def _answer(self, address: str, body: Any) -> Answer:
        _check_address(address)
        self._tell(_public(address))
        request = urllib.request.Request(  # noqa: S310 - HTTPS, checked above
            address,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Accept": "application/json",
                "User-Agent": f"sitegen/{__version__}",
                **({"Content-Type": "application/json"} if body is not None else {}),
                **(
                    {"Authorization": f"Bearer {os.environ[TOKEN]}"}
                    if os.environ.get(TOKEN)
                    else {}
                ),
            },
        )
        for _ in range(_TRIES):
            try:
                with self._opener.open(request, timeout=_SECONDS) as response:
                    data = response.read(_MOST + 1)
                    if response.length and len(data) <= _MOST:  # what is left of its Content-Length
                        raise _failed(address, "there is no answer: it was cut off")
                    onward = _NEXT.search(response.headers.get("Link", ""))
                    return _decoded(address, data, urljoin(address, onward[1]) if onward else "")
            except urllib.error.HTTPError as error:
                error.close()
                wait = _wait(error.headers)
                if error.code not in {403, 429, 503} or wait is None:
                    raise _failed(address, f"the answer is {error.code} {error.reason}") from None
                if wait > _LONGEST_WAIT:
                    cure = f"run the same command again in {wait // 60 + 1} minutes; it goes on where it was"
                    raise _failed(address, "the limit of the service is reached", cure) from None
                self._tell(f"waiting {wait} s, as the service asks")
                time.sleep(wait)
            except (OSError, ValueError, HTTPException) as error:
                reason = getattr(error, "reason", error)
                raise _failed(address, f"there is no answer: {reason}") from None
        raise _failed(address, f"there is no answer after {_TRIES} tries")


class _OnlyHttps(urllib.request.HTTPRedirectHandler):
    """Follows no redirect away from HTTPS, and takes no token to another host."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: Any,
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme != "https":
            fp.close()
        _check_address(newurl)
        followed = super().redirect_request(req, fp, code, msg, headers, newurl)
        if followed is not None and urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            followed.remove_header("Authorization")
        return followed


def _decoded(address: str, data: bytes, onward: str) -> Answer:
    if len(data) > _MOST:
        raise _failed(address, f"the answer has more than {_MOST >> 20} MiB")
    try:
        return Answer(msgspec.json.decode(data), onward)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _failed(address, f"the answer is not JSON: {error}") from None


def _wait(headers: Message) -> int | None:
    """Return for how many seconds a service asks to be left alone; by its own clock, not by ours."""
    after = headers.get("Retry-After", "")
    if after.isdecimal():
        return int(after)
    reset = headers.get("X-RateLimit-Reset", "")
    if headers.get("X-RateLimit-Remaining") != "0" or not reset:
        return None
    try:
        now = parsedate_to_datetime(headers["Date"]).timestamp()
        until = float(reset) if reset.isdecimal() else dt.datetime.fromisoformat(reset).timestamp()
    except (TypeError, ValueError):
        return None
    return max(1, int(until - now))


def _check_address(address: str) -> None:
    if urlsplit(address).scheme != "https":
        raise _failed(
            address, "only https:// is fetched", "write https://, or save the file yourself"
        )


def _public(address: str) -> str:
    """Return an address without its query, which may hold a token."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname}{parts.path}"


def _failed(address: str, message: str, hint: str = "") -> SiteError:
    return SiteError(Problem("fetch", message, Location(_public(address)), hint))
