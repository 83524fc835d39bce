"""What a build lacks -> the memory, from a remote cache; what it made -> the remote cache.

Four kinds of results travel: documents, threads, pictures and pages. All but the pages go by
way of the memory, so that whoever works finds them there; a page goes from or to its output.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.build.darkroom import Recipe
from sitegen.build.memory import Memory, decoded
from sitegen.build.packs import Entry, Shelf
from sitegen.build.reading import ENTRIES
from sitegen.build.recall import read_digests
from sitegen.build.remote import FEW, Check, RemoteCache
from sitegen.disk import Scan
from sitegen.errors import SiteError
from sitegen.markup.articles.marks import Body
from sitegen.model.threads import ThreadSummary
from sitegen.sources.content import Document
from sitegen.views.jobs import digest_of


class Exchange:
    """The dealings of one build with a remote cache."""

    def __init__(self, cache: RemoteCache, memory: Memory, circumstances: bytes) -> None:
        """Take the cache, the memory, and a digest of what all pages depend on beside the theme."""
        self.cache = cache
        self.memory = memory
        self.circumstances = circumstances
        self.shelves: list[Shelf] = []

    def documents(
        self, scope: bytes, keys: Mapping[str, bytes], heads: Mapping[bytes, bytes]
    ) -> dict[bytes, bytes]:
        """Bring documents into the memory; return key -> head of those that have come."""
        return self._read(Shelf("document", scope, keys), heads, _is_document)

    def threads(
        self, scope: bytes, keys: Mapping[str, bytes], heads: Mapping[bytes, bytes]
    ) -> dict[bytes, bytes]:
        """Bring threads into the memory; return key -> head of those that have come."""
        return self._read(Shelf("thread", scope, keys), heads, _is_thread)

    def _read(
        self, shelf: Shelf, heads: Mapping[bytes, bytes], is_good: Check
    ) -> dict[bytes, bytes]:
        self.shelves.append(shelf)
        missing = [place for place, key in shelf.keys.items() if key not in heads]
        found = {}
        for _, entry in self.cache.fetch(shelf, missing, is_good):
            self.memory.keep(entry.key, entry.head, entry.value)
            found[entry.key] = entry.head
        self.memory.flush()
        return found

    def pictures(self, missing: Sequence[Recipe]) -> list[Recipe]:
        """Bring pictures into the memory; return those that have to be made."""
        recipes = {recipe.key.hex(): recipe for recipe in missing}
        keys = {place: recipe.key for place, recipe in recipes.items()}
        shelf = Shelf("picture", b"", keys, is_single=True)
        self.shelves.append(shelf)
        for place, entry in self.cache.fetch(shelf, list(keys), _is_picture):
            self.memory.keep(entry.key, b"", entry.value)
            del recipes[place]
        self.memory.flush()
        return list(recipes.values())

    def pages(
        self, theme: Mapping[str, bytes], keys: Mapping[str, bytes], missing: Sequence[str]
    ) -> Iterator[tuple[str, Entry]]:
        """Yield output path and page of those that others have rendered.

        The head of a page is the fingerprint of its view.

        Args:
            theme: Digest of each template with all that it includes.
            keys: Output path -> key, of all pages.
            missing: The paths of those that are not in place.
        """
        shelf = Shelf("page", digest_of(self.circumstances, sorted(theme.items())), keys)
        self.shelves.append(shelf)
        return self.cache.fetch(shelf, missing, lambda *_: True)

    def put(self, output: Path, sha256: Mapping[str, str], views: Mapping[str, bytes]) -> None:
        """Put what this build had to make.

        Args:
            output: The folder in which its pages lie.
            sha256: Output path -> SHA-256.
            views: Output path -> fingerprint of the view.
        """

        def page(path: str, key: bytes) -> Entry | None:
            file = disk.find(output, path)
            try:
                content = disk.read(file) if file else b""
            except SiteError:
                return None
            same = (
                hashlib.sha256(content).hexdigest() == sha256[path]
            )  # nobody has altered it since
            return Entry(key, views[path], content) if same else None

        for shelf in self.shelves:
            self.cache.put(shelf, page if shelf.kind == "page" else self._kept)

    def _kept(self, _place: str, key: bytes) -> Entry | None:
        head, value = self.memory.head(key), self.memory.value(key)
        return None if head is None or value is None else Entry(key, head, value)


def with_all(known: Mapping[str, bytes], inputs: Scan) -> Mapping[str, bytes]:
    """Return the digests of all inputs, so that it can be asked what others read in them.

    A few files are sooner read than asked for: the digests that are known are enough then.
    """
    unread = tuple(file for file in inputs.files if file.path not in known)
    if len(unread) < FEW:
        return known
    return {**known, **read_digests(Scan(unread, (), inputs.taken))}


def _is_document(path: str, entry: Entry) -> bool:
    document = decoded(entry.head, Document)
    is_whole = decoded(entry.value, Body) is not None
    return is_whole and document is not None and document.path == path


def _is_thread(_target: str, entry: Entry) -> bool:
    try:
        ENTRIES.decode(entry.value)
    except (msgspec.MsgspecError, ValueError):
        return False
    return decoded(entry.head, ThreadSummary) is not None


def _is_picture(_key: str, entry: Entry) -> bool:
    return bool(entry.value)
