"""The configuration of another generator -> its values by key; a fault in it is told, and it is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sitegen.disk import SourceFile
from sitegen.importers.front_matter import HeadError, read_settings
from sitegen.importers.load import Load
from sitegen.importers.texts import text_of


def settings_in(
    files: Mapping[str, SourceFile], names: Iterable[str], load: Load
) -> dict[str, Any]:
    """Return what the first file says that can be read, its keys in lower case.

    Args:
        files: Path -> file of the other generator.
        names: Paths at which it looks for its configuration, in its own order.
        load: Told of faults.
    """
    for name in names:
        if name in files:
            try:
                return read_settings(text_of(files[name]), name)
            except HeadError as error:
                load.leave(name, error.line, error.reason, is_error=True)
    return {}
