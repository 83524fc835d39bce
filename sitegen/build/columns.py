"""The state of a build <-> the parts in which the memory keeps it.

The state of a large site is large: it is encoded part by part, so that no second copy of it
is ever in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from sitegen.build.state import Seal, State
from sitegen.views.jobs import digest_of

_ROWS = 50_000  # of a column, in one part


def parts_of(seal: Seal, state: State) -> Iterator[tuple[str, bytes]]:
    """Yield a seal and the parts of a state, each with what its name ends in."""
    yield "", msgspec.msgpack.encode(seal)
    mark = digest_of(state.inputs_taken, state.outputs_taken)  # of no other state
    counts = {}
    for column in state.__struct_fields__:
        parts = _cut(getattr(state, column))
        counts[column] = len(parts)
        for number, part in enumerate(parts):
            yield f" {column} {number}", msgspec.msgpack.encode((mark, part))
    yield " ", msgspec.msgpack.encode((mark, counts))


def joined(part: Callable[[str], bytes | None]) -> State | None:
    """Return the state of which a function tells the parts; None if they do not make up one."""
    try:
        mark, counts = _decoded(part(" "), dict[str, int])
        columns = {}
        for column in msgspec.structs.fields(State):
            names = (f" {column.name} {number}" for number in range(counts[column.name]))
            parts = [_decoded(part(name), column.type) for name in names]
            if any(own != mark for own, _ in parts):
                return None
            columns[column.name] = _one([value for _, value in parts])
        return State(**columns)
    except (msgspec.MsgspecError, ValueError, LookupError):
        return None


def _decoded(data: bytes | None, kind: Any) -> tuple[bytes, Any]:
    if data is None:
        message = "a part is missing"
        raise LookupError(message)
    found: tuple[bytes, Any] = msgspec.msgpack.decode(data, type=tuple[bytes, kind])
    return found


def _cut(column: Any) -> list[Any]:
    """Return the parts of a column; what has no rows is one."""
    if not isinstance(column, list | dict):
        return [column]
    rows = list(column.items()) if isinstance(column, dict) else column
    parts = [rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS)] or [[]]
    return list(map(dict, parts)) if isinstance(column, dict) else parts


def _one(parts: list[Any]) -> Any:
    """Return a column of its parts."""
    first, *others = parts
    for part in others:
        first.update(part) if isinstance(first, dict) else first.extend(part)
    return first
