"""Paths of the site -> addresses in its pages, and what a reference in a text leads to."""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Callable, Collection, Container, Mapping
from urllib.parse import quote, unquote, urlsplit

import msgspec

from sitegen.errors import Location, Problem, quoted
from sitegen.markup.articles import Link
from sitegen.model.permalinks import output_path
from sitegen.sources.config import Config
from sitegen.sources.content import Document

_KEPT = "/~!$&'()*+,;=:@-._"  # RFC 3986 pchar, and the slash


def address(config: Config, path: str) -> str:
    """Return the address of a path of the site as pages hold it: from the host's root, encoded.

    >>> address(Config("T", "https://example.org/blog/"), "/posts/über/")
    '/blog/posts/%C3%BCber/'
    """
    return urlsplit(config.base_url).path.rstrip("/") + quote(path, safe=_KEPT)


def absolute(config: Config, path: str) -> str:
    """Return the whole address of a path of the site, for feeds and machines."""
    return config.base_url.rstrip("/") + quote(path, safe=_KEPT)


class Territory(msgspec.Struct, frozen=True):
    """What exists in the site, for references to find."""

    documents: Mapping[str, Document]
    """Path of a source -> document, the unpublished ones too."""
    permalinks: Mapping[str, str]
    """Path of a source -> permalink, the published ones only."""
    files: Mapping[str, str]
    """Path of a file below content/ -> path of its copy from the site's home."""
    outputs: Callable[[], Container[str]]
    """Every output path."""
    anchors: Callable[[str], Collection[str]]
    """Path of a source -> the ids in its text; asked only for links that name one."""


class Found(msgspec.Struct, frozen=True):
    """What a reference leads to: a path of the site, and `?query#fragment` as written."""

    path: str
    suffix: str = ""


def resolve(document: Document, link: Link, territory: Territory) -> tuple[Found, Problem | None]:
    """Return where a reference in a document's text leads, and what is wrong with it, if anything.

    Relative references are read as a forge's page reads them: from the folder of the source
    file, to a source file. What no file answers is tried as an address, from the page.
    """
    path, suffix = _split(link.ref)
    here = territory.permalinks[document.path]
    if not path:
        return Found(here, suffix), _fragment_problem(document, document, link, territory)
    if path.startswith("/"):
        found = unquote(path)
        return Found(found, suffix), None if _exists(found, territory) else _broken(
            document, link, territory
        )
    source = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), unquote(path)))
    for candidate in (source, f"{source}/index.md", f"{source}/_index.md"):
        if candidate in territory.permalinks:
            target = territory.documents[candidate]
            return Found(territory.permalinks[candidate], suffix), _fragment_problem(
                document, target, link, territory
            )
    if source in territory.files:
        return Found(territory.files[source], suffix), None
    as_address = posixpath.normpath(posixpath.join(here, unquote(path)))
    as_address += "/" if path.endswith("/") and as_address != "/" else ""
    if _exists(as_address, territory):
        return Found(as_address, suffix), None
    return Found(as_address, suffix), _broken(document, link, territory)


def _split(ref: str) -> tuple[str, str]:
    for index, character in enumerate(ref):
        if character in "?#":
            return ref[:index], ref[index:]
    return ref, ""


def _exists(path: str, territory: Territory) -> bool:
    trimmed = path.lstrip("/")
    outputs = territory.outputs()
    return trimmed in outputs or output_path(path) in outputs


def _fragment_problem(
    document: Document, target: Document, link: Link, territory: Territory
) -> Problem | None:
    _, mark, fragment = link.ref.partition("#")
    name = unquote(fragment)
    if not mark or not name or name == "top" or name.startswith(("comment", ":~:")):
        return None  # a thread's anchors are its own
    anchors = territory.anchors(target.path)
    if name in anchors:
        return None
    close = difflib.get_close_matches(name, list(anchors), n=1)
    where = "this page" if target is document else target.path
    hint = (
        f"did you mean `#{close[0]}`?"
        if close
        else "a heading's id is its words in lower case, with `-` for blanks"
    )
    message = f"there is no {quoted('#' + name)} in {where}"
    return Problem("broken_anchor", message, _at(document, link), hint)


def _broken(document: Document, link: Link, territory: Territory) -> Problem:
    path = unquote(_split(link.ref)[0])
    source = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), path.lstrip("/")))
    known = [*territory.documents, *territory.files]
    if source in territory.documents:
        message = f"{quoted(link.ref)} leads to {source}, which is not published (draft, future or expired)"
        return Problem(
            "broken_link", message, _at(document, link), "publish it too, or link to something else"
        )
    other_case = next((name for name in known if name.casefold() == source.casefold()), None)
    if other_case:
        message = f"{quoted(link.ref)} differs in case from {other_case}, so it works on some machines only"
        return Problem(
            "broken_link", message, _at(document, link), "write the name as the file is written"
        )
    folder = posixpath.dirname(source)
    neighbours = [name for name in known if posixpath.dirname(name) == folder]
    close = difflib.get_close_matches(source, neighbours, n=1, cutoff=0.8)
    hint = (
        f"did you mean {posixpath.relpath(close[0], posixpath.dirname(document.path) or '.')}?"
        if close
        else "correct the path, or delete the link"
    )
    what, code = ("picture", "missing_picture") if link.is_image else ("link", "broken_link")
    return Problem(
        code, f"the {what} {quoted(link.ref)} leads nowhere", _at(document, link), hint
    )


def _at(document: Document, link: Link) -> Location:
    return Location(document.path, link.line, link.column, width=len(link.ref))
