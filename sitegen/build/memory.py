"""What earlier builds found out: results by the digest of their inputs, and the last state.

Only an accelerator. Delete it, damage it, bring it from another branch or another version:
the output is the same. Every value lies under the digest of all it was made from and carries
a digest of itself; what does not fit is as if it were not there. The file must lie where
only the author of the site writes; it holds rendered HTML.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from sitegen.build.columns import joined, parts_of
from sitegen.build.state import Seal, State
from sitegen.views.jobs import DIGEST_SIZE

T = TypeVar("T")
FOLDER = ".sitegen"
_FILE = "memory.sqlite"
_SCHEMA = "sitegen 4"
_NOTE = "REPLACE INTO state VALUES (?, ?)"
_SPARE = 2.0  # how many times what is in use may be kept for other branches


class Memory:
    """The folder in which results are kept; safe to use from a forked process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fresh: list[tuple[bytes, bytes, bytes]] = []
        self.process = os.getpid()
        self.connection = self._open()
        self.is_empty = self._one("SELECT 1 FROM head LIMIT 1", ()) is None

    def __getstate__(self) -> Path:
        return self.folder

    def __setstate__(self, folder: Path) -> None:
        self.__init__(folder)  # type: ignore[misc]

    def now(self) -> int:
        """Return the time by the clock that stamps files here, in nanoseconds since 1970.

        Where nothing can be written it is 0, so that no stamp is old enough to be trusted.
        """
        probe = self.folder / "clock"
        try:
            probe.write_bytes(b"")
            return probe.stat().st_mtime_ns
        except OSError:
            return 0

    def _open(self) -> sqlite3.Connection | None:
        """Open the file; one that is no memory of this version is replaced, one in use is not."""
        path = self.folder / _FILE
        try:
            return _connect(path)
        except (sqlite3.Error, OSError) as error:
            if _is_busy(error):
                return None
            self._throw_away()
            try:
                return _connect(path)
            except (sqlite3.Error, OSError):
                return None

    def _throw_away(self) -> None:
        for name in (_FILE, f"{_FILE}-journal"):
            with contextlib.suppress(OSError):
                (self.folder / name).unlink()

    def _write(self, *statements: tuple[str, Iterable[tuple[Any, ...]]]) -> None:
        """Do all of some statements or none; a file that refuses them makes way for a new one."""
        for _ in range(2):
            if self.connection is None or self.process != os.getpid():
                return
            try:
                with self.connection:
                    for statement, rows in statements:
                        self.connection.executemany(statement, rows)
            except sqlite3.Error as error:
                if _is_busy(error):
                    return
                self.close()
                self._throw_away()
                self.connection = self._open()
            else:
                return

    def close(self) -> None:
        """Close the file."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def seal(self, name: str) -> Seal | None:
        """Return what tells whether an output folder is current."""
        return decoded(self.note(name), Seal)

    def state(self, name: str) -> State | None:
        """Return the state of an output folder after its last good build."""
        return joined(lambda part: self.note(name + part))

    def heads(self) -> dict[bytes, bytes]:
        """Return all that planning needs: key -> head."""
        found = {}
        for key, data in self._all("SELECT key, data FROM head"):
            whole = _whole(key, data)
            if whole is not None:
                found[key] = whole
        return found

    def head(self, key: bytes) -> bytes | None:
        """Return one head."""
        row = self._one("SELECT data FROM head WHERE key = ?", (key,))
        return _whole(key, row[0]) if row else None

    def value(self, key: bytes) -> bytes | None:
        """Return one value: what only the page itself needs."""
        row = self._one("SELECT data FROM value WHERE key = ?", (key,))
        return _whole(key, row[0]) if row else None

    def note(self, name: str) -> bytes | None:
        """Return what was written down under a name."""
        row = self._one("SELECT data FROM state WHERE name = ?", (name,))
        return _whole(name.encode(), row[0]) if row else None

    def write_down(self, name: str, data: bytes) -> None:
        """Keep something small under a name of its own."""
        self._write((_NOTE, [_note(name, data)]))

    def keep(self, key: bytes, head: bytes, value: bytes) -> None:
        """Remember a result; it is on disk after `flush`."""
        self.fresh.append((key, _sealed(key, head), _sealed(key, value)))
        if len(self.fresh) >= 500:
            self.flush()

    def flush(self) -> None:
        """Write what was kept."""
        fresh, self.fresh = self.fresh, []
        if fresh:
            self._write(
                ("REPLACE INTO head VALUES (?, ?)", [(key, head) for key, head, _ in fresh]),
                ("REPLACE INTO value VALUES (?, ?)", [(key, value) for key, _, value in fresh]),
            )

    def save(self, name: str, seal: Seal, state: State) -> None:
        """Remember the state of an output folder."""
        self.flush()
        self._write(
            ("DELETE FROM state WHERE name > ? AND name < ?", [(f"{name} ", f"{name}!")]),
            (_NOTE, (_note(name + part, data) for part, data in parts_of(seal, state))),
        )

    def forget_but(self, keys: Iterable[bytes]) -> None:
        """Forget results that nobody has used for long: there are too many beside those in use."""
        used = set(keys)
        row = self._one("SELECT count(*) FROM head", ())
        if row is None or row[0] <= 1000 + _SPARE * len(used):
            return
        unused = [(key,) for (key,) in self._all("SELECT key FROM head") if key not in used]
        self._write(
            ("DELETE FROM head WHERE key = ?", unused), ("DELETE FROM value WHERE key = ?", unused)
        )

    def _one(self, query: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        if self.process != os.getpid():  # a connection must not be used across a fork
            _inherited.append(self.connection)
            self.process, self.connection = os.getpid(), self._open()
        if self.connection is None:
            return None
        try:
            row: tuple[Any, ...] | None = self.connection.execute(query, values).fetchone()
        except sqlite3.Error:
            return None
        return row

    def _all(self, query: str) -> Iterator[tuple[Any, ...]]:
        if self.connection is None:
            return
        with contextlib.suppress(sqlite3.Error):
            yield from self.connection.execute(query)


_inherited: list[sqlite3.Connection | None] = []  # never closed, since closing is a use


def _note(name: str, data: bytes) -> tuple[str, bytes]:
    return name, _sealed(name.encode(), data)


def content_digest(data: bytes) -> bytes:
    """Return the digest of a file's bytes."""
    return hashlib.blake2b(data, digest_size=DIGEST_SIZE).digest()


def _is_busy(error: Exception) -> bool:
    """Return whether another process has the file in hand, so that nothing is wrong with it."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    }


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=5)
    with contextlib.ExitStack() as undo, connection:
        undo.callback(connection.close)
        # A killed process loses nothing that was committed; if a failing machine does, it is noticed.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("CREATE TABLE IF NOT EXISTS schema (name TEXT PRIMARY KEY)")
        known = [name for (name,) in connection.execute("SELECT name FROM schema")]
        if known not in ([], [_SCHEMA]):
            message = "another version"
            raise sqlite3.DatabaseError(message)
        connection.execute("INSERT OR IGNORE INTO schema VALUES (?)", (_SCHEMA,))
        connection.execute("CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, data BLOB)")
        for table in ("head", "value"):
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {table} (key BLOB PRIMARY KEY, data BLOB)"
            )
        for column in ("name, data FROM state", "key, data FROM head", "key, data FROM value"):
            connection.execute(f"SELECT {column} LIMIT 0")
        undo.pop_all()
    return connection


def _seal_of(key: bytes, data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=DIGEST_SIZE, key=key[:64]).digest()


def _sealed(key: bytes, data: bytes) -> bytes:
    return _seal_of(key, data) + data


def _whole(key: Any, sealed: Any) -> bytes | None:
    """Return sealed data, or None if it is not what was sealed under this key."""
    if not isinstance(sealed, bytes) or not isinstance(key, bytes):
        return None
    data = sealed[DIGEST_SIZE:]
    return data if sealed.startswith(_seal_of(key, data)) else None


def decoded(data: bytes | None, kind: type[T]) -> T | None:
    """Return a record from its bytes; None if they are not of that kind."""
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except (msgspec.MsgspecError, ValueError):
        return None
