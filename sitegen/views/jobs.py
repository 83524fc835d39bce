"""An output to be: a function and its arguments, whose digest is the output's key.

A view is made by a module-level function from nothing but its arguments, so the arguments
are the complete list of what an output depends on: nobody declares a dependency, and none
can be forgotten. Large values are named by their digest and fetched only when the view is
really made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import msgspec
from markupsafe import Markup

from sitegen.errors import Location
from sitegen.views.records import View

if TYPE_CHECKING:  # a build with nothing to do digests, and reads no document
    from sitegen.sources.content import Document

T = TypeVar("T")
DIGEST_SIZE = 16  # bytes; 128 bits, so that an accident is out of the question


class Known(Generic[T]):
    """A value whose digest is known, so that it is not computed again for each page."""

    __slots__ = ("digest", "value")

    def __init__(self, value: T, digest: bytes) -> None:
        self.value = value
        self.digest = digest


class Stored:
    """A value that lies in the library under a key; the digest is of the value."""

    __slots__ = ("digest", "key", "kind")

    def __init__(self, kind: str, key: Any, digest: bytes) -> None:
        self.kind = kind
        self.key = key
        self.digest = digest


class Library(Protocol):
    """Where stored values are."""

    def fetch(self, kind: str, key: Any) -> Any:
        """Return the value of a kind that lies under a key."""


class Holdings(msgspec.Struct, frozen=True):
    """Names of the texts that lie in the library."""

    documents: Mapping[str, Known[Document]]
    """Path of a source -> the document with its digest."""
    bodies: Mapping[str, Stored]
    """Path of a source -> its text."""
    threads: Mapping[str, Stored]
    """Content path -> the comments below it, where there are any."""

    def thread(self, document: Document) -> Stored | tuple[()]:
        """Return the comments of a document."""
        found: Stored | tuple[()] = self.threads.get(document.key, ())
        return found


class Job(msgspec.Struct, frozen=True):
    """One output: where, by which template, and the view as a function and its arguments."""

    path: str
    template: str
    source: Location
    """Who is to blame when another output wants the same place."""
    make: Callable[..., View]
    args: tuple[Any, ...]


def _encoded(value: Any) -> Any:
    if isinstance(value, Known | Stored):
        return value.digest
    if isinstance(value, Markup):
        return str(value)
    message = f"{type(value).__name__} has no canonical form"
    raise TypeError(message)


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_encoded)


def digest_of(*values: Any) -> bytes:
    """Return the digest of plain values: equal values have equal digests, in every process.

    Raises:
        TypeError: A value is neither a record nor a plain value, so it has no canonical form.
    """
    return hashlib.blake2b(_ENCODER.encode(values), digest_size=DIGEST_SIZE).digest()


def known(value: T) -> Known[T]:
    """Return a value with its digest."""
    return Known(value, digest_of(value))


def job_key(job: Job, engine: bytes) -> bytes:
    """Return the key of an output: the digest of all that its bytes depend on.

    Args:
        job: The output.
        engine: Digest of the code, the libraries and the theme's templates.
    """
    return digest_of(engine, job.make.__qualname__, job.template, job.args)


def make_view(job: Job, library: Library) -> View:
    """Return the view of an output."""
    return job.make(*(_loaded(argument, library) for argument in job.args))


def stored_in(job: Job) -> Iterator[Stored]:
    """Yield what has to be fetched from the library to make the view of an output."""
    pending = [*job.args]
    while pending:
        value = pending.pop()
        if isinstance(value, Stored):
            yield value
        elif type(value) is tuple:
            pending += value


def _loaded(value: Any, library: Library) -> Any:
    if isinstance(value, Known):
        return value.value
    if isinstance(value, Stored):
        return library.fetch(value.kind, value.key)
    if type(value) is tuple:
        return tuple(_loaded(item, library) for item in value)
    return value
