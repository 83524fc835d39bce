"""Figures -> Markdown: short tables for the manual, one long table for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.figures import Figure, figure, ratio, select
from benchmarks.goals import GOALS, OURS
from benchmarks.peers import PUBLISHED, REALISTIC
from benchmarks.rounds import MODES, Facts, Results

PICTURE = "![Seconds by number of articles, for each generator](speed.svg)"


def manual(results: Results) -> str:
    """Return what the manual shows."""
    parts = [PICTURE, _about(results), _goals(results)]
    for workload, title in results.titles.items():
        parts += [f"### Work: {title}", _times(results, workload), _efforts(results, workload)]
    parts.append(_unequal(results))
    return "\n\n".join(filter(None, parts))


def everything(results: Results) -> str:
    """Return every figure with its least, its most and its ratio to sitegen's."""
    head = (
        *("workload", "generator", "mode", "runs", "wall s", "least–most"),
        *("to sitegen", "least–most", "CPU s", "peak MB"),
    )
    return table(head, _all_rows(results))


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table whose columns, but for the first, stand to the right."""
    names = list(head)
    lines = [names, ["---", *["--:"] * (len(names) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _all_rows(results: Results) -> Iterator[list[str]]:
    for facts in results.facts:
        for mode in MODES:
            rows = select(results, facts.workload, facts.peer, mode)
            wall = figure(row.wall for row in rows)
            if wall is None:
                continue
            pairs = ratio(rows, select(results, facts.workload, OURS, mode))
            cpu = figure(row.cpu for row in rows)
            peak = figure(row.peak for row in rows)
            yield [
                *(facts.workload, facts.peer, MODES[mode] + _stale(results, facts, mode)),
                *(
                    str(wall.count),
                    seconds(wall.median),
                    f"{seconds(wall.low)}–{seconds(wall.high)}",
                ),
                *(_times_of(pairs), f"{pairs.low:.2f}–{pairs.high:.2f}" if pairs else ""),
                *(seconds(cpu.median) if cpu else "", f"{peak.median:.0f}" if peak else ""),
            ]


def seconds(value: float) -> str:
    """Return seconds with as many digits as say something."""
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _times_of(found: Figure | None) -> str:
    if found is None:
        return ""
    return f"{found.median:.2f} ×" if found.median < 10 else f"{found.median:.0f} ×"


def _about(results: Results) -> str:
    names = [name for name in results.versions if not name.startswith(("floor", f"{OURS} "))]
    versions = ", ".join(f"{name} {results.versions[name]}".strip() for name in names)
    rows = [*results.machine.items(), ("Generators", versions)]
    return table(("Measured", "with"), [[key, value] for key, value in rows]).replace("--:", "---")


def _goals(results: Results) -> str:
    rows = []
    for goal in GOALS:
        found = goal.measured(results)
        if found is None:
            rows.append([goal.work, goal.budget, "not measured", ""])
            continue
        unit = " MB" if goal.budget.endswith("MB") else " ×"
        digits = 0 if unit == " MB" else 2
        shown = f"{found.median:.{digits}f}{unit}"
        if found.count > 1:
            shown += f" ({found.low:.{digits}f}–{found.high:.{digits}f})"
        rows.append([goal.work, goal.budget, shown, "yes" if goal.is_met(found) else "no"])
    return table(("Work", "Budget", "Measured", "Kept"), rows)


def _times(results: Results, workload: str) -> str:
    """Return the seconds of every peer, and how many times those of sitegen they are."""
    modes = [
        mode
        for mode in MODES
        if any(row.mode == mode for row in results.rows if row.workload == workload)
    ]
    rows = []
    for facts in results.facts:
        if facts.workload == workload:
            cells = [_cell(results, facts, mode) for mode in modes]
            rows.append([facts.peer, *cells] if any(cells) else [facts.peer, _reason(facts)])
    full = [[*row, *[""] * (len(modes) + 1 - len(row))] for row in rows]
    return table(("Seconds", *(MODES[mode] for mode in modes)), full)


def _cell(results: Results, facts: Facts, mode: str) -> str:
    rows = select(results, facts.workload, facts.peer, mode)
    found = figure(row.wall for row in rows)
    if found is None:
        return ""
    shown = seconds(found.median)
    pairs = ratio(rows, select(results, facts.workload, OURS, mode))
    if pairs and facts.peer != OURS:
        shown += f" ({_times_of(pairs)})"
    return shown + _stale(results, facts, mode)


def _stale(results: Results, facts: Facts, mode: str) -> str:
    rows = select(results, facts.workload, facts.peer, mode)
    return " *change not shown*" if any(row.stale for row in rows) else ""


def _efforts(results: Results, workload: str) -> str:
    """Return what a clean build takes besides time, and how much it makes."""
    rows = []
    for facts in results.facts:
        clean = select(results, facts.workload, facts.peer, "clean")
        cpu, peak = figure(row.cpu for row in clean), figure(row.peak for row in clean)
        if facts.workload == workload and cpu and peak:
            made = [f"{facts.files:,}", f"{facts.megabytes:.1f}"]
            rows.append(
                [
                    facts.peer,
                    seconds(cpu.median),
                    f"{peak.median:.0f}",
                    f"{facts.memory:.0f}",
                    *made,
                ]
            )
    head = (
        "Everything anew",
        "CPU s",
        "largest process MB",
        "all processes MB",
        "files",
        "MB written",
    )
    return table(head, rows) if rows else ""


def _reason(facts: Facts) -> str:
    words = " ".join(facts.failed.split())
    return (words if len(words) <= 60 else f"{words[:60]}…").replace("|", "/") or "not measured"


def _unequal(results: Results) -> str:
    """Return what each generator does and leaves out."""
    known = {facts.peer for facts in results.facts if not facts.failed}
    lines: dict[str, str] = {}
    for kind, peers in (("", REALISTIC), ("published workload: ", PUBLISHED)):
        for peer in peers:
            if peer.name in known and peer.does not in lines.values():
                lines[f"- **{peer.name}**, {kind}" if kind else f"- **{peer.name}**: "] = peer.does
    shown = "\n".join(head + does for head, does in lines.items())
    return f"### What is not equal work\n\n{shown}" if lines else ""
