"""Another generator's front matter -> that of this one; what has no place in it goes below `extra`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from sitegen.errors import Location, quoted
from sitegen.importers.front_matter import Entry, Head
from sitegen.importers.load import Load
from sitegen.sources import front_matter, kinds, nodes

_LISTS = {"tags", "authors", "aliases"}
_FLAGS = {"draft", "unlisted"}
_YES = {"true", "yes", "on", "1"}
DROP, OLD_URL, PUBLISHED, COMMENTS = "drop", "old_url", "published", "comments"
"""What a key may mean beside a key of ours: nothing, an old address, the contrary of a draft."""


class Translator:
    """Turns the entries of one file into front matter, and says what it could not turn."""

    def __init__(self, load: Load, path: str, keys: Mapping[str, str]) -> None:
        """Begin with a file.

        Args:
            load: Gets the problems, and knows the taxonomies of the site to be.
            path: Of the file, for the problems.
            keys: Key of the other generator, in lower case -> key of ours, or what it means.
        """
        self.load = load
        self.path = path
        own = {name: name for name in load.config.taxonomies}
        self.keys = {**own, **keys}
        self.kinds = {key.name: key.kind for key in front_matter.keys_for(load.config.taxonomies)}
        self.reader = kinds.Reader(load.config.zone)
        self.values: dict[str, Any] = {}
        self.extra: dict[str, Any] = {}
        self.entries: dict[str, Entry] = {}
        """Key of ours -> the entry that it was made of."""
        self.old_url = ""

    def take(self, head: Head) -> None:
        """Translate all entries of a file."""
        for entry in head.repeated:
            message = (
                f"the key {quoted(entry.key)} stands here more than once; its last value was taken"
            )
            self.load.leave(self.path, entry.line, message)
        for entry in head.entries:
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        if entry.value in ("", [], {}, [""]):
            return
        meaning = self.keys.get(entry.key.lower())
        if meaning is None:
            self._keep(entry, f"there is no key {quoted(entry.key)}")
        elif meaning == OLD_URL:
            self.old_url = self.address(entry.value, entry) or self.old_url
        elif meaning == PUBLISHED:
            if str(entry.value).lower() not in _YES:
                self.values["draft"] = "true"
        elif meaning == COMMENTS:
            is_open = str(entry.value).lower() in {*_YES, "open"}
            self.values["comments"] = "open" if is_open else "hidden"
        elif meaning == "extra":
            self.extra |= entry.value if isinstance(entry.value, dict) else {entry.key: entry.value}
        elif meaning != DROP:
            self._translate(meaning, entry)

    def _translate(self, key: str, entry: Entry) -> None:
        value = entry.value
        if key in _LISTS or key in self.load.config.taxonomies:
            value = _list_of(value)
            if key == "aliases":
                value = [found for item in value if (found := self.address(item, entry))]
            value = list(dict.fromkeys([*self.values.get(key, []), *value]))
        elif key in _FLAGS:
            value = "true" if str(value).lower() in _YES else ""
        elif key in {"date", "updated", "expires"} and isinstance(value, str):
            value = iso_like(value)
        if not value:
            return
        other = self.entries.get(key)
        if other is None or self.values[key] == value or isinstance(value, list):
            self.put(key, value, entry)
        elif entry.key.lower() == key:
            self.withdraw(key, f"{quoted(entry.key)} says what `{key}` is")
            self.put(key, value, entry)
        else:
            self._keep(entry, f"{quoted(other.key)} says what `{key}` is")

    def put(self, key: str, value: Any, entry: Entry) -> bool:
        """Set a key of ours if its value fits; return whether it does, else it is kept below `extra`."""
        before = len(self.reader.problems)
        self.kinds[key].read(_node(value), self.reader)
        faults = self.reader.problems[before:]
        if faults:
            self._keep(entry, faults[0].message)
            return False
        self.values[key] = value
        self.entries[key] = entry
        return True

    def withdraw(self, key: str, reason: str) -> None:
        """Take a key of ours back: its value is kept below `extra`, under the name that it had."""
        self.values.pop(key)
        self._keep(self.entries[key], reason)

    def _keep(self, entry: Entry, reason: str) -> None:
        self.extra[entry.key] = entry.value
        self.load.leave(self.path, entry.line, f"{reason}; its value is kept below `extra`")

    def address(self, value: Any, entry: Entry) -> str:
        """Return an old address as a path of the site; empty, with a word, if it cannot be one."""
        parts = urlsplit(value) if isinstance(value, str) else None
        path = "/" + unquote(parts.path).lstrip("/") if parts else ""
        reader = kinds.Reader(self.load.config.zone)
        if path and path != "/" and self.kinds["aliases"].read(_node([path]), reader):
            return path
        message = f"{quoted(str(value))} cannot be an old address"
        self.load.leave(self.path, entry.line, message)
        return ""

    def finish(self, *, is_section: bool = False) -> dict[str, Any]:
        """Return the front matter, complete: with a title, and with nothing where it may not stand."""
        if "title" not in self.values:
            name = PurePosixPath(self.path)
            stem = name.parent.name if name.stem in {"index", "_index"} else name.stem
            self.values["title"] = re.sub(r"[-_]+", " ", stem).strip().capitalize() or "Untitled"
            message = "there is no title; one was made of the file's name"
            self.load.leave(self.path, 1, message)
        is_dated = "date" in self.values
        misplaced = {"series"} if is_section or not is_dated else set()
        misplaced |= {"order"} if is_section or is_dated else set()
        for key in sorted(misplaced & self.values.keys()):
            kind = "section" if is_section else "article" if is_dated else "page"
            self.withdraw(
                key, f"the front matter of {'an' if is_dated else 'a'} {kind} has no `{key}`"
            )
        date, end = self.values.get("date"), self.values.get("expires")
        if date and end and end <= date:
            self.withdraw("expires", "it expires before its date")
        order = [name for name in self.kinds if name in self.values]
        values = {name: self.values[name] for name in order}
        if self.extra:
            values["extra"] = {str(key): _filled(value) for key, value in self.extra.items()}
        return values


def _list_of(value: Any) -> list[str]:
    if isinstance(value, list):
        return [
            str(item).strip() for item in value if not isinstance(item, dict) and str(item).strip()
        ]
    return [str(value)] if not isinstance(value, dict) else []


def _filled(value: Any) -> Any:
    return value if value not in (None, [], {}) else ""


def _node(value: Any) -> nodes.Node:
    """Return a value as the reader of our own files sees it."""
    place = Location("", 1, 1)
    if isinstance(value, list):
        return nodes.Sequence(tuple(_node(item) for item in value), place)
    if isinstance(value, dict):
        entries = ((nodes.Scalar(str(key), place), _node(item)) for key, item in value.items())
        return nodes.Mapping(tuple(entries), place)
    return nodes.Scalar(str(value), place)


_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[ Tt]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:([+-]\d{2}):?(\d{2})|([Zz]|UTC|GMT))?)?"
)


def iso_like(text: str) -> str:
    """Return a date as we write it, from the looser forms that other generators take.

    >>> iso_like("2018-03-28 3:30:00 -0400"), iso_like("2018-3-8"), iso_like("2018-01-01 10:00 UTC")
    ('2018-03-28T03:30:00-04:00', '2018-03-08', '2018-01-01T10:00:00Z')
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return text
    year, month, day, hour, minute, second, zone_hour, zone_minute, utc = match.groups()
    date = f"{year}-{int(month):02}-{int(day):02}"
    if hour is None:
        return date
    zone = f"{zone_hour}:{zone_minute}" if zone_hour else ("Z" if utc else "")
    return f"{date}T{int(hour):02}:{minute}:{second or '00'}{zone}"
