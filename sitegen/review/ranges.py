"""Two revisions -> what one proposes to change in the other, by names and object names alone."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from sitegen import git
from sitegen.errors import Location, Problem, SiteError, quoted

Kind = Literal["added", "edited", "deleted", "renamed"]
_OBJECT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
_USUAL = ("refs/remotes/origin/HEAD", "origin/main", "origin/master", "main", "master")
_TARGETS = ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
_KINDS: Mapping[str, Kind] = {"A": "added", "D": "deleted", "R": "renamed"}
_FILES = frozenset({"100644", "100755"})  # modes; 120000 is a link, 160000 a submodule


class Change(msgspec.Struct, frozen=True):
    """A file that differs between two commits."""

    kind: Kind
    path: str
    """From the root of the repository, as git spells it; bytes that are no UTF-8 are escaped."""
    old_path: str = ""
    """Where it was, for one that is renamed."""
    is_file: bool = True
    """False for a link or a submodule."""
    blob: str = ""
    """Name of the object that it becomes; empty for a deleted one."""
    old_blob: str = ""


class Range(msgspec.Struct, frozen=True):
    """What a branch proposes."""

    root: Path
    """A folder of the repository."""
    base: str
    """The commit that it is to be merged into; what is there counts as there."""
    head: str
    changes: tuple[Change, ...]
    """Between the point where the branch began and its end, by path."""


def find_range(root: Path, wanted: str) -> Range:
    """Return what a branch proposes.

    Args:
        root: A folder of the repository.
        wanted: `BASE` or `BASE..HEAD`, as git understands it; empty for the default branch.

    Raises:
        SiteError: No such commit is here, or the history is cut off before the two meet.
    """
    if git.ask(root, "rev-parse", "--git-dir") is None:
        hint = "run it in a clone of the repository, or name files with --files"
        raise _problem("there is no repository of git here", hint)
    first, dots, last = wanted.partition("..")
    base = _commit(root, first) if first else _default(root)
    head = _commit(root, last if dots and last else "HEAD")
    answer = git.ask(root, "merge-base", base, head)
    if not answer:
        message = "the two histories do not meet here"
        if git.ask(root, "rev-parse", "--is-shallow-repository") == b"true\n":
            message += ", since this clone is shallow"
        hint = "fetch all of it: `git fetch --unshallow`, or `fetch-depth: 0` in a workflow"
        raise _problem(message, hint)
    start = answer.decode("ascii").split("\n", 1)[0]
    return Range(root, base, head, _changes(root, start, head))


def _commit(root: Path, name: str) -> str:
    answer = None
    if not name.startswith("-"):
        answer = git.ask(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    said = (answer or b"").decode("ascii", "replace").strip()
    if not _OBJECT.fullmatch(said):
        remote, _, branch = name.partition("/")
        fetch = f"git fetch {remote} {branch}" if branch else f"git fetch origin {name}"
        hint = f"fetch it first: {quoted(fetch, 120)}; in a workflow, `fetch-depth: 0`"
        raise _problem(f"there is no commit {quoted(name)} here", hint)
    return said


def known_base(root: Path, wanted: str) -> str:
    """Return the commit that a range starts from; empty if there is none here."""
    for name in (wanted.partition("..")[0], ""):
        try:
            return _commit(root, name) if name else _default(root)
        except SiteError:
            continue
    return ""


def _default(root: Path) -> str:
    """Return the commit of the default branch, by what the forge says or its usual names."""
    target = next(filter(None, map(os.environ.get, _TARGETS)), "")
    if target:
        return _commit(root, f"origin/{target}")
    for name in _USUAL:
        try:
            return _commit(root, name)
        except SiteError:
            continue
    hint = "name it, as in `sitegen comments review origin/main`, after `git fetch origin main`"
    raise _problem("the default branch is not known here", hint)


def _changes(root: Path, start: str, head: str) -> tuple[Change, ...]:
    # Only a rename that changes nothing is one: to measure likeness means reading all files.
    answer = git.ask(
        *(root, "diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--find-renames=100%"),
        *("--no-ext-diff", "--no-textconv", start, head),
    )
    if answer is None:
        raise _problem("git cannot tell what was changed", "look at the branch with `git diff`")
    fields = answer.decode("utf-8", "surrogateescape").split("\0")
    found = []
    position = 0
    while position + 1 < len(fields):
        old_mode, mode, old_blob, blob, status = fields[position].lstrip(":").split(" ")
        path = old_path = fields[position + 1]
        position += 2
        if status[0] in "RC":
            path = fields[position]
            position += 1
        kind = _KINDS.get(status[0], "edited")
        now = old_mode if kind == "deleted" else mode
        found.append(
            Change(
                kind,
                _spelt(path),
                _spelt(old_path) if kind == "renamed" else "",
                now in _FILES,
                "" if kind == "deleted" else blob,
                "" if kind == "added" else old_blob,
            )
        )
    return tuple(sorted(found, key=lambda change: change.path))


def _spelt(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _problem(message: str, hint: str) -> SiteError:
    return SiteError(Problem("git", message, Location("."), hint))
