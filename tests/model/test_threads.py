from __future__ import annotations

import datetime as dt
import random

from hypothesis import given
from hypothesis import strategies as st

from sitegen.model.threads import page_count, summarise, thread
from sitegen.sources.comments import Comment

START = dt.datetime(2018, 2, 20, tzinfo=dt.UTC)


def comment(name: str, reply_to: str = "", *, day: int = 0, removed: bool = False) -> Comment:
    return Comment(
        path=f"comments/trip/{name}.yaml",
        id=name,
        target="trip",
        date=START + dt.timedelta(days=day),
        author="" if removed else name,
        body="" if removed else "b",
        reply_to=reply_to,
        removed=removed,
    )


def shape(comments: list[Comment]) -> str:
    """Return a thread as one word for each comment, with a dot for each level of its depth."""
    return " ".join("." * reply.depth + reply.comment.id for reply in thread(comments)[0])


def messages(comments: list[Comment]) -> list[tuple[str, str]]:
    return [(problem.location.path, problem.message) for problem in thread(comments)[1]]


def test_replies_stand_below_what_they_answer() -> None:
    assert shape([comment("a"), comment("b"), comment("c", "a"), comment("d", "c")]) == "a .c ..d b"


def test_comments_of_one_level_are_ordered_by_date_then_id() -> None:
    comments = [comment("c", day=1), comment("b", day=2), comment("a", day=2), comment("d")]

    assert shape(comments) == "d c a b"


def test_a_reply_may_be_older_than_what_it_answers() -> None:
    assert shape([comment("a", "b"), comment("b", day=9)]) == "b .a"


def test_a_reply_to_an_unknown_comment_stands_at_the_top_with_a_warning() -> None:
    comments = [comment("a", "gone"), comment("b", "a")]

    assert shape(comments) == "a .b"
    assert messages(comments) == [
        ("comments/trip/a.yaml", "there is no comment `gone` on this article to reply to")
    ]


def test_a_comment_that_answers_itself_stands_at_the_top_with_a_warning() -> None:
    comments = [comment("a", "a"), comment("b", "a")]

    assert shape(comments) == "a .b"
    assert messages(comments) == [("comments/trip/a.yaml", "this reply answers itself")]


def test_both_of_two_that_answer_each_other_stand_at_the_top() -> None:
    comments = [comment("a", "b"), comment("b", "a"), comment("c", "b")]

    assert shape(comments) == "a b .c"
    assert [path for path, _ in messages(comments)] == [
        "comments/trip/a.yaml",
        "comments/trip/b.yaml",
    ]


def test_what_answers_a_cycle_is_not_blamed_for_it() -> None:
    comments = [comment("a", "b"), comment("b", "c"), comment("c", "b")]

    assert shape(comments) == "b .a c"
    assert len(messages(comments)) == 2


def test_a_chain_of_ten_thousand_replies_is_a_thread() -> None:
    chain = [comment("c0"), *(comment(f"c{n}", f"c{n - 1}") for n in range(1, 10_000))]
    random.Random(1).shuffle(chain)

    replies, problems = thread(chain)

    assert [f"c{n}" for n in range(10_000)] == [reply.comment.id for reply in replies]
    assert list(range(10_000)) == [reply.depth for reply in replies]
    assert problems == []


def test_a_cycle_of_ten_thousand_replies_is_flat() -> None:
    replies, problems = thread(comment(f"c{n}", f"c{(n + 1) % 10_000}") for n in range(10_000))

    assert {reply.depth for reply in replies} == {0}
    assert len(replies) == len(problems) == 10_000


def test_a_tombstone_stays_while_something_answers_it() -> None:
    assert shape([comment("a", removed=True), comment("b", "a")]) == "a .b"


def test_a_tombstone_that_nothing_answers_is_not_shown() -> None:
    assert shape([comment("a", removed=True), comment("b")]) == "b"


def test_tombstones_that_only_tombstones_answer_are_not_shown() -> None:
    comments = [
        comment("a", removed=True),
        comment("b", "a", removed=True),
        comment("c", day=1),
        comment("d", "c"),
    ]

    assert shape(comments) == "c .d"


def test_a_tombstone_between_comments_stays() -> None:
    comments = [
        comment("a"),
        comment("b", "a", removed=True),
        comment("c", "b"),
        comment("d", "a", removed=True),
    ]

    assert shape(comments) == "a .b ..c"


def test_the_parent_of_each_reply_is_named() -> None:
    replies, _ = thread([comment("a"), comment("b", "a"), comment("c", "gone")])

    assert [reply.parent.id if reply.parent else None for reply in replies] == [None, "a", None]


@st.composite
def conversations(draw: st.DrawFn) -> list[Comment]:
    names = draw(st.lists(st.sampled_from([f"n{n}" for n in range(12)]), unique=True, max_size=12))
    parents = st.sampled_from(["", "gone", *names])
    return [
        comment(name, draw(parents), day=draw(st.integers(0, 3)), removed=draw(st.booleans()))
        for name in names
    ]


@given(conversations(), st.randoms(use_true_random=False))
def test_the_order_of_the_files_changes_nothing(
    comments: list[Comment], chance: random.Random
) -> None:
    shuffled = list(comments)
    chance.shuffle(shuffled)

    assert thread(comments) == thread(shuffled)


@given(conversations())
def test_every_comment_appears_exactly_once(comments: list[Comment]) -> None:
    shown = [reply.comment.id for reply in thread(comments)[0]]

    assert len(shown) == len(set(shown))
    assert {one.id for one in comments if not one.removed} <= set(shown)


@given(conversations())
def test_depths_describe_a_tree_in_reading_order(comments: list[Comment]) -> None:
    path: list[str] = []
    for reply in thread(comments)[0]:
        assert reply.depth <= len(path)
        path[reply.depth :] = [reply.comment.id]
        parent = path[reply.depth - 1] if reply.depth else None
        assert parent == (reply.parent.id if reply.parent else None)


def slots(comments: list[Comment]) -> dict[str, int]:
    return {reply.comment.id: reply.slot for reply in thread(comments)[0]}


def test_a_reply_has_the_slot_of_what_it_answers() -> None:
    found = slots([comment("a"), comment("b", day=1), comment("c", "a", day=9), comment("d", "c")])

    assert found == {"a": 0, "c": 0, "d": 0, "b": 1}


def test_what_was_removed_keeps_its_slot() -> None:
    everyone = [comment("a"), comment("b", day=1), comment("c", day=2)]
    removed = [comment("a", removed=True), *everyone[1:]]

    assert slots(removed) == {"b": 1, "c": 2}
    assert summarise(removed, b"").slots == 3


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=30), st.integers(0, 30))
def test_a_newer_comment_moves_nobody(shape: list[tuple[int, bool]], answers: int) -> None:
    comments = [
        comment(f"c{n}", f"c{parent}" if parent and parent < n else "", day=n, removed=removed)
        for n, (parent, removed) in enumerate(shape)
    ]
    newer = comment("newer", f"c{answers}" if answers < len(shape) else "", day=99)

    before, after = slots(comments), slots([*comments, newer])
    assert {name: after[name] for name in before} == before


def test_pages_fill_one_after_the_other() -> None:
    assert [page_count(slots, 2) for slots in range(6)] == [1, 1, 1, 2, 2, 3]
