"""The environment in, the receiver out: what any WSGI server runs as `sitegen.wsgi:application`."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from sitegen.cli import clock

_one_at_a_time = threading.Lock()


@functools.cache
def _receiver() -> Callable[..., Iterable[bytes]]:
    from sitegen.receiver.settings import from_environment
    from sitegen.receiver.starting import opened

    return opened(from_environment(os.environ), clock).application


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request (PEP 3333); the receiver begins with the first one, in each process."""
    with (
        _one_at_a_time
    ):  # the cache alone would let first requests that come together begin several
        receiver = _receiver()
    return receiver(environ, start)
