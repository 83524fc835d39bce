"""The example site -> the pictures of README and manual: `make screenshots`.

A thread and an article, in light and dark, wide and narrow, as a browser shows them, and the
review of the comment that the manual takes for an example.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
import shutil
import sys
import tempfile
from pathlib import Path

from browsing import Browser, served

from sitegen.build.pipeline import Options, build
from sitegen.model.schedule import Clock
from sitegen.review.gathering import review_files
from sitegen.review.pages import as_page

ROOT = Path(__file__).parent.parent
NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
FOLDER = ROOT / "content/manual/pictures"
PICTURES = {
    "article-light": ("articles/community/", 1000, "light", "#main"),
    "thread-light": ("articles/community/", 1000, "light", "#comments"),
    "thread-dark": ("articles/community/", 1000, "dark", "#comments"),
    "narrow-light": ("articles/community/", 400, "light", "#comments"),
}
"""Name -> page, width, colours, and the element at the top."""


def main() -> None:
    """Draw every picture anew."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("there is no Chromium")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        output = Path(scratch) / "output"
        report = build(Options(ROOT, output, Clock(NOW), remember=False))
        assert report.written is not None, report.problems
        browser = Browser(chromium, Path(scratch) / "profile")
        with served(output) as address:
            for name, (page, width, scheme, top) in PICTURES.items():
                picture = shoot(browser, address + page, width, scheme, top)
                (FOLDER / f"{name}.webp").write_bytes(picture)
            (output / "review.html").write_text(reviewed(Path(scratch) / "site"), encoding="utf-8")
            picture = shoot(browser, f"{address}review.html", 1100, "light", "body")
            (FOLDER / "review-light.webp").write_bytes(picture)
        browser.stop()


def reviewed(root: Path) -> str:
    """Return the page of the review of the manual's example, whose files stand in its text."""
    text = (ROOT / "content/manual/reviewing.md").read_text(encoding="utf-8")
    part = text.partition("## Hints")[0]
    files = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)
    for path, content in files:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    return as_page(root, *review_files(root, [root / files[-1][0]], NOW))


def shoot(browser: Browser, address: str, width: int, scheme: str, top: str) -> bytes:
    """Return a picture in WebP of what a window shows of a page."""
    size = {"width": width, "height": 720, "deviceScaleFactor": 1, "mobile": False}
    browser.call("Emulation.setDeviceMetricsOverride", **size)
    chosen = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.call("Emulation.setEmulatedMedia", features=chosen)
    browser.call("Emulation.setScrollbarsHidden", hidden=True)
    browser.open(address)
    browser.ask(f"scrollTo(0, document.querySelector('{top}').offsetTop - 16)")
    shot = browser.call("Page.captureScreenshot", format="webp", quality=82)
    return base64.b64decode(shot["data"])


if __name__ == "__main__":
    main()
