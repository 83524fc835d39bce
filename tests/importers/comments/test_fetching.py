"""Fetching from a real server of our own, over real TLS, that answers as the services do."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import trustme

Reply = tuple[int, dict[str, str], Any]


class Server(ThreadingHTTPServer):
    """Greets each caller in a thread of its own, where a failed greeting ends quietly."""

    tls: ssl.SSLContext

    def finish_request(self, request: Any, client_address: Any) -> None:
        try:
            with self.tls.wrap_socket(request, server_side=True) as secure:
                super().finish_request(secure, client_address)
        except ssl.SSLError:
            pass  # the caller does not know our authority, or hung up


class Service:
    """A server whose answers a test gives; it notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any, str]] = []
        self.answer: Callable[[str, dict[str, str], Any], Reply] = lambda *_: (404, {}, {})
        self.url = ""


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    found = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(None)

        def do_POST(self) -> None:
            self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def reply(self, body: Any) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            found.asked.append((self.path, body, self.headers.get("Authorization", "")))
            status, headers, value = found.answer(parts.path, query, body)
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response_only(status)
            for name, text in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    # OpenSSL's own variable: the tool asks for nothing but the certificates of the machine.
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server.tls = context
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"https://localhost:{server.server_port}"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(box: Any, system: str, address: str, *flags: str) -> Any:
    return box.site.cli("comments", "import", system, "--from", address, *flags)


def mention(number: int) -> dict[str, Any]:
    return {
        "wm-id": number, "wm-property": "in-reply-to", "wm-target": "https://example.org/posts/trip/",
        "wm-received": "2019-01-02T03:04:05Z", "url": f"https://jo.example/{number}",
        "author": {"name": "Jo"}, "content": {"text": f"Hi {number}"},
    }  # fmt: skip


def feed(path: str, query: dict[str, str], _: Any) -> Reply:
    page = int(query["page"])
    children = [mention(page * 2 + 1), mention(page * 2 + 2)] if page < 3 else []
    return 200, {}, {"type": "feed", "children": children}


def test_webmentions_are_fetched_page_by_page(intake: Any, service: Service) -> None:
    box = intake(["posts/trip"])
    service.answer = feed

    done = fetch(box, "webmention", f"{service.url}/api/mentions.jf2?domain=x&token=secret")

    assert done.returncode == 0, done.stderr
    assert len(box.comments()) == 6
    assert len(service.asked) == 4
    assert "secret" not in done.stdout + done.stderr
    assert not (box.site.root / ".sitegen/fetched").exists() or not any(
        (box.site.root / ".sitegen/fetched").iterdir()
    )


def test_what_was_cut_off_goes_on_where_it_was(intake: Any, service: Service) -> None:
    box = intake(["posts/trip"])
    address = f"{service.url}/api/mentions.jf2?domain=x"

    def breaks(path: str, query: dict[str, str], body: Any) -> Reply:
        return (500, {}, {}) if query["page"] == "2" else feed(path, query, body)

    service.answer = breaks
    done = fetch(box, "webmention", address)
    assert done.returncode == 1
    assert "the answer is 500" in done.stderr
    assert box.comments() == {}

    service.asked.clear()
    service.answer = feed
    done = fetch(box, "webmention", address)

    assert done.returncode == 0, done.stderr
    assert [parse_qs(urlsplit(path).query)["page"] for path, *_ in service.asked] == [["2"], ["3"]]
    assert len(box.comments()) == 6


def test_a_service_that_asks_to_wait_is_waited_for(intake: Any, service: Service) -> None:
    box = intake(["posts/trip"])
    refusals = [(429, {"Retry-After": "0"}, {}), (503, {"Retry-After": "0"}, {})]

    def busy(path: str, query: dict[str, str], body: Any) -> Reply:
        return refusals.pop() if refusals else feed(path, query, body)

    service.answer = busy

    done = fetch(box, "webmention", f"{service.url}/x")

    assert done.returncode == 0, done.stderr
    assert done.stderr.count("waiting 0 s, as the service asks") == 2


def test_a_limit_that_lasts_long_ends_the_command_with_what_to_do(
    intake: Any, service: Service
) -> None:
    box = intake(["posts/trip"])
    now = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    headers = {
        "Date": format_datetime(now, usegmt=True), "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(int(now.timestamp()) + 1800),
    }  # fmt: skip
    service.answer = lambda *_: (403, headers, {})

    done = fetch(box, "webmention", f"{service.url}/x")

    assert done.returncode == 1
    assert "run the same command again in 31 minutes" in done.stderr
    assert len(service.asked) == 1


def test_only_https_is_spoken_and_no_redirect_leads_away_from_it(
    intake: Any, service: Service
) -> None:
    box = intake(["posts/trip"])
    done = fetch(box, "webmention", service.url.replace("https", "http"))
    assert "only https:// is fetched" in done.stderr
    assert fetch(box, "webmention", "file:///etc/passwd").returncode == 1

    service.answer = lambda *_: (302, {"Location": "http://localhost:1/x"}, {})
    done = fetch(box, "webmention", f"{service.url}/x")
    assert done.returncode == 1
    assert "only https:// is fetched" in done.stderr


def test_a_server_that_nobody_vouches_for_is_refused(
    intake: Any, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    done = fetch(intake(["posts/trip"]), "webmention", f"{service.url}/x")

    assert done.returncode == 1
    assert "CERTIFICATE_VERIFY_FAILED" in done.stderr
    assert service.asked == []


def test_an_answer_that_is_no_json_is_told(intake: Any, service: Service) -> None:
    service.answer = lambda *_: (200, {}, b"<html>")

    done = fetch(intake(["posts/trip"]), "webmention", f"{service.url}/x")

    assert "the answer is not JSON" in done.stderr


def test_an_answer_that_is_cut_off_is_told(intake: Any, service: Service) -> None:
    service.answer = lambda *_: (200, {"Content-Length": "1000"}, {})

    done = fetch(intake(["posts/trip"]), "webmention", f"{service.url}/x")

    assert done.returncode == 1
    assert "error: there is no answer: it was cut off" in done.stderr


def test_a_time_to_wait_that_is_no_number_is_none(intake: Any, service: Service) -> None:
    service.answer = lambda *_: (503, {"Retry-After": "²"}, {})

    done = fetch(intake(["posts/trip"]), "webmention", f"{service.url}/x")

    assert "error: the answer is 503" in done.stderr


def test_the_answers_to_a_status_are_fetched(intake: Any, service: Service) -> None:
    box = intake(["posts/trip"])
    status = {
        "id": "2", "in_reply_to_id": "1", "visibility": "public", "created_at": "2021-11-23T22:52:49Z",
        "uri": "https://social.example/users/jo/statuses/2", "content": "<p>Hi</p>",
        "account": {"username": "jo"},
    }  # fmt: skip
    service.answer = lambda *_: (200, {}, {"ancestors": [], "descendants": [status]})
    address = f"{service.url}/@jo/1"
    pages = box.exports / "pages.map"
    pages.write_text(f"{address} -> posts/trip\n")

    done = fetch(box, "mastodon", address, "--map", str(pages))

    assert done.returncode == 0, done.stderr
    assert [path for path, *_ in service.asked] == ["/api/v1/statuses/1/context"]
    assert list(box.comments()) == ["posts/trip/mastodon-social.example-2.yaml"]


def test_issues_are_fetched_along_their_links_with_the_token(
    intake: Any, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = intake(["posts/trip"])
    monkeypatch.setenv("SITEGEN_TOKEN", "hush")
    issue = "https://github.com/o/r/issues/7"

    def answer(path: str, query: dict[str, str], _: Any) -> Reply:
        if path.endswith("/comments"):
            number = int(query.get("page", "1"))
            comment = {"id": number, "html_url": f"{issue}#issuecomment-{number}", "issue_url": "api/7",
                       "user": {"login": "jo"}, "created_at": "2024-01-01T00:00:00Z", "body": "Hi"}  # fmt: skip
            onward = {"Link": f'<{service.url}{path}?page=2>; rel="next"'} if number == 1 else {}
            return 200, onward, [comment]
        return 200, {}, [{"url": "api/7", "html_url": issue, "title": "trip", "comments_url": "x"}]

    service.answer = answer

    done = fetch(box, "github", f"{service.url}/repos/o/r")

    assert done.returncode == 0, done.stderr
    assert len(box.comments()) == 2
    assert {token for *_, token in service.asked} == {"Bearer hush"}
    assert "hush" not in done.stdout + done.stderr


def test_discussions_are_asked_for_page_by_page(intake: Any, service: Service) -> None:
    box = intake(["posts/trip"])

    def answer(path: str, _: dict[str, str], body: Any) -> Reply:
        number = 2 if body["variables"]["after"] else 1
        url = f"https://github.com/o/r/discussions/{number}"
        node = {"id": f"DC_{number}", "url": f"{url}#discussioncomment-{number}", "body": "Hi",
                "createdAt": "2024-01-01T00:00:00Z", "author": {"login": "jo"}}  # fmt: skip
        discussion = {
            "id": f"D_{number}",
            "url": url,
            "title": "trip",
            "comments": {"nodes": [node]},
        }
        info = {"hasNextPage": number == 1, "endCursor": "next"}
        found = {"pageInfo": info, "nodes": [discussion]}
        return 200, {}, {"data": {"repository": {"discussions": found}}}

    service.answer = answer

    done = fetch(box, "github", f"{service.url}/api/v3/repos/o/r/discussions")

    assert done.returncode == 0, done.stderr
    assert [path for path, *_ in service.asked] == ["/api/graphql"] * 2
    assert sorted(box.comments()) == ["posts/trip/github-1.yaml", "posts/trip/github-2.yaml"]


def test_long_discussions_and_long_threads_are_asked_for_to_their_end(
    intake: Any, service: Service
) -> None:
    """The stand-in holds one discussion, whose lists it gives two rows at a time."""
    box = intake(["posts/trip"])
    url = "https://github.com/o/r/discussions/1"
    replies = {number: [] for number in range(1, 6)} | {2: list(range(21, 26)), 4: [41]}

    def node(number: int, parent: int = 0) -> dict[str, Any]:
        made = {"id": f"DC_{number}", "url": f"{url}#discussioncomment-{number}", "body": f"No. {number}",
                "createdAt": "2024-01-01T00:00:00Z", "author": {"login": "jo"}}  # fmt: skip
        return made | ({"replyTo": {"id": f"DC_{parent}"}} if parent else {})

    def page(rows: list[Any], after: str | None) -> dict[str, Any]:
        begin = int(after or 0)
        info = {"hasNextPage": begin + 2 < len(rows), "endCursor": str(begin + 2)}
        return {"pageInfo": info, "nodes": rows[begin : begin + 2]}

    def replies_of(number: int, after: str | None = None) -> dict[str, Any]:
        return page([node(one, number) for one in replies[number]], after)

    def comments(after: str | None = None) -> dict[str, Any]:
        rows = [node(number) | {"replies": replies_of(number)} for number in range(1, 6)]
        return page(rows, after)

    def answer(path: str, _: dict[str, str], body: Any) -> Reply:
        variables, query = body["variables"], body["query"]
        head = {"id": "D_1", "url": url, "title": "trip"}
        if "repository(" in query:
            return (
                200,
                {},
                {
                    "data": {
                        "repository": {"discussions": page([head | {"comments": comments()}], None)}
                    }
                },
            )
        if variables["id"] == "D_1":
            assert "... on Discussion {" in query
            return 200, {}, {"data": {"node": head | {"comments": comments(variables["after"])}}}
        assert "... on DiscussionComment {" in query
        assert query.count("{") == query.count("}")
        number = int(variables["id"].removeprefix("DC_"))
        found = {"id": variables["id"], "url": f"{url}#discussioncomment-{number}"}
        return (
            200,
            {},
            {"data": {"node": found | {"replies": replies_of(number, variables["after"])}}},
        )

    service.answer = answer

    done = fetch(box, "github", f"{service.url}/api/v3/repos/o/r/discussions")

    assert done.returncode == 0, done.stderr
    brought = {
        Path(path).stem.removeprefix("github-"): one.get("reply_to", "").removeprefix("github-")
        for path, one in box.comments().items()
    }
    assert brought == {
        str(number): "" if number < 10 else str(number)[0]
        for number in (1, 2, 3, 4, 5, *replies[2], 41)
    }


def test_what_cannot_be_asked_is_a_wrong_use(intake: Any) -> None:
    box = intake(["posts/trip"])

    assert fetch(box, "disqus", "https://x.example/").returncode == 2
    assert box.site.cli("comments", "import", "disqus").returncode == 2
