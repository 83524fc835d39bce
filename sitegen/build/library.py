"""Keys -> the texts of a site: from the memory, from the files once more, or as they were sent along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from sitegen import disk
from sitegen.build import darkroom
from sitegen.build.memory import Memory
from sitegen.build.reading import (
    BODY,
    ENTRIES,
    PART,
    encoded,
    read_comment_bytes,
    read_document,
    read_entry,
)
from sitegen.disk import SourceFile
from sitegen.errors import SiteError
from sitegen.markup.articles.marks import Body
from sitegen.sources.config import Config
from sitegen.sources.content import Source, source_of
from sitegen.views.jobs import Job, stored_in
from sitegen.views.parts import Arrangement, Entries, Part, PartName, ThreadEntry


class SourceLibrary:
    """The texts of a site by key: from the memory, or from the files once more."""

    def __init__(
        self, memory: Memory, config: Config, sources: dict[bytes, tuple[SourceFile, ...]]
    ) -> None:
        """Take the memory, and for each key the files that its value is made from."""
        self.memory = memory
        self.config = config
        self.sources = sources
        self.arranged: tuple[bytes, int, Arrangement] | None = None

    def fetch(self, kind: str, key: Any) -> Body | Entries | Part | Source | bytes:
        """Return a `body`, the comments of a `thread`, a `part` of one, a `source`, or a `picture`."""
        if kind == darkroom.KIND:
            return darkroom.picture(self.memory, key)
        if kind == "source":
            return source_of(self.sources[key][0].path, disk.read(self.sources[key][0]))
        if kind == "part":
            return self._part(key)
        return self.body(key) if kind == "body" else self.entries(key)

    def _part(self, name: PartName) -> Part:
        """Return a part; the thread is kept, since its pages are printed one after the other."""
        if self.arranged is None or self.arranged[:2] != (name.thread, name.per_page):
            whole = Arrangement(self.entries(name.thread), name.per_page)
            self.arranged = (name.thread, name.per_page, whole)
        return self.arranged[2].part(name.number)

    def body(self, key: bytes) -> Body:
        """Return the text of a document."""
        data = self.memory.value(key)
        try:
            if data is not None:
                return BODY.decode(data)
        except (msgspec.MsgspecError, ValueError):
            pass
        file = self.sources[key][0]
        return read_document(self.config, file.path, disk.read(file))[1]

    def entries(self, key: bytes) -> Entries:
        """Return the comments of a thread."""
        data = self.memory.value(key)
        try:
            if data is not None:
                return ENTRIES.decode(data)
        except (msgspec.MsgspecError, ValueError):
            pass
        return tuple(self._entries(self.sources[key]))

    def _entries(self, files: Iterable[SourceFile]) -> Iterable[ThreadEntry]:
        for file in files:
            try:
                yield read_entry(self.config, file.path, read_comment_bytes(file), [])
            except SiteError:
                if self.config.comments.invalid != "skip":
                    raise

    def enclosed(self, job: Job) -> Enclosure:
        """Return a library of no more than an output is made from, for whoever has no other.

        Raises:
            SiteError: A file that has to be read once more cannot be read.
        """
        return Enclosure(
            {(one.kind, one.key): self._bytes(one.kind, one.key) for one in stored_in(job)}
        )

    def _bytes(self, kind: str, key: Any) -> bytes:
        if kind == "part":
            return encoded(self._part(key))
        kept = self.memory.value(key)
        if kept is not None:
            return kept
        return encoded(self.body(key) if kind == "body" else self.entries(key))


class Enclosure:
    """What a job needs of a library, sent along with it: nothing else is there to be had."""

    def __init__(self, values: Mapping[tuple[str, Any], bytes]) -> None:
        """Take kind and key -> the value in the form in which the memory keeps it."""
        self.values = values

    def fetch(self, kind: str, key: Any) -> Body | Entries | Part:
        """Return a `body`, the entries of a `thread`, or a `part` of one."""
        data = self.values[kind, key]
        if kind == "part":
            return PART.decode(data)
        return BODY.decode(data) if kind == "body" else ENTRIES.decode(data)
