"""Raw figures in a folder of their own, which git does not keep."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import plot, tables
from benchmarks.rounds import Facts, Results, Row

FOLDER = Path(__file__).parents[1] / ".bench"
RAW = "results.json"


def save(results: Results, folder: Path = FOLDER) -> None:
    """Write every run as JSON, all figures as a table, and the picture."""
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{RAW}.new"
    new.write_text(json.dumps(results.as_json(), indent=1) + "\n", encoding="utf-8")
    new.replace(folder / RAW)
    (folder / "figures.md").write_text(tables.everything(results) + "\n", encoding="utf-8")
    (folder / "speed.svg").write_text(plot.svg(results), encoding="utf-8")


def load(folder: Path = FOLDER) -> Results:
    """Return what was measured last; nothing if there is nothing."""
    try:
        known = json.loads((folder / RAW).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Results()
    return Results(
        machine=known["machine"],
        versions=known["versions"],
        titles=known["titles"],
        rows=[Row(**row) for row in known["rows"]],
        facts=[Facts(**facts) for facts in known["facts"]],
    )
