"""The published branch -> what the form needs to know of the site: its articles and their threads."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time

import msgspec

from sitegen import disk
from sitegen.build.reading import read_document
from sitegen.errors import SiteError, printable
from sitegen.model.due import Clock
from sitegen.model.inheritance import completed
from sitegen.model.site import assemble
from sitegen.receiver.mirror import GitError, Mirror, Tree
from sitegen.receiver.settings import SettingsError
from sitegen.sources import comments, config, content
from sitegen.sources.comments import Comment
from sitegen.sources.config import Config
from sitegen.sources.content import Document, content_key
from sitegen.sources.conversation import CommentsState
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


class Knowledge:
    """What is published, as far as our copy of the repository tells."""

    def __init__(self, mirror: Mirror, talk: Mirror) -> None:
        """Take the copies of the site and of its comments, which somebody else keeps fresh."""
        self.mirror = mirror
        self.talk = talk
        self.lock = threading.Lock()
        self.current: Site | None = None
        self.looked = 0.0
        self.trouble = ""
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
        return Article(key, documents[path].title, url, state, site.config, thread, site.place)

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
                data = self.talk.read(site.talk.files[site.place + path])
                thread.append(comments.parse_comment(path, data, site.config.zone))
            except SiteError:
                continue
        return completed(documents, {}), tuple(thread)


def _read_site(mirror: Mirror, talk: Mirror) -> Site:
    tree = mirror.tree(mirror.tip())
    blob = tree.files.get(disk.CONFIG, "")
    settings = config.parse_config(mirror.read(blob) if blob else b"")
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
