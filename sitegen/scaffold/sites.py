"""A folder's name and the time -> the files of a new site that builds at once."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from sitegen import __version__, disk
from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.sources.comments import dump_moment

_STARTER = Path(__file__).parent / "site"
_MAY_BE_THERE = frozenset({".git"})


def new_site(folder: Path, now: dt.datetime) -> tuple[str, ...]:
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
    files = starter_files(folder.resolve().name, now)
    for path, content in files.items():
        disk.write_new(folder, path, content.encode())
    return tuple(files)


def starter_files(name: str, now: dt.datetime) -> dict[str, str]:
    """Return path -> text of the files of a new site, which is called by a name."""
    now = now.astimezone(dt.UTC)
    values = {
        "@TITLE@": json.dumps(name.strip() or "A new site", ensure_ascii=False),
        "@DATE@": f"{now:%Y-%m-%d %H:%M}",
        "@MOMENT@": dump_moment(now.replace(microsecond=0)),
        "@VERSION@": __version__,
    }
    files = {}
    for source in sorted(_STARTER.rglob("*")):
        if source.is_file():
            path = source.relative_to(_STARTER).as_posix()
            path = f".{path[4:]}" if path.startswith("dot-") else path
            text = source.read_text(encoding="utf-8")
            for mark, value in values.items():
                text = text.replace(mark, value)
            files[path] = text
    return files


def _refusal(folder: Path, message: str) -> SiteError:
    hint = "name a folder that is not there yet, or an empty one"
    return SiteError(Problem("not-empty", message, Location(folder.as_posix()), hint))
