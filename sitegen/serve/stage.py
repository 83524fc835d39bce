"""What the browsers are shown: the number of the last build, its problems, and who waits for news."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

import msgspec

_REMEMBERED = 50  # builds whose changed files are known to who comes back


class Scene(msgspec.Struct, frozen=True):
    """The state of the site after a build."""

    number: int
    problems: tuple[str, ...] = ()
    """Each one as people read it; empty when all is fine."""


class Stage:
    """Holds the present scene; safe to use from many threads."""

    def __init__(self) -> None:
        self.scene = Scene(0)
        self.is_open = True
        self._changed: deque[tuple[int, tuple[str, ...]]] = deque(maxlen=_REMEMBERED)
        self._news = threading.Condition()

    def show(self, problems: Iterable[str], changed: Iterable[str] = ()) -> None:
        """Replace the scene and wake all who wait for that."""
        with self._news:
            self.scene = Scene(self.scene.number + 1, tuple(problems))
            self._changed.append((self.scene.number, tuple(changed)))
            self._news.notify_all()

    def close(self) -> None:
        """Send home all who wait."""
        with self._news:
            self.is_open = False
            self._news.notify_all()

    def wait(self, number: int, seconds: float) -> Scene:
        """Return the scene once it is another than that of a number, or after some seconds."""
        with self._news:
            self._news.wait_for(lambda: self.scene.number != number or not self.is_open, seconds)
            return self.scene

    def changed_since(self, number: int) -> tuple[str, ...]:
        """Return the paths of the outputs that builds after a number have changed or removed."""
        with self._news:
            paths = {path: None for one, paths in self._changed if one > number for path in paths}
            return tuple(paths)
