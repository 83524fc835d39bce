"""The published branch -> what the form needs to know of the site: its articles and their threads."""

from __future__ import annotations

import datetime as dt
import threading
import time

import msgspec

from sitegen import disk
from sitegen.build.reading import read_document
from sitegen.errors import SiteError
from sitegen.model.due import Clock
from sitegen.model.inheritance import completed
from sitegen.model.site import assemble
from sitegen.receiver.mirror import GitError, Mirror, Tree
from sitegen.sources import comments, config, content
from sitegen.sources.comments import Comment
from sitegen.sources.config import Config
from sitegen.sources.content import Document, content_key
from sitegen.sources.conversation import CommentsState
from sitegen.views.addresses import absolute

_GLANCE = 5  # seconds for which the last look at our own copy counts


class Article(msgspec.Struct, frozen=True):
    """A document that readers may answer."""

    key: str
    title: str
    url: str
    """Its whole address."""
    state: CommentsState
    config: Config
    thread: tuple[Comment, ...]
    """Its comments, in no order."""


class Site(msgspec.Struct, frozen=True):
    """A commit of the site's."""

    tree: Tree
    config: Config
    documents: dict[str, str]
    """Content path -> path of the file."""
    threads: dict[str, tuple[str, ...]]
    """Content path -> paths of its comments."""


class Knowledge:
    """What is published, as far as our copy of the repository tells."""

    def __init__(self, mirror: Mirror) -> None:
        """Take the copy, which somebody else keeps fresh."""
        self.mirror = mirror
        self.lock = threading.Lock()
        self.current: Site | None = None
        self.looked = 0.0
        self.parsed: dict[str, tuple[dict[str, Document], tuple[Comment, ...]]] = {}

    def site(self) -> Site | None:
        """Return the site as it was fetched last; None while nothing was."""
        with self.lock:
            if self.current is None or time.monotonic() - self.looked > _GLANCE:
                self._look()
            return self.current

    def _look(self) -> None:
        self.looked = time.monotonic()
        try:
            tip = self.mirror.tip()
            if self.current is None or self.current.tree.commit != tip:
                self.current = _read_site(self.mirror, tip)
                self.parsed = {}
        except (GitError, SiteError, OSError):
            return  # what was known stays

    def article(self, key: str, now: dt.datetime) -> Article | None:
        """Return a published article or page by its content path; None if there is none."""
        site = self.site()
        if site is None or key not in site.documents:
            return None
        with self.lock:
            if key not in self.parsed:
                self.parsed[key] = self._parse(site, key)
            documents, thread = self.parsed[key]
        path = site.documents[key]
        planned, _ = assemble(site.config, documents.values(), {}, Clock(now))
        if key not in planned.comments or path not in documents:
            return None
        url = absolute(site.config, planned.permalinks[path])
        state = planned.comments[key]
        return Article(key, documents[path].title, url, state, site.config, thread)

    def _parse(self, site: Site, key: str) -> tuple[dict[str, Document], tuple[Comment, ...]]:
        """Return an article with the sections above it, and its thread; faulty files are left out."""
        parts = key.split("/")
        above = ["/".join(parts[:count]) for count in range(len(parts))]
        paths = {site.documents[key], *(f"content/{folder}/_index.md" for folder in above)}
        documents = {}
        for path in (one.replace("//", "/") for one in sorted(paths)):
            try:
                data = self.mirror.read(site.tree.files[path])
                documents[path] = read_document(site.config, path, data)[0]
            except (KeyError, SiteError):
                continue
        thread = []
        for path in site.threads.get(key, ()):
            try:
                data = self.mirror.read(site.tree.files[path])
                thread.append(comments.parse_comment(path, data, site.config.zone))
            except SiteError:
                continue
        return completed(documents, {}), tuple(thread)


def _read_site(mirror: Mirror, commit: str) -> Site:
    tree = mirror.tree(commit)
    blob = tree.files.get(disk.CONFIG, "")
    settings = config.parse_config(mirror.read(blob) if blob else b"")
    documents = {
        content_key(path): path
        for path in sorted(tree.files)
        if path.startswith(f"{content.FOLDER}/") and path.endswith(".md")
    }
    threads: dict[str, list[str]] = {}
    for path in tree.files:
        if path.startswith(f"{comments.FOLDER}/") and path.count("/") > 1:
            threads.setdefault(comments.target_of(path), []).append(path)
    return Site(tree, settings, documents, {key: tuple(found) for key, found in threads.items()})
