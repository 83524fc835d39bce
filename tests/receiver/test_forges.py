"""Each way to a pull request: AGit and GitLab's push options through real hooks, GitHub through a stand-in."""

from __future__ import annotations

import copy
import http.server
import io
import json
import re
import socket
import stat
import sys
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sitegen.receiver.github import GitHub as Client
from tests.receiver.conftest import git

# A proc-receive hook as gitprotocol-common and githooks(5) describe it: it takes refs/for/main,
# as Forgejo and Gitea do, and gives the pull request a ref of its own.
AGIT = r"""#!{python}
import subprocess, sys
source, target = sys.stdin.buffer, sys.stdout.buffer
def read():
    size = int(source.read(4), 16)
    return None if size == 0 else source.read(size - 4).rstrip(b"\n")
def write(text):
    data = text.encode()
    target.write(b"%04x" % (len(data) + 4) + data)
def flush():
    target.write(b"0000")
    target.flush()
version = read(); read(); write("version=1\0push-options"); flush()
commands, options = [], []
while (line := read()) is not None: commands.append(line.decode().split())
if b"push-options" in version:
    while (line := read()) is not None: options.append(line.decode())
with open("{told}", "a") as stream: stream.write(repr(options) + "\n")
topic = next(one for one in options if one.startswith("topic=")).split("=", 1)[1]
for old, new, ref in commands:
    number = "refs/pull/" + topic + "/head"
    subprocess.run(["git", "update-ref", number, new], check=True)
    write("ok " + ref); write("option refname " + number)
    write("option old-oid " + old); write("option new-oid " + new)
flush()
"""
GITLAB = r"""#!{python}
import os
count = int(os.environ.get("GIT_PUSH_OPTION_COUNT", "0"))
with open("{told}", "a") as stream:
    stream.write(repr([os.environ["GIT_PUSH_OPTION_%d" % one] for one in range(count)]) + "\n")
"""


def hook(forge, name: str, text: str) -> Path:
    """Put a hook into the repository; return the file in which it writes down what it is told."""
    told = forge.place.parent / "told"
    place = forge.place / "hooks" / name
    place.write_text(text.replace("{python}", sys.executable).replace("{told}", str(told)))
    place.chmod(place.stat().st_mode | stat.S_IXUSR)
    git(forge.place, "config", "receive.advertisePushOptions", "true")
    return told


def test_forgejo_and_gitea_get_a_pull_request_by_one_push(receive, forge) -> None:
    told = hook(forge, "proc-receive", AGIT)
    git(forge.place, "config", "--add", "receive.procReceiveRefs", "refs/for")
    receiver = receive(WAY="agit")
    receiver.send()
    receiver.until(" delivered\n")
    ((ref, _),) = forge.refs().items()
    (path,) = forge.added(ref)
    options = eval(told.read_text())

    assert options[:2] == [f"topic=comment-{Path(path).stem}", "title=Comment on posts/trip"]
    assert ref == f"refs/pull/comment-{Path(path).stem}/head"


def test_gitlab_gets_a_merge_request_by_push_options(receive, forge) -> None:
    told = hook(forge, "post-receive", GITLAB)
    receiver = receive(WAY="gitlab")
    receiver.send()
    receiver.until(" delivered\n")
    options = eval(told.read_text())

    assert options[:3] == [
        "merge_request.create", "merge_request.target=main",
        "merge_request.title=Comment on posts/trip",
    ]  # fmt: skip
    assert all("\n" not in option for option in options)
    assert len(forge.refs()) == 1


def test_a_push_that_a_hook_refuses_is_kept_and_sent_later(receive, forge) -> None:
    hook(forge, "pre-receive", "#!/bin/sh\necho the branch is protected\nexit 1\n")
    receiver = receive()
    receiver.send()
    receiver.until("not delivered")
    assert "protected" in receiver.command("--status").stdout
    (forge.place / "hooks/pre-receive").unlink()
    receiver.until(" delivered\n")

    assert len(forge.refs()) == 1


OPENAPI = json.loads((Path(__file__).parent / "github_pulls.json").read_text(encoding="utf-8"))


PULLS = OPENAPI["paths"]["/repos/{owner}/{repo}/pulls"]


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the description, or what it refers to."""
    if "$ref" not in part:
        return part
    _, _, kind, name = part["$ref"].split("/")
    return OPENAPI["components"][kind][name]


def valid(part: dict[str, Any], value: Any) -> None:
    """Hold a body to the schema that the description has for it."""
    schema = resolved(part)["content"]["application/json"]["schema"]
    jsonschema.validate(value, {**schema, "components": OPENAPI["components"]})


def example(name: str) -> dict[str, Any]:
    """Return a new copy of a pull request that GitHub publishes as an example."""
    value = copy.deepcopy(OPENAPI["components"]["examples"][name]["value"])
    pull = value[0] if isinstance(value, list) else value
    # As published, its team lacks a field that the schema requires; a new one has no reviewers.
    return {**pull, "requested_teams": [], "requested_reviewers": []}


class GitHub(http.server.ThreadingHTTPServer):
    """The two operations on one repository, each request and answer held to GitHub's own description."""

    def __init__(self, forge) -> None:
        super().__init__(("127.0.0.1", 0), Operations)
        self.forge = forge
        self.pulls: list[dict[str, Any]] = []
        self.faults: list[str] = []
        self.refusals: list[tuple[int, dict[str, str]]] = []
        self.silent = False


class Operations(http.server.BaseHTTPRequestHandler):
    server: GitHub

    def log_message(self, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self._answer("post", json.loads(self.rfile.read(size)))

    def do_GET(self) -> None:
        self._answer("get", None)

    def _answer(self, method: str, value: Any) -> None:
        operation = PULLS[method]
        try:
            status, said = self._perform(method, value, operation)
            valid(operation["responses"][str(status)], said)
        except (jsonschema.ValidationError, AssertionError, KeyError) as error:
            self.server.faults.append(repr(error))
            status, said = 500, {}
        body = json.dumps(said).encode()
        self.send_response(status)
        if status in {403, 429}:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _perform(self, method: str, value: Any, operation: Any) -> tuple[int, Any]:
        server = self.server
        assert self.headers["Authorization"] == "Bearer a-token"
        assert self.headers["Accept"] == "application/vnd.github+json"
        path, _, query = self.path.partition("?")
        assert path == "/repos/jo/notes/pulls"
        if server.refusals:
            status, said = server.refusals.pop(0)
            return status, said
        if method == "get":
            known = {one["name"]: one for one in map(resolved, operation["parameters"])}
            asked = urllib.parse.parse_qs(query, strict_parsing=True)
            for name, (text,) in asked.items():
                assert known[name]["in"] == "query"
                jsonschema.validate(text, known[name]["schema"])
            (owned,) = asked["head"]
            owner, _, branch = owned.partition(":")
            assert owner == "jo"
            return 200, [short(one) for one in server.pulls if one["head"]["ref"] == branch]
        valid(operation["requestBody"], value)
        known = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]
        assert set(value) <= set(known)
        assert f"refs/heads/{value['head']}" in server.forge.refs()
        if any(one["head"]["ref"] == value["head"] for one in server.pulls):
            return 422, {
                "message": "Validation Failed",
                "errors": [{"resource": "PullRequest", "code": "custom"}],
                "documentation_url": "https://docs.github.com/rest/pulls/pulls#create-a-pull-request",
            }
        number = len(server.pulls) + 1
        pull = {**example("pull-request"), "number": number, "state": "open",
                "title": value["title"], "body": value["body"],
                "html_url": f"https://github.example/jo/notes/pull/{number}"}  # fmt: skip
        pull["head"]["ref"], pull["base"]["ref"] = value["head"], value["base"]
        server.pulls.append(pull)
        if server.silent:  # done, and then the line is cut
            server.silent = False
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            self.wfile = io.BytesIO()
        return 201, pull


def short(pull: dict[str, Any]) -> dict[str, Any]:
    """Return a pull request as a list of them shows it."""
    found = example("pull-request-simple-items")
    return {
        **found,
        **{name: pull[name] for name in ("number", "html_url", "title", "head", "base")},
    }


@pytest.fixture
def github(forge) -> Iterator[GitHub]:
    server = GitHub(forge)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    assert server.faults == []


def settings(github: GitHub) -> dict[str, str]:
    return {"WAY": "github", "REPOSITORY": "jo/notes", "TOKEN": "a-token",
            "API": f"http://127.0.0.1:{github.server_address[1]}"}  # fmt: skip


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (PULLS["post"]["requestBody"], {"head": "x"}),
        (PULLS["post"]["requestBody"], {"head": "x", "base": 1}),
        (PULLS["post"]["responses"]["201"], {"html_url": "https://github.example/"}),
        (PULLS["post"]["responses"]["201"], {**example("pull-request"), "number": "7"}),
        (PULLS["get"]["responses"]["200"], [{**example("pull-request-simple-items"), "state": 1}]),
        (PULLS["post"]["responses"]["422"], {"message": "no"}),
    ],
)
def test_the_description_refuses_what_github_would(part, value) -> None:
    with pytest.raises(jsonschema.ValidationError):
        valid(part, value)


def test_github_gets_a_pull_request_that_shows_the_file_and_cannot_be_broken_out_of(
    receive, github
) -> None:
    receiver = receive(**settings(github))
    receiver.send(body="```\n@everyone ````` <!-- x -->", author="@mention")
    receiver.until(" delivered\n")
    (pull,) = github.pulls

    assert pull["title"] == "Comment on posts/trip"
    assert pull["base"]["ref"] == "main"
    outside = re.sub(r"^(`{6,})yaml\n.*?^\1$", "", pull["body"], flags=re.DOTALL | re.MULTILINE)
    assert "everyone" in pull["body"]
    assert "@" not in outside
    assert "a-token" not in "\n".join(receiver.said)


def test_a_rate_limit_is_waited_for(receive, github) -> None:
    github.refusals += [(403, {"message": "You have exceeded a secondary rate limit"})]
    receiver = receive(**settings(github))
    receiver.send()
    assert "secondary rate limit" in receiver.until("not delivered")
    receiver.until(" delivered\n")

    assert len(github.pulls) == 1


def test_a_pull_request_whose_answer_was_lost_is_found_and_not_opened_twice(
    receive, github
) -> None:
    github.silent = True
    receiver = receive(**settings(github))
    receiver.send()
    receiver.until("did not answer")
    receiver.until(" delivered\n")

    assert len(github.pulls) == 1
    assert "1 sent" in receiver.command("--status").stdout


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Sends a question on to the same server under another name, which says what it was told."""

    def do_POST(self) -> None:
        self.send_response(302)
        self.send_header("Location", f"http://localhost:{self.server.server_port}/there")
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        said = "with a token" if self.headers["Authorization"] else "without a token"
        self.wfile.write(json.dumps({"html_url": said}).encode())

    def log_message(self, *words: object) -> None:
        pass


def test_a_redirect_to_another_host_gets_no_token() -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = Client(f"http://127.0.0.1:{server.server_port}", "o/r", "secret")

        assert client.pull_request("b", "main", "T", "B") == "without a token"
        server.shutdown()
