"""What a build knows of a large site is kept in parts, and taken as a whole or not at all."""

from __future__ import annotations

import msgspec
import pytest

from sitegen.build.columns import joined, parts_of
from sitegen.build.state import Look, Seal, State

ROWS = 120_000


def _state(rows: int, taken: int = 1) -> State:
    paths = [f"p{number}" for number in range(rows)]
    stamps = [(number, 2, 3, 4) for number in range(rows)]
    digests = [b"d%d" % number for number in range(rows)]
    keys = dict(zip(paths, digests, strict=True))
    return State(
        taken, paths, stamps, digests, keys, {}, b"theme", {"a.html": b"c"}, 7, paths, stamps,
        digests, digests, paths,
    )  # fmt: skip


def _parts(state: State) -> list[tuple[str, bytes]]:
    seal = Seal(
        b"", 0, 1, b"", 1, Look(b"", b"", {}), (), Look(b"", b"", {}), (), (), (0, 0, 0), None
    )
    (name, data), *parts = parts_of(seal, state)
    assert (name, msgspec.msgpack.decode(data, type=Seal)) == ("", seal)
    return parts


@pytest.mark.parametrize("rows", [0, 1, 50_000, ROWS])
def test_parts_make_up_the_state_again(rows: int) -> None:
    state = _state(rows)

    assert joined(dict(_parts(state)).get) == state


def test_no_part_grows_with_the_site() -> None:
    sizes = [len(data) for _, data in _parts(_state(ROWS))]

    assert max(sizes) < len(msgspec.msgpack.encode(_state(ROWS))) / 10


def test_a_part_that_is_missing_damaged_or_of_another_state_makes_all_of_it_void() -> None:
    parts = dict(_parts(_state(3)))
    others = dict(_parts(_state(3, taken=2)))

    assert joined({}.get) is None
    for name in parts:
        assert joined({one: data for one, data in parts.items() if one != name}.get) is None
        assert joined({**parts, name: b"\xc1"}.get) is None
        assert joined({**parts, name: others[name]}.get) is None
