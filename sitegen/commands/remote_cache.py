"""`--remote-cache` and its secret -> the store that builds share with other machines."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from sitegen.commands.console import refuse

if TYPE_CHECKING:
    from sitegen.build.stores import Remote

_SECRET = "SITEGEN_REMOTE_CACHE_SECRET"  # noqa: S105 - the name of a variable
_LEAST = 16  # characters: whoever can read a store can try all shorter ones


def remote_cache_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name a remote cache; the command gets it, or None, as `remote`."""

    @click.option(
        "--remote-cache",
        default="",
        envvar="SITEGEN_REMOTE_CACHE",
        metavar="URL",
        help="Share what builds find out with other machines, in a folder that fsspec reaches.",
    )
    @click.option(
        "--remote-cache-read-only",
        is_flag=True,
        envvar="SITEGEN_REMOTE_CACHE_READ_ONLY",
        help="Put nothing there.",
    )
    @functools.wraps(command)
    def asked(
        *arguments: Any, remote_cache: str, remote_cache_read_only: bool, **options: Any
    ) -> Any:
        remote = _remote(remote_cache, remote_cache_read_only) if remote_cache else None
        return command(*arguments, remote=remote, **options)

    return asked


def _remote(url: str, read_only: bool) -> Remote:
    from sitegen.build.stores import Remote

    secret = os.environ.get(_SECRET, "").encode("utf-8", "surrogateescape")
    if 0 < len(secret) < _LEAST:
        refuse(_SECRET, f"take at least {_LEAST} characters by chance: `openssl rand -hex 32`")
    return Remote(url, read_only, secret)
