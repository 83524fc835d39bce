"""A Jekyll site: `_posts`, `_drafts`, pages, collections, files; Liquid in texts where it can be told."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath
from typing import Any

import msgspec

from sitegen.disk import Scan, SourceFile
from sitegen.errors import Location
from sitegen.importers.bodies import Repair, fenced, relative, repaired
from sitegen.importers.front_matter import Head, HeadError, read_head
from sitegen.importers.kramdown import without_attributes
from sitegen.importers.load import Load, Writing
from sitegen.importers.settings import settings_in
from sitegen.importers.texts import text_of
from sitegen.importers.translating import COMMENTS, DROP, OLD_URL, PUBLISHED, Translator
from sitegen.markup.slugs import slugify

SETTINGS = ("_config.yml", "_config.yaml", "_config.toml")
KEYS = {
    "title": "title", "date": "date", "last_modified_at": "updated", "modified": "updated",
    "author": "authors", "authors": "authors", "slug": "slug", "description": "description",
    "excerpt": "summary", "summary": "summary", "tags": "tags", "tag": "tags", "lang": "lang",
    "series": "series", "permalink": OLD_URL, "redirect_from": "aliases", "published": PUBLISHED,
    "draft": "draft", "comments": COMMENTS, "layout": DROP, "order": "order", "nav_order": "order",
}  # fmt: skip
_POST = re.compile(r"(?:(.*)/)?(?:_posts)/(?:.*/)?(\d{4})-(\d{1,2})-(\d{1,2})-(.+)")
_MARKDOWN = {".md", ".markdown", ".mkd", ".mkdn", ".mkdown", ".html"}
_MACHINES = {"_layouts", "_includes", "_sass", "_plugins", "_data", "_site"}
_BUILT = {"node_modules", "vendor", "gemfile", "gemfile.lock", "manifest.json", "package.json"}
_COMMENTS = ("_data/comments/", "_comments/")
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}
_LIQUID = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def gather(folder: Scan, load: Load) -> None:
    """Bring what a Jekyll site holds."""
    files = {file.path: file for file in folder.files}
    settings = settings_in(files, SETTINGS, load)
    load.adopt(_our_settings(settings))
    pattern = str(settings.get("permalink") or "date")
    pattern = _STYLES.get(pattern, pattern)
    collections = settings.get("collections") or {}
    names = {f"_{name}" for name in collections}
    posts = {PurePosixPath(path).stem: _target(path) for path in files if _POST.fullmatch(path)}
    hints = {
        folder.split("/")[
            0
        ]: f"the comments in `{folder}` are brought by `sitegen comments import jekyll`"
        for folder in _COMMENTS
        if any(path.startswith(folder) for path in files)
    }
    machines: Counter[str] = Counter()
    for path, file in files.items():
        top = path.split("/", 1)[0]
        if path in SETTINGS or top.lower() in _BUILT:
            continue
        if top in _MACHINES or (top.startswith("_") and top not in {"_posts", "_drafts", *names}):
            machines[top] += 1
        elif PurePosixPath(path).suffix.lower() in _MARKDOWN:
            _bring(file, load, pattern, posts)
        else:
            load.copy(f"static/{path}", file)
    for top, number in sorted(machines.items()):
        load.leave_machinery(top, number, "Jekyll", hints.get(top, ""))


def _our_settings(settings: dict[str, Any]) -> dict[str, Any]:
    author = settings.get("author")
    name = author.get("name", "") if isinstance(author, dict) else author
    address = f"{settings.get('url') or ''}{settings.get('baseurl') or ''}"
    found = {
        "title": settings.get("title"),
        "base_url": address,
        "description": settings.get("description"),
        "author": name,
        "language": settings.get("lang"),
        "timezone": settings.get("timezone"),
    }
    return {key: " ".join(str(value).split()) for key, value in found.items() if value}


def _target(path: str) -> str:
    """Return where a file of Jekyll's goes: `_posts/2018/2018-02-19-trip.md` -> content/posts/trip.md."""
    post = _POST.fullmatch(path)
    if post:
        above = f"{post[1]}/" if post[1] else ""
        return f"content/{above}posts/{PurePosixPath(post[5]).stem}.md"
    name = PurePosixPath(path)
    inner = "/".join(part.lstrip("_") for part in name.with_suffix("").parts)
    return f"content/{'_index' if inner == 'index' else inner}.md"


def _bring(file: SourceFile, load: Load, pattern: str, posts: dict[str, str]) -> None:
    path = file.path
    text = text_of(file)
    post = _POST.fullmatch(path)
    try:
        head = read_head(text)
    except HeadError as error:
        load.leave(path, error.line, error.reason, is_error=True)
        return
    if path.endswith(".html") and (not head.entries or not post):
        if not head.entries:
            load.copy(f"static/{path}", file)
        else:
            load.leave(path, 1, "a template was left: write it anew for the theme")
        return
    if not head.entries and not post and "_drafts/" not in path:
        load.copy(f"static/{path}", file)
        load.leave(path, 1, "it has no front matter, so it was copied as a file")
        return
    target = _unique(_target(path), path, load)
    writing = _writing(path, target, head, load, post)
    old = writing.old_url or (_old_url(pattern, writing, head, post) if post else "")
    place = (path, head.body_line)
    text = without_attributes(head.body, load, place)
    body = repaired(text, _rules(target, posts), _LIQUID, load, place)
    load.bring(Writing(target, writing.values, body, writing.source, old))


def _unique(target: str, path: str, load: Load) -> str:
    """Return the target; with the whole name of the file where two articles differ by date only."""
    if load.has(target):
        return str(PurePosixPath(target).with_name(f"{PurePosixPath(path).stem}.md"))
    return target


def _writing(path: str, target: str, head: Head, load: Load, post: re.Match[str] | None) -> Writing:
    translator = Translator(load, path, {**KEYS, **load.categories()})
    translator.take(_with_lists(head))
    values = translator.values
    if post:
        values.setdefault("date", f"{post[2]}-{int(post[3]):02}-{int(post[4]):02}")
        if "title" not in values:
            values["title"] = re.sub("[-_]+", " ", PurePosixPath(post[5]).stem).capitalize()
    if "_drafts/" in path:
        values["draft"] = "true"
    done = translator.finish(is_section=target.endswith("/_index.md"))
    return Writing(target, done, head.body, Location(path), translator.old_url)


def _with_lists(head: Head) -> Head:
    """Return the head with the lists that Jekyll writes as words with blanks between them."""
    entries = tuple(
        msgspec.structs.replace(entry, value=entry.value.split())
        if entry.key in {"tags", "categories", "authors"} and isinstance(entry.value, str)
        else entry
        for entry in head.entries
    )
    return msgspec.structs.replace(head, entries=entries)


def _old_url(pattern: str, writing: Writing, head: Head, post: re.Match[str]) -> str:
    name = PurePosixPath(post[5]).stem
    named = (entry.value for entry in head.entries if entry.key in {"categories", "category"})
    categories: Any = next(named, [])
    parts = categories.split() if isinstance(categories, str) else [str(one) for one in categories]
    year, month, day = str(writing.values["date"])[:10].split("-")
    values = {
        "categories": "/".join(slugify(part) for part in parts), "year": year, "month": month,
        "i_month": str(int(month)), "day": day, "i_day": str(int(day)),
        "short_year": year[2:], "title": writing.values.get("slug", name),
        "slug": slugify(writing.values.get("slug", name)), "output_ext": ".html",
    }  # fmt: skip
    url = re.sub(":([a-z_]+)", lambda found: values.get(found[1], found[0]), pattern)
    url = re.sub("/{2,}", "/", url)
    return "" if ":" in url else url


_HIGHLIGHT = re.compile(
    r"\{%-?\s*highlight\s+(\S+).*?-?%\}(.*?)\{%-?\s*endhighlight\s*-?%\}", re.DOTALL
)
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)
_POST_URL = re.compile(r"\{%-?\s*(?:post_url|link)\s+(\S+?)\s*-?%\}")
_SITE_URL = re.compile(r"\{\{\s*site\.(?:baseurl|url)\s*\}\}")


def _rules(target: str, posts: dict[str, str]) -> dict[re.Pattern[str], Repair]:
    def linked(match: re.Match[str]) -> str | None:
        other = posts.get(PurePosixPath(match[1]).stem) or posts.get(PurePosixPath(match[1]).name)
        return relative(other, target) if other else None

    return {
        _RAW: lambda match: match[1],
        _HIGHLIGHT: lambda match: fenced(match[1], match[2]),
        _POST_URL: linked,
        _SITE_URL: lambda _: "",
    }
