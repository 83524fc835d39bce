"""Rendered pages -> what is wrong in them, whoever wrote it: links, anchors, pictures, ids used twice."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import unquote, urldefrag, urljoin

import msgspec

from sitegen.errors import Location, Problem, quoted
from sitegen.markup.tag_soup import TagSoup
from sitegen.model.permalinks import output_path

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class Reference(msgspec.Struct, frozen=True):
    """A link or a picture of a page, as it stands there."""

    url: str
    line: int
    column: int
    is_picture: bool = False


class Facts(msgspec.Struct, frozen=True):
    """What there is to check in one page."""

    path: str
    """Of the output."""
    ids: frozenset[str]
    doubled: tuple[Reference, ...]
    """Ids that stand there a second time."""
    references: tuple[Reference, ...]


def facts_of(path: str, content: bytes) -> Facts:
    """Return what there is to check in a page; what strangers wrote in it is theirs."""
    reader = _PageReader()
    reader.feed(content.decode("utf-8", "replace"))
    reader.close()
    return Facts(path, frozenset(reader.ids), tuple(reader.doubled), tuple(reader.references))


class _PageReader(TagSoup):
    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.doubled: list[Reference] = []
        self.references: list[Reference] = []
        self.inside = 0  # elements that are open within what a stranger wrote

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in reversed(attrs)}
        line, column = self.getpos()
        name = values.get("id", "")
        if name and name in self.ids:
            self.doubled.append(Reference(name, line, column + 1))
        self.ids.update(filter(None, (name, values.get("name", "") if tag == "a" else "")))
        if self.inside or "data-comment-body" in values:
            self.inside += tag not in _VOID
            return
        for attribute in ("href", "src", "poster"):
            if values.get(attribute):
                is_picture = attribute == "poster" or (tag == "img" and attribute == "src")
                self.references.append(
                    Reference(values[attribute], line, column + 1, is_picture=is_picture)
                )

    def handle_endtag(self, tag: str) -> None:
        if self.inside and tag not in _VOID:
            self.inside -= 1


def page_problems(
    pages: Iterable[Facts], outputs: Collection[str], base_url: str, known: Collection[str]
) -> Iterator[Problem]:
    """Yield what is wrong in rendered pages, once for all pages that share a fault.

    Args:
        pages: What there is to check.
        outputs: Every output path of the site.
        base_url: The address of the site's home.
        known: Paths with fragments whose faults are told where they were written.
    """
    by_path = {page.path: page for page in sorted(pages, key=lambda page: page.path)}
    first: dict[tuple[str, str], tuple[Facts, Reference]] = {}
    count: dict[tuple[str, str], int] = {}
    for page in by_path.values():
        faults = [("duplicate_id", one.url, one) for one in page.doubled]
        faults += _broken(page, by_path, outputs, base_url, known)
        for code, what, reference in faults:
            first.setdefault((code, what), (page, reference))
            count[code, what] = count.get((code, what), 0) + 1
    for (code, what), (page, reference) in first.items():
        others = f", as on {count[code, what] - 1} more" if count[code, what] > 1 else ""
        place = Location(page.path, reference.line, reference.column)
        yield _problem(code, what, others, place, by_path)


def _broken(
    page: Facts,
    by_path: Mapping[str, Facts],
    outputs: Collection[str],
    base_url: str,
    known: Collection[str],
) -> Iterator[tuple[str, str, Reference]]:
    here = base_url + page.path.removesuffix("index.html")
    for reference in page.references:
        whole, fragment = urldefrag(urljoin(here, reference.url))
        if not whole.startswith(base_url):
            continue
        path = "/" + unquote(whole[len(base_url) :].partition("?")[0])
        name = unquote(fragment)
        target = next((one for one in (path[1:], output_path(path)) if one in outputs), None)
        if path in known or f"{path}#{fragment}" in known:
            continue
        if target is None:
            yield "missing_picture" if reference.is_picture else "broken_link", path, reference
        elif name not in {"", "top"} and not name.startswith(":~:") and target in by_path:
            anchors = by_path[target].ids
            yield from () if name in anchors else [("broken_anchor", f"{path}#{name}", reference)]


def _problem(
    code: str, what: str, others: str, place: Location, by_path: Mapping[str, Facts]
) -> Problem:
    if code == "duplicate_id":
        message = f"the id {quoted(what)} stands twice in the page{others}"
        return Problem("duplicate_id", message, place, "correct the template or the text")
    if code == "missing_picture":
        message = f"the picture {quoted(what)} is not there{others}"
        return Problem("missing_picture", message, place, "correct the template or the text")
    path, _, name = what.partition("#")
    if code == "broken_anchor":
        target = by_path.get(path[1:]) or by_path[output_path(path)]
        close = difflib.get_close_matches(name, target.ids, n=1)
        hint = f"did you mean `#{close[0]}`?" if close else "correct the template or the text"
        message = f"there is no {quoted('#' + name)} in {target.path}{others}"
        return Problem("broken_anchor", message, place, hint)
    message = f"the link {quoted(what)} leads nowhere{others}"
    return Problem("broken_link", message, place, "correct the template or the text")
