"""One comment as an export has it: the shape in which every system hands its comments over."""

from __future__ import annotations

from typing import Literal

import msgspec

from sitegen.errors import Location

TextKind = Literal["html", "html_lines", "markdown", "plain_text", "as_is"]
"""How a body is written there. In `html`, a line end is a blank; in `html_lines`, it breaks the
line, and an empty line ends a paragraph (WordPress, Drupal); `as_is` is a text of ours."""


class Found(msgspec.Struct, frozen=True):
    """One comment, in the words of its source; nothing in it is checked, everything is untrusted."""

    place: Location
    """Where in the export it stands."""
    id: str
    """What the system calls it; unique below its article."""
    pages: tuple[str, ...]
    """What it says about the article: addresses, paths, slugs; the first that is known counts."""
    date: str = ""
    """In any form that `dates.moment_of` reads."""
    author: str = ""
    body: str = ""
    kind: TextKind = "html"
    format: str = ""
    """Of a text that is `as_is`: the name of its text format."""
    parent: str = ""
    """The id of what it answers; empty for an answer to the article."""
    subject: str = ""
    url: str = ""
    """The writer's own site."""
    source: str = ""
    """The address at which it was published."""
    removed: bool = False
    """Whether it was deleted there: it becomes a tombstone if anything answers it."""
    left: str = ""
    """Why it is not to be brought: `spam`, `waiting for moderation`; empty if it is."""
    private: tuple[str, ...] = ()
    """What the export knows of the writer and stays behind: `e-mail address`, `IP address`."""
    notes: tuple[str, ...] = ()
    """What its importer already left out or changed."""
    file_id: str = ""
    """The id that it will have here, where the source is a folder of files with names."""


PRIVATE = {
    "e-mail address": ("email", "mail", "author_email", "comment_author_email"),
    "IP address": ("ip", "ipaddress", "remote_addr", "hostname", "comment_author_ip", "authorip"),
    "user agent": ("user_agent", "useragent", "comment_agent", "agent"),
    "avatar": ("avatar", "picture", "photo", "gravatar", "avatarurl", "avatar_url"),
}
"""What no comment file ever holds -> how systems call it."""


def private_in(values: object) -> tuple[str, ...]:
    """Return which private things a record of an export holds, by the names of its keys."""
    if not isinstance(values, dict):
        return ()
    said = {str(key).lower() for key, value in values.items() if value}
    return tuple(kind for kind, names in PRIVATE.items() if said.intersection(names))
