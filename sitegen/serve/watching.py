"""The folders of a site -> what was saved in them, one burst at a time."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Self

from sitegen.disk import COMMENTS, CONFIG, CONTENT, STATIC, THEMES

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

_FOLDERS = (CONTENT, COMMENTS, STATIC, THEMES)
_QUIET = 0.03  # seconds without an event after which a burst is over
_LONGEST = 1.0  # seconds after which it is over in any case
_LOOK_AGAIN = 1.0  # seconds between looks at which folders there are
_TEMPORARY = re.compile(
    r".*~|\.#.*|#.*#|4913|.*\.(?:swp|swx|swpx|tmp|part|crdownload)|.*___jb_(?:tmp|old|bak)___"
    r"|\.goutputstream-.*|\.DS_Store|\.sb-.*|sed[A-Za-z0-9]{6}|\.[^/]+\.kate-swp",
    re.IGNORECASE,
)
_CHANGES = (
    "FileCreatedEvent",
    "FileModifiedEvent",
    "FileMovedEvent",
    "FileDeletedEvent",
    "FileClosedEvent",
    "DirCreatedEvent",
    "DirMovedEvent",
    "DirDeletedEvent",
)


def matters(path: str) -> bool:
    """Return whether a change at a path of the site, in POSIX form, may change the build.

    >>> [matters(path) for path in ("content/a.md", "content/.a.md.swp", "output/index.html")]
    [True, False, False]
    """
    parts = PurePosixPath(path).parts
    if not parts or any(_TEMPORARY.fullmatch(part) for part in parts):
        return False
    return parts == (CONFIG,) or parts[0] in _FOLDERS


class Watch:
    """Watches the folders that a build reads, also those that are made later."""

    def __init__(self, root: Path, apart: Path | None = None, *, polling: bool = False) -> None:
        """Begin to watch.

        Args:
            root: The site's folder.
            apart: The folder in which its comments/ lies; by default the same.
            polling: Look at the files once a second instead of asking the system.
        """
        self.root = root.resolve()
        self.apart = (apart or root).resolve()
        self.polling = polling
        self.seen: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.watched: dict[str, tuple[int, int, ObservedWatch]] = {}
        self.observer = self._observer()
        self.refresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop()

    def _stop(self) -> None:
        self.observer.stop()
        self.observer.join()

    def _observer(self) -> BaseObserver:
        from watchdog.observers import Observer
        from watchdog.observers.polling import PollingObserver

        observer: BaseObserver = PollingObserver() if self.polling else Observer()
        observer.start()
        return observer

    def refresh(self) -> None:
        """Watch what is there now; where the system has no watches left, look at the files instead."""
        try:
            self._watch_all()
        except OSError:
            if self.polling:
                raise
            self._stop()
            self.polling = True
            self.watched.clear()
            self.observer = self._observer()
            self._watch_all()

    def _watch_all(self) -> None:
        for name in ("", *_FOLDERS):
            place = (self.apart if name == COMMENTS else self.root) / name
            try:
                info = place.stat(follow_symlinks=not name)
            except OSError:
                self._forget(name)
                continue
            same = (info.st_dev, info.st_ino)
            if name in self.watched and self.watched[name][:2] == same:
                continue
            self._forget(name)
            if not place.is_dir() or (name and place.is_symlink()):
                continue
            try:
                watch = self._scheduled(place, recursive=bool(name))
            except FileNotFoundError:
                continue  # gone again
            self.watched[name] = (*same, watch)

    def _scheduled(self, place: Path, *, recursive: bool) -> ObservedWatch:
        """Watch a folder for changes alone: a build opens every folder, and to hear of that slows it."""
        from watchdog import events

        handler: Any = self  # it has the one method of a handler that is called
        kinds = [getattr(events, name) for name in _CHANGES]
        return self.observer.schedule(handler, str(place), recursive=recursive, event_filter=kinds)

    def _forget(self, name: str) -> None:
        known = self.watched.pop(name, None)
        if known is None:
            return
        with contextlib.suppress(KeyError, OSError):  # the folder is gone, and its watch with it
            self.observer.unschedule(known[2])

    def dispatch(self, event: FileSystemEvent) -> None:
        """Take note of an event; called by watchdog in a thread of its own."""
        for place in (event.src_path, event.dest_path):
            path = self._path(os.fsdecode(place)) if place else ""
            if matters(path):
                self.seen.put(path)

    def _path(self, place: str) -> str:
        for root in (self.root, self.apart):
            with contextlib.suppress(ValueError):
                return Path(place).relative_to(root).as_posix()
        return ""

    def bursts(self) -> Iterator[tuple[str, ...]]:
        """Yield the paths of each burst of changes, without end."""
        while True:
            self.refresh()
            try:
                paths = {self.seen.get(timeout=_LOOK_AGAIN)}
            except queue.Empty:
                continue
            end = time.monotonic() + _LONGEST
            while (left := end - time.monotonic()) > 0:
                try:
                    paths.add(self.seen.get(timeout=min(_QUIET, left)))
                except queue.Empty:
                    break
            self.refresh()
            yield tuple(sorted(paths))
