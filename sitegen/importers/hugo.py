"""A Hugo or Zola site: content/ with YAML or TOML heads, static/; shortcodes where they can be told."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from pathlib import PurePosixPath
from typing import Any

import msgspec

from sitegen.disk import Scan, SourceFile
from sitegen.errors import Location
from sitegen.importers.bodies import Repair, fenced, relative, repaired
from sitegen.importers.front_matter import Entry, HeadError, read_head
from sitegen.importers.load import Load, Writing
from sitegen.importers.settings import settings_in
from sitegen.importers.texts import text_of
from sitegen.importers.translating import DROP, OLD_URL, Translator
from sitegen.markup.slugs import slugify
from sitegen.sources.content import content_key

SETTINGS = tuple(
    f"{folder}{name}.{ending}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for ending in ("toml", "yaml", "yml")
)
KEYS = {
    "title": "title", "linktitle": "title", "date": "date", "publishdate": "date", "pubdate": "date",
    "lastmod": "updated", "updated": "updated", "modified": "updated", "expirydate": "expires",
    "draft": "draft", "slug": "slug", "url": OLD_URL, "path": OLD_URL, "aliases": "aliases",
    "author": "authors", "authors": "authors", "description": "description", "summary": "summary",
    "tags": "tags", "series": "series", "weight": "order", "lang": "lang", "layout": DROP,
    "type": DROP, "extra": "extra",
}  # fmt: skip
_MACHINES = {
    "archetypes",
    "assets",
    "data",
    "i18n",
    "layouts",
    "resources",
    "sass",
    "templates",
    "themes",
}
_BUILT = {"public", "node_modules", "config"}
_SHORTCODE = re.compile(r"\{\{[<%](?!/\*).*?[%>]\}\}", re.DOTALL)
_DATED = re.compile(r"(?:^|/)(\d{4})/(\d{2})/(\d{2})(?:/|$)")


def gather(folder: Scan, load: Load) -> None:
    """Bring what a Hugo or Zola site holds."""
    files = {file.path: file for file in folder.files}
    settings = settings_in(files, SETTINGS, load)
    load.adopt(_our_settings(settings))
    habits = _habits(settings)
    machines: Counter[str] = Counter()
    for path, file in files.items():
        top, _, inner = path.partition("/")
        if top == "content" and path.endswith((".md", ".markdown")):
            _bring(file, load, files, habits)
        elif top == "content" or (top == "static" and inner):
            load.copy(path, file)
        elif top in _MACHINES:
            machines[top] += 1
        elif path not in SETTINGS and top not in _BUILT:
            load.leave(path, 0, "it lies outside content/ and static/, so it was left")
    for top, number in sorted(machines.items()):
        load.leave_machinery(top, number, "Hugo")


def _our_settings(settings: dict[str, Any]) -> dict[str, Any]:
    own = (settings.get("params"), settings.get("extra"))
    params: dict[str, Any] = next((one for one in own if one and isinstance(one, dict)), {})
    named = params.get("author") or settings.get("author") or ""
    taxonomies = settings.get("taxonomies")
    names = taxonomies.values() if isinstance(taxonomies, dict) else ()
    found = {
        "title": settings.get("title"),
        "base_url": settings.get("baseurl") or settings.get("base_url"),
        "description": params.get("description") or settings.get("description"),
        "author": named.get("name") if isinstance(named, dict) else named,
        "language": settings.get("defaultcontentlanguage") or settings.get("default_language"),
        "timezone": settings.get("timezone"),
        "taxonomies": [
            name for name in map(str, names) if name not in {"tags", "series", "authors"}
        ],
    }
    return {key: value for key, value in found.items() if value}


class _Habits(msgspec.Struct, frozen=True):
    """What the names and addresses of the old site meant."""

    permalinks: dict[str, str]
    """Section -> pattern of the addresses in it."""
    languages: frozenset[str]
    """Those that names of files may end in: `trip.de.md`."""
    language: str
    """That of files whose names say nothing; its addresses have no prefix."""


def _habits(settings: dict[str, Any]) -> _Habits:
    patterns = settings.get("permalinks")
    patterns = patterns if isinstance(patterns, dict) else {}
    inner = patterns.get("page")
    patterns = inner if isinstance(inner, dict) else patterns
    languages = settings.get("languages")
    language = settings.get("defaultcontentlanguage") or settings.get("default_language") or "en"
    return _Habits(
        {name: pattern for name, pattern in patterns.items() if isinstance(pattern, str)},
        frozenset(languages if isinstance(languages, dict) else ()),
        str(language),
    )


def _old_url(path: str, values: dict[str, Any], habits: _Habits) -> str:
    """Return the address that the old site's configuration gave a document; empty if it gave none."""
    *folders, name = content_key(path).split("/")
    name, language = _named(name, habits)
    prefix = f"/{language}" if language != habits.language else ""
    pattern = habits.permalinks.get(folders[0] if folders else "/")
    if pattern is None:
        return f"{prefix}/{'/'.join([*folders, name])}/" if prefix else ""
    year, month, day = [*str(values.get("date", ""))[:10].split("-"), "", ""][:3]
    title = slugify(str(values["title"]))
    parts = {
        "year": year, "month": month, "day": day, "section": "/".join(folders[:1]),
        "sections": "/".join(folders), "title": title, "slug": values.get("slug", title),
        "filename": name, "contentbasename": name, "slugorfilename": values.get("slug", name),
        "slugorcontentbasename": values.get("slug", name),
    }  # fmt: skip
    url = re.sub(":([a-z]+)", lambda found: parts.get(found[1]) or found[0], pattern)
    return "" if ":" in url else re.sub("/{2,}", "/", f"{prefix}/{url}")


def _named(name: str, habits: _Habits) -> tuple[str, str]:
    """Return the name of a file without its language, and that."""
    stem, _, ending = name.rpartition(".")
    return (stem, ending) if stem and ending in habits.languages else (name, habits.language)


def _bring(file: SourceFile, load: Load, files: dict[str, SourceFile], habits: _Habits) -> None:
    path = file.path
    try:
        head = read_head(text_of(file))
    except HeadError as error:
        load.leave(path, error.line, error.reason, is_error=True)
        return
    target = str(PurePosixPath(path).with_suffix(".md"))
    is_section = PurePosixPath(target).name == "_index.md"
    translator = Translator(load, path, {**KEYS, **load.categories()})
    translator.take(head)
    if not head.entries:
        load.leave(path, 1, "there is no front matter")
    dated = _DATED.search(translator.old_url)
    if dated and not is_section and "date" not in translator.values:
        translator.put("date", "-".join(dated.groups()), Entry("date", "", 1))
    _, language = _named(PurePosixPath(target).stem, habits)
    if language != habits.language and "lang" not in translator.values:
        translator.put("lang", language, Entry("lang", "", 1))
    values = translator.finish(is_section=is_section)
    old = translator.old_url or ("" if is_section else _old_url(target, values, habits))
    body = repaired(head.body, _rules(target, files), _SHORTCODE, load, (path, head.body_line))
    load.bring(Writing(target, values, body, Location(path), old))


_REF = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s+(?:path=)?[\"“”']?([^\s\"“”'>%]+)[\"“”']?\s*[>%]\}\}")
_AT = re.compile(r"\]\(@/([^)\s]+)\)")
_HIGHLIGHT = re.compile(
    r"\{\{[<%]\s*highlight\s+(\S+).*?[>%]\}\}(.*?)\{\{[<%]\s*/\s*highlight\s*[>%]\}\}", re.DOTALL
)
_FIGURE = re.compile(r"\{\{<\s*figure\s+([^>]*?)/?\s*>\}\}")
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*\"([^\"]*)\"")
_VIDEO = re.compile(r"\{\{<\s*(youtube|vimeo)\s+(?:id=)?\"?([\w-]+)\"?.*?>\}\}")
_SHOWN = re.compile(r"\{\{([<%])/\*(.*?)\*/([%>])\}\}", re.DOTALL)
_HOSTS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}


def _rules(target: str, files: dict[str, SourceFile]) -> dict[re.Pattern[str], Repair]:
    def referred(match: re.Match[str]) -> str | None:
        name, mark, fragment = match[1].partition("#")
        found = _found(name, target, files) if name else target
        return f"{relative(found, target) if name else ''}{mark}{fragment}" if found else None

    def at(match: re.Match[str]) -> str | None:
        name, mark, fragment = match[1].partition("#")
        return f"]({relative(f'content/{name}', target)}{mark}{fragment})"

    def figure(match: re.Match[str]) -> str | None:
        given = dict(_ATTRIBUTE.findall(match[1]))
        if "src" not in given:
            return None
        title = given.get("caption") or given.get("title")
        tail = f' "{title}"' if title and '"' not in title else ""
        return f"![{given.get('alt') or title or ''}]({given['src']}{tail})"

    return {
        _HIGHLIGHT: lambda match: fenced(match[1], match[2]),
        _REF: referred,
        _AT: at,
        _FIGURE: figure,
        _VIDEO: lambda match: f"<{_HOSTS[match[1]]}{match[2]}>",
        _SHOWN: lambda match: f"{{{{{match[1]}{match[2]}{match[3]}}}}}",
    }


def _found(name: str, target: str, files: dict[str, SourceFile]) -> str:
    """Return the file that a `ref` means: from the folder, from content/, or by its name alone."""
    bases = (posixpath.dirname(target), "content") if not name.startswith("/") else ("content",)
    for base in bases:
        place = posixpath.normpath(f"{base}/{name.strip('/')}")
        for candidate in (place, f"{place}.md", f"{place}/index.md", f"{place}/_index.md"):
            if candidate in files and candidate.endswith(".md"):
                return candidate
    wanted = name.strip("/").rsplit("/", 1)[-1].removesuffix(".md")
    alike = [path for path in files if path.endswith(f"/{wanted}.md")]
    return alike[0] if len(alike) == 1 else ""
