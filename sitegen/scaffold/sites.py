"""A folder's name and the time -> the files of a new site that builds at once."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

from sitegen import __version__, disk
from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.sources.comments import dump_moment

_STARTER = Path(__file__).parent / "site"
_APART = Path(__file__).parent / "apart"
TALK = "talk"
"""The folder of the comments' own repository, in the folder of the site."""
_APART_LINE = re.compile(r"^( *)#apart (.*\n)", re.MULTILINE)
_MAY_BE_THERE = frozenset({".git"})


def new_site(folder: Path, now: dt.datetime, *, apart: bool = False) -> tuple[str, ...]:
    """Write a new site into a folder that is empty or not there; return the paths of its files.

    Raises:
        SiteError: There is something in the folder already.
    """
    try:
        there = sorted(one.name for one in folder.iterdir() if one.name not in _MAY_BE_THERE)
    except FileNotFoundError:
        there = []
    except NotADirectoryError:
        raise _refusal(folder, "this is a file, not a folder") from None
    if there:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise _refusal(folder, f"the folder is not empty: it holds {quoted(there[0])}{more}")
    files = starter_files(folder.resolve().name, now, apart=apart)
    for path, content in files.items():
        disk.write_new(folder, path, content.encode())
    return tuple(files)


def starter_files(name: str, now: dt.datetime, *, apart: bool = False) -> dict[str, str]:
    """Return path -> text of the files of a new site, which is called by a name.

    With `apart`, its comments lie in `talk/`, to be a repository of their own.
    """
    now = now.astimezone(dt.UTC)
    values = {
        "@TITLE@": json.dumps(name.strip() or "A new site", ensure_ascii=False),
        "@DATE@": f"{now:%Y-%m-%d %H:%M}",
        "@MOMENT@": dump_moment(now.replace(microsecond=0)),
        "@VERSION@": __version__,
    }
    files = {}
    for source, path in _sources(apart=apart):
        text = _APART_LINE.sub(r"\1\2" if apart else "", source.read_text(encoding="utf-8"))
        for mark, value in values.items():
            text = text.replace(mark, value)
        files[path] = text
    return files


def _sources(*, apart: bool) -> Iterator[tuple[Path, str]]:
    """Yield the file that each file of a new site is made from, and its path there."""
    for root in (_STARTER, _APART) if apart else (_STARTER,):
        for source in sorted(root.rglob("*")):
            path = source.relative_to(root).as_posix().replace("dot-", ".")
            if not source.is_file() or (
                apart and root is _STARTER and path.endswith("comments.yml")
            ):
                continue
            is_talk = apart and path.startswith(f"{disk.COMMENTS}/")
            yield source, f"{TALK}/{path}" if is_talk else path


def _refusal(folder: Path, message: str) -> SiteError:
    hint = "name a folder that is not there yet, or an empty one"
    return SiteError(Problem("not-empty", message, Location(folder.as_posix()), hint))
