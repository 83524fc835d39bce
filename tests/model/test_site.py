from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from sitegen.model.orphans import orphan_problems
from sitegen.model.schedule import Clock
from sitegen.model.site import Site, assemble
from sitegen.model.threads import ThreadSummary, summarise
from sitegen.sources.comment_settings import CommentSettings
from sitegen.sources.comments import Comment
from sitegen.sources.config import Config
from sitegen.sources.content import Document

NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
CONFIG = Config(title="T", base_url="https://example.org/")


def article(name: str, date: dt.datetime = NOW - DAY, **values: object) -> Document:
    return Document(f"content/{name}.md", "article", name, name, date=date, **values)  # type: ignore[arg-type]


def page(name: str, **values: object) -> Document:
    return Document(f"content/{name}.md", "page", name, name, **values)  # type: ignore[arg-type]


def comment(target: str, name: str = "a", date: dt.datetime = NOW, **values: str) -> Comment:
    return Comment(f"comments/{target}/{name}.yaml", name, target, date, "Ada", "b", **values)  # type: ignore[arg-type]


def threads_of(*comments: Comment) -> dict[str, ThreadSummary]:
    targets = dict.fromkeys(one.target for one in comments)
    return {
        target: summarise([one for one in comments if one.target == target], b"")
        for target in targets
    }


def site_of(
    *documents: Document, comments: tuple[Comment, ...] = (), config: Config = CONFIG, **clock: bool
) -> Site:
    return assemble(config, documents, threads_of(*comments), Clock(NOW, **clock))[0]


def problems_of(*documents: Document, comments: tuple[Comment, ...]) -> list[tuple[str, str, str]]:
    found = assemble(CONFIG, documents, threads_of(*comments), Clock(NOW))[1]
    return [(p.location.path, str(p.severity), p.message) for p in found]


HELD_BACK = {
    "draft": (article("a", draft=True), ("draft", None), {"drafts": True}),
    "future": (article("a", NOW + DAY), ("future", NOW + DAY), {"future": True}),
    "expired": (article("a", expires=NOW - DAY), ("expired", NOW - DAY), {}),
    "expires now": (article("a", expires=NOW), ("expired", NOW), {}),
    "draft of a page": (page("a", draft=True), ("draft", None), {"drafts": True}),
    "expired page": (page("a", expires=NOW), ("expired", NOW), {}),
}


@pytest.mark.parametrize(("document", "reason", "_"), HELD_BACK.values(), ids=HELD_BACK)
def test_what_is_not_due_is_held_back_with_its_reason_and_time(
    document: Document, reason: tuple[str, object], _: object
) -> None:
    site = site_of(document)

    assert (site.articles, site.pages, site.permalinks) == ((), (), {})
    assert [(held.path, held.reason, held.due) for held in site.held_back] == [
        ("content/a.md", *reason)
    ]


@pytest.mark.parametrize(
    ("document", "options"),
    [(document, options) for document, _, options in HELD_BACK.values() if options],
)
def test_what_is_not_due_is_published_on_demand(
    document: Document, options: dict[str, bool]
) -> None:
    assert list(site_of(document, **options).permalinks) == ["content/a.md"]


def test_an_article_is_published_from_its_moment_on() -> None:
    assert len(site_of(article("a", NOW)).articles) == 1


def test_the_next_change_is_the_first_thing_that_time_alone_will_do() -> None:
    config = msgspec.structs.replace(CONFIG, comments=CommentSettings(close_after_days=30))

    assert site_of(article("a")).next_change is None
    assert (
        site_of(article("a", NOW + 2 * DAY), article("b", expires=NOW + DAY)).next_change
        == NOW + DAY
    )
    assert site_of(article("a"), config=config).next_change == NOW + 29 * DAY


STATES = {
    "article": (article("a"), "open"),
    "closed article": (article("a", comments="closed"), "closed"),
    "hidden article": (article("a", comments="hidden"), "hidden"),
    "page": (page("a"), "hidden"),
    "page that asks": (page("a", comments="open"), "open"),
    "old article": (article("a", NOW - 30 * DAY), "closed"),
    "nearly old article": (article("a", NOW - 30 * DAY + dt.timedelta(seconds=1)), "open"),
    "old article that says open": (article("a", NOW - 99 * DAY, comments="open"), "open"),
    "old article that says hidden": (article("a", NOW - 99 * DAY, comments="hidden"), "hidden"),
}


@pytest.mark.parametrize(("document", "state"), STATES.values(), ids=STATES)
def test_comments_are_open_closed_or_hidden(document: Document, state: str) -> None:
    config = msgspec.structs.replace(CONFIG, comments=CommentSettings(close_after_days=30))

    assert site_of(document, config=config).comments == {"a": state}


def test_the_default_state_is_the_site_s() -> None:
    config = msgspec.structs.replace(CONFIG, comments=CommentSettings("closed"))

    assert site_of(article("a"), page("b"), config=config).comments == {
        "a": "closed",
        "b": "hidden",
    }


def test_hidden_comments_are_no_part_of_the_site() -> None:
    site = site_of(article("a", comments="hidden"), comments=(comment("a"),))

    assert site.threads == {}


def test_a_comment_on_nothing_is_a_problem_with_the_folder_that_was_meant() -> None:
    found = assemble(
        CONFIG, [article("posts/trip")], threads_of(comment("posts/tripp")), Clock(NOW)
    )[1]

    assert [(p.location.path, p.code, p.hint) for p in found] == [
        ("comments/posts/tripp", "orphan", "did you mean comments/posts/trip/?")
    ]


def test_a_folder_of_comments_that_stayed_behind_is_told_where_its_article_went() -> None:
    found = assemble(
        CONFIG, [article("essays/trip")], threads_of(comment("posts/trip")), Clock(NOW)
    )[1]

    assert [p.hint for p in found] == ["did you mean comments/essays/trip/?"]


def test_many_homeless_folders_are_not_compared_with_every_article() -> None:
    """Thirty million comparisons would take minutes, and so meet the limit of every test."""
    known = [f"posts/a-day-out-{number}" for number in range(10_000)]
    targets = [f"posts/the-night-in-{number}" for number in range(3_000)]

    problems = orphan_problems(targets, known)

    assert {p.code for p in problems} == {"orphan"}


def test_a_comment_on_an_article_in_other_case_is_a_problem() -> None:
    assert len(problems_of(article("posts/trip"), comments=(comment("posts/Trip"),))) == 1


def test_comments_on_a_draft_wait_with_it() -> None:
    assert problems_of(article("a", draft=True), comments=(comment("a"),)) == []


def test_comments_on_a_page_that_takes_none_are_told() -> None:
    assert problems_of(page("a"), comments=(comment("a"),)) == [
        (
            "comments/a",
            "warning",
            "`content/a.md` takes no comments, so those in this folder are not shown",
        )
    ]


def test_articles_are_newest_first_then_by_path() -> None:
    site = site_of(article("b"), article("a"), article("c", NOW - 2 * DAY), article("d", NOW))

    assert [one.key for one in site.articles] == ["d", "a", "b", "c"]


def test_unlisted_articles_are_published_but_in_no_list() -> None:
    site = site_of(article("posts/a", unlisted=True, tags=("x",)), article("posts/b"))

    assert [one.key for one in site.articles] == ["posts/a", "posts/b"]
    assert [one.key for one in site.listed] == ["posts/b"]
    assert site.tags == ()
    assert [[one.key for one in section.articles] for section in site.sections] == [["posts/b"]] * 2


def test_every_folder_with_articles_is_a_section_and_so_are_its_parents() -> None:
    section = Document("content/c/_index.md", "section", "c", "C")
    site = site_of(article("a/b/x"), section, page("d/y"))

    assert [one.key for one in site.sections] == ["", "a", "a/b", "c"]


def test_a_redirect_leads_from_each_alias_to_the_permalink() -> None:
    site = site_of(
        article("posts/a", aliases=("/old/", "/older")),
        article("b", draft=True, aliases=("/gone/",)),
    )

    assert [(one.alias, one.target) for one in site.redirects] == [
        ("/old/", "/posts/a/"),
        ("/older", "/posts/a/"),
    ]


def test_the_order_of_the_files_changes_nothing() -> None:
    documents = [article("b", tags=("x", "y")), article("a", tags=("Y",)), page("c")]
    threads = threads_of(comment("a", "x"), comment("a", "y", reply_to="x"), comment("b"))
    backwards = dict(reversed(threads.items()))

    assert assemble(CONFIG, documents, threads, Clock(NOW)) == assemble(
        CONFIG, documents[::-1], backwards, Clock(NOW)
    )
