"""What the last build saw and made, compared with what is there now."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sitegen import disk
from sitegen.build.memory import Row, State, content_digest
from sitegen.build.output import is_at_rest
from sitegen.disk import Scan, SourceFile
from sitegen.errors import SiteError
from sitegen.model.due import Clock


def is_current(state: State, inputs: Scan, outputs: Scan, clock: Clock, folder: Path) -> bool:
    """Return whether the last build is what this one would be: nothing to do.

    The circumstances are known to be equal. Files that look the same but were touched too
    shortly before they were looked at are read.

    Args:
        state: After the last build.
        inputs: All that a build may read.
        outputs: What lies in the output folder.
        clock: Decides what is due.
        folder: The output folder.
    """
    if not state.valid_from <= clock.now.timestamp() < state.valid_until or inputs.problems:
        return False
    if state.input_paths != [file.path for file in inputs.files]:
        return False
    seen = {file.path: file for file in outputs.files}
    if not all(path in seen for path in state.output_paths):
        return False
    made = [seen[path] for path in state.output_paths]
    return (
        state.input_stamps == [file.stamp for file in inputs.files]
        and state.output_stamps == [file.stamp for file in made]
        and all(
            _digest(file) == digest
            for file, digest in zip(inputs.files, state.input_digests, strict=True)
            if not disk.is_settled(file.stamp, state.inputs_taken)
        )
        and all(
            _has_digest(file, sha256)
            for file, sha256 in zip(made, state.output_sha256, strict=True)
            if not disk.is_settled(file.stamp, state.outputs_taken)
        )
        and is_at_rest(
            folder,
            dict(zip(state.output_paths, state.output_sha256, strict=True)),
            state.manifest,
            state.outputs_taken,
        )
    )


def _digest(file: SourceFile) -> bytes:
    """Return the digest of a file's bytes; empty if it cannot be read."""
    try:
        return content_digest(disk.read(file))
    except SiteError:
        return b""


def rows_in_place(state: State | None, outputs: Scan) -> dict[str, Row]:
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
    for file in outputs.files:
        if file.path not in known:
            continue
        key, view, sha256, stamp = known[file.path]
        same = stamp == file.stamp and disk.is_settled(stamp, state.outputs_taken)
        if same or _has_digest(file, sha256):
            rows[file.path] = Row(key, view, sha256)
    return rows


def _has_digest(file: SourceFile, sha256: str) -> bool:
    try:
        return hashlib.sha256(disk.read(file)).hexdigest() == sha256
    except SiteError:
        return False


def input_digests(inputs: Scan, known: Mapping[str, bytes]) -> list[bytes]:
    """Return the digest of every input file; what was not needed for reading is read now."""
    return [known.get(file.path) or _digest(file) for file in inputs.files]
