"""What this machine has not found out yet -> what others have: the remote cache of a build.

It lies behind the memory: what that has is not asked for. Trusted is what is signed with the
secret, or, without one, whoever can write into the store; and no more than that: what comes
from a store is kept in a memory of its own, of which a build without it knows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sitegen.build.packs import Entry, Shelf, packed, unpacked
from sitegen.build.stores import Remote, Store
from sitegen.errors import Location, Problem, Severity

T = TypeVar("T")
Check = Callable[[str, Entry], bool]
FEW = 32  # results that are made sooner than a store is asked for them
_AT_ONCE = 32  # packs in one question: some megabytes
_FOR_EACH = 0.005  # seconds of patience for each result: about what making it takes


class RemoteCache:
    """Fetches what a build lacks, and puts what it had to make."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
        self.store = Store(remote.url)
        self.lacking: dict[str, set[str]] = {}
        """By kind of shelf: the places whose results neither the memory nor the store had."""

    def fetch(
        self, shelf: Shelf, missing: Collection[str], is_good: Check
    ) -> Iterator[tuple[str, Entry]]:
        """Yield place and result of what the store has of what is missing here.

        Args:
            shelf: All results of a kind.
            missing: The places of those that are not here.
            is_good: Tells whether a result can be what lies at a place.
        """
        lacking = self.lacking[shelf.kind] = set(missing)
        if len(missing) < _few(shelf):
            return  # sooner made than asked for
        for part in _parts(shelf.packs_of(missing).items(), _AT_ONCE):
            seconds = self.remote.patience + _FOR_EACH * sum(len(places) for _, places in part)
            packs = self.store.read([name for name, _ in part], seconds)
            for name, places in part:
                held = unpacked(name, packs.get(name, b""), self.remote.secret)
                entries = {entry.key: entry for entry in held}
                for place in places:
                    entry = entries.get(shelf.keys[place])
                    if entry and is_good(place, entry):
                        lacking.discard(place)
                        yield place, entry

    def put(self, shelf: Shelf, entry_of: Callable[[str, bytes], Entry | None]) -> None:
        """Put every pack in which something was lacking, if that is allowed.

        Args:
            shelf: All results of a kind.
            entry_of: Returns the result at a place with a key, if it is there.
        """
        if self.remote.read_only or len(shelf.keys) < _few(shelf):
            return
        lacking = self.lacking.get(shelf.kind, set())
        stale = {
            name: places for name, places in shelf.packs().items() if not lacking.isdisjoint(places)
        }
        for part in _parts(stale.items(), _AT_ONCE):
            if self.store.failure:
                return
            packs = {}
            for name, places in part:
                entries = (entry_of(place, shelf.keys[place]) for place in places)
                packs[name] = packed(name, filter(None, entries), self.remote.secret)
            seconds = self.remote.patience + _FOR_EACH * sum(len(places) for _, places in part)
            self.store.write(packs, seconds)

    def problems(self) -> tuple[Problem, ...]:
        """Return what went wrong: a warning, since it has only cost time."""
        if not self.store.failure:
            return ()
        message = f"the remote cache was left alone: {self.store.failure}"
        hint = "the site is complete without it; see to the address, the rights or the network"
        place = Location(self.remote.name)
        return (Problem("remote-cache", message, place, hint, Severity.WARNING),)


def _few(shelf: Shelf) -> int:
    return 1 if shelf.is_single else FEW


def _parts(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
