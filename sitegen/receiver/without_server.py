"""One form without any server -> the same commit and pull request, before the command ends."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

from sitegen.receiver.checking import check
from sitegen.receiver.forges import BRANCHES
from sitegen.receiver.forms import Form
from sitegen.receiver.mirror import Mirror
from sitegen.receiver.pages import said, words_in
from sitegen.receiver.published import Article, Published
from sitegen.receiver.settings import Settings
from sitegen.receiver.spool import Letter
from sitegen.receiver.starting import courier_of
from sitegen.sources.comments import FOLDER


class RefusedError(Exception):
    """The comment was not taken; the text says why, a sentence a line."""


def receive(form: Form, event: str, settings: Settings, now: Callable[[], dt.datetime]) -> str:
    """Open the pull request of a form; return its link, or the comment's file if it is merged.

    Args:
        form: What was written.
        event: What names it for good; the same event makes the same comment.
        settings: Where the repository is.
        now: The time of the comment.

    Raises:
        RefusedError: Something in it is to be mended, or the forge did not take it.
    """
    courier = courier_of(settings, now)
    if not courier.look():
        raise RefusedError("the repository cannot be fetched")
    moment = now()
    article = Published(courier.site, courier.mirror).article(form.article, moment)
    if article is None or article.state != "open":
        fault = "article" if article is None else "closed"
        raise RefusedError(said(fault, words_in("en")))
    digest = hashlib.sha256(event.encode()).hexdigest()
    name = _name(digest, article, courier.mirror, moment)
    if any(comment.id == name for comment in article.thread):
        return f"{article.place}{FOLDER}/{article.key}/{name}.yaml"
    checked = check(form, article, moment, name)
    if checked.faults:
        words = words_in(article.config.language)
        raise RefusedError("\n".join(said(fault, words) for fault in checked.faults))
    letter = Letter(name, checked.path, article.key, checked.text, int(moment.timestamp()), digest)
    courier.spool.accept(letter)
    outcome = courier.attempt([letter], keeps=False)[0]
    if not outcome.delivered:
        raise RefusedError(outcome.trouble)
    return outcome.link


def _name(digest: str, article: Article, mirror: Mirror, moment: dt.datetime) -> str:
    """Return the comment's id: what an earlier run gave it, maybe on another day, if there was one."""
    branches = (ref.removeprefix(BRANCHES) for ref in mirror.remote_refs())
    known = (*(comment.id for comment in article.thread), *branches)
    ending = f"-{digest[:12]}"
    return next((name for name in known if name.endswith(ending)), f"{moment:%Y-%m-%d}{ending}")
