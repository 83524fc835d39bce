"""Whatever bytes come over the wire, no answer is a failure, and the receiver goes on."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from programs import PATIENCE

from tests.receiver.conftest import FILES, Forge, Receiver
from tests.receiver.test_any_request import bodies


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    folder = tmp_path_factory.mktemp("wire")
    many = {name: str(10**9) for name in ("BURST", "HOURLY", "DAILY")}
    made = Receiver(Forge(folder, FILES).place, folder / "state", **many).ready()
    yield made
    assert made.ask("/health").status == 200
    made.stop()
    assert "Traceback" not in "\n".join(made.said)


def sent(port: int, data: bytes) -> list[int]:
    """Return the status of every answer to some bytes, after which nothing more is sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        answer = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(1 << 16):
                answer += piece
        except ConnectionError:
            pass  # it hung up on bytes that are no request
    return [int(one) for one in re.findall(rb"^HTTP/1\.[01] (\d{3}) ", answer, re.MULTILINE)]


odd = st.one_of(
    st.binary(max_size=60), st.text(max_size=40).map(str.encode),
    st.sampled_from([b"", b"0", b"-1", b"5", b"007", b"9" * 30, b"chunked", b"gzip, chunked", b"null",
                     b"100-continue", b"close", b"https://notes.example", b"*/*", b"application/json"]),
)  # fmt: skip
names = st.sampled_from(
    [b"Content-Length", b"Content-Type", b"Transfer-Encoding", b"Host", b"Origin", b"Accept", b"Expect",
     b"Connection", b"X-Forwarded-For", b"X-Forwarded-Proto", b"Cookie", b"Referer", b"Range", b"Upgrade"]
) | st.binary(max_size=20)  # fmt: skip
targets = st.one_of(
    st.sampled_from([b"/", b"/preview", b"/token", b"/health", b"/metrics", b"/style.css", b"*", b"//", b"/%00"]),
    st.binary(max_size=50).map(lambda one: b"/?article=" + one),
    odd,
)  # fmt: skip
methods = (
    st.sampled_from([b"GET", b"POST", b"HEAD", b"OPTIONS", b"PUT", b"CONNECT", b"get", b""]) | odd
)
kinds = st.sampled_from([b"application/json", b"application/x-www-form-urlencoded"]) | odd


@given(methods, targets, st.lists(st.tuples(names, odd), max_size=5), kinds, bodies, st.booleans())
@example(b"POST", b"/", [(b"Transfer-Encoding", b"gzip")], b"application/json", b"{}", False)
@example(b"POST", b"/", [(b"Transfer-Encoding", b"chunked")], b"application/json", b"zz\r\n", False)
@example(b"POST", b"/", [(b"Cookie", b"x" * 300_000)], b"application/json", b"{}", True)
def test_no_bytes_are_answered_with_a_failure(
    receiver, method, target, headers, kind, body, told
) -> None:
    length = [(b"Content-Length", b"%d" % len(body))] if told else []
    rows = [*headers, (b"Content-Type", kind), *length]
    head = b"%b %b HTTP/1.1\r\n" % (method, target)
    data = head + b"".join(b"%b: %b\r\n" % row for row in rows) + b"\r\n" + body

    # RFC 9112, 6.1: 501 is the answer to a transfer coding that the server does not know.
    fine = {501} if any(name.lower() == b"transfer-encoding" for name, _ in headers) else set()
    assert {one for one in sent(receiver.port, data) if one >= 500} <= fine


@given(st.lists(st.binary(max_size=200) | st.sampled_from([b"\r\n", b"GET / HTTP/1.1", b": "])))
def test_bytes_that_are_no_request_are_no_failure(receiver, pieces) -> None:
    assert [one for one in sent(receiver.port, b"".join(pieces)) if one >= 500] == []
