"""Who may send how much: counted in sqlite under keyed digests, forgotten after a day."""

from __future__ import annotations

import contextlib
import ipaddress
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from sitegen.receiver.tokens import TokenMaker

_DAY = 86_400
_TABLES = """
create table if not exists buckets (who text primary key, level real not null, at real not null);
create table if not exists seen (digest text primary key, id text not null, at real not null);
create table if not exists taken (id text primary key, at real not null);
"""


class Limits:
    """The counters of all processes of a receiver.

    No address is stored: a row is found again by a digest that needs the secret, and holds
    the day, so that nobody can be followed from one day to the next. Where they cannot be read,
    every method raises `sqlite3.Error`, and no comment is taken.
    """

    def __init__(self, folder: Path, tokens: TokenMaker) -> None:
        """Open the counters in a folder; they are made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        self.tokens = tokens
        self.lock = threading.Lock()
        self.store = sqlite3.connect(
            folder / "counters.sqlite", isolation_level=None, check_same_thread=False, timeout=10
        )
        self.store.execute("pragma journal_mode = wal")
        self.store.execute("pragma synchronous = normal")
        self.store.executescript(_TABLES)
        self.cleared = 0.0

    def is_over(self, kind: str, address: str, now: float, burst: int, hourly: int) -> bool:
        """Take one from an address's bucket; return whether it was empty."""
        day = int(now // _DAY)
        who = self.tokens.digest(kind, _network(address), str(day))
        with self.lock, self._transaction():
            self._forget(now)
            row = self.store.execute(
                "select level, at from buckets where who = ?", (who,)
            ).fetchone()
            level, at = row or (float(burst), now)
            level = min(float(burst), level + max(0.0, now - at) * hourly / 3600)
            enough = level >= 1
            self.store.execute(
                "insert or replace into buckets values (?, ?, ?)", (who, level - enough, now)
            )
        return not enough

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self.store.execute("begin immediate")
        try:
            yield
        except BaseException:
            self.store.execute("rollback")
            raise
        self.store.execute("commit")

    def claim(self, digest: str, name: str, now: float) -> str:
        """Return the id under which a text came first within a day: this one, if it is new."""
        with self.lock:
            self.store.execute("insert or ignore into seen values (?, ?, ?)", (digest, name, now))
            row = self.store.execute("select id from seen where digest = ?", (digest,)).fetchone()
        return str(row[0])

    def take_over(self, digest: str, name: str, now: float) -> None:
        """Give a text to another id, since the first one never got to the disk."""
        with self.lock:
            self.store.execute("insert or replace into seen values (?, ?, ?)", (digest, name, now))

    def is_full(self, now: float, daily: int) -> bool:
        """Return whether as many comments as may be were taken in the last 24 hours."""
        with self.lock:
            row = self.store.execute(
                "select count(*) from taken where at > ?", (now - _DAY,)
            ).fetchone()
        return int(row[0]) >= daily

    def took(self, name: str, now: float) -> None:
        """Count a comment."""
        with self.lock:
            self.store.execute("insert or ignore into taken values (?, ?)", (name, now))

    def _forget(self, now: float) -> None:
        if abs(now - self.cleared) < 600:
            return
        self.cleared = now
        for table in ("buckets", "seen", "taken"):
            self.store.execute(f"delete from {table} where at < ?", (now - _DAY,))  # noqa: S608

    def close(self) -> None:
        """Close the file."""
        self.store.close()


def _network(address: str) -> str:
    """Return what one person has of addresses: one of IPv4, 2^64 of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
