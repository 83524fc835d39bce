"""Where people write: the receiver's page, a forge's page for a new file, an e-mail."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlencode

from sitegen.sources.comment_settings import CommentSettings
from sitegen.sources.comments import FOLDER

FILE_NAME = "your-name-1.yaml"


def skeleton(reply_to: str = "") -> str:
    """Return the text of a comment's file, for a person to fill in."""
    reply = f"reply_to: {reply_to}\n" if reply_to else ""
    body = "  Your comment. Keep the two blanks\n  at the beginning of each line.\n"
    return f"author: Your name\ndate: YYYY-MM-DD\n{reply}body: |\n{body}"


def writing_url(settings: CommentSettings, key: str, reply_to: str = "") -> str:
    """Return where a comment is written: at the receiver, else at the forge; empty without both.

    Args:
        settings: Tell both.
        key: Content path of what is answered: `posts/trip`.
        reply_to: Id of the comment that is answered.
    """
    if settings.receiver:
        reply = {"reply_to": reply_to} if reply_to else {}
        return f"{settings.receiver}/?{_query(article=key, **reply)}"
    if settings.repository:
        return _NEW_FILE[settings.forge](settings, f"{FOLDER}/{key}", skeleton(reply_to))
    return ""


def mail_url(settings: CommentSettings, key: str) -> str:
    """Return the address of an e-mail with a draft of a comment's file (RFC 6068); empty without."""
    if not settings.mail:
        return ""
    body = skeleton().replace("\n", "\r\n")
    return f"mailto:{settings.mail}?{_query(subject=f'{FOLDER}/{key}', body=body)}"


_EDIT = {"github": "edit", "gitlab": "-/edit", "forgejo": "_edit", "gitea": "_edit"}


def edit_url(settings: CommentSettings, path: str) -> str:
    """Return the address of the forge's page to edit a file of the site."""
    place = f"{settings.repository}/{_EDIT[settings.forge]}"
    return f"{place}/{quote(settings.branch)}/{quote(path)}"


def _github(settings: CommentSettings, folder: str, text: str) -> str:
    place = f"{settings.repository}/new/{quote(settings.branch)}/{quote(folder)}"
    return f"{place}?{_query(filename=FILE_NAME, value=text)}"


def _gitlab(settings: CommentSettings, folder: str, text: str) -> str:
    """GitLab fills in the name only; the page shows the skeleton to copy."""
    del text
    place = f"{settings.repository}/-/new/{quote(settings.branch)}"
    return f"{place}?{_query(file_name=f'{folder}/{FILE_NAME}')}"


def _gitea(settings: CommentSettings, folder: str, text: str) -> str:
    place = f"{settings.repository}/_new/{quote(settings.branch)}/{quote(folder)}"
    return f"{place}?{_query(filename=FILE_NAME, value=text)}"


def _query(**values: str) -> str:
    return urlencode(values, quote_via=quote)


_NEW_FILE: dict[str, Callable[[CommentSettings, str, str], str]] = {
    "github": _github,
    "gitlab": _gitlab,
    "forgejo": _gitea,
    "gitea": _gitea,
}
