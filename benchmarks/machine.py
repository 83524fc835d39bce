"""What was measured on, and what it was measured with."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = ("jinja2", "markdown-it-py", "pyyaml", "bleach", "nh3", "msgspec")
_ROOT = Path(__file__).parents[1]


def describe() -> dict[str, str]:
    """Return what somebody has to know who compares figures."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "Date": time.strftime("%Y-%m-%d"),
        "Processor": f"{_processor()}, {os.cpu_count()} cores seen",
        "Memory": f"{pages / 2**30:.0f} GiB",
        "System": f"{platform.system()} {platform.release().split('-')[0]}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "Revision": _revision(),
        "Libraries": ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _revision() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"
