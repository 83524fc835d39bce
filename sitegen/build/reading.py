"""Files -> records and texts, each a function of the file's bytes and the configuration.

Made to run in any process: a batch of files goes in, values come out. What an earlier build
read from the same bytes is not read again, only named.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from markupsafe import Markup

from sitegen import disk
from sitegen.build import darkroom
from sitegen.build.memory import Memory, content_digest
from sitegen.disk import SourceFile
from sitegen.errors import Location, Problem, Severity, SiteError, quoted
from sitegen.markup.changes import Notes
from sitegen.markup.formats import comment_html
from sitegen.markup.marks import Body
from sitegen.model.threads import ThreadSummary, summarise
from sitegen.sources import comments, strict_yaml
from sitegen.sources.comments import Comment
from sitegen.sources.config import Config
from sitegen.sources.content import Document, Source, parse_document, source_of
from sitegen.views.comments import Entries, ThreadEntry, anchor
from sitegen.views.jobs import digest_of


class Desk(msgspec.Struct, frozen=True):
    """What reading needs: the configuration, and the digest of all of it that reading depends on."""

    config: Config
    digest: bytes
    memory: Memory | None = None

    def head(self, key: bytes) -> bytes | None:
        """Return the head of a result that an earlier build kept."""
        return self.memory.head(key) if self.memory and not self.memory.is_empty else None


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


def read_documents(desk: Desk, files: Iterable[SourceFile]) -> list[Result]:
    """Return what each Markdown file holds."""
    return [_read_document(desk, file) for file in files]


def _read_document(desk: Desk, file: SourceFile) -> Result:
    try:
        data = disk.read(file)
    except SiteError as error:
        return Result(b"", (b"",), problems=error.problems)
    digest = content_digest(data)
    key = document_key(desk, file.path, digest)
    head = desk.head(key)
    if head is not None:
        return Result(key, (digest,), head)
    try:
        document, body = read_document(desk.config, file.path, data)
    except SiteError as error:
        return Result(key, (digest,), problems=error.problems)
    return Result(key, (digest,), encoded(document), encoded(body))


def read_document(config: Config, path: str, data: bytes) -> tuple[Document, Body]:
    """Return a document and its text, as the site understands them.

    Raises:
        SiteError: With every fault of its front matter.
    """
    return parse_document(path, data, config.zone, config.taxonomies, config.dialect)


def document_key(desk: Desk, path: str, digest: bytes) -> bytes:
    """Return the key of a document: its name and bytes, and what reading depends on."""
    return digest_of("document", path, digest, desk.digest)


def read_threads(desk: Desk, folders: Iterable[Folder]) -> list[Result]:
    """Return what the comment files of each article hold."""
    return [_read_thread(desk, folder) for folder in folders]


def _read_thread(desk: Desk, folder: Folder) -> Result:
    # Digests are of the bytes that are read here: a file may have been saved since it was looked at.
    data: dict[str, bytes] = {}
    problems: list[Problem] = []
    for file in folder.files:
        try:
            data[file.path] = read_comment_bytes(file)
        except SiteError as error:
            problems += error.problems
    read = (data.get(file.path) for file in folder.files)
    digests = tuple(b"" if one is None else content_digest(one) for one in read)
    key = thread_key(desk, folder, digests)
    head = None if problems else desk.head(key)
    if head is not None:
        return Result(key, digests, head)
    entries = []
    warnings: list[Problem] = []
    for path, content in data.items():
        try:
            entries.append(read_entry(desk.config, path, content, warnings))
        except SiteError as error:
            problems += error.problems
    problems = [*in_force(desk.config, problems), *warnings]
    summary = summarise((entry.comment for entry in entries), key)
    summary = msgspec.structs.replace(summary, problems=(*problems, *summary.problems))
    return Result(key, digests, encoded(summary), encoded(tuple(entries)))


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


def encoded(value: Document | Body | ThreadSummary | Entries) -> bytes:
    """Return a record as bytes for the memory."""
    return _ENCODER.encode(value)


def _restored(kind: type, value: Any) -> Any:
    """Return Markup that `comment_html` made once: the seal of the memory vouches for it."""
    if kind is Markup:
        return Markup(value)  # noqa: S704
    raise NotImplementedError


_BODY = msgspec.msgpack.Decoder(Body)
ENTRIES = msgspec.msgpack.Decoder(Entries, dec_hook=_restored)


class SourceLibrary:
    """The texts of a site by key: from the memory, or from the files once more."""

    def __init__(
        self, memory: Memory, config: Config, sources: dict[bytes, tuple[SourceFile, ...]]
    ) -> None:
        """Take the memory, and for each key the files that its value is made from."""
        self.memory = memory
        self.config = config
        self.sources = sources

    def fetch(self, kind: str, key: Any) -> Body | Entries | Source | bytes:
        """Return a `body`, the entries of a `thread`, the `source` of a document, or a `picture`."""
        if kind == darkroom.KIND:
            return darkroom.picture(self.memory, key)
        if kind == "source":
            return source_of(self.sources[key][0].path, disk.read(self.sources[key][0]))
        return self.body(key) if kind == "body" else self.entries(key)

    def body(self, key: bytes) -> Body:
        """Return the text of a document."""
        data = self.memory.value(key)
        try:
            if data is not None:
                return _BODY.decode(data)
        except (msgspec.MsgspecError, ValueError):
            pass
        file = self.sources[key][0]
        return read_document(self.config, file.path, disk.read(file))[1]

    def entries(self, key: bytes) -> Entries:
        """Return the comments of a thread."""
        data = self.memory.value(key)
        try:
            if data is not None:
                return ENTRIES.decode(data)
        except (msgspec.MsgspecError, ValueError):
            pass
        return tuple(self._entries(self.sources[key]))

    def _entries(self, files: Iterable[SourceFile]) -> Iterable[ThreadEntry]:
        for file in files:
            try:
                yield read_entry(self.config, file.path, read_comment_bytes(file), [])
            except SiteError:
                if self.config.comments.invalid != "skip":
                    raise
