"""The floors of the same run, as peers: they build nothing and are timed like the others."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from benchmarks import floor
from benchmarks.articles import Article
from benchmarks.peer import Peer, write
from benchmarks.workload import Workload


class Floor(Peer):
    """Something that has to be done at least, in a process of its own."""

    output = "output"

    def __init__(self, name: str, does: str, *arguments: str) -> None:
        self.name = name
        self.does = does
        self.arguments = arguments

    def argv(self) -> list[str]:
        return [sys.executable, *self.arguments]

    def version(self) -> str:
        return f"Python {platform.python_version()}"

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        write(root, "config.yaml", "title: Floor\n")

    def article_path(self, article: Article) -> str:
        return f"content/{article.slug}.md"


_SOURCES = ("content", "comments")
START = Floor("floor: start", "Starts Python and ends.", "-c", "pass")
LOOK = Floor(
    "floor: look",
    "Starts Python and takes the stat of every source.",
    str(floor.__file__),
    "look",
    *_SOURCES,
)
READ = Floor(
    "floor: read",
    "Starts Python, and reads and hashes every source.",
    str(floor.__file__),
    "read",
    *_SOURCES,
)
FLOORS = (START, LOOK, READ)
