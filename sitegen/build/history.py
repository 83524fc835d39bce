"""git -> when each document was last changed, in one pass; the history is an input like any file."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import msgspec

from sitegen import disk, git
from sitegen.errors import Location, Problem, Severity
from sitegen.views.jobs import digest_of


class History(msgspec.Struct, frozen=True):
    """What the history tells."""

    standing: bytes
    """Digest of what it is now; equal digests mean that it tells the same."""
    changes: Mapping[str, dt.datetime] = {}
    """Path of a file -> when it was last changed, for each that was changed since it was added."""
    problems: tuple[Problem, ...] = ()


def standing(root: Path) -> bytes:
    """Return the digest of the history of a site's folder: where it is, and where it is cut off."""
    said = _git(root, "rev-parse", "HEAD", "--is-shallow-repository", "--git-path", "shallow")
    if said is None:
        return digest_of("no history")
    head, is_shallow, place = said.rstrip("\n").split("\n")
    boundary = b""
    if is_shallow == "true":
        path = root / place
        file = disk.find(path.parent, path.name)
        boundary = disk.read(file) if file else b""
    return digest_of(head, is_shallow, boundary)


def read_history(root: Path) -> History:
    """Return when each file below content/ was last changed, and what is wrong with the history."""
    now = standing(root)
    form = "--format=%x01%at %P"
    said = _git(
        root, "log", "-z", "--name-only", "--no-renames", "--relative", form, "--", disk.CONTENT
    )
    shallow = _git(root, "rev-parse", "--is-shallow-repository")
    if said is None or shallow is None:
        message = "`dates_from_git` needs the history of git, and there is none of this folder"
        return History(now, problems=(_problem(message, "commit the site, or delete the key"),))
    is_shallow = shallow.strip() == "true"
    problems: tuple[Problem, ...] = ()
    if is_shallow:
        message = (
            "the history of git is cut off (a shallow clone), so some files seem never changed"
        )
        hint = "fetch all of it: `git fetch --unshallow`, or `fetch-depth: 0` in a workflow"
        problems = (_problem(message, hint),)
    return History(now, _changes(said), problems)


def _changes(log: str) -> dict[str, dt.datetime]:
    """Return the date of the newest commit of each file that has more than one.

    The first commit that names a file added it. In a shallow clone the commit at the end
    names every file that was there, so it tells of none of them when it was changed.
    """
    newest: dict[str, int] = {}
    changed: set[str] = set()
    for commit in log.split("\x01")[1:]:
        head, _, names = commit.partition("\0")
        moment = int(head.split(" ", 1)[0])
        for name in names.lstrip("\n").split("\0"):
            path = unicodedata.normalize("NFC", name)
            if path in newest:
                changed.add(path)
            elif path:
                newest[path] = moment
    return {path: dt.datetime.fromtimestamp(newest[path], dt.UTC) for path in sorted(changed)}


def _problem(message: str, hint: str) -> Problem:
    return Problem("history", message, Location(disk.CONFIG), hint, Severity.WARNING)


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git prints; None if there is no git, or no history of this folder."""
    answer = git.ask(root, *arguments)
    return None if answer is None else answer.decode("utf-8", "replace")
