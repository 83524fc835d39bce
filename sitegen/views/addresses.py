"""Paths of the site -> addresses as its pages hold them."""

from __future__ import annotations

import functools
import re
from urllib.parse import quote, unquote, urlsplit

from sitegen.sources.config import Config

_KEPT = "/~!$&'()*+,;=:@-._"  # RFC 3986 pchar, and the slash
_PLAIN = re.compile(r"[A-Za-z0-9/~!$&'()*+,;=:@._-]*")


def address(config: Config, path: str) -> str:
    """Return the address of a path of the site as pages hold it: from the host's root, encoded.

    >>> address(Config("T", "https://example.org/blog/"), "/posts/über/")
    '/blog/posts/%C3%BCber/'
    """
    return _base_path(config.base_url) + _quoted(path)


def absolute(config: Config, path: str) -> str:
    """Return the whole address of a path of the site, for feeds and machines."""
    return config.base_url.rstrip("/") + _quoted(path)


def link_address(config: Config, url: str) -> str:
    """Return the address of a link of the site's own, as config.yaml names it.

    Args:
        config: Tells the site's address.
        url: A web address, or a path of the site, encoded or not, with `?query#fragment` or not.

    >>> link_address(Config("T", "https://example.org/blog/"), "/über/#uns")
    '/blog/%C3%BCber/#uns'
    """
    if "://" in url:
        return url
    path, suffix = path_and_suffix(url)
    return address(config, unquote(path)) + suffix


@functools.cache
def _base_path(base_url: str) -> str:
    return urlsplit(base_url).path.rstrip("/")


def _quoted(path: str) -> str:
    return path if _PLAIN.fullmatch(path) else quote(path, safe=_KEPT)


def path_and_suffix(ref: str) -> tuple[str, str]:
    """Return the path of a reference, and its `?query#fragment`.

    >>> path_and_suffix("../about.md#us")
    ('../about.md', '#us')
    """
    for index, character in enumerate(ref):
        if character in "?#":
            return ref[:index], ref[index:]
    return ref, ""
