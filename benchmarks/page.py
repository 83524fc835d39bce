"""The manual's page of figures: what stands between its marks is written by the benchmark."""

from __future__ import annotations

from pathlib import Path

from benchmarks import plot, tables
from benchmarks.rounds import Results

PAGE = Path(__file__).parents[1] / "content/manual/speed.md"
PICTURE = PAGE.with_suffix(".svg")
BEGIN, END = "<!-- measured -->", "<!-- end of what was measured -->"


def with_figures(page: str, figures: str) -> str:
    """Return a page with new figures between its marks.

    Raises:
        ValueError: If the marks do not stand there once each, in their order.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in before + after:
        raise ValueError(f"the page needs one {BEGIN} and one {END} after it")
    return f"{before}{BEGIN}\n\n{figures.strip()}\n\n{END}{after}"


def write(results: Results) -> None:
    """Write tables and picture into the manual."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_figures(page, tables.manual(results)), encoding="utf-8")
    PICTURE.write_text(plot.svg(results), encoding="utf-8")
