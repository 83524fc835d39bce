"""The manual's ten minutes, as they stand there."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.receiver.conftest import CLEAN

PAGE = Path(__file__).resolve().parents[2] / "content/manual/receiving.md"


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are written for a POSIX shell")
@pytest.mark.timeout(150)
def test_the_tutorial_ends_with_a_published_comment(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    blocks = re.findall(
        r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    script = "set -eu\ntrap 'kill %1' EXIT\n" + "".join(blocks).replace("8080", str(port))
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/sitegen"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sitegen "$@"\n')
    program.chmod(0o755)
    (tmp_path / "here").mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SITEGEN_")},
        **CLEAN,
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(PAGE.parents[2]),
    }
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path / "here", env=environment,
        capture_output=True, encoding="utf-8", timeout=140, check=False,
    )  # fmt: skip
    page = (tmp_path / "here/notes/output/articles/hello/index.html").read_text(encoding="utf-8")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 comment waits for review" in done.stdout
    assert "2 comments checked" in done.stdout
    assert "The first word!" in page
