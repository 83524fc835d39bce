"""The two operations of GitHub's REST interface that a pull request needs.

https://docs.github.com/rest/pulls/pulls: `pulls/create`, and `pulls/list` to see whether an
earlier attempt got through.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, urlencode

_TIMEOUT = 30  # seconds
_PATIENCE = 3600  # seconds; no forge is waited for longer


class ForgeError(Exception):
    """The forge did not do it now; `wait` is for how many seconds it asked."""

    def __init__(self, said: str, wait: int = 0) -> None:
        super().__init__(said)
        self.wait = wait


class GitHub:
    """A client that is told a token and never says it."""

    def __init__(self, api: str, repository: str, token: str) -> None:
        """Take the interface's address, owner/name, and a token for both operations."""
        self.pulls = f"{api.rstrip('/')}/repos/{repository}/pulls"
        self.owner = repository.split("/", maxsplit=1)[0]
        self.token = token

    def pull_request(self, branch: str, base: str, title: str, body: str) -> str:
        """Return the address of a branch's pull request, which is opened if there is none.

        Raises:
            ForgeError: It could be neither opened nor found.
        """
        asked = {"title": title, "head": branch, "base": base, "body": body}
        try:
            return _address_in(self._call("POST", self.pulls, asked))
        except ForgeError as error:
            if not str(error).startswith("422"):
                raise
            query = urlencode({"head": f"{self.owner}:{branch}", "state": "all"}, quote_via=quote)
            found = self._call("GET", f"{self.pulls}?{query}")
            if not isinstance(found, list) or not found:
                raise
            return _address_in(found[0])

    def _call(self, method: str, address: str, value: Any = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's
            address,
            method=method,
            data=None if value is None else json.dumps(value).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
                "User-Agent": "sitegen",
                "Content-Type": "application/json",
            },
        )
        if self.token:  # a redirect to another host would hand it over
            request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ForgeError(f"the forge did not answer: {type(error).__name__}") from None


def _address_in(pull: Any) -> str:
    """Return the address of a pull request; what stands before a forge may answer in its place."""
    if not isinstance(pull, dict) or not isinstance(pull.get("html_url"), str):
        raise ForgeError("the answer is not that of a forge")
    return str(pull["html_url"])


def _refusal(error: urllib.error.HTTPError) -> ForgeError:
    """Return what an answer other than 2xx means; only its own short message is kept."""
    try:
        said = str(json.load(error).get("message", ""))[:200]
    except (ValueError, AttributeError, OSError):
        said = ""
    asked = error.headers.get("Retry-After", "")
    wait = int(asked) if asked.isascii() and asked.isdigit() else 0
    if not wait and error.headers.get("X-RateLimit-Remaining") == "0":
        wait = _PATIENCE
    return ForgeError(f"{error.code} {said}".strip(), min(wait, _PATIENCE))
