"""Results of builds -> packs that a store keeps, and back: many results in one file, signed.

A store is asked by the file, and each request takes its time, so results travel by the pack.
Which pack holds a result is decided by its place (the path of its article, or of its output);
whether it is the one that is wanted is decided by its key, the digest of all that it is made
from. So a changed article costs its own result and not those of its neighbours.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import msgspec

from sitegen.views.jobs import DIGEST_SIZE

MAX_BYTES = 64 << 20  # of a pack that is unpacked: what a damaged or malicious one may cost
_MAGIC = b"sitegen pack 1\n"
_SIGNED = 32  # bytes of a signature
_UNSIGNED = b"\0" * _SIGNED
_FEW = 64  # results in a pack: a request's time is little beside theirs, an edit's pack is small


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One result, in the form in which the memory of builds keeps it."""

    key: bytes
    """Digest of all that it was made from."""
    head: bytes
    value: bytes


class Shelf(msgspec.Struct, frozen=True):
    """All results of one kind that a build needs."""

    kind: str
    scope: bytes
    """Digest of what all of them depend on: builds that share none do not share packs either."""
    keys: Mapping[str, bytes]
    """Place -> key."""
    is_single: bool = False
    """Each result is large enough to travel alone."""

    def packs(self) -> dict[str, list[str]]:
        """Return the name of each pack -> the places of its results."""
        count = 1 << (len(self.keys) // _FEW).bit_length()
        folder = f"{self.kind}/{self.scope.hex()}"
        found: dict[str, list[str]] = defaultdict(list)
        for place in self.keys:
            digest = hashlib.blake2b(place.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            number = int.from_bytes(digest) % count
            name = digest.hex() if self.is_single else f"{count}/{number:04x}"
            found[f"{folder}/{name}"].append(place)
        return found

    def packs_of(self, places: Collection[str]) -> dict[str, list[str]]:
        """Return those packs in which something of some places lies, with these places only."""
        wanted = set(places)
        chosen = {
            name: [place for place in members if place in wanted]
            for name, members in self.packs().items()
        }
        return {name: members for name, members in chosen.items() if members}


def packed(name: str, entries: Iterable[Entry], secret: bytes = b"") -> bytes:
    """Return a pack; what would make it too large to be read is left out.

    Args:
        name: Under which it will lie; it is good under no other.
        entries: What it holds.
        secret: Known to all whose packs are trusted; without one it is not signed.
    """
    chosen = []
    total = 0
    for entry in entries:
        size = len(entry.head) + len(entry.value) + 100
        if total + size <= MAX_BYTES:
            chosen.append(entry)
            total += size
    data = zlib.compress(msgspec.msgpack.encode(chosen), 1)
    signature = _signature(name, data, secret) if secret else _UNSIGNED
    return b"".join((_MAGIC, _digest(name, data), signature, data))


def unpacked(name: str, pack: bytes, secret: bytes = b"") -> list[Entry]:
    """Return what a pack holds: nothing unless it is whole, of this name, and signed.

    Without a secret a signature is not asked for. It is checked before anything is unpacked.
    """
    digest, signature, data = (
        pack[len(_MAGIC) :][:DIGEST_SIZE],
        pack[len(_MAGIC) + DIGEST_SIZE :][:_SIGNED],
        pack[len(_MAGIC) + DIGEST_SIZE + _SIGNED :],
    )
    if not pack.startswith(_MAGIC) or digest != _digest(name, data):
        return []
    if secret and not hmac.compare_digest(signature, _signature(name, data, secret)):
        return []
    try:
        content = zlib.decompressobj().decompress(data, MAX_BYTES)  # cut there, it decodes no more
        return msgspec.msgpack.decode(content, type=list[Entry])
    except (zlib.error, msgspec.MsgspecError, ValueError):
        return []


def _digest(name: str, data: bytes) -> bytes:
    return _keyed(b"", name, data, DIGEST_SIZE)


def _signature(name: str, data: bytes, secret: bytes) -> bytes:
    return _keyed(hashlib.blake2b(secret).digest(), name, data, _SIGNED)


def _keyed(key: bytes, name: str, data: bytes, size: int) -> bytes:
    """Return a keyed digest of a name and of data, so that neither can pass into the other."""
    state = hashlib.blake2b(key=key, digest_size=size, person=b"sitegen pack")
    state.update(hashlib.blake2b(name.encode()).digest())
    state.update(data)
    return state.digest()
