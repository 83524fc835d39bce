"""A site with articles, and exports that are brought into it by the command."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

ARTICLE = "---\ntitle: Trip\ndate: 2000-01-01\n---\n\nHi.\n"


class Intake:
    """A site, and a folder of exports beside it."""

    def __init__(self, site: Any, exports: Path) -> None:
        self.site = site
        self.exports = exports

    def bring(self, system: str, *files: Path, **options: Any) -> tuple[Any, list[dict[str, Any]]]:
        """Run `comments import`; return what it printed, and the lines of its report."""
        report = self.exports.parent / "report.jsonl"
        flags = []
        for name, value in options.items():
            flag = f"--{name.replace('_', '-')}"
            flags += [flag] if value is True else [flag, str(value)]
        sources = files or (self.exports,)
        done = self.site.cli(
            "comments", "import", system, *map(str, sources), "--report", str(report), *flags
        )
        lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
        report.unlink(missing_ok=True)
        return done, [json.loads(line) for line in lines]

    def export(self, name: str, text: str | bytes) -> Path:
        place = self.exports / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)
        return place

    def comments(self) -> dict[str, dict[str, str]]:
        """Return path below comments/ -> what a YAML reader reads there, as text."""
        folder = self.site.root / "comments"
        return {
            path.relative_to(folder).as_posix(): yaml.load(
                path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader
            )
            for path in sorted(folder.rglob("*.yaml"))
        }

    def comment(self, name: str) -> dict[str, str]:
        return self.comments()[f"{name}.yaml"]

    def checks(self) -> list[str]:
        """Return what `comments check` says about the site, but that people said a thing twice."""
        said = self.site.cli("comments", "check", "--format", "json").stdout
        problems = json.loads(said)["problems"]
        return [one["message"] for one in problems if one["code"] != "duplicate"]


@pytest.fixture
def intake(site: Callable[..., Any], tmp_path: Path) -> Callable[[Iterable[str]], Intake]:
    """Return a function that makes a site with articles of these content paths."""

    def make(articles: Iterable[str], **files: str) -> Intake:
        pages = {f"content/{key}.md": ARTICLE for key in articles}
        (tmp_path / "exports").mkdir()
        return Intake(site({**pages, **files}), tmp_path / "exports")

    return make
