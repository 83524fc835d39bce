"""The index of git -> a warning if what builds remember is in it."""

from __future__ import annotations

from pathlib import Path

from sitegen import git
from sitegen.build.memory import FOLDER
from sitegen.errors import Location, Problem, Severity


def tracked_memory(root: Path) -> tuple[Problem, ...]:
    """Return a problem if git keeps what builds remember.

    It holds rendered HTML that is taken as it is: a pull request could bring pages of its own
    in it, which no reviewer sees.
    """
    if git.ask(root, "ls-files", "--error-unmatch", "--", FOLDER) is None:
        return ()
    message = "git keeps this folder, so a pull request could change pages by it that nobody sees"
    hint = f"run `git rm -r --cached {FOLDER}`, and add `/{FOLDER}/` to .gitignore"
    return (Problem("tracked-cache", message, Location(FOLDER), hint, Severity.WARNING),)
