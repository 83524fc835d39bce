"""Time how long it takes from saving a file to seeing it: `sitegen serve` and a real Chromium.

    python -m benchmarks.reload [--articles 1000] [--comments 5] [--rounds 9]

A page is seen when a frame with the change in it has been painted, by the browser's clock,
which is that of this machine. The goal is half a second on a quiet machine with 1,000 articles.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.peer import Project
from benchmarks.peers.sitegen import SitegenDefault
from benchmarks.workload import Workload

ROOT = Path(__file__).parents[1]
GOAL = 0.5
# Watches every frame for the number of the last save, and notes when it was painted.
_WATCH = """
(() => {
  const seen = (window.seen = {});
  const note = (name) => {
    if (name && !(name in seen)) {
      seen[name] = 0;
      requestAnimationFrame(() => setTimeout(() => {
        seen[name] = performance.timeOrigin + performance.now();
      }));
    }
  };
  const look = () => {
    if (document.body) {
      (document.body.textContent.match(/saved-\\w+-\\d+x/g) || []).forEach(note);
      note(getComputedStyle(document.body).getPropertyValue("--saved").trim());
      const overlay = document.querySelector("sitegen-problems");
      note(overlay && /saved-\\w+-\\d+x/.exec(overlay.shadowRoot.textContent)?.[0]);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


def main() -> None:
    """Lay out a site, serve it, save files again and again, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--comments", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("there is no Chromium")
    tools = _tools()
    workload = Workload(asked.articles, asked.comments)
    with tempfile.TemporaryDirectory(prefix="sitegen-reload-") as folder:
        root = Path(folder) / "site"
        Project(SitegenDefault(), root, workload, []).lay_out()
        saves = _saves(root, workload)
        server = tools.Server(root)
        browser = tools.Browser(chromium, Path(folder) / "profile")
        try:
            browser.call("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
            browser.open(f"{server.address}{workload.target.slug}/")
            browser.wait("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
            time.sleep(2)
            figures = {name: [] for name in saves}
            for number in range(asked.rounds):
                for name, (path, text, before) in saves.items():
                    mark = f"saved-{name.split()[-1]}-{number}x"
                    figures[name].append(_seconds(browser, path, text.replace("MARK", mark), mark))
                    if before is not None:
                        _save(path, before)
                        browser.wait("!document.querySelector('sitegen-problems')")
                    time.sleep(0.3)
        finally:
            browser.stop()
            server.kill()
    _print(figures, workload)


def _tools() -> ModuleType:
    """Return the server and the browser that the tests have."""
    sys.path.insert(0, str(ROOT / "tests"))
    return importlib.import_module("browsing")


def _saves(root: Path, workload: Workload) -> dict[str, tuple[Path, str, str | None]]:
    """Return what is saved: name -> path, text with MARK in it, and what cures it if it is an error."""
    target = root / f"content/{workload.target.slug}.md"
    article = target.read_text(encoding="utf-8")
    theme = root / "themes/mine"
    (theme / "static").mkdir(parents=True)
    (theme / "theme.yaml").write_text("name: mine\nextends: default\n")
    config = root / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "theme: mine\n", encoding="utf-8")
    plain = (ROOT / "themes/default/static/style.css").read_text(encoding="utf-8")
    (theme / "static/style.css").write_text(plain, encoding="utf-8")
    comment = root / f"comments/{workload.target.slug}/reload.yaml"
    comment.parent.mkdir(parents=True, exist_ok=True)
    said = "author: Ada\ndate: 2024-01-01T10:00:00Z\nbody: MARK\n"
    return {
        "the text of an article": (target, f"{article}\n\nMARK\n", None),
        "a comment": (comment, said, None),
        "a style sheet": (theme / "static/style.css", plain + "\nbody { --saved: MARK }\n", None),
        "an error": (target, article.replace("date:", "MARK: x\ndate:", 1), article),
    }


def _save(path: Path, text: str) -> None:
    """Save as editors do: aside, then in place."""
    aside = path.with_name(f"{path.name}~")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def _seconds(browser: Any, path: Path, text: str, mark: str) -> float:
    started = time.time()
    _save(path, text)
    painted = float(browser.wait(f"window.seen?.['{mark}']"))
    return painted / 1000 - started


def _print(figures: dict[str, list[float]], workload: Workload) -> None:
    print(f"{workload.title}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    print("| Saved | median | best | worst |\n| --- | ---: | ---: | ---: |")
    for name, values in figures.items():
        median = statistics.median(values)
        print(f"| {name} | {median:.2f} s | {min(values):.2f} s | {max(values):.2f} s |")
    worst = max(statistics.median(values) for values in figures.values())
    print(f"\n{'within' if worst <= GOAL else 'over'} the goal of {GOAL} s")


if __name__ == "__main__":
    main()
