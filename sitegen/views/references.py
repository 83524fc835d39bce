"""A reference in a text -> the page or file of the site that it leads to, or why to none."""

from __future__ import annotations

import difflib
import functools
import posixpath
from collections.abc import Callable, Collection, Container, Mapping
from urllib.parse import unquote

import msgspec

from sitegen.errors import Location, Problem, quoted
from sitegen.markup.articles.headings import IDS_OF_PAGES
from sitegen.markup.articles.references import Link
from sitegen.model.permalinks import output_path
from sitegen.sources.content import Document
from sitegen.views.addresses import path_and_suffix
from sitegen.views.pictures import Choice

_NEIGHBOURS = 500  # how many names are compared to say what was meant


class Territory:
    """What exists in the site, for references to find."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        permalinks: Mapping[str, str],
        files: Mapping[str, str],
        copies: Mapping[str, str],
        planned: Callable[[], Container[str]],
        anchors: Callable[[str], Collection[str]],
    ) -> None:
        """Take stock.

        Args:
            documents: Path of a source -> document, the unpublished ones too.
            permalinks: Path of a source -> permalink, the published ones only.
            files: Path of a file below content/ -> path of its copy from the site's home.
            copies: Output path -> path of the file that it is a copy of.
            planned: Tells the output paths that templates make; asked only if need be.
            anchors: Path of a source -> the ids in its text; asked only for links that name one.
        """
        self.documents = documents
        self.permalinks = permalinks
        self.files = files
        self.copies = copies
        self.planned = planned
        self.anchors = anchors

    def has(self, path: str, *, is_file: bool) -> bool:
        """Return whether a path of the site is an output; templates make no pictures."""
        trimmed = path.lstrip("/")
        if trimmed in self.copies:
            return True
        return not is_file and (trimmed in self.planned() or output_path(path) in self.planned())

    @functools.cached_property
    def by_folded_name(self) -> Mapping[str, str]:
        """Every source by its name without regard to case."""
        return {name.casefold(): name for name in (*self.documents, *self.files)}

    @functools.cached_property
    def by_folder(self) -> Mapping[str, list[str]]:
        """Every source by the folder that it lies in."""
        folders: dict[str, list[str]] = {}
        for name in (*self.documents, *self.files):
            folders.setdefault(name.rpartition("/")[0], []).append(name)
        return folders


class Found(msgspec.Struct, frozen=True):
    """What a reference leads to: a path of the site, and `?query#fragment` as written."""

    path: str
    suffix: str = ""
    document: str = ""
    """The source of a document, if it is one."""
    file: str = ""
    """A file of the site that is published as it stands, if it is one."""
    width: int = 0
    """Of a picture, in pixels, where it is known."""
    height: int = 0
    choices: tuple[Choice, ...] = ()
    """Of a picture: what browsers can choose from instead."""


def resolve(document: Document, link: Link, territory: Territory) -> tuple[Found, Problem | None]:
    """Return where a reference in a document's text leads, and what is wrong with it, if anything.

    Relative references are read as a forge's page reads them: from the folder of the source
    file, to a source file. What no file answers is tried as an address, from the page.
    """
    path, suffix = path_and_suffix(link.ref)
    here = territory.permalinks[document.path]
    if not path:
        return Found(here, suffix), _fragment_problem(document, document, link, territory)
    if path.startswith("/"):
        found = unquote(path)
        is_there = territory.has(found, is_file=link.is_image)
        place = Found(found, suffix, file=territory.copies.get(found.lstrip("/"), ""))
        return place, None if is_there else _broken(document, link, territory)
    source = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), unquote(path)))
    for candidate in (source, f"{source}/index.md", f"{source}/_index.md"):
        if candidate in territory.permalinks:
            target = territory.documents[candidate]
            place = Found(territory.permalinks[candidate], suffix, candidate)
            return place, _fragment_problem(document, target, link, territory)
    if source in territory.files:
        return Found(territory.files[source], suffix, file=source), None
    as_address = posixpath.normpath(posixpath.join(here, unquote(path)))
    as_address += "/" if path.endswith("/") and as_address != "/" else ""
    if territory.has(as_address, is_file=link.is_image):
        return Found(
            as_address, suffix, file=territory.copies.get(as_address.lstrip("/"), "")
        ), None
    return Found(as_address, suffix), _broken(document, link, territory)


def source_named(path: str, ref: str) -> str:
    """Return the Markdown file that a reference in a document names; empty if it names none.

    >>> source_named("content/posts/trip.md", "../about.md#us"), source_named("content/a.md", "/b/")
    ('content/about.md', '')
    """
    target = unquote(path_and_suffix(ref)[0])
    if target.startswith("/") or not target.endswith(".md"):
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def _fragment_problem(
    document: Document, target: Document, link: Link, territory: Territory
) -> Problem | None:
    _, mark, fragment = link.ref.partition("#")
    name = unquote(fragment)
    if not mark or name in {"", "top", *IDS_OF_PAGES} or name.startswith(("comment-", ":~:")):
        return None  # what stands around the text is known when the page is rendered
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
    path = unquote(path_and_suffix(link.ref)[0])
    source = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), path.lstrip("/")))
    if source in territory.documents:
        message = f"{quoted(link.ref)} leads to {source}, which is not published (draft, future or expired)"
        return Problem(
            "broken_link", message, _at(document, link), "publish it too, or link to something else"
        )
    other_case = territory.by_folded_name.get(source.casefold())
    if other_case:
        message = f"{quoted(link.ref)} differs in case from {other_case}, so it works on some machines only"
        return Problem(
            "broken_link", message, _at(document, link), "write the name as the file is written"
        )
    hint = _near(source, document, link, territory) or "correct the path, or delete the link"
    if link.is_image:
        message = f"the picture {quoted(link.ref)} is not there"
        return Problem("missing_picture", message, _at(document, link), hint)
    message = f"the link {quoted(link.ref)} leads nowhere"
    return Problem("broken_link", message, _at(document, link), hint)


def _near(source: str, document: Document, link: Link, territory: Territory) -> str:
    """Return a hint at the file of the same folder with a similar name; empty if there is none."""
    folder, _, name = source.rpartition("/")
    names = (one.rpartition("/")[2] for one in territory.by_folder.get(folder, []))
    fitting = [one for one in names if not (link.is_image and one.endswith(".md"))]
    close = difflib.get_close_matches(name, fitting[:_NEIGHBOURS], n=1, cutoff=0.8)
    here = posixpath.dirname(document.path) or "."
    return f"did you mean {posixpath.relpath(f'{folder}/{close[0]}', here)}?" if close else ""


def _at(document: Document, link: Link) -> Location:
    return Location(document.path, link.line, link.column, width=len(link.ref))
