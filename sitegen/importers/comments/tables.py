"""A database of SQLite, or its tables as JSON -> rows, without changing a byte of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, Self

from sitegen.importers.comments.exports import Export

_MAGIC = b"SQLite format 3\0"
Row = dict[str, Any]


def is_sqlite(export: Export) -> bool:
    """Return whether a file is a database of SQLite."""
    with export.stream() as stream:
        return stream.read(len(_MAGIC)) == _MAGIC


class Tables:
    """The tables of one export; a context manager that closes what it opened."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._database: sqlite3.Connection | None = None
        self._rows: dict[str, list[Row]] = {}

    def __enter__(self) -> Self:
        if is_sqlite(self._export):
            address = self._export.file.resolve().as_uri()  # with a drive's letter on Windows, too
            self._database = sqlite3.connect(f"{address}?mode=ro", uri=True)
            self._database.row_factory = sqlite3.Row
            self._database.text_factory = lambda data: data.decode("utf-8", "replace")
        else:
            value, _ = self._export.json()
            for name, rows in record_of(value).items():
                self._rows[name] = records_of(rows)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._database is not None:
            self._database.close()

    def has(self, name: str) -> bool:
        """Return whether there is a table of this name."""
        if self._database is None:
            return name in self._rows
        wanted = "select 1 from sqlite_master where type in ('table', 'view') and name = ?"
        try:
            return self._database.execute(wanted, (name,)).fetchone() is not None
        except sqlite3.Error as error:
            raise self._export.problem(0, f"the database cannot be read: {error}") from None

    def rows(self, name: str, order: str = "") -> Iterator[Row]:
        """Yield the rows of a table, none if there is no such table.

        Args:
            name: A name of ours, never one from the export.
            order: The column that they are sorted by.
        """
        if not self.has(name):
            return
        if self._database is None:
            yield from self._rows[name]
            return
        sorting = f' order by "{order}"' if order else ""
        try:
            for row in self._database.execute(f'select * from "{name}"{sorting}'):  # noqa: S608
                yield dict(row)
        except sqlite3.Error as error:
            raise self._export.problem(0, f"the database cannot be read: {error}") from None


def record_of(value: object) -> Row:
    """Return an object of JSON; an empty one for whatever else stands in its place."""
    return value if isinstance(value, dict) else {}


def records_of(value: object) -> list[Row]:
    """Return the objects in a list of JSON; none if it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def said(row: Row, *names: str) -> str:
    """Return the first of some columns that holds anything, as text."""
    for name in names:
        value = row.get(name)
        if value is not None and not isinstance(value, bytes | dict | list) and str(value) != "":
            return str(value)
    return ""
