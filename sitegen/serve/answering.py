"""A request for a built site -> the answer: who may ask, for which file, and what it is."""

from __future__ import annotations

import ipaddress
import mimetypes
import re
import secrets
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlsplit

import msgspec

from sitegen import disk
from sitegen.build.memory import content_digest
from sitegen.build.searching import FOLDER as SEARCH_INDEX
from sitegen.errors import SiteError
from sitegen.serve.paging import path_of, style_sheets, with_script

HTML = "text/html; charset=utf-8"
_NOT_FOUND = (
    b"<!doctype html><html lang=en><head><meta charset=utf-8><title>Not found</title></head>"
    b"<body><h1>Not found</h1><p>There is no such page in this site.</p></body></html>"
)
_NOTHING_BUILT = (
    b"<!doctype html><html lang=en><head><meta charset=utf-8><title>Not built yet</title></head>"
    b"<body><h1>Not built yet</h1><p>This page appears once the site has no errors.</p></body></html>"
)
_TYPES = mimetypes.MimeTypes(filenames=())  # the same on every machine
for _type, _ending in (
    ("image/avif", ".avif"),
    ("image/webp", ".webp"),
    ("font/woff", ".woff"),
    ("font/woff2", ".woff2"),
    ("application/manifest+json", ".webmanifest"),
    ("text/javascript", ".js"),
    ("text/javascript", ".mjs"),
    ("text/markdown", ".md"),
    ("application/wasm", ".wasm"),
    ("application/xml", ".xml"),
    ("image/vnd.microsoft.icon", ".ico"),
):
    _TYPES.add_type(_type, _ending)
_IS_TEXT = re.compile(r"text/.*|application/(?:.+\+)?(?:json|xml)|image/svg\+xml")


class Answer(msgspec.Struct, frozen=True):
    """What is sent back."""

    status: int
    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    location: str = ""
    """Where to go instead."""


class Sight(msgspec.Struct, frozen=True):
    """What a page is made of at this moment, so that a browser can tell whether it is another."""

    page: str
    styles: dict[str, str]
    """Address of a style sheet, as the page writes it -> digest of its bytes."""


def may_ask(host: str, bound: str) -> bool:
    """Return whether a request names this machine as its host.

    A page elsewhere can have a name of its own lead to this machine, and would then read the
    drafts: that name stands in the request. Addresses in numbers cannot be redirected so.

    Args:
        host: The Host header.
        bound: The address that the server was told to listen at.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name.endswith(".localhost") or name == bound.lower():
        return bool(name)
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def content_type(path: str) -> str:
    """Return the type of a file by its name.

    >>> content_type("feed.xml"), content_type("a.JPG"), content_type("x")
    ('application/xml; charset=utf-8', 'image/jpeg', 'application/octet-stream')
    """
    found, encoding = _TYPES.guess_type(path.lower())
    if found is None or encoding:
        return "application/octet-stream"
    return f"{found}; charset=utf-8" if _IS_TEXT.fullmatch(found) else found


def answer(folder: Path, address: str, news: Mapping[str, object], published: Path) -> Answer:
    """Return what a built site has at an address.

    Args:
        folder: In which it was built.
        address: Path and query, as the browser sends them.
        news: What the reload script has to know, beside the page itself.
        published: Where `build` writes, whose index for searching is used: to make one takes
            longer than a page may take after each save.
    """
    path = path_of(address)
    found = _find(published if path.startswith(f"{SEARCH_INDEX}/") else folder, path)
    if isinstance(found, Answer):
        return found
    status, kind, body = found
    if kind != HTML:
        return Answer(status, body, kind)
    state = msgspec.json.encode({**news, **msgspec.structs.asdict(_sight(folder, status, body))})
    return Answer(status, with_script(body, state.decode(), secrets.token_urlsafe(12)), kind)


def sight(folder: Path, address: str) -> Sight:
    """Return what the page at an address is made of now."""
    found = _find(folder, path_of(address))
    return Sight(found.location, {}) if isinstance(found, Answer) else _sight(folder, *found[::2])


def _sight(folder: Path, status: int, body: bytes) -> Sight:
    versions = {}
    for href in style_sheets(body):
        sheet = _read(folder, path_of(href))
        if sheet is not None:
            versions[href] = content_digest(sheet).hex()[:16]
    return Sight(f"{status} {content_digest(body).hex()}", versions)


def _find(folder: Path, path: str) -> Answer | tuple[int, str, bytes]:
    """Return the status, type and bytes of what is at a path, or where it is instead."""
    parts = path.split("/")
    if "\\" in path or "\0" in path or ".." in parts or any(":" in part for part in parts[:1]):
        return Answer(400, b"this is not a path of the site\n")
    clean = str(PurePosixPath(*[part for part in parts if part])) if path.strip("/") else ""
    if not clean.startswith(".sitegen"):
        is_folder = path == "" or path.endswith("/")
        body = _read(folder, f"{clean}/index.html".lstrip("/") if is_folder else clean)
        if body is not None:
            return 200, HTML if is_folder else content_type(clean), body
        if not is_folder and _read(folder, f"{clean}/index.html") is not None:
            target = quote(f"/{clean}/", errors="surrogateescape")
            return Answer(301, b"", location=target)
    page = _read(folder, "404.html")
    if page is None:
        built = (folder / ".sitegen-manifest").is_file()
        page = _NOT_FOUND if built else _NOTHING_BUILT
    return 404, HTML, page


def _read(folder: Path, path: str) -> bytes | None:
    """Return the bytes of an output; None if there is none."""
    try:
        file = disk.find(folder, path)
        return disk.read(file) if file else None
    except (SiteError, OSError, ValueError):  # a name too long, or one that no disk can have
        return None
