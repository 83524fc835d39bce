from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from sitegen.sources.comment_settings import CommentSettings
from sitegen.sources.comments import parse_comment
from sitegen.views.forges import skeleton, writing_url

KEY = "posts/über uns"
PLACES = {
    "github": ("/a/b/new/main/comments/posts/%C3%BCber%20uns", "filename"),
    "gitlab": ("/a/b/-/new/main", "file_name"),
    "forgejo": ("/a/b/_new/main/comments/posts/%C3%BCber%20uns", "filename"),
    "gitea": ("/a/b/_new/main/comments/posts/%C3%BCber%20uns", "filename"),
}


@pytest.mark.parametrize(("forge", "meant"), PLACES.items())
def test_a_link_opens_the_forge_s_page_for_a_new_file(forge: str, meant: tuple[str, str]) -> None:
    settings = CommentSettings(repository="https://git.example/a/b", forge=forge)
    parts = urlsplit(writing_url(settings, KEY))
    query = parse_qs(parts.query)

    assert (parts.netloc, parts.path) == ("git.example", meant[0])
    assert query[meant[1]][0].endswith(".yaml")


@pytest.mark.parametrize("forge", ["github", "forgejo", "gitea"])
def test_the_file_is_filled_in_and_tells_what_it_answers(forge: str) -> None:
    settings = CommentSettings(repository="https://git.example/a/b", forge=forge)
    text = parse_qs(urlsplit(writing_url(settings, KEY, "2018-ada")).query)["value"][0]

    assert text == skeleton("2018-ada")
    assert "reply_to: 2018-ada\n" in text


def test_there_is_no_link_without_a_repository() -> None:
    assert writing_url(CommentSettings(), KEY) == ""


def test_a_filled_in_skeleton_is_a_comment() -> None:
    text = skeleton("2018-ada").replace("YYYY-MM-DD", "2018-02-20")
    comment = parse_comment("comments/trip/x.yaml", text.encode(), ZoneInfo("UTC"))

    assert (comment.reply_to, comment.author) == ("2018-ada", "Your name")
