"""What the tests of `serve` share: servers in processes of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import Server


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Return a function that serves a folder until the end of the test."""
    servers: list[Server] = []

    def start(root: Path, *arguments: str) -> Server:
        servers.append(Server(root, *arguments))
        return servers[-1]

    yield start
    for server in servers:
        server.kill()
