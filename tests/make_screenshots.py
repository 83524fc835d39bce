"""The example site -> the pictures of README and manual: `make screenshots`.

A thread and an article, in light and dark, wide and narrow, as a browser shows them.
"""

from __future__ import annotations

import base64
import datetime as dt
import shutil
import sys
import tempfile
from pathlib import Path

from browsing import Browser, served

from sitegen.build.pipeline import Options, build
from sitegen.model.due import Clock

ROOT = Path(__file__).parent.parent
NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
FOLDER = ROOT / "content/manual/pictures"
PICTURES = {
    "article-light": ("articles/community/", 1000, "light", "#main"),
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
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "output"
        report = build(Options(ROOT, output, Clock(NOW), remember=False))
        assert report.written is not None, report.problems
        browser = Browser(chromium, Path(scratch) / "profile")
        with served(output) as address:
            for name, (page, width, scheme, top) in PICTURES.items():
                picture = shoot(browser, address + page, width, scheme, top)
                (FOLDER / f"{name}.webp").write_bytes(picture)
        browser.stop()


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
