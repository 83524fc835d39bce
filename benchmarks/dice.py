"""Chance that is the same in every version of Python: made of `random()` alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

_Thing = TypeVar("_Thing")


class Dice:
    """Dice that always fall alike for the same name."""

    def __init__(self, name: str) -> None:
        self._roll = random.Random(name).random

    def chance(self, share: float) -> bool:
        """Return whether something happens that happens in this share of cases."""
        return self._roll() < share

    def between(self, low: int, high: int) -> int:
        """Return a number from `low` to `high`, both included."""
        return low + int(self._roll() * (high - low + 1))

    def one(self, things: Sequence[_Thing]) -> _Thing:
        """Return one of some things."""
        return things[int(self._roll() * len(things))]

    def several(self, things: Sequence[_Thing], count: int) -> list[_Thing]:
        """Return as many of some things, none twice."""
        left = list(things)
        return [left.pop(self.between(0, len(left) - 1)) for _ in range(count)]
