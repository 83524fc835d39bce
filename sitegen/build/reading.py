"""Files -> records and texts, each a function of the file's bytes and the configuration.

Two stages, made to run in any process: files go in, values come out. What an earlier build
read from the same bytes is not read again, only named.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
from markupsafe import Markup

from sitegen import disk
from sitegen.build.memory import Memory, content_digest
from sitegen.build.workers import Done, Stage
from sitegen.disk import SourceFile
from sitegen.errors import Location, Problem, Severity, SiteError, quoted
from sitegen.markup.articles.marks import Body
from sitegen.markup.untrusted.changes import Notes
from sitegen.markup.untrusted.formats import comment_html
from sitegen.model.threads import ThreadSummary, summarise
from sitegen.sources import comments, strict_yaml
from sitegen.sources.comments import Comment
from sitegen.sources.config import Config
from sitegen.sources.content import Document, parse_document
from sitegen.views.jobs import digest_of
from sitegen.views.parts import Entries, Part, ThreadEntry, anchor

T = TypeVar("T")


class Desk(msgspec.Struct, frozen=True):
    """What reading needs: the configuration, and the digest of all of it that reading depends on."""

    config: Config
    digest: bytes


class Folder(msgspec.Struct, frozen=True):
    """The comment files of one article."""

    target: str
    files: tuple[SourceFile, ...]
    digests: tuple[bytes, ...]
    """Of each file, where it is known; else empty."""


class Result(msgspec.Struct, frozen=True):
    """What came of one document or of one thread."""

    key: bytes
    digests: tuple[bytes, ...]
    """Of the files that were read, in order."""
    head: bytes = b""
    value: bytes = b""
    """Empty when the memory has both."""
    problems: tuple[Problem, ...] = ()


def reading_digest(config: Config, engine: bytes) -> bytes:
    """Return the digest of everything but the file that a record depends on."""
    settings = config.comments
    rules = (config.timezone, config.formats, config.taxonomies, config.dialect)
    return digest_of(engine, *rules, settings.format, settings.invalid)


class Writing(msgspec.Struct, frozen=True):
    """The bytes that one result is made of."""

    key: bytes
    digests: tuple[bytes, ...]
    """Of each file, in order; empty for one that could not be read."""
    files: dict[str, bytes]
    """Path -> bytes."""
    problems: tuple[Problem, ...] = ()
    """Of the files that could not be read."""


class _Reading(Stage[T, Writing, Result, Result]):
    """What reading documents and reading threads have in common: a desk, and a memory to ask."""

    def __init__(self, desk: Desk, memory: Memory | None = None) -> None:
        self.tool = desk
        self.memory = memory

    def known(self, key: bytes, digests: tuple[bytes, ...]) -> Done[Result] | None:
        """Return a result that an earlier build kept."""
        if self.memory is None or self.memory.is_empty:
            return None
        head = self.memory.head(key)
        return None if head is None else Done(Result(key, digests, head))

    def keep(self, answer: Result) -> Result:
        """Return the result: who has asked for it keeps it."""
        return answer


class Documents(_Reading[SourceFile]):
    """Markdown files -> what each holds."""

    def fetch(self, item: SourceFile) -> Writing | Done[Result]:
        """Read a file."""
        try:
            data = disk.read(item)
        except SiteError as error:
            return Done(Result(b"", (b"",), problems=error.problems))
        digest = content_digest(data)
        key = document_key(self.tool, item.path, digest)
        return self.known(key, (digest,)) or Writing(key, (digest,), {item.path: data})

    @staticmethod
    def work(tool: Desk, task: Writing) -> Result:
        """Return what a Markdown file holds."""
        [(path, data)] = task.files.items()
        try:
            document, body = read_document(tool.config, path, data)
        except SiteError as error:
            return Result(task.key, task.digests, problems=error.problems)
        return Result(task.key, task.digests, encoded(document), encoded(body))


def read_document(config: Config, path: str, data: bytes) -> tuple[Document, Body]:
    """Return a document and its text, as the site understands them.

    Raises:
        SiteError: With every fault of its front matter.
    """
    return parse_document(path, data, config.zone, config.taxonomies, config.dialect)


def document_key(desk: Desk, path: str, digest: bytes) -> bytes:
    """Return the key of a document: its name and bytes, and what reading depends on."""
    return digest_of("document", path, digest, desk.digest)


class Threads(_Reading[Folder]):
    """The comment files of articles -> what those of each hold."""

    def fetch(self, item: Folder) -> Writing | Done[Result]:
        """Read the files of a thread.

        Digests are of the bytes that are read here: a file may have been saved since it was
        looked at.
        """
        data: dict[str, bytes] = {}
        problems: list[Problem] = []
        for file in item.files:
            try:
                data[file.path] = read_comment_bytes(file)
            except SiteError as error:
                problems += error.problems
        read = (data.get(file.path) for file in item.files)
        digests = tuple(b"" if one is None else content_digest(one) for one in read)
        key = thread_key(self.tool, item, digests)
        known = None if problems else self.known(key, digests)
        return known or Writing(key, digests, data, tuple(problems))

    @staticmethod
    def work(tool: Desk, task: Writing) -> Result:
        """Return what the comment files of an article hold."""
        entries = []
        problems = list(task.problems)
        warnings: list[Problem] = []
        for path, content in task.files.items():
            try:
                entries.append(read_entry(tool.config, path, content, warnings))
            except SiteError as error:
                problems += error.problems
        problems = [*in_force(tool.config, problems), *warnings]
        summary = summarise((entry.comment for entry in entries), task.key)
        summary = msgspec.structs.replace(summary, problems=(*problems, *summary.problems))
        return Result(task.key, task.digests, encoded(summary), encoded(tuple(entries)))


def thread_key(desk: Desk, folder: Folder, digests: tuple[bytes, ...]) -> bytes:
    """Return the key of a thread: the names and bytes of its files, and what reading depends on."""
    return digest_of("thread", [file.path for file in folder.files], digests, desk.digest)


def in_force(config: Config, problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems of comment files as warnings if the site leaves faulty comments out."""
    if config.comments.invalid != "skip":
        return list(problems)
    return [msgspec.structs.replace(problem, severity=Severity.WARNING) for problem in problems]


def read_comment_bytes(file: SourceFile) -> bytes:
    """Return a comment file's bytes; a longer file is refused after its first 64 KiB.

    Raises:
        SiteError: Its name is no comment's, or it cannot be read.
    """
    wrong_name = comments.file_problem(file.path)
    if wrong_name:
        raise SiteError(wrong_name)
    return disk.read(file, limit=strict_yaml.STRANGERS.size)


def read_entry(config: Config, path: str, data: bytes, warnings: list[Problem]) -> ThreadEntry:
    """Return a comment with its sanitized text.

    Args:
        config: Tells the zone and the text formats.
        path: Of its file, from the site's root.
        data: The file's bytes.
        warnings: Gets one if the text had to be shown as it was written.

    Raises:
        SiteError: With every fault of the file.
    """
    comment = comments.parse_comment(path, data, config.zone)
    notes = Notes(wanted=False)
    html = _html(config, comment, notes)
    if notes.refusal:
        message = f"the comment is shown without tags and links: {notes.refusal}"
        hint = "nothing of it is lost; shorten or simplify it if that is worth it"
        place = Location(path)
        warnings.append(Problem("shown-as-text", message, place, hint, Severity.WARNING))
    return ThreadEntry(comment, html)


def _html(config: Config, comment: Comment, notes: Notes) -> Markup:
    text_format = config.text_format(comment.format)
    if text_format is None:
        message = f"{quoted(comment.format)} is no text format of this site"
        hint = f"known: {', '.join(sorted(known.name for known in config.formats))}"
        raise SiteError(Problem("text-format", message, Location(comment.path), hint))
    return (
        Markup("")
        if comment.removed
        else comment_html(comment.body, text_format, f"{anchor(comment)}-", notes)
    )


_ENCODER = msgspec.msgpack.Encoder(enc_hook=str)


def encoded(value: Document | Body | ThreadSummary | Entries | Part) -> bytes:
    """Return a record as bytes, for the memory or for another process."""
    return _ENCODER.encode(value)


def _restored(kind: type, value: Any) -> Any:
    """Return Markup that `comment_html` made once: the seal of the memory vouches for it."""
    assert kind is Markup  # the one type of these records that the library does not know
    return Markup(value)  # noqa: S704


BODY = msgspec.msgpack.Decoder(Body)
ENTRIES = msgspec.msgpack.Decoder(Entries, dec_hook=_restored)
PART = msgspec.msgpack.Decoder(Part, dec_hook=_restored)
