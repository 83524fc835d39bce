"""Figures -> a picture: seconds by number of articles, both on logarithmic scales."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from benchmarks.figures import figure, select
from benchmarks.goals import OURS
from benchmarks.rounds import Results

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f00", "#999")
_PANELS = (("clean", "Everything anew"), ("comment", "One comment added"))
_WIDTH, _HEIGHT, _LEFT, _TOP = 300, 320, 50, 46
_STYLE = """\
text { font: 12px system-ui, sans-serif; fill: #222 }
.grid { stroke: #ccc; stroke-width: 1 }
.title { font-weight: bold }
.line { fill: none; stroke-width: 2 }
.ours { stroke-width: 4 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .grid { stroke: #555 } }"""

_Point = tuple[float, float]


def svg(results: Results, mean: int = 5) -> str:
    """Return a picture of the workloads with so many comments an article."""
    names = [name for name in results.versions if not name.startswith("floor")]
    colours = {name: _COLOURS[at % len(_COLOURS)] for at, name in enumerate(names)}
    panels = [
        (title, {name: found for name in names if (found := _points(results, name, mode, mean))})
        for mode, title in _PANELS
    ]
    everything = [point for _, lines in panels for some in lines.values() for point in some]
    scale = _Scale(everything or [(100, 1), (10_000, 1)])
    step = _LEFT + _WIDTH + 90
    body = [
        part
        for at, (title, lines) in enumerate(panels)
        for part in _panel(title, lines, colours, scale, _LEFT + at * step)
    ]
    size = f"{step * len(panels) + 20} {_TOP + _HEIGHT + 50}"
    label = "Seconds by number of articles for each generator; the tables say the same in figures"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img">',
            f"<title>{escape(label)}</title>",
            f"<style>\n{_STYLE}\n</style>",
            *body,
            "</svg>\n",
        ]
    )


def _points(results: Results, peer: str, mode: str, mean: int) -> list[_Point]:
    """Return number of articles and seconds."""
    found = []
    for workload in results.titles:
        size, _, comments = workload.partition("x")
        if comments == str(mean):
            wall = figure(row.wall for row in select(results, workload, peer, mode))
            if wall:
                found.append((float(size), wall.median))
    return sorted(found)


class _Scale:
    """Where a number of articles and a number of seconds stand."""

    def __init__(self, points: list[_Point]) -> None:
        sizes, times = zip(*points, strict=True)
        self.sizes = sorted({*sizes})
        self.low = math.floor(math.log10(min(times)))
        self.high = max(math.ceil(math.log10(max(times))), self.low + 1)

    def x(self, size: float) -> float:
        first, last = math.log10(self.sizes[0]), math.log10(self.sizes[-1])
        return _WIDTH * (math.log10(size) - first) / (last - first) if last > first else _WIDTH / 2

    def y(self, time: float) -> float:
        share = (math.log10(time) - self.low) / (self.high - self.low)
        return _TOP + _HEIGHT * (1 - share)


def _panel(
    title: str, lines: dict[str, list[_Point]], colours: dict[str, str], scale: _Scale, left: float
) -> Iterator[str]:
    yield f'<g transform="translate({left:.0f} 0)">'
    yield f'<text x="0" y="20" class="title">{escape(title)}: seconds</text>'
    for power in range(scale.low, scale.high + 1):
        y = scale.y(10.0**power)
        yield f'<path class="grid" d="M0 {y:.1f}H{_WIDTH}"/>'
        yield f'<text x="-6" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>'
    for size in scale.sizes:
        x, y = scale.x(size), _TOP + _HEIGHT + 18
        yield f'<text x="{x:.1f}" y="{y}" text-anchor="middle">{size:,.0f}</text>'
    for name, points in lines.items():
        places = [(scale.x(size), scale.y(time)) for size, time in points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        kind = "line ours" if name == OURS else "line"
        yield f'<path class="{kind}" stroke="{colours[name]}" d="M{path}"/>'
        for x, y in places:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colours[name]}"/>'
    yield from _labels(lines, colours, scale)
    yield "</g>"


def _labels(
    lines: dict[str, list[_Point]], colours: dict[str, str], scale: _Scale
) -> Iterator[str]:
    """Write each name beside the end of its line, none over another."""
    ends = sorted((scale.y(points[-1][1]), name) for name, points in lines.items())
    free = 0.0
    for wanted, name in ends:
        y = max(wanted + 4, free)
        free = y + 14
        short = name.replace("sitegen (default theme)", "default theme")
        dot = f'<circle cx="{_WIDTH + 12}" cy="{y - 4:.1f}" r="4" fill="{colours[name]}"/>'
        yield f'{dot}<text x="{_WIDTH + 20}" y="{y:.1f}">{escape(short)}</text>'
