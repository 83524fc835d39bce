"""Comments in a repository of their own: read there, and proposed there."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from programs import PATIENCE

from sitegen.receiver.mirror import Mirror
from sitegen.receiver.published import Article, Published
from sitegen.receiver.settings import Settings
from tests.receiver.conftest import FILES, Forge, Receiver

APART = "comments:\n  folder: talk\n"
SITE = {path: text for path, text in FILES.items() if not path.startswith("comments/")}
SITE["config.yaml"] += APART
TALK = {path: text for path, text in FILES.items() if path.startswith("comments/")}
NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)


def names(article: Article | None) -> set[str]:
    assert article
    return {comment.id for comment in article.thread}


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., Receiver]]:
    """Return a function that starts a receiver of a forge, without waiting for what it knows."""
    begun: list[Receiver] = []

    def start(forge: Forge, **settings: str) -> Receiver:
        begun.append(Receiver(forge.place, tmp_path / "state", **settings))
        return begun[-1]

    yield start
    for one in begun:
        one.stop()


def test_a_comment_is_proposed_to_the_repository_of_the_comments(tmp_path, begin) -> None:
    site, talk = Forge(tmp_path / "site", SITE), Forge(tmp_path / "talk", TALK)
    receiver = begin(site, COMMENTS=str(talk.place)).ready()

    form = {"article": "posts/trip", "author": "Bo", "body": "Hello."}
    assert receiver.post({**form, "reply_to": "nobody"}).status == 422
    receiver.send(reply_to="2018-ada")
    receiver.until("delivered")
    ((ref, _),) = talk.refs().items()
    ((path, text),) = talk.added(ref).items()

    assert site.refs() == {}
    assert path.startswith("comments/posts/trip/")
    assert 'reply_to: "2018-ada"' in text
    assert "1 comment waits for review" in receiver.command("--digest").stdout


def test_what_is_merged_among_the_comments_is_known_after_the_next_look(tmp_path) -> None:
    site, talk = Forge(tmp_path / "site", SITE), Forge(tmp_path / "talk", TALK)
    settings = Settings(remote=str(site.place), state=str(tmp_path / "state"))
    copies = [Mirror(settings, str(one.place), name) for one, name in ((site, "a"), (talk, "b"))]
    for copy in copies:
        copy.fetch()
    published = Published(*copies)
    assert names(published.article("posts/trip", NOW)) == {"2018-ada"}

    talk.publish({"comments/posts/trip/new.yaml": "author: Di\ndate: 2018-02-21\nbody: New.\n"})
    copies[1].fetch()
    published.looked -= 60

    assert names(published.article("posts/trip", NOW)) == {"2018-ada", "new"}


def test_comments_in_another_folder_of_the_site_are_added_there(tmp_path, begin) -> None:
    moved = {f"talk/{path}": text for path, text in TALK.items()}
    site = Forge(tmp_path / "site", {**SITE, **moved})
    receiver = begin(site).ready()
    receiver.send(reply_to="2018-ada")
    receiver.until("delivered")
    ((ref, _),) = site.refs().items()

    (path,) = site.added(ref)
    assert path.startswith("talk/comments/posts/trip/")


def test_comments_that_are_elsewhere_are_asked_for(tmp_path, begin) -> None:
    """Else a commit would put a folder where the site has a submodule."""
    receiver = begin(Forge(tmp_path / "site", SITE))
    end = time.monotonic() + PATIENCE
    while not any("the site cannot be read" in line for line in receiver.said):
        assert receiver.ask("/health").status == 503
        assert time.monotonic() < end

    line = receiver.until("the site cannot be read")
    assert "`comments.folder: talk` is not in the site's repository" in line
    assert "SITEGEN_RECEIVE_COMMENTS" in line
    assert receiver.ask("/health").status == 503
