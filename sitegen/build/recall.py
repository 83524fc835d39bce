"""What the last build saw and made, compared with what is there now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.build.memory import content_digest
from sitegen.build.output import is_at_rest
from sitegen.build.state import (
    Look,
    Row,
    Seal,
    State,
    contents_digest,
    is_settled,
    look_of,
    stamps_digest,
)
from sitegen.disk import Scan, SourceFile
from sitegen.errors import SiteError
from sitegen.model.schedule import Clock


def is_in_force(seal: Seal, inputs: Scan, clock: Clock, folder: Path) -> bool:
    """Return whether the last build is what this one would be, if no file has changed.

    Args:
        seal: After the last build; the circumstances are known to be equal.
        inputs: All that a build may read.
        clock: Decides what is due.
        folder: The output folder.
    """
    return (
        seal.valid_from <= clock.now.timestamp() < seal.valid_until
        and not inputs.problems
        and is_at_rest(folder)
    )


def looks_same(seal: Seal, inputs: Scan, folder: Path) -> bool:
    """Return whether all inputs and outputs look as they did after the last build.

    Files that look the same but were touched too shortly before they were looked at are read.
    """
    return _is_same(seal.inputs, inputs.files, _digest) and _is_same(
        seal.outputs, disk.look(folder, seal.output_paths), _sha256
    )


def _is_same(
    look: Look, files: Sequence[SourceFile], digest: Callable[[SourceFile], bytes]
) -> bool:
    return look.stamps == stamps_digest(files) and all(
        digest(file) == look.unsettled[file.path] for file in files if file.path in look.unsettled
    )


def is_checkout(seal: Seal, inputs: Scan) -> bool:
    """Return whether most inputs look newer than the last build, though they may be equal.

    Then reading all of them is quicker than reading which of them were there before.
    """
    newer = sum(max(file.stamp[1:3]) >= seal.inputs_taken for file in inputs.files)
    return 2 * newer > len(inputs.files)


def read_digests(inputs: Scan) -> dict[str, bytes]:
    """Return path -> digest of all inputs, each of which is read."""
    return {file.path: _digest(file) for file in inputs.files}


def known_digests(state: State | None, inputs: Scan) -> dict[str, bytes]:
    """Return path -> digest of the inputs that the last build saw; those that look changed are read."""
    if state is None:
        return {}
    columns = zip(state.input_stamps, state.input_digests, strict=True)
    before = dict(zip(state.input_paths, columns, strict=True))
    digests = {}
    for file in inputs.files:
        if file.path in before:
            stamp, digest = before[file.path]
            same = stamp == file.stamp and is_settled(stamp, state.inputs_taken)
            digests[file.path] = digest if same and digest else _digest(file)
    return digests


def renewed(seal: Seal, inputs: Scan, digests: Mapping[str, bytes], folder: Path) -> Seal | None:
    """Return the seal of a build that finds every file unchanged, though some look new.

    None if a file has changed. So it is in a fresh checkout: every file looks new, and none is.
    An output that was altered since it was read looks too new to be trusted by its look.

    Args:
        seal: After the last build.
        inputs: All that a build may read.
        digests: Path -> digest of the inputs' bytes, of those that the last build saw.
        folder: The output folder.
    """
    known = [digests.get(file.path, b"") for file in inputs.files]
    if seal.inputs.contents != (contents_digest(inputs.files, known) or None):
        return None
    outputs = disk.look(folder, seal.output_paths)
    if not _is_same(seal.outputs, outputs, _sha256):
        sha256 = [_sha256(file) for file in outputs]
        if seal.outputs.contents != (contents_digest(outputs, sha256) or None):
            return None
        seal = msgspec.structs.replace(
            seal, outputs=look_of(Scan(tuple(outputs), (), inputs.taken), sha256)
        )
    return msgspec.structs.replace(seal, inputs_taken=inputs.taken, inputs=look_of(inputs, known))


def _digest(file: SourceFile) -> bytes:
    """Return the digest of a file's bytes; empty if it cannot be read."""
    try:
        return content_digest(disk.read(file))
    except SiteError:
        return b""


def rows_in_place(state: State | None, outputs: Iterable[SourceFile]) -> dict[str, Row]:
    """Return what is known of the outputs that lie in place as the last build left them.

    One that does not look the same, or was written a moment before it was looked at, is
    read: only equal bytes count.
    """
    if state is None:
        return {}
    columns = zip(
        state.output_keys, state.output_views, state.output_sha256, state.output_stamps, strict=True
    )
    known = dict(zip(state.output_paths, columns, strict=True))
    rows = {}
    for file in outputs:
        key, view, sha256, stamp = known[file.path]
        same = stamp == file.stamp and is_settled(stamp, state.outputs_taken)
        if same or _sha256(file).hex() == sha256:
            rows[file.path] = Row(key, view, sha256)
    return rows


def _sha256(file: SourceFile) -> bytes:
    """Return the SHA-256 of a file's bytes; empty if it cannot be read."""
    try:
        return hashlib.sha256(disk.read(file)).digest()
    except SiteError:
        return b""


def input_digests(inputs: Scan, known: Mapping[str, bytes]) -> list[bytes]:
    """Return the digest of every input file; what was not needed for reading is read now."""
    return [known.get(file.path) or _digest(file) for file in inputs.files]
