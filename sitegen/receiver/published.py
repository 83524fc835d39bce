"""The published branch -> what the form needs to know of the site: its articles and their threads."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import threading
import time

import msgspec

from sitegen import disk
from sitegen.build.reading import read_document
from sitegen.errors import SiteError, printable
from sitegen.model.inheritance import completed
from sitegen.model.schedule import Clock
from sitegen.model.site import assemble
from sitegen.receiver.mirror import GitError, Mirror, Tree
from sitegen.receiver.settings import SettingsError
from sitegen.sources import comments, config, content
from sitegen.sources.comment_settings import CommentsState
from sitegen.sources.comments import Comment
from sitegen.sources.config import Config
from sitegen.sources.content import Document, content_key
from sitegen.views.addresses import absolute

_GLANCE = 5  # seconds for which the last look at our own copy counts
log = logging.getLogger("sitegen.receiver")


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
    place: str
    """What stands before `comments/` in the repository that takes them: empty, or `talk/`."""


class Site(msgspec.Struct, frozen=True):
    """What is published: a commit of the site's, and one of the comments', mostly the same."""

    tree: Tree
    talk: Tree
    place: str
    config: Config
    documents: dict[str, str]
    """Content path -> path of the file."""
    threads: dict[str, tuple[str, ...]]
    """Content path -> paths of its comments, from `place`."""


_Parsed = tuple[dict[str, Document], tuple[Comment, ...]]
"""An article with the sections above it, and its thread."""


class Published:
    """What is published, as far as our copy of the repository tells."""

    def __init__(self, mirror: Mirror, talk: Mirror) -> None:
        """Take the copies of the site and of its comments, which somebody else keeps fresh."""
        self.mirror = mirror
        self.talk = talk
        self.lock = threading.Lock()
        self.current: Site | None = None
        self.looked = 0.0
        self.trouble = ""
        self.parsed: dict[tuple[str, str, str], _Parsed] = {}

    def site(self) -> Site | None:
        """Return the site as it was fetched last; None while nothing was.

        One asks git at a time, and nobody who can do with what is known waits for the answer.
        """
        if self.current is None:
            with self.lock:
                if self.current is None:
                    self._look()
        elif time.monotonic() - self.looked > _GLANCE and self.lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self.lock.release()
        return self.current

    def _look(self) -> None:
        self.looked = time.monotonic()
        try:
            tips = (self.mirror.tip(), self.talk.tip())
            known = self.current
            if known is None or (known.tree.commit, known.talk.commit) != tips:
                self.current = _read_site(self.mirror, self.talk)
                self.parsed = {}
        except (SiteError, SettingsError) as error:
            said = error.problems[0].message if isinstance(error, SiteError) else str(error)
            if said != self.trouble:
                log.warning("the site cannot be read: %s", printable(said))
            self.trouble = said
        except (GitError, OSError):
            return  # what was known stays; nothing was fetched yet, or the courier tells why

    def article(self, key: str, now: dt.datetime) -> Article | None:
        """Return a published article or page by its content path; None if there is none."""
        site = self.site()
        if site is None or key not in site.documents:
            return None
        name = (site.tree.commit, site.talk.commit, key)
        known = self.parsed.get(name)
        if known is None:
            with self.lock:
                known = self.parsed.get(name) or self._parse(site, key)
                self.parsed[name] = known
        documents, thread = known
        path = site.documents[key]
        planned, _ = assemble(site.config, documents.values(), {}, Clock(now))
        if key not in planned.comments or path not in documents:
            return None
        url = absolute(site.config, planned.permalinks[path])
        state = planned.comments[key]
        return Article(key, documents[path].title, url, state, site.config, thread, site.place)

    def _parse(self, site: Site, key: str) -> _Parsed:
        """Return an article with the sections above it, and its thread; faulty files are left out."""
        parts = key.split("/")
        above = ["/".join(parts[:count]) for count in range(len(parts))]
        files = {site.documents[key], *(f"content/{folder}/_index.md" for folder in above)}
        there = sorted({one.replace("//", "/") for one in files} & site.tree.files.keys())
        documents = {}
        found = self.mirror.read([site.tree.files[path] for path in there])
        for path, data in zip(there, found, strict=True):
            with contextlib.suppress(SiteError):
                documents[path] = read_document(site.config, path, data)[0]
        thread = []
        paths = site.threads.get(key, ())
        said = self.talk.read([site.talk.files[site.place + path] for path in paths])
        for path, data in zip(paths, said, strict=True):
            with contextlib.suppress(SiteError):
                thread.append(comments.parse_comment(path, data, site.config.zone))
        return completed(documents, {}), tuple(thread)


def _read_site(mirror: Mirror, talk: Mirror) -> Site:
    tree = mirror.tree(mirror.tip())
    blob = tree.files.get(disk.CONFIG, "")
    settings = config.parse_config(mirror.read([blob])[0] if blob else b"")
    documents = {
        content_key(path): path
        for path in sorted(tree.files)
        if path.startswith(f"{content.FOLDER}/") and path.endswith(".md")
    }
    apart = talk is not mirror
    said = talk.tree(talk.tip()) if apart else tree
    place = "" if apart else _place(settings.comments.folder, tree)
    threads: dict[str, list[str]] = {}
    for path in said.files:
        inner = path.removeprefix(place)
        if path.startswith(f"{place}{comments.FOLDER}/") and inner.count("/") > 1:
            threads.setdefault(comments.target_of(inner), []).append(inner)
    paths = {key: tuple(found) for key, found in threads.items()}
    return Site(tree, said, place, settings, documents, paths)


def _place(folder: str, tree: Tree) -> str:
    """Return what stands before `comments/`, if the comments are in the site's own repository.

    Raises:
        SettingsError: They are not; a commit with a comment would put a folder where the site has
            a submodule, or nothing.
    """
    if folder == ".":
        return ""
    place = f"{folder.rstrip('/')}/"
    if any(path.startswith(place) for path in tree.files):
        return place
    cure = "set SITEGEN_RECEIVE_COMMENTS to the repository of the comments"
    message = f"`comments.folder: {folder}` is not in the site's repository; {cure}"
    raise SettingsError(message)
