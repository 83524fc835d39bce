"""Articles and comments -> the index that browsers search, by Pagefind.

The index is of all texts at once, so it is made anew when one of them changes, and kept in
the memory with the digest of all that it is made from.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.build.engine import library_versions
from sitegen.build.library import SourceLibrary
from sitegen.build.memory import content_digest, decoded
from sitegen.errors import Location
from sitegen.markup.articles.marks import without_marks
from sitegen.markup.escaping import escape, escape_attribute
from sitegen.model.permalinks import output_path
from sitegen.model.site import Site
from sitegen.sources.content import Document
from sitegen.views.jobs import Holdings, Job, Known, digest_of
from sitegen.views.machines import file_view
from sitegen.views.parts import anchor

FOLDER = "pagefind"
_NOTE = "search"
_SITE = Location(disk.CONFIG)
_ENDINGS = (".pagefind", ".pf_meta", ".pf_index", ".pf_fragment", ".pf_filter", ".pf_sort")
_PROGRAMS = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")


class _Kept(msgspec.Struct, frozen=True):
    key: bytes
    files: dict[str, bytes]


def search_jobs(
    site: Site, holdings: Holdings, library: SourceLibrary, *, wanted: bool
) -> Iterator[Job]:
    """Yield every file of the index of all that is listed, with the comments below it, if wanted."""
    if not wanted:
        return
    pages = (page for page in site.pages if not page.unlisted)
    documents = [*site.listed, *pages]
    known = [
        (
            site.permalinks[one.path],
            holdings.documents[one.path].digest,
            holdings.threads[one.key].digest if _has_thread(site, holdings, one) else b"",
        )
        for one in documents
    ]
    key = digest_of("search", _made_by(), site.config.language, known)
    kept = decoded(library.memory.note(_NOTE), _Kept)
    files = kept.files if kept and kept.key == key else None
    if files is None:
        texts = {
            output_path(site.permalinks[one.path]): _page(site, holdings, library, one)
            for one in documents
        }
        files = _index(texts)
        library.memory.write_down(_NOTE, msgspec.msgpack.encode(_Kept(key, files)))
    for path, data in files.items():
        yield Job(f"{FOLDER}/{path}", "", _SITE, file_view, (Known(data, content_digest(data)),))


@functools.cache
def _made_by() -> bytes:
    versions = library_versions()
    named = [versions.get(name, "") for name in ("pagefind", "pagefind-bin")]
    return digest_of(named, Path(__file__).read_bytes())


def _has_thread(site: Site, holdings: Holdings, document: Document) -> bool:
    return site.comments[document.key] != "hidden" and document.key in holdings.threads


def _page(site: Site, holdings: Holdings, library: SourceLibrary, document: Document) -> str:
    """Return what is to be found of a document: its title, its text, each comment with its anchor."""
    language = escape_attribute(document.lang or site.config.language)
    parts = [
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><body>',
        f'<h1 data-pagefind-meta="title">{escape(document.title)}</h1>',
        without_marks(library.body(holdings.bodies[document.path].key)),
    ]
    if _has_thread(site, holdings, document):
        for entry in library.entries(holdings.threads[document.key].key):
            said = entry.comment
            if not said.removed:
                name = " · ".join(filter(None, (said.author, said.subject)))
                parts += [
                    f'<h2 id="{escape_attribute(anchor(said))}">{escape(name)}</h2>',
                    entry.html,
                ]
    return "\n".join(parts)


def _index(texts: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files of an index: path below its folder -> bytes."""
    import asyncio  # takes longer to import than most builds have to do

    with tempfile.TemporaryDirectory(prefix="sitegen-search-") as folder:
        pages, made = Path(folder) / "pages", Path(folder) / "index"
        for path, text in texts.items():
            place = pages / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        pages.mkdir(exist_ok=True)
        asyncio.run(_run(pages, made))
        return dict(_wanted(made))


def _wanted(folder: Path) -> Iterable[tuple[str, bytes]]:
    """Yield what a search needs; what draws Pagefind's own boxes is left out."""
    for path in sorted(folder.rglob("*")):
        if path.name.endswith(_ENDINGS) or path.name in _PROGRAMS:
            yield path.relative_to(folder).as_posix(), path.read_bytes()


async def _run(pages: Path, made: Path) -> None:
    from pagefind.index import IndexConfig, PagefindIndex

    # It writes when it is left, and without a place to write to into the working directory.
    async with PagefindIndex(config=IndexConfig(output_path=str(made))) as index:
        await index.add_directory(str(pages))
