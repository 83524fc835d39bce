"""What the last good build of an output folder saw and made, kept until the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from sitegen.disk import Scan, SourceFile, Stamp
from sitegen.errors import Problem
from sitegen.model.schedule import HeldBack
from sitegen.views.jobs import digest_of


class Look(msgspec.Struct, frozen=True, array_like=True):
    """How some files look without being read; the digests of those whose look says too little."""

    stamps: bytes
    """Digest of all paths and stamps, in order."""
    contents: bytes
    """Digest of all paths and digests of bytes, in order; empty if a file could not be read."""
    unsettled: dict[str, bytes]
    """Path -> digest of each that was changed shortly before it was looked at."""


class Seal(msgspec.Struct, frozen=True, array_like=True):
    """What tells whether there is anything to do, and what is said if there is not.

    A build with nothing to do reads this and nothing else of the memory, so it is small.
    """

    circumstances: bytes
    """Digest of the engine and of all options."""
    valid_from: float
    valid_until: float
    """Seconds since 1970 between which the passing of time changes nothing."""
    history: bytes
    """Standing of the history, if dates are taken from it."""
    inputs_taken: int
    """When they were looked at."""
    inputs: Look
    output_paths: tuple[str, ...]
    """All outputs, and the manifest."""
    outputs: Look
    problems: tuple[Problem, ...]
    held_back: tuple[HeldBack, ...]
    counts: tuple[int, int, int]
    """Articles, pages, comments."""
    next_change: dt.datetime | None


class State(msgspec.Struct, frozen=True, array_like=True):
    """What a build that has something to do can take from the one before, in columns."""

    inputs_taken: int
    input_paths: list[str]
    input_stamps: list[Stamp]
    input_digests: list[bytes]
    document_keys: dict[str, bytes]
    thread_keys: dict[str, bytes]
    theme: bytes
    """Digest of the templates and strings."""
    closures: dict[str, bytes]
    """Template -> digest of all that it includes."""
    outputs_taken: int
    output_paths: list[str]
    output_stamps: list[Stamp]
    output_keys: list[bytes]
    output_views: list[bytes]
    output_sha256: list[str]


class Row(msgspec.Struct, frozen=True):
    """What the last build knew of an output that lies in place unaltered."""

    key: bytes
    view: bytes
    """Fingerprint of all that was rendered."""
    sha256: str


def look_of(scan: Scan, digests: Sequence[bytes]) -> Look:
    """Return how the files of a scan look; `digests` are those of their bytes."""
    recent = scan.taken - 2_000_000_000  # what is older is settled by any clock
    unsettled = {
        file.path: digest
        for file, digest in zip(scan.files, digests, strict=True)
        if max(file.stamp[1:3]) >= recent and not is_settled(file.stamp, scan.taken)
    }
    return Look(stamps_digest(scan.files), contents_digest(scan.files, digests), unsettled)


def stamps_digest(files: Sequence[SourceFile]) -> bytes:
    """Return the digest of the paths and stamps of files."""
    return digest_of([file.path for file in files], [file.stamp for file in files])


def contents_digest(files: Sequence[SourceFile], digests: Sequence[bytes]) -> bytes:
    """Return the digest of the paths and bytes of files; empty if one could not be read."""
    return digest_of([file.path for file in files], digests) if all(digests) else b""


def is_settled(stamp: Stamp, taken: int) -> bool:
    """Return whether an equal stamp means an equal file: git's rule for racy entries.

    A file that was changed just before it was looked at may be changed again within one tick
    of the file system's clock without showing it. Clocks of whole seconds get two of them.
    """
    latest = max(stamp[1], stamp[2])
    coarse = latest % 1_000_000_000 == 0
    return latest + (2_000_000_000 if coarse else 50_000_000) < taken
