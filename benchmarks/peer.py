"""What a generator is to the benchmark: how it is found, how a site is laid out for it, how it builds.

A peer has no state; `Project` is one workload laid out for one peer.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from benchmarks.articles import Article
from benchmarks.remarks import Remark
from benchmarks.workload import Workload

STAMP = "%Y-%m-%dT%H:%M:%SZ"


class Peer(ABC):
    """A generator, or one way to use it."""

    name: str
    does: str
    """What it does and what it leaves out."""
    output = "public"
    leavings: tuple[str, ...] = ()
    """What a clean build starts without, besides the output."""
    most = 10_000
    """Largest size at which it is built; above, it takes too long or too much memory."""
    is_slow = False
    """It is built at most twice for each figure."""

    @abstractmethod
    def argv(self) -> list[str] | None:
        """Return the command that builds the site in the current folder; None if not installed."""

    @abstractmethod
    def version(self) -> str: ...

    @abstractmethod
    def write_theme(self, root: Path, workload: Workload) -> None:
        """Write the configuration and the templates of equal work."""

    @abstractmethod
    def article_path(self, article: Article) -> str: ...

    def takes(self, workload: Workload) -> str:
        """Return why it is not built with this workload; empty if it is."""
        return "" if workload.size <= self.most else f"not run above {self.most:,} articles"

    def environment(self) -> Mapping[str, str]:
        return {}

    def article_text(self, article: Article) -> str:
        return f"---\n{front_matter(article)}---\n\n{article.body}"

    def comment_path(self, article: Article, comment: Remark) -> str:
        return f"comments/{article.slug}/{comment.id}.yaml"

    def comment_text(self, comment: Remark) -> str:
        return f"id: {quoted(comment.id)}\n{comment_yaml(comment)}"

    def page(self, article: Article) -> str:
        """Return the output that shows an article."""
        return f"{self.output}/{article.slug}/index.html"


class Project:
    """A workload laid out for a peer in a folder of its own."""

    def __init__(self, peer: Peer, root: Path, workload: Workload, argv: list[str]) -> None:
        self.peer = peer
        self.root = root
        self.workload = workload
        self.argv = argv
        self.changes = 0

    def lay_out(self) -> None:
        """Write all files."""
        shutil.rmtree(self.root, ignore_errors=True)
        self.peer.write_theme(self.root, self.workload)
        for article in self.workload.articles:
            write(self.root, self.peer.article_path(article), self.peer.article_text(article))
            for comment in self.workload.threads.get(article.slug, ()):
                self._write_comment(article, comment)

    def _write_comment(self, article: Article, comment: Remark) -> None:
        text = self.peer.comment_text(comment)
        write(self.root, self.peer.comment_path(article, comment), text)

    def clean(self) -> str:
        """Remove what earlier builds left."""
        for name in (self.peer.output, *self.peer.leavings):
            place = self.root / name
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink(missing_ok=True)
        return ""

    def leave(self) -> str:
        """Change nothing."""
        return ""

    def edit(self) -> str:
        """Add a paragraph to an article; return words that its page has to show then."""
        self.changes += 1
        words = f"the change number {self.changes} of this article"
        path = self.root / self.peer.article_path(self.workload.target)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nThis is {words}, and it is *short*.\n")
        return words

    def answer(self) -> str:
        """Add a comment to an article; return words that its page has to show then."""
        self.changes += 1
        words = f"the new answer number {self.changes} to this article"
        date = dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=self.changes)
        body = f"This is {words}.\n\nSee https://example.org/notes too."
        stamp = f"{date:%Y%m%d-%H%M%S}-new"
        self._write_comment(self.workload.target, Remark(stamp, "Nora New", date, body))
        return words

    def touch(self) -> str:
        """Give every source a new time, as a fresh checkout does; output and cache stay."""
        kept = {self.root / name for name in (self.peer.output, *self.peer.leavings)}
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if Path(folder, name) not in kept]
            for name in names:
                if Path(folder, name) not in kept:
                    os.utime(f"{folder}/{name}")
        return ""


def write(root: Path, path: str, text: str) -> None:
    """Write a file and the folders that it stands in."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def quoted(text: str) -> str:
    """Return a text as YAML, and as JSON."""
    return json.dumps(text, ensure_ascii=False)


def front_matter(article: Article, tags: str = "tags") -> str:
    """Return an article's keys as YAML."""
    if article.date is None:
        return f"title: {article.title}\n"
    lines = [
        f"title: {quoted(article.title)}",
        f"date: {article.date:{STAMP}}",
        f"slug: {article.slug}",
        f"description: {quoted(article.description)}",
        f"{tags}: [{', '.join(article.tags)}]",
        *(["draft: true"] if article.draft else []),
    ]
    return "\n".join(lines) + "\n"


def comment_yaml(comment: Remark) -> str:
    """Return a comment's keys as YAML, but for its id."""
    lines = [f"author: {quoted(comment.author)}", f"date: {comment.date:{STAMP}}"]
    if comment.url:
        lines.append(f"url: {quoted(comment.url)}")
    if comment.reply_to:
        lines.append(f"reply_to: {quoted(comment.reply_to)}")
    body = (f"  {line}".rstrip() for line in comment.body.split("\n"))
    return "\n".join([*lines, "body: |", *body]) + "\n"


def find(*names: str) -> Path | None:
    """Return a program or file below the folder of peers, else a program on PATH."""
    folder = os.environ.get("SITEGEN_PEERS")
    if folder:
        top = Path(folder).resolve()
        for name in names:
            for place in ("", "bin/", "*/", "*/bin/", "node_modules/", "*/node_modules/"):
                for found in sorted(top.glob(place + name)):
                    if found.is_file():
                        return found
    for name in names:
        program = shutil.which(name)
        if program:
            return Path(program)
    return None


def said(*argv: str | Path) -> str:
    """Return the first line that a command prints, as its version."""
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    return (done.stdout.strip() or done.stderr.strip()).split("\n")[0]
