"""Folders of comments without an article -> a problem each, and the article that may be meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from sitegen.errors import Location, Problem, quoted

_MOST = 200  # how many names are compared to say what was meant


def orphan_problems(targets: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    """Yield the problem of each folder of comments that answers none of the `known` content paths.

    Only articles of the same folder or of the same name can be meant: when a folder with all its
    articles is renamed, each of thousands would be compared with thousands.
    """
    alike: dict[str, list[str]] = {}
    for key in sorted(known):
        folder, _, name = key.rpartition("/")
        alike.setdefault(f"{folder}/", []).append(key)
        alike.setdefault(name, []).append(key)
    for target in targets:
        folder, _, name = target.rpartition("/")
        candidates = [*alike.get(name, ())[:_MOST], *alike.get(f"{folder}/", ())[:_MOST]]
        close = difflib.get_close_matches(target, candidates, n=1)
        hint = (
            f"did you mean comments/{close[0]}/?"
            if close
            else "name the folder like the article's file"
        )
        wanted = quoted(f"content/{target}.md", 200)
        message = f"there is no article {wanted} that the comments in this folder could answer"
        yield Problem("orphan", message, Location(f"comments/{target}"), hint)
