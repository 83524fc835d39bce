"""Comments as they come -> comments by article, on the disk, so that no export is too large.

A database of SQLite without a name lies in a temporary file that nobody else sees, and is
gone with the process.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import msgspec

from sitegen.importers.comments.found import Found


class Spool:
    """The comments of an import between reading and writing."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("pragma journal_mode = off")
        self._rows.execute("pragma cache_size = -16000")
        self._rows.execute("create table found (target text, data blob)")
        self._rows.execute("begin")
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Found)
        self.count = 0

    def add(self, target: str, found: Found) -> None:
        """Take a comment in."""
        self._rows.execute("insert into found values (?, ?)", (target, self._encoder.encode(found)))
        self.count += 1

    def threads(self) -> Iterator[tuple[str, list[Found]]]:
        """Yield the content path of each article with its comments, in the order of the export."""
        self._rows.execute("create index by_target on found (target)")
        targets = [
            row[0]
            for row in self._rows.execute("select distinct target from found order by target")
        ]
        for target in targets:
            rows = self._rows.execute(
                "select data from found where target = ? order by rowid", (target,)
            )
            yield target, [self._decoder.decode(row[0]) for row in rows]

    def close(self) -> None:
        """Delete everything."""
        self._rows.close()
