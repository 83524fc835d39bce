"""A title -> the file of a new article or page, from its archetype."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path, PurePosixPath
from typing import Literal

from sitegen import disk
from sitegen.build.inputs import read_config
from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.markup.slugs import slugify
from sitegen.sources import content, decoding

FOLDER = "archetypes"
_MAX_NAME = 80
_PLAIN = re.compile(r"[^\W\d_][\w ]*[\w!?.]|[^\W\d_]")
_TYPED = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


def new_document(
    root: Path, kind: Literal["article", "page"], title: str, folder: str, now: dt.datetime
) -> str:
    """Write a new article or page and return its path.

    Args:
        root: The site's folder.
        kind: Which archetype is taken: the site's own, else that of the tool.
        title: Also gives the file its name.
        folder: Below content/; empty for its top.
        now: The date of an article.

    Raises:
        SiteError: There is such a file already, or what would be written is faulty.
    """
    settings, problems = read_config(root)
    if problems:
        raise SiteError(*problems)
    slug = slugify(title)[:_MAX_NAME].strip("-")
    path = str(PurePosixPath(content.FOLDER, folder, f"{slug}.md"))
    if not slug:
        hint = "write a title with at least one letter or digit"
        raise SiteError(Problem("value", "the title gives no file name", Location(path), hint))
    _refuse_twin(root, path)
    date = f"{now.astimezone(settings.zone):%Y-%m-%d %H:%M}"
    text = filled(_archetype(root, kind), title, date)
    content.parse_document(path, text.encode(), settings.zone)
    disk.write_new(root, path, text.encode())
    return path


def filled(archetype: str, title: str, date: str) -> str:
    r"""Return an archetype with `{title}` and `{date}` filled in; YAML gets its quotes.

    >>> filled("---\ntitle: {title}\n---\n# {title}\n", "No: 1", "")
    '---\ntitle: "No: 1"\n---\n# No: 1\n'
    """
    head, end, body = archetype.partition("\n---\n")
    is_plain = _PLAIN.fullmatch(title) and title.lower() not in _TYPED
    name = title if is_plain else json.dumps(title, ensure_ascii=False)
    return f"{_filled(head, name, date)}{end}{_filled(body, title, date)}"


def _filled(text: str, title: str, date: str) -> str:
    values = {"{title}": title, "{date}": date}
    return re.sub(r"\{(?:title|date)\}", lambda found: values[found[0]], text)


def _archetype(root: Path, kind: str) -> str:
    own = disk.find(root, f"{FOLDER}/{kind}.md")
    if own:
        return decoding.decode(disk.read(own), own.path)
    return (Path(__file__).parent / FOLDER / f"{kind}.md").read_text(encoding="utf-8")


def _refuse_twin(root: Path, path: str) -> None:
    """Raise if a file has the place already, by any file system's measure."""
    wanted = content.content_key(path).casefold()
    for file in disk.scan(root, [content.FOLDER]).files:
        if file.path.endswith(".md") and content.content_key(file.path).casefold() == wanted:
            message = f"there is {quoted(file.path, 120)} already"
            hint = "choose another title, or edit that file"
            raise SiteError(Problem("exists", message, Location(path), hint))
