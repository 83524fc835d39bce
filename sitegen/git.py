"""Questions to git, and its answers: nothing that a repository brings is run.

A stranger chooses what is in a commit, and `.gitattributes` with it. So no hook, pager, filter,
text conversion or outside diff is ever used, nothing is fetched, names come with `-z`, and
every answer has a limit.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_OF_OTHERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")  # set where a hook runs
_QUIET: Mapping[str, str] = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_SETTINGS = (
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "diff.external=",
    "diff.noprefix=false",
    "log.showSignature=false",
    "protocol.allow=never",  # a partial clone fetches nothing behind our back
)
_ALWAYS = tuple(word for setting in _SETTINGS for word in ("-c", setting))
MAX_ANSWER = 64_000_000
"""Bytes; the names of some hundred thousand files."""


def ask(root: Path, *arguments: str) -> bytes | None:
    """Return what git prints about the repository around a folder.

    None if there is no git, no repository, or no answer; or if it is longer than `MAX_ANSWER`.
    """
    try:
        with subprocess.Popen(  # noqa: S603 - no shell; arguments are ours or checked names
            _command(root, arguments),
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdout is not None
            answer = process.stdout.read(MAX_ANSWER + 1)
            if len(answer) > MAX_ANSWER:
                process.kill()
                return None
    except OSError:
        return None
    return answer if process.returncode == 0 else None


def blobs(root: Path, names: Iterable[str], limit: int) -> dict[str, bytes]:
    """Return the content of objects by name; an object that is not there has none.

    Args:
        root: A folder of the repository.
        names: Hexadecimal object names.
        limit: Bytes; a longer blob is not read, and `limit + 1` blanks stand for it.
    """
    sizes = _sizes(root, sorted(set(names)))
    found = {name: b" " * (limit + 1) for name, size in sizes.items() if size > limit}
    small = [name for name, size in sizes.items() if size <= limit]
    for start in range(0, len(small), _BATCH):
        batch = small[start : start + _BATCH]
        answer = _batch(root, "--batch", batch)
        position = 0
        for name in batch:
            begin = answer.index(b"\n", position) + 1
            position = begin + sizes[name] + 1
            found[name] = answer[begin : position - 1]
    return found


_BATCH = 500  # of at most 64 KiB each: what is held in memory at once


def _sizes(root: Path, names: list[str]) -> dict[str, int]:
    """Return the size of each blob among the objects; what is missing or no blob is left out."""
    rows = _batch(root, "--batch-check", names).decode("ascii", "replace").splitlines()
    fields = (row.split(" ") for row in rows)
    return {row[0]: int(row[2]) for row in fields if len(row) == 3 and row[1] == "blob"}


def _batch(root: Path, how: str, names: list[str]) -> bytes:
    asked = "".join(f"{name}\n" for name in names).encode()
    done = subprocess.run(  # noqa: S603 - no shell; the names are git's own
        _command(root, ("cat-file", how)),
        env=_environment(),
        input=asked,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.stdout


def _command(root: Path, arguments: Sequence[str]) -> list[str]:
    return ["git", "-C", str(root), "--no-pager", "--literal-pathspecs", *_ALWAYS, *arguments]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _OF_OTHERS}
    return {**kept, **_QUIET}
