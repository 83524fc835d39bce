"""Names -> the files of a store, read and written many at once, by any plug-in of fsspec.

A store may be slow, full, foreign or gone. It is given a time for each answer; what does not
come in time, or goes wrong in any way, is one sentence, and the store is left alone from then on.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from sitegen.errors import printable
from sitegen.views.jobs import digest_of

T = TypeVar("T")
_FOLDER = "sitegen-1"  # below the address: what lies there is of this form
_PATIENCE = 10.0  # seconds
_MAGIC = re.compile(r"[*?\[]")
_USER = re.compile(r"(?<=://)[^/@\s]*@")


class StoreError(Exception):
    """What went wrong, in words."""


class Remote(msgspec.Struct, frozen=True):
    """Where other machines' results are, and what may be done there."""

    url: str
    read_only: bool = False
    secret: bytes = b""
    """Known to all whose packs are trusted; empty if whoever can write there is trusted."""
    patience: float = _PATIENCE
    """Seconds for an answer, beside those that are given for each result."""

    @property
    def name(self) -> str:
        """The address without the name and password of a user."""
        return without_user(self.url)

    @property
    def memory(self) -> str:
        """The name of the folder in which what comes from there is remembered.

        Another store, or another secret, is another reason to trust: it has another memory.
        """
        return f"remote-{digest_of(self.url, self.secret).hex()[:12]}"


class Store:
    """A folder somewhere, as one time after the other it is spoken to."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.system: Any = None
        self.root = ""
        self.failure = ""
        """What went wrong, if anything has; then every question is answered with nothing."""

    def read(self, names: Sequence[str], seconds: float) -> dict[str, bytes]:
        """Return the content of those files that are there, asked for all at once."""
        found: dict[str, Any] = self._ask(lambda: self._cat(names), seconds) or {}
        wrong = [one for one in found.values() if isinstance(one, Exception)]
        failures = [one for one in wrong if not isinstance(one, FileNotFoundError)]
        if failures:
            self.failure = _sentence(failures[0])
        return {name: data for name, data in found.items() if isinstance(data, bytes)}

    def write(self, files: Mapping[str, bytes], seconds: float) -> None:
        """Write files, all at once."""
        self._ask(lambda: self._pipe(files), seconds)

    def _cat(self, names: Sequence[str]) -> dict[str, Any]:
        system = self._opened()
        paths = {self._path(name): name for name in names}
        found: dict[str, Any] = system.cat(list(paths), on_error="return")
        return {paths[path]: data for path, data in found.items() if path in paths}

    def _pipe(self, files: Mapping[str, bytes]) -> None:
        system = self._opened()
        contents = {self._path(name): data for name, data in files.items()}
        try:
            system.pipe(contents)
        except FileNotFoundError:  # a system with real folders; others are not bothered with them
            for parent in {path.rpartition("/")[0] for path in contents}:
                system.makedirs(parent, exist_ok=True)
            system.pipe(contents)

    def _opened(self) -> Any:
        if self.system is None:
            try:
                from fsspec.core import url_to_fs
            except ImportError:
                message = "it needs fsspec: run pip install 'sitegen[remote-cache]'"
                raise StoreError(message) from None
            system, root = url_to_fs(self.url)
            if _MAGIC.search(root):
                raise StoreError("its address may hold none of * ? [")
            self.system, self.root = system, root.rstrip("/")
        return self.system

    def _path(self, name: str) -> str:
        return f"{self.root}/{_FOLDER}/{name}"

    def _ask(self, question: Callable[[], T], seconds: float) -> T | None:
        """Return the answer to a question, or None after a failure.

        It is asked in a thread, which is left behind if it hangs: nothing else ends a call
        that waits for a network or a disk.
        """
        if self.failure:
            return None
        answers: list[T] = []
        faults: list[Exception] = []

        def ask() -> None:
            try:
                answers.append(question())
            except Exception as error:  # noqa: BLE001 - every plug-in has its own
                faults.append(error)

        thread = threading.Thread(target=ask, name="remote cache", daemon=True)
        thread.start()
        thread.join(seconds)
        if answers:
            return answers[0]
        self.failure = _sentence(faults[0]) if faults else f"no answer in {seconds:.0f} seconds"
        return None


def without_user(text: str) -> str:
    """Return a text without the users and passwords in its addresses.

    >>> without_user("ftp://me:hush@host/cache")
    'ftp://host/cache'
    """
    return _USER.sub("", text)


def _sentence(error: Exception) -> str:
    """Return in words what went wrong; an address in it may hold a password."""
    said = printable(without_user(str(error)))
    return said if isinstance(error, StoreError) else f"{type(error).__name__}: {said}"
