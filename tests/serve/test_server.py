"""The local server: what it answers, to whom, and what it survives."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import sys

import pytest

pytestmark = pytest.mark.timeout(200)

ARTICLE = "---\ntitle: Trip\ndate: 2018-02-19\n---\nText.\n"
FILES = {
    "content/posts/trip.md": ARTICLE,
    "content/posts/draft.md": "---\ntitle: Draft\ndraft: true\n---\nSecret.\n",
    "content/posts/later.md": "---\ntitle: Later\ndate: 2999-01-01\n---\nSoon.\n",
    "static/a b.txt": "Blank",
    "static/café.json": "{}",
    "static/picture.webp": b"RIFF",
}


@pytest.fixture
def served(site, serve):
    made = site(FILES)
    return made, serve(made.root)


def test_it_answers_with_the_right_types_and_forbids_caching(served):
    _, server = served
    for path, kind in {
        "/": "text/html; charset=utf-8",
        "/posts/trip/": "text/html; charset=utf-8",
        "/feed.xml": "application/xml; charset=utf-8",
        "/feed.json": "application/json; charset=utf-8",
        "/assets/style.css?v=1": "text/css; charset=utf-8",
        "/assets/favicon.svg": "image/svg+xml; charset=utf-8",
        "/a%20b.txt": "text/plain; charset=utf-8",
        "/caf%C3%A9.json": "application/json; charset=utf-8",
        "/picture.webp": "image/webp",
        "/.sitegen/live.js": "text/javascript; charset=utf-8",
    }.items():
        status, headers, body = server.get(path)
        assert (status, headers["content-type"]) == (200, kind), path
        assert headers["cache-control"] == "no-store"
        assert headers["content-length"] == str(len(body))
        status, same, nothing = server.get(path, "HEAD")
        assert (status, same["content-type"], nothing) == (200, kind, b"")


def test_a_folder_without_its_slash_leads_to_the_page(served):
    _, server = served

    assert server.get("/posts/trip")[:2][0] == 301
    assert server.get("/posts/trip")[1]["location"] == "/posts/trip/"
    assert server.get("//posts/trip")[1]["location"] == "/posts/trip/"


def test_what_is_not_there_is_answered_with_the_site_s_own_page(served):
    _, server = served
    status, headers, body = server.get("/nowhere/")

    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert b'<p class="kicker">404</p>' in body
    assert b"/.sitegen/live.js" in body


OUTSIDE = ["/../config.yaml", "/..%2f..%2f..%2fconfig.yaml", "/%2e%2e/config.yaml", "/posts/../../config.yaml",
           "/..%5cconfig.yaml", "/.sitegen-manifest", "/.sitegen/../../config.yaml", "/%00", "/C:/config.yaml",
           "/posts/%2e%2e/%2e%2e/%2e%2e/config.yaml", "//etc/passwd", "/....//config.yaml", "/" + "x" * 5000]  # fmt: skip


def test_nothing_outside_of_the_site_can_be_read(served):
    _, server = served
    for path in OUTSIDE:
        status, _, body = server.get(path)
        assert status in {400, 404}, path
        assert b"base_url:" not in body


def test_a_link_in_the_output_is_not_followed(served):
    made, server = served
    folder = made.root / f".sitegen/serve/{server.port}"
    (folder / "stolen.txt").symlink_to(made.root / "config.yaml")

    assert server.get("/stolen.txt")[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example", "", "127.0.0.1.evil.example", "[::1", "x@evil.example"])  # fmt: skip
def test_a_name_that_was_made_to_lead_here_is_refused(served, host):
    _, server = served
    status, _, body = server.get("/posts/trip/", host=host or " ")

    assert status == 403
    assert b"Trip" not in body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "[::1]:8000", "192.168.0.7", "notes.localhost"])  # fmt: skip
def test_names_of_this_machine_are_served(served, host):
    assert served[1].get("/", host=host)[0] == 200


def test_only_reading_is_possible(served):
    assert served[1].get("/", "POST")[0] == 501
    assert served[1].get("/", "DELETE")[0] == 501


def test_the_script_is_in_what_is_served_and_not_in_what_is_built(served):
    made, server = served
    page = server.get("/posts/trip/")[2].decode()

    assert re.search(r'<script defer src="/.sitegen/live.js" nonce="([\w-]{16})"', page)
    assert f'http://127.0.0.1:{server.port}/posts/trip/"' in page
    assert not made.output.exists()
    made.cli("build")
    assert all(b".sitegen/" not in body for body in made.outputs().values())
    folder = made.root / f".sitegen/serve/{server.port}"
    assert all(b"live.js" not in file.read_bytes() for file in folder.rglob("*.html"))


def test_drafts_and_what_is_to_come_are_shown_on_request(site, serve):
    made = site(FILES)
    plain = serve(made.root)
    assert plain.get("/posts/draft/")[0] == 404
    assert plain.get("/posts/later/")[0] == 404
    plain.stop()

    asked = serve(made.root, "--drafts", "--future")
    assert b"Secret." in asked.get("/posts/draft/")[2]
    assert b"Soon." in asked.get("/posts/later/")[2]


def test_a_port_that_is_taken_is_passed_over_and_that_is_said(site, serve):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = serve(site(FILES).root, "--port", str(port))

    assert server.port > port
    assert f"port {port} is taken, so this is port {server.port}" in server.said


def test_an_address_that_is_none_is_wrong_usage(site):
    made = site(FILES)
    for address in ("203.0.113.1", "no such name", "x" * 80):
        done = made.cli("serve", "--bind", address, "--port", "0")
        assert done.returncode == 2
        assert "cannot listen at" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there it is another event")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_though_pages_are_listening(served, number):
    _, server = served
    listening = [open_line(server) for _ in range(3)]
    status, said = server.stop(number)

    assert status == 0
    assert "Traceback" not in said
    for response in listening:
        response.read()  # ends, instead of hanging


def open_line(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", "/.sitegen/events?path=/")
    response = connection.getresponse()
    assert response.headers["content-type"] == "text/event-stream"
    assert response.readline() == b"retry: 300\n"
    return response


SAVED = {
    "broken YAML": {"content/posts/trip.md": "---\ntitle: [\n---\n"},
    "a bad template": {"themes/mine/templates/article.html": "{% if %}{{ 1 / 0 }}"},
    "a template without end": {"themes/mine/templates/article.html": "{% include 'article.html' %}"},
    "a broken theme": {"themes/mine/theme.yaml": "name: {"},
    "binary garbage": {"content/posts/trip.md": bytes(range(256)) * 40},
    "garbage as configuration": {"config.yaml": b"\x00\xff\xfe"},
    "an empty configuration": {"config.yaml": ""},
    "no configuration": {"config.yaml": None},
    "a theme that is not there": {"config.yaml": "title: S\nbase_url: https://x.example/\ntheme: gone\n"},
    "a comment of a stranger": {"comments/posts/trip/a.yaml": b"&a [*a, \x1b[31m"},
    "two that want one place": {"content/posts/Trip.md": ARTICLE},
    "a language that nobody speaks": {"themes/mine/i18n/en.yaml": b"\xff"},
}  # fmt: skip
CONFIG = "title: Scratch\nbase_url: https://example.org/\ntheme: mine\n"


def test_it_survives_whatever_is_saved(site, serve):
    good = {
        **FILES,
        "config.yaml": CONFIG,
        "themes/mine/theme.yaml": "name: mine\nextends: default\n",
    }
    made = site(good)
    server = serve(made.root)
    for name, files in SAVED.items():
        made.write(files)
        server.until("the last good pages are served")
        assert server.get("/posts/trip/")[0] == 200, name
        for path in files:
            if path not in good:
                made.write({path: None})
        made.write({path: text for path, text in good.items() if path in files})
        server.until(" written, ")
    shutil.rmtree(made.root / "content")
    server.until(" written, ")
    made.write(good)
    server.until(" written, ")
    assert "Traceback" not in "\n".join(server.said)
    assert server.stop()[0] == 0


def test_links_and_pipes_that_are_put_there_are_told(served):
    made, server = served
    (made.root / "content/posts/link.md").symlink_to("/etc/passwd")
    server.until("this is a link to somewhere else")
    (made.root / "content/posts/link.md").unlink()
    server.until(" written, ")
    if hasattr(os, "mkfifo"):
        os.mkfifo(made.root / "content/posts/pipe.md")
        server.until("this is neither a file nor a folder")


def test_it_does_not_get_in_the_way_of_a_build(served):
    made, server = served
    assert made.cli("build").returncode == 0
    made.write({"content/posts/trip.md": ARTICLE.replace("Text", "Other text")})
    server.until(" written, ")

    assert "Other text" not in made.text("posts/trip/index.html")
    assert b"Other text" in server.get("/posts/trip/")[2]
