"""A site's folder -> its records: only what is new is read, and every fault is collected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sitegen import disk
from sitegen.build.exchange import Exchange
from sitegen.build.grouping import group_by_article
from sitegen.build.history import History, read_history
from sitegen.build.memory import Memory, decoded
from sitegen.build.reading import (
    Desk,
    Documents,
    Folder,
    Result,
    Threads,
    document_key,
    in_force,
    thread_key,
)
from sitegen.build.themes import read_theme
from sitegen.build.workers import Stage, Workers
from sitegen.disk import Scan, SourceFile
from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.model.inheritance import languages_of
from sitegen.model.threads import ThreadSummary
from sitegen.sources import comments, config, content
from sitegen.sources.config import Config
from sitegen.sources.content import Document
from sitegen.sources.theme import Theme

_WORTHWHILE = 400_000  # bytes to read and typeset: about half a second of work


class Inputs(msgspec.Struct, frozen=True):
    """All that a build is made from."""

    config: Config
    documents: dict[str, Document]
    """By path of the source."""
    document_keys: dict[str, bytes]
    threads: dict[str, ThreadSummary]
    """By content path."""
    thread_keys: dict[str, bytes]
    sources: dict[bytes, tuple[SourceFile, ...]]
    """Key -> the files that its value is made from."""
    files: tuple[SourceFile, ...]
    """What lies in content/ beside the Markdown, and is copied."""
    static: tuple[SourceFile, ...]
    theme: Theme
    theme_files: dict[str, SourceFile]
    """Name below the theme's static/ -> the file."""
    digests: dict[str, bytes]
    """Path -> digest of the bytes, for every Markdown and comment file that could be read."""
    history: History | None
    """When files were last changed, if the site asks."""
    unread: frozenset[str]
    """Paths of documents that could not be read, so that nobody is blamed for referring to them."""
    problems: tuple[Problem, ...]


def read_config(root: Path, base_url: str | None = None) -> tuple[Config, tuple[Problem, ...]]:
    """Return the site's configuration and its problems; `base_url` replaces the one in the file.

    A faulty configuration is replaced by one that is good enough to find the faults of all
    other files in the same run.

    Raises:
        SiteError: There is no config.yaml, so this is not a site.
    """
    data = disk.read(disk.config_file(root))
    try:
        settings = config.parse_config(data)
    except SiteError as error:
        return config.stand_in(data), error.problems
    return msgspec.structs.replace(settings, base_url=base_url) if base_url else settings, ()


def read_site(
    root: Path,
    found: Scan,
    desk: Desk,
    memory: Memory,
    digests: Mapping[str, bytes],
    workers: Workers,
    exchange: Exchange | None = None,
) -> Inputs:
    """Return everything in the site's folder, with the problems of all its files.

    Args:
        root: The site's folder.
        found: Its files.
        desk: The configuration.
        memory: Has what earlier builds read, and gets what this one reads.
        digests: Path -> digest of the files that the last build saw, as they are now.
        workers: Those who read.
        exchange: Brings what others have read into the memory.
    """
    by_top: dict[str, list[SourceFile]] = defaultdict(list)
    for file in found.files:
        by_top[file.path.split("/", 1)[0]].append(file)
    reader = _Reader(desk, memory, digests, workers, exchange)
    markdown = [file for file in by_top[content.FOLDER] if file.path.endswith(".md")]
    reader.read(markdown, by_top[comments.FOLDER])
    languages = {language for one in reader.documents.values() for language in languages_of(one)}
    chain, theme_files, problems = read_theme(root, desk.config, languages)
    history = read_history(root) if desk.config.dates_from_git else None
    return Inputs(
        config=desk.config,
        documents=reader.documents,
        document_keys=reader.document_keys,
        threads=reader.threads,
        thread_keys=reader.thread_keys,
        sources=reader.sources,
        files=tuple(file for file in by_top[content.FOLDER] if not file.path.endswith(".md")),
        static=tuple(by_top[disk.STATIC]),
        theme=chain,
        theme_files=theme_files,
        digests=reader.digests,
        history=history,
        unread=frozenset(reader.unread),
        problems=(
            *found.problems,
            *problems,
            *reader.problems,
            *(history.problems if history else ()),
        ),
    )


class _Reader:
    """Reads documents and threads, and keeps what it finds."""

    def __init__(
        self,
        desk: Desk,
        memory: Memory,
        digests: Mapping[str, bytes],
        workers: Workers,
        exchange: Exchange | None,
    ) -> None:
        self.desk = desk
        self.memory = memory
        self.workers = workers
        self.exchange = exchange
        self.digests = dict(digests)
        self.heads = memory.heads() if digests else {}
        self.documents: dict[str, Document] = {}
        self.document_keys: dict[str, bytes] = {}
        self.threads: dict[str, ThreadSummary] = {}
        self.thread_keys: dict[str, bytes] = {}
        self.sources: dict[bytes, tuple[SourceFile, ...]] = {}
        self.unread: set[str] = set()
        self.problems: list[Problem] = []

    def read(self, markdown: Sequence[SourceFile], talk: Sequence[SourceFile]) -> None:
        """Read all documents and threads; if somebody stops it, what was read stays known."""
        try:
            self.read_documents(markdown)
            self.read_threads(talk)
        finally:
            self.memory.flush()

    def read_documents(self, files: Sequence[SourceFile]) -> None:
        changed = []
        digests = {file.path: self.digests.get(file.path) for file in files}
        keys = {path: document_key(self.desk, path, one) for path, one in digests.items() if one}
        if self.exchange:
            self.heads |= self.exchange.documents(self.desk.digest, keys, self.heads)
        for file in files:
            key = keys.get(file.path)
            document = decoded(self.heads.get(key), Document) if key else None
            if key and document:
                self._put_document(file, key, document)
            else:
                changed.append(file)
        sizes = [file.stamp[0] for file in changed]
        for file, result in self._spread(Documents(self.desk, self.memory), changed, sizes):
            self.digests[file.path] = result.digests[0]
            self.problems += result.problems
            document = None if result.problems else self._head(result, Document)
            if document is None:
                self.unread.add(file.path)
            else:
                self._put_document(file, result.key, document)
        self._refuse_twins()

    def _put_document(self, file: SourceFile, key: bytes, document: Document) -> None:
        self.documents[file.path] = document
        self.document_keys[file.path] = key
        self.sources[key] = (file,)

    def _refuse_twins(self) -> None:
        """Two files may not claim one content path, by any file system's measure."""
        owners: dict[str, str] = {}
        for path in sorted(self.documents):
            key = self.documents[path].key
            other = owners.setdefault(key.casefold(), path)
            if other != path:
                message = f"the content path {quoted(key)} is already that of {quoted(other, 120)}"
                hint = "rename one of the two files"
                self.problems.append(Problem("collision", message, Location(path), hint))
                del self.documents[path]
                self.unread.add(path)

    def read_threads(self, files: Sequence[SourceFile]) -> None:
        groups, problems = group_by_article(files, self.digests)
        self.problems += in_force(self.desk.config, problems)
        keys = {
            group.target: thread_key(self.desk, group, group.digests)
            for group in groups
            if all(group.digests)
        }
        if self.exchange:
            self.heads |= self.exchange.threads(self.desk.digest, keys, self.heads)
        changed = [g for g in groups if not self._put_known_thread(g, keys.get(g.target))]
        costs = [sum(file.stamp[0] for file in group.files) * 2 for group in changed]
        for group, result in self._spread(Threads(self.desk, self.memory), changed, costs):
            for file, digest in zip(group.files, result.digests, strict=True):
                self.digests[file.path] = digest
            summary = self._head(result, ThreadSummary)
            assert summary is not None
            self._put_thread(group, result.key, summary)

    def _put_known_thread(self, group: Folder, key: bytes | None) -> bool:
        """Take a thread none of whose files has changed from the memory, if it is there."""
        summary = decoded(self.heads.get(key), ThreadSummary) if key else None
        if key is None or summary is None:
            return False
        self._put_thread(group, key, summary)
        return True

    def _put_thread(self, group: Folder, key: bytes, summary: ThreadSummary) -> None:
        self.threads[group.target] = summary
        self.thread_keys[group.target] = key
        self.sources[key] = group.files

    def _head(self, result: Result, kind: type[Any]) -> Any:
        """Return the head of a result; a new one is kept."""
        if result.value:
            self.memory.keep(result.key, result.head, result.value)
        return msgspec.msgpack.decode(result.head, type=kind)

    def _spread(
        self,
        stage: Stage[Any, Any, Result, Result],
        items: Sequence[Any],
        sizes: Sequence[int],
    ) -> Iterator[tuple[Any, Result]]:
        costs = [size + 500 for size in sizes]
        results = self.workers.in_batches(stage, items, costs, _WORTHWHILE)
        yield from zip(items, (result for batch in results for result in batch), strict=True)
