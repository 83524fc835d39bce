"""Pictures -> their width and height, read from the head of each file once."""

from __future__ import annotations

import io
from collections.abc import Mapping

import msgspec

from sitegen import disk
from sitegen.build.memory import Memory, content_digest
from sitegen.disk import SourceFile
from sitegen.errors import SiteError

_NOTE = "sizes of pictures"
_LARGEST = 1 << 15  # no display shows more, and a header may lie
UNKNOWN = (0, 0)


class Sizes:
    """The sizes of a site's pictures, by the bytes of their files: equal bytes, equal size."""

    def __init__(
        self, files: Mapping[str, SourceFile], digests: Mapping[str, bytes], memory: Memory
    ) -> None:
        """Take what is there.

        Args:
            files: The files below content/, by path.
            digests: Path -> digest of those that have not changed since the last build.
            memory: Has the sizes that earlier builds read.
        """
        self.files = files
        self.digests = digests
        self.memory = memory
        self.known = _decoded(memory.note(_NOTE))
        self.used: dict[bytes, tuple[int, int]] = {}

    def of(self, path: str) -> tuple[int, int]:
        """Return width and height of a picture in pixels, as it is shown; zeros if unknown."""
        digest = self.digests.get(path)
        if digest not in self.known:
            try:
                data = disk.read(self.files[path])
            except SiteError:
                return UNKNOWN  # the copy of the file will say so
            digest = content_digest(data)
            if digest not in self.known:
                self.known[digest] = size_of(data)
        assert digest is not None
        self.used[digest] = self.known[digest]
        return self.used[digest]

    def remember(self) -> None:
        """Keep the sizes that were asked for, and no others."""
        if self.used != _decoded(self.memory.note(_NOTE)):
            self.memory.write_down(_NOTE, msgspec.msgpack.encode(self.used))


def size_of(data: bytes) -> tuple[int, int]:
    """Return the width and the height that a picture is shown with, from its head; zeros if unknown."""
    import imagesize

    try:
        width, height = imagesize.get(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - a library that reads what anybody made up
        return UNKNOWN
    is_size = 0 < width <= _LARGEST and 0 < height <= _LARGEST
    return (int(width), int(height)) if is_size else UNKNOWN


_SIZES = msgspec.msgpack.Decoder(dict[bytes, tuple[int, int]])


def _decoded(data: bytes | None) -> dict[bytes, tuple[int, int]]:
    try:
        return _SIZES.decode(data) if data else {}
    except (msgspec.MsgspecError, ValueError):
        return {}
