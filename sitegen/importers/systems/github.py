"""GitHub: issues and discussions as `gh api` prints them, REST and GraphQL, and webhooks.

What a comment belongs to is told by the title of the issue or discussion, which utterances
and giscus make from the page; so for REST, give the answers of `issues` and of
`issues/comments` together.
"""

from __future__ import annotations

import itertools
import json
import re
import urllib.parse
from collections.abc import Iterator
from typing import Any

from sitegen.errors import Location, Problem, SiteError
from sitegen.importers.comments.exports import Export, Exports
from sitegen.importers.comments.fetching import Ask
from sitegen.importers.comments.found import Found, private_in
from sitegen.importers.comments.tables import record_of, said

_NUMBER = re.compile(r"#(?:issue|discussion)_?comment-(\d+)$")
Object = dict[str, Any]


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield every comment, after all titles are known; of events, the last one counts."""
    titles: dict[str, str] = {}
    comments: dict[str, tuple[Object, str, str, Location]] = {}
    for export in exports.files():
        for value in _documents(export):
            for thing, above, thread in _objects(value):
                if _is_thread(thing):
                    titles.update(dict.fromkeys(_names(thing), said(thing, "title")))
                elif _is_comment(thing):
                    if isinstance(value, dict) and value.get("action") == "deleted":
                        thing["deletedAt"] = True
                    comments[_number(thing)] = (thing, above, thread, Location(export.path))
    ids = {said(thing, "id", "node_id"): _number(thing) for thing, *_ in comments.values()}
    for thing, above, thread, place in comments.values():
        parent = said(record_of(thing.get("replyTo")), "id") or above
        yield _found(thing, ids.get(parent, parent), thread, titles, place)


_PAGE = "pageInfo { hasNextPage endCursor }"
_REPLIES = f"{_PAGE} nodes {{ ...it replyTo {{ id }} }}"
_COMMENTS = f"{_PAGE} nodes {{ ...it replies(first: 100) {{ {_REPLIES} }} }}"
_IT = """fragment it on DiscussionComment {
  id url body createdAt deletedAt isMinimized author { login url avatarUrl } }"""
_DISCUSSIONS = f"""query($owner: String!, $name: String!, $after: String) {{
  repository(owner: $owner, name: $name) {{ discussions(first: 20, after: $after) {{
    {_PAGE} nodes {{ id url title comments(first: 100) {{ {_COMMENTS} }} }} }} }} }} {_IT}"""
_MORE = {
    kind: f"""query($id: ID!, $after: String) {{ node(id: $id) {{ ... on {owner} {{
  id url {title} {kind}(first: 100, after: $after) {{ {rows} }} }} }} }} {_IT}"""
    for kind, owner, title, rows in (
        ("comments", "Discussion", "title", _COMMENTS),
        ("replies", "DiscussionComment", "", _REPLIES),
    )
}
"""What is cut off after a hundred -> how to ask for the next hundred."""


def fetched_from(address: str, ask: Ask) -> Iterator[tuple[str, Any]]:
    """Yield issues and their comments of `https://github.com/OWNER/REPO`, or its `/discussions`.

    Another host is taken for the API of an installation of its own:
    `https://github.example/api/v3/repos/OWNER/REPO`. Discussions need a token.
    """
    parts = urllib.parse.urlsplit(address.rstrip("/"))
    path, _, wanted = parts.path.partition("/discussions")
    asks_discussions = parts.path.endswith("/discussions") and not wanted
    owner, name = path.rstrip("/").split("/")[-2:]
    is_public = parts.netloc in {"github.com", "www.github.com"}
    api = (
        "https://api.github.com"
        if is_public
        else f"https://{parts.netloc}{path.partition('/repos/')[0]}"
    )
    if parts.scheme != "https":
        api = api.replace("https://", f"{parts.scheme}://")
    if asks_discussions:
        yield from _discussions(f"{api.removesuffix('/v3')}/graphql", owner, name, ask)
        return
    for kind in ("issues?state=all&", "issues/comments?"):
        onward = f"{api}/repos/{owner}/{name}/{kind}per_page=100"
        for page in itertools.count():
            answer = ask(onward)
            yield f"{kind.partition('?')[0].replace('/', '-')}-{page:06}.json", answer.value
            onward = answer.next
            if not onward:
                break


def _discussions(url: str, owner: str, name: str, ask: Ask) -> Iterator[tuple[str, Any]]:
    after = None
    for page in itertools.count():
        variables = {"owner": owner, "name": name, "after": after}
        value = ask(url, {"query": _DISCUSSIONS, "variables": variables}).value
        yield f"discussions-{page:06}.json", value
        try:
            info = value["data"]["repository"]["discussions"]["pageInfo"]
        except (KeyError, TypeError):
            message = "the answer has no discussions; they need a token in SITEGEN_TOKEN"
            raise SiteError(Problem("fetch", message, Location(url))) from None
        for number, more in enumerate(_rest(url, value, ask)):
            yield f"discussions-{page:06}-{number:06}.json", more
        if not info["hasNextPage"]:
            return
        after = info["endCursor"]


def _rest(url: str, value: Any, ask: Ask) -> Iterator[Any]:
    """Yield the answers that go on where comments and replies in an answer were cut off."""
    waiting = _cut_off(value)
    while waiting:
        kind, name, after = waiting.pop(0)
        answer = ask(url, {"query": _MORE[kind], "variables": {"id": name, "after": after}}).value
        yield answer
        waiting += _cut_off(answer)


def _cut_off(value: Any) -> list[tuple[str, str, str]]:
    """Return kind, owner and end of every list in an answer that goes on elsewhere."""
    found = []
    for thing, *_ in _objects(value):
        for kind in _MORE:
            rows = thing.get(kind)
            info = rows.get("pageInfo") if isinstance(rows, dict) else None
            if isinstance(info, dict) and info.get("hasNextPage"):
                found.append((kind, said(thing, "id"), said(info, "endCursor")))
    return found


def _documents(export: Export) -> Iterator[Any]:
    """Yield each document of a file: with `--paginate`, one stands behind the other."""
    text = export.text()
    decoder = json.JSONDecoder()
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            value, at = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            raise export.problem(
                text.count("\n", 0, at) + 1, f"this is not JSON: {error}"
            ) from None
        yield value


def _objects(value: Any) -> Iterator[tuple[Object, str, str]]:
    """Yield every object, with the id of the comment and the name of the thread that it lies in."""
    waiting: list[tuple[Any, str, str]] = [(value, "", "")]
    while waiting:
        thing, above, thread = waiting.pop()
        if isinstance(thing, list):
            waiting += [(one, above, thread) for one in reversed(thing)]
        elif isinstance(thing, dict):
            yield thing, above, thread
            if isinstance(thing.get("discussion"), dict):
                thread = next(iter(_names(thing["discussion"])), thread)
            thread = next(iter(_names(thing)), thread) if _is_thread(thing) else thread
            above = said(thing, "id", "node_id") if _is_comment(thing) else above
            inner = [one for one in thing.values() if isinstance(one, dict | list)]
            waiting += [(one, above, thread) for one in reversed(inner)]


def _is_thread(thing: Object) -> bool:
    return "title" in thing and ("comments" in thing or "comments_url" in thing)


def _is_comment(thing: Object) -> bool:
    has_text = "body" in thing or "bodyHTML" in thing
    return has_text and _NUMBER.search(_address(thing)) is not None


def _address(thing: Object) -> str:
    return said(thing, "html_url") or said(thing, "url")


def _names(thing: Object) -> tuple[str, ...]:
    return tuple(filter(None, (said(thing, "html_url"), said(thing, "url"), said(thing, "id"))))


def _number(thing: Object) -> str:
    match = _NUMBER.search(_address(thing))
    return match[1] if match else said(thing, "id")


def _found(
    thing: Object, parent: str, thread: str, titles: dict[str, str], place: Location
) -> Found:
    address = _address(thing)
    issue = said(thing, "issue_url") or thread or address.partition("#")[0]
    title = titles.get(issue) or titles.get(address.partition("#")[0], "")
    user = record_of(thing.get("user") or thing.get("author"))
    written = said(thing, "body")
    return Found(
        place,
        _number(thing),
        tuple(filter(None, (title, address.partition("#")[0]))),
        said(thing, "created_at", "createdAt"),
        said(user, "login") or "ghost",
        written or said(thing, "bodyHTML", "body_html"),
        "markdown" if written else "html",
        parent=said(thing, "parent_id") or parent,
        url=said(user, "html_url") or said(user, "url"),
        source=address,
        removed=bool(thing.get("deletedAt")),
        left="it was hidden there" if thing.get("isMinimized") else "",
        private=private_in(user),
    )
