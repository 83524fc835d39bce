"""The pictures of a site -> what is known of each, read from the head of its file once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import msgspec

from sitegen import disk
from sitegen.build.memory import Memory, content_digest
from sitegen.disk import SourceFile
from sitegen.errors import SiteError
from sitegen.pictures.looking import UNKNOWN, Look, look_at
from sitegen.views.pictures import Picture

_NOTE = "looks of pictures"


class Looks:
    """What is known of a site's pictures, by the bytes of their files: equal bytes, equal look."""

    def __init__(
        self, files: Mapping[str, SourceFile], digests: Mapping[str, bytes], memory: Memory
    ) -> None:
        """Take what is there.

        Args:
            files: The files that may be pictures, by path.
            digests: Path -> digest of those that have not changed since the last build.
            memory: Has what earlier builds found.
        """
        self.files = files
        self.digests = digests
        self.memory = memory
        self.known = _decoded(memory.note(_NOTE))
        self.used: dict[bytes, Look] = {}

    def of(self, path: str) -> Picture:
        """Return a picture of the site."""
        digest = self.digests.get(path, b"")
        if digest not in self.known:
            try:
                data = disk.read(self.files[path])
            except SiteError:
                return Picture(path, b"", UNKNOWN)  # the copy of the file will say so
            digest = content_digest(data)
            if digest not in self.known:
                self.known[digest] = look_at(data)
        self.used[digest] = self.known[digest]
        return Picture(path, digest, self.used[digest])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Keep what was asked for, and nothing else."""
        if self.used != _decoded(self.memory.note(_NOTE)):
            self.memory.write_down(_NOTE, msgspec.msgpack.encode(self.used))


_LOOKS = msgspec.msgpack.Decoder(dict[bytes, Look])


def _decoded(data: bytes | None) -> dict[bytes, Look]:
    try:
        return _LOOKS.decode(data) if data else {}
    except (msgspec.MsgspecError, ValueError):
        return {}
