"""The manual's unit, container and wrapper, run as far as they can be without their hosts."""

from __future__ import annotations

import base64
import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.receiver.conftest import REPOSITORY, Kept, Receiver
from tests.receiver.test_tutorial import PAGE


def block(kind: str, holding: str) -> str:
    """Return the one block of a language in the manual's page that holds a text."""
    found = re.findall(
        rf"^```{kind}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    (text,) = (one for one in found if holding in one)
    return str(text)


def test_the_unit_starts_what_is_there(tmp_path: Path, forge) -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(block("ini", "ExecStart"))
    service = unit["Service"]
    words = shlex.split(service["ExecStart"])
    name, _, state = service["Environment"].partition("=")

    assert words[0].endswith("/bin/sitegen")
    assert (name, Path(state).parts[-1]) == ("SITEGEN_RECEIVE_STATE", service["StateDirectory"])
    started(words[1:], forge, tmp_path)


def started(words: list[str], forge, folder: Path) -> None:
    """Start a receiver by these words, but at a free port, and stop it."""
    at = words.index("--port")
    receiver = Receiver(
        forge.place, folder / "state", arguments=[*words[:at], "--port", "0", *words[at + 2 :]]
    )
    assert receiver.ready().ask("/health").text == "well\n"
    receiver.stop()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_has_nothing_to_say_about_the_unit(tmp_path: Path) -> None:
    text = block("ini", "ExecStart").replace("/opt/sitegen/bin/sitegen", sys.executable)
    (tmp_path / "sitegen-receive.service").write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", str(tmp_path / "sitegen-receive.service")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)

    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


def test_the_container_starts_what_is_there(tmp_path: Path, forge) -> None:
    rows = dict(line.split(" ", 1) for line in block("dockerfile", "CMD").splitlines())
    name, _, state = rows["ENV"].partition("=")
    words = json.loads(rows["CMD"])

    assert (name, state) == ("SITEGEN_RECEIVE_STATE", rows["VOLUME"])
    assert words[0] == "sitegen"
    started(words[1:], forge, tmp_path)


def event(method: str, path: str, body: str = "") -> dict[str, Any]:
    """Return what API Gateway hands over (payload format 2.0), with the body as it sends forms."""
    return {
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
        "headers": {
            "content-type": "application/x-www-form-urlencoded", "host": "comments.example.org",
            "content-length": str(len(body)), "x-forwarded-proto": "https", "x-forwarded-port": "443",
        },
        "requestContext": {
            "domainName": "comments.example.org", "stage": "$default", "timeEpoch": 1583348638390,
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
        },
        "body": base64.b64encode(body.encode()).decode(), "isBase64Encoded": True,
    }  # fmt: skip


DRIVER = """
import json, sys
for event in json.load(sys.stdin):
    answer = lambda_handler(event, None)
    print(json.dumps([answer["statusCode"], answer["body"]]))
"""


def test_a_function_that_lives_for_one_request_opens_the_pull_request(
    tmp_path: Path, forge
) -> None:
    """Each call is a process of its own, without anything of the one before."""
    told = {
        "REMOTE": str(forge.place),
        "WAIT": "0",
        "SLOW_WAIT": "0",
        "AT_ONCE": "1",
        "SECRET": "s" * 40,
    }

    def call(number: int, **fields: str) -> tuple[int, str]:
        form = {"article": "posts/trip", "author": "Bo", "body": "Hello.", **fields}
        done = subprocess.run(
            [sys.executable, "-c", block("python", "lambda_handler") + DRIVER],
            input=json.dumps([event("POST", "/", urlencode(form))]), encoding="utf-8", check=True,
            stdout=subprocess.PIPE, timeout=60, cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY),
                 **{f"SITEGEN_RECEIVE_{name}": value for name, value in told.items()},
                 "SITEGEN_RECEIVE_STATE": str(tmp_path / str(number))},
        )  # fmt: skip
        status, body = json.loads(done.stdout)
        return status, body

    status, page = call(1)
    found = re.search('name="token" value="([^"]+)"', page)
    assert (status, bool(found)) == (200, True)
    assert found
    assert [call(number, token=found[1])[0] for number in (2, 3)] == [202, 202]
    assert len(forge.refs()) == 1


def test_the_first_request_of_a_process_finds_the_site(tmp_path: Path) -> None:
    kept = Kept(tmp_path)

    assert kept.ask("GET", "/", QUERY_STRING="article=posts/trip")[0] == 200
    kept.receiver.close()
