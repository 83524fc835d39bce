"""A Pelican site: articles and pages in Markdown with `Key: value` heads; settings read, never run."""

from __future__ import annotations

import ast
import posixpath
import re
from pathlib import PurePosixPath
from typing import Any

import msgspec

from sitegen.disk import Scan, SourceFile
from sitegen.errors import Location
from sitegen.importers.bodies import Repair, relative, repaired
from sitegen.importers.front_matter import Head, HeadError, read_pelican_head
from sitegen.importers.load import Load, Writing
from sitegen.importers.texts import text_of
from sitegen.importers.translating import DROP, OLD_URL, Translator
from sitegen.markup.slugs import slugify

SETTINGS = "pelicanconf.py"
KEYS = {
    "title": "title", "date": "date", "modified": "updated", "tags": "tags", "keywords": "tags",
    "slug": "slug", "author": "authors", "authors": "authors", "summary": "summary",
    "description": "description", "lang": "lang", "series": "series", "status": DROP,
    "save_as": OLD_URL, "url": OLD_URL, "template": DROP,
}  # fmt: skip
_COMMAND = re.compile(r"\{(?:filename|static|attach|author|category|index|tag)\}[^)\s\"]*")
_LINK = re.compile(r"\{(filename|static|attach)\}([^)\s\"#>]+)")
_OTHERS = (".rst", ".html", ".htm", ".ipynb", ".adoc", ".org")


def gather(folder: Scan, load: Load) -> None:
    """Bring what a Pelican site holds."""
    files = {file.path: file for file in folder.files}
    settings = _settings(files.get(SETTINGS), load)
    load.adopt(_our_settings(settings))
    top = str(settings.get("PATH") or "content").strip("./")
    for path, file in files.items():
        inner = path.removeprefix(f"{top}/")
        if inner == path:
            if path not in {SETTINGS, "publishconf.py"}:
                load.leave(path, 0, f"it lies outside {top}/, so it was left")
        elif path.endswith((".md", ".markdown", ".mkd")):
            _bring(file, inner, load, settings)
        elif path.endswith(_OTHERS):
            load.leave(path, 0, "only Markdown is read, so it was left", is_error=True)
        else:
            load.copy(f"content/{inner}", file)


def _settings(file: SourceFile | None, load: Load) -> dict[str, Any]:
    """Return the settings that are written out; nothing of the file is run."""
    found: dict[str, Any] = {}
    if file is None:
        return found
    try:
        tree = ast.parse(text_of(file))
    except (SyntaxError, ValueError) as error:  # ValueError for a zero byte in it
        load.leave(
            SETTINGS, getattr(error, "lineno", None) or 1, "this is not Python", is_error=True
        )
        return found
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except (ValueError, TypeError):
                load.leave(SETTINGS, node.lineno, f"`{node.targets[0].id}` is not a plain value")
    return found


def _our_settings(settings: dict[str, Any]) -> dict[str, Any]:
    names = {
        "title": "SITENAME", "base_url": "SITEURL", "description": "SITESUBTITLE",
        "author": "AUTHOR", "language": "DEFAULT_LANG", "timezone": "TIMEZONE",
    }  # fmt: skip
    return {key: settings[name] for key, name in names.items() if settings.get(name)}


def _bring(file: SourceFile, inner: str, load: Load, settings: dict[str, Any]) -> None:
    path = file.path
    try:
        head = read_pelican_head(text_of(file))
    except HeadError as error:
        load.leave(path, error.line, error.reason, is_error=True)
        return
    target = str(PurePosixPath("content", inner).with_suffix(".md"))
    translator = Translator(load, path, {**KEYS, **load.categories()})
    translator.take(_with_lists(head))
    given = {entry.key.lower(): str(entry.value).lower() for entry in head.entries}
    if given.get("status") in {"draft", "skip"}:
        translator.values["draft"] = "true"
    if given.get("status") == "hidden":
        translator.values["unlisted"] = "true"
    folder = inner.partition("/")[0] if "/" in inner else ""
    paths = settings.get("PAGE_PATHS")
    is_page = folder in (map(str, paths) if isinstance(paths, list | tuple) else ("pages",))
    if is_page and "date" in translator.values:
        translator.withdraw("date", "a page has no `date`")
    goal = load.categories()["category"]
    if folder and not is_page and "category" not in given:
        translator.values[goal] = [*translator.values.get(goal, []), folder]
    values = translator.finish()
    slug = values.get("slug") or slugify(values["title"])
    if slugify(PurePosixPath(target).stem) != slug and slug:
        values["slug"] = slug
    old = translator.old_url or _old_url(settings, values, slug, is_page=is_page)
    body = repaired(head.body, _rules(target), _COMMAND, load, (path, head.body_line))
    load.bring(Writing(target, values, body, Location(path), old))


def _with_lists(head: Head) -> Head:
    """Return the head with the lists that Pelican writes in one line."""
    splits = {"tags": ",", "keywords": ",", "category": "\0", "author": "\0", "authors": ";"}
    entries = []
    for entry in head.entries:
        mark = splits.get(entry.key.lower())
        if mark and isinstance(entry.value, str):
            mark = "," if mark == ";" and ";" not in entry.value else mark
            parts = [part.strip() for part in entry.value.split(mark) if part.strip()]
            entries.append(msgspec.structs.replace(entry, value=parts))
        else:
            entries.append(entry)
    return msgspec.structs.replace(head, entries=tuple(entries))


_TOKEN = re.compile(r"\{(\w+)(?::([^}]*))?\}")


def _old_url(settings: dict[str, Any], values: dict[str, Any], slug: str, *, is_page: bool) -> str:
    name, usual = ("PAGE_URL", "pages/{slug}.html") if is_page else ("ARTICLE_URL", "{slug}.html")
    year, _, rest = str(values.get("date", ""))[:10].partition("-")
    dates = {"%Y": year, "%m": rest[:2], "%d": rest[3:], "%y": year[2:]}

    def filled(match: re.Match[str]) -> str:
        if match[1] == "date" and match[2] and year:
            return re.sub("%[Ymdy]", lambda found: dates[found[0]], match[2])
        known = {"slug": slug, "lang": values.get("lang", "")}
        return known.get(match[1]) or match[0]

    url = _TOKEN.sub(filled, str(settings.get(name) or usual))
    return "" if "{" in url or "%" in url else f"/{url.lstrip('/')}"


def _rules(target: str) -> dict[re.Pattern[str], Repair]:
    def linked(match: re.Match[str]) -> str | None:
        name = re.sub(r"\.(?:markdown|mkd)$", ".md", match[2])
        if name.startswith("/") or match[1] == "static":
            return relative(f"content/{name.lstrip('/')}", target)
        return posixpath.normpath(name)

    return {_LINK: linked}
