"""What the last build saw and made, compared with what is there now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from sitegen import disk
from sitegen.build.memory import content_digest
from sitegen.build.output import is_at_rest
from sitegen.build.state import Look, Row, Seal, State, stamps_digest
from sitegen.disk import Scan, SourceFile
from sitegen.errors import SiteError
from sitegen.model.due import Clock


def is_current(seal: Seal, inputs: Scan, clock: Clock, folder: Path) -> bool:
    """Return whether the last build is what this one would be: nothing to do.

    The circumstances are known to be equal. Files that look the same but were touched too
    shortly before they were looked at are read.

    Args:
        seal: After the last build.
        inputs: All that a build may read.
        clock: Decides what is due.
        folder: The output folder.
    """
    return (
        seal.valid_from <= clock.now.timestamp() < seal.valid_until
        and not inputs.problems
        and _is_same(seal.inputs, inputs.files, _digest)
        and is_at_rest(folder)
        and _is_same(seal.outputs, disk.look(folder, seal.output_paths), _sha256)
    )


def _is_same(
    look: Look, files: Sequence[SourceFile], digest: Callable[[SourceFile], bytes]
) -> bool:
    return look.stamps == stamps_digest(files) and all(
        digest(file) == look.unsettled[file.path] for file in files if file.path in look.unsettled
    )


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
        same = stamp == file.stamp and disk.is_settled(stamp, state.outputs_taken)
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
