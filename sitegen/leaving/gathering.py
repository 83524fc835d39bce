"""A site's folder -> its comments, article by article."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.build.heads import read_heads
from sitegen.build.inputs import read_config
from sitegen.build.reading import read_comment_bytes
from sitegen.errors import Problem, SiteError
from sitegen.model.permalinks import permalink
from sitegen.model.threads import thread
from sitegen.sources.comments import FOLDER, Comment, parse_comment, target_of
from sitegen.sources.config import Config
from sitegen.sources.content import Document


class Thread(msgspec.Struct, frozen=True):
    """The comments of one article, tombstones too; by date, so that what is answered comes first."""

    target: str
    document: Document
    """One that says no more than its path, if the site has no such document."""
    url: str
    comments: tuple[Comment, ...]


class Gathering:
    """All comments of a site; files that cannot be read are problems, and no reason to keep the others."""

    def __init__(self, root: Path) -> None:
        """Read the configuration and what documents there are.

        Raises:
            SiteError: The configuration has faults.
        """
        self.config, problems = read_config(root)
        if problems:
            raise SiteError(*problems)
        self.root = root
        self.place = root / self.config.comments.folder
        self.problems: list[Problem] = []

    def comments(self) -> Iterator[Comment]:
        """Yield every comment, by path."""
        found = disk.scan(self.place, [FOLDER])
        self.problems += found.problems
        for file in sorted(found.files, key=lambda one: (target_of(one.path), one.path)):
            try:
                yield parse_comment(file.path, read_comment_bytes(file), self.config.zone)
            except SiteError as error:
                self.problems += error.problems

    def threads(self) -> Iterator[Thread]:
        """Yield the comments of each article."""
        documents = {one.key: one for one in read_heads(self.root, self.config)}
        for target, comments in itertools.groupby(self.comments(), key=lambda one: one.target):
            nobody = Document(path=f"content/{target}.md", kind="page", key=target, title=target)
            document = documents.get(target, nobody)
            yield Thread(target, document, _url(self.config, document), _in_order(comments))


def _url(config: Config, document: Document) -> str:
    return config.base_url.rstrip("/") + permalink(document, config.permalinks, config.zone)


def _in_order(comments: Iterator[Comment]) -> tuple[Comment, ...]:
    """Return comments in the order of reading; tombstones that nothing answers go last."""
    everything = tuple(comments)
    replies, _ = thread(everything)
    shown = [reply.comment for reply in replies]
    names = {comment.id for comment in shown}
    return (*shown, *(comment for comment in everything if comment.id not in names))


def same_name(one: str, other: str) -> bool:
    """Return whether two names are the same, whatever their case and blanks."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
