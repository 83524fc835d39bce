"""The receiver over real HTTP, in front of a real repository."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lxml import html

from tests.receiver.conftest import git

FORM = {"article": "posts/trip", "author": "Bo", "body": "Hello, <b>you</b> & List<T>!"}


def wait_for_branch(receiver, forge) -> str:
    receiver.until("delivered")
    (ref,) = forge.refs()
    return ref


def test_a_comment_without_a_script_becomes_a_branch_with_one_new_file(receive, forge) -> None:
    receiver = receive()
    asked = receiver.post(FORM)
    shown = html.fromstring(asked.text)

    assert asked.status == 200
    assert shown.xpath("string(//h1)") == "This is how it will look"
    (look,) = shown.xpath("//*[@data-comment-body]")
    assert html.tostring(look[0], with_tail=False).decode() == (
        "<p>Hello, <strong>you</strong> &amp; List&lt;T&gt;!</p>"
    )
    assert forge.refs() == {}

    thanked = receiver.post({**FORM, "token": asked.token})
    ref = wait_for_branch(receiver, forge)
    ((path, text),) = forge.added(ref).items()

    assert thanked.status == 202
    assert "Your comment has arrived" in thanked.text
    assert re.fullmatch(r"comments/posts/trip/\d{4}-\d\d-\d\d-[0-9a-f]{12}\.yaml", path)
    assert ref == f"refs/heads/comment/{Path(path).stem}"
    assert 'author: "Bo"\n' in text
    assert text.endswith("body: |-\n  Hello, <b>you</b> & List<T>!\n")


def test_what_arrives_passes_the_reviewers_check_and_the_work_tree_is_as_it_was(
    receive, forge, cli
) -> None:
    receiver = receive()
    before = sorted(path for path in forge.work.rglob("*") if ".git" not in path.parts)
    receiver.send(
        body="One\n\n  two\n# three", reply_to="2018-ada", subject="1.10", url="https://bo.example"
    )
    ((path, text),) = forge.added(wait_for_branch(receiver, forge)).items()

    assert sorted(path for path in forge.work.rglob("*") if ".git" not in path.parts) == before
    (forge.work / path).write_text(text, encoding="utf-8")
    done = cli("comments", "check", path, cwd=forge.work)
    assert (done.returncode, done.stdout) == (0, "1 comment checked\n")


def test_a_program_gets_a_token_and_answers_in_json(receive, forge) -> None:
    receiver = receive()
    token = receiver.ask("/token").json["token"]
    value = json.dumps({**FORM, "token": token}).encode()
    answer = receiver.ask("/", "POST", value, Content_Type="application/json")

    assert answer.status == 202
    assert answer.json["html"] == "<p>Hello, <strong>you</strong> &amp; List&lt;T&gt;!</p>"
    assert wait_for_branch(receiver, forge) == f"refs/heads/comment/{answer.json['id']}"


def test_sending_twice_makes_one_comment_and_another_text_makes_another(receive, forge) -> None:
    receiver = receive()
    token = receiver.ask("/token").json["token"]
    for _ in range(3):
        assert receiver.post({**FORM, "token": token}).status == 202
    receiver.until("delivered")
    assert receiver.post({**FORM, "token": token}).status == 202

    other = receiver.post({**FORM, "body": "Something else.", "token": token})
    assert other.status == 200
    assert other.token != token
    assert receiver.post({**FORM, "body": "Something else.", "token": other.token}).status == 202
    receiver.until("delivered")
    assert len(forge.refs()) == 2


def test_the_same_text_in_another_form_is_one_comment(receive, forge) -> None:
    receiver = receive()
    assert receiver.send().status == receiver.send().status == 202
    receiver.until("delivered")

    assert 'outcome="repeated"} 1' in receiver.ask("/metrics").text
    assert len(forge.refs()) == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"author": ""}, {"author"}),
        ({"author": "x" * 81}, {"author"}),
        ({"author": "Bo\u202e"}, {"author"}),
        ({"body": " \n "}, {"body"}),
        ({"body": "x" * 20_001}, {"body"}),
        ({"body": "😀" * 19_000}, {"body"}),
        ({"body": "<em>" * 400}, {"body"}),
        ({"url": "javascript:alert(1)"}, {"url"}),
        ({"subject": "s" * 121, "author": ""}, {"subject", "author"}),
        ({"reply_to": "nobody"}, {"reply_to"}),
        ({"reply_to": "../x"}, {"reply_to"}),
    ],
)
def test_a_fault_is_told_at_its_field_and_nothing_is_lost(receiver_kept, fields, wrong) -> None:
    form = {**FORM, **fields}
    page = receiver_kept.post(form)
    told = receiver_kept.post(form, Accept="application/json")
    shown = html.fromstring(page.text)

    assert page.status == told.status == 422
    assert set(told.json["faults"]) == wrong
    assert shown.xpath("string(//textarea[@name='body'])").strip() == form["body"].strip()
    for name in wrong & {"author", "url", "subject", "body"}:
        (field,) = shown.xpath(f"//*[@name='{name}']")
        assert field.get("aria-invalid") == "true"
        assert f"fault-{name}" in field.get("aria-describedby")
        assert shown.xpath(f"//*[@role='alert']//a[@href='#form-{name}']")


@pytest.fixture(scope="module")
def receiver_kept(tmp_path_factory):
    """A receiver whose tests leave nothing behind."""
    from tests.receiver.conftest import FILES, Forge, Receiver

    folder = tmp_path_factory.mktemp("kept")
    generous = {"BURST": "10000", "HOURLY": "100000"}
    receiver = Receiver(Forge(folder, FILES).place, folder / "state", **generous).ready()
    yield receiver
    receiver.stop()


@pytest.mark.parametrize(
    ("fields", "headers", "status"),
    [
        ({"article": "posts/over"}, {}, 409),
        ({"article": "posts/draft"}, {}, 404),
        ({"article": "about"}, {}, 409),
        ({"article": "../../etc/passwd"}, {}, 404),
        ({"contact": "filled"}, {}, 422),
        ({}, {"Origin": "https://elsewhere.example"}, 403),
        ({}, {"Origin": "null"}, 403),
        ({}, {"Origin": "https://notes.example"}, 200),
    ],
)
def test_what_cannot_be_taken_is_said_and_the_text_is_still_there(
    receiver_kept, fields, headers, status
) -> None:
    page = receiver_kept.post({**FORM, **fields}, **headers)

    assert page.status == status
    assert "Hello, &lt;b&gt;you&lt;/b&gt; &amp; List&lt;T&gt;!" in page.text


def test_only_pages_of_the_site_may_read_answers(receiver_kept) -> None:
    own = receiver_kept.ask("/token", Origin="https://notes.example")
    other = receiver_kept.ask("/token", Origin="https://elsewhere.example")
    asked = receiver_kept.ask("/", "OPTIONS", Origin="https://notes.example")

    assert own.headers["access-control-allow-origin"] == "https://notes.example"
    assert "access-control-allow-origin" not in other.headers
    assert asked.status == 204
    assert "POST" in asked.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content_Type": "text/plain"}, b"x", 400),
        ({"Content_Type": "application/json"}, b"[" * 100_000, 400),
        ({"Content_Type": "application/json"}, b'{"author": 1}', 400),
        ({"Content_Type": "application/x-www-form-urlencoded"}, b"a=%ff", 400),
        ({"Content_Type": "application/x-www-form-urlencoded"}, b"a&" * 31, 400),
        ({"Content_Type": "application/x-www-form-urlencoded"}, b"x" * 300_001, 413),
    ],
)
def test_what_is_no_form_is_refused_before_it_is_read(receiver_kept, headers, body, status) -> None:
    assert receiver_kept.ask("/", "POST", body, **headers).status == status


def test_a_form_that_comes_too_soon_has_to_wait_and_keeps_its_token(receive) -> None:
    receiver = receive(WAIT="30", SLOW_WAIT="30")
    asked = receiver.post(FORM)
    again = receiver.post({**FORM, "token": asked.token})

    assert again.status == 200
    assert "That was quick" in again.text
    assert again.token == asked.token


def test_a_preview_is_what_the_build_shows(receiver_kept) -> None:
    answer = receiver_kept.post({**FORM, "author": ""}, "/preview")

    assert set(answer.json["faults"]) == {"author"}
    assert receiver_kept.post(FORM, "/preview").json == {
        "html": "<p>Hello, <strong>you</strong> &amp; List&lt;T&gt;!</p>", "faults": {}
    }  # fmt: skip


def test_an_address_may_send_so_many_and_is_nowhere_written_down(receive) -> None:
    receiver = receive(BURST="2", HOURLY="1")
    answers = [receiver.send(body=f"Number {number}.") for number in range(3)]

    assert [one.status for one in answers] == [202, 202, 429]
    assert "Number 2." in answers[2].text
    assert int(answers[2].headers["retry-after"]) > 0
    receiver.stop()
    written = b"".join(path.read_bytes() for path in receiver.state.rglob("*") if path.is_file())
    assert b"127.0.0" not in written
    assert not re.search("127.0.0.1(?!:)", "\n".join(receiver.said))
    assert "Number" not in "\n".join(receiver.said)


def test_a_full_day_refuses_more_and_says_so(receive) -> None:
    receiver = receive(DAILY="1")
    receiver.send(body="The first.")
    second = receiver.send(body="The second.")

    assert second.status == 503
    assert "No more comments are taken today" in second.text
    assert "The second." in second.text


def test_a_counter_that_is_gone_lets_nothing_through(receive) -> None:
    receiver = receive()
    with sqlite3.connect(receiver.state / "counters.sqlite") as store:
        store.execute("drop table taken")

    answer = receiver.post({**FORM, "token": receiver.ask("/token").json["token"]})
    assert answer.status == 503
    assert "List&lt;T&gt;" in answer.text


def test_a_copy_of_the_repository_that_is_gone_is_no_crash(receive) -> None:
    receiver = receive(REFRESH="3600")
    shutil.rmtree(receiver.state / "repository.git")
    answer = receiver.post(FORM)

    assert (answer.status, answer.text) == (503, "Something is out of order. Try later.\n")
    assert receiver.until("a request cannot be answered")


def test_what_was_delivered_leaves_nothing_in_the_copy(receive, forge) -> None:
    receiver = receive()
    receiver.send()
    wait_for_branch(receiver, forge)
    receiver.stop()
    copy = receiver.state / "repository.git"
    assert "refs/waiting/" in git(copy, "for-each-ref")
    again = receive()
    receiver.lines.queue.clear()

    assert again.send(body="Another.").status == 202
    again.until("delivered")
    assert git(copy, "for-each-ref", "--format=%(refname)").count("refs/waiting/") == 1


def test_a_forge_that_is_down_is_tried_again_and_status_says_so(receive, forge) -> None:
    receiver = receive()
    forge.place.rename(forge.place.with_name("away.git"))
    assert receiver.send().status == 202
    receiver.until("not delivered")
    stuck = receiver.command("--status")
    forge.place.with_name("away.git").rename(forge.place)
    receiver.until(" delivered\n")
    well = receiver.command("--status")

    assert stuck.returncode == 1
    assert re.search(
        r"^1 waiting, 0 sent.*\n.* on posts/trip: waiting .* attempts, the last: git", stuck.stdout
    )
    assert (well.returncode, well.stdout) == (0, "0 waiting, 1 sent in the last 30 days\n")
    assert len(forge.refs()) == 1


def test_the_digest_lists_what_waits_for_review_until_it_is_merged(receive, forge) -> None:
    receiver = receive()
    receiver.send()
    ref = wait_for_branch(receiver, forge)
    before = receiver.command("--digest").stdout
    forge.publish(forge.added(ref))
    after = receiver.command("--digest").stdout

    assert (
        before
        == f"1 comment waits for review\n- posts/trip, today: {ref.removeprefix('refs/heads/')}\n"
    )
    assert after == "0 comments wait for review\n"


def test_many_look_at_the_repository_at_once_and_none_is_turned_away(receive, forge) -> None:
    receiver = receive()
    receiver.send()
    receiver.until(" delivered\n")
    with ThreadPoolExecutor(6) as pool:
        digests = list(pool.map(lambda _: receiver.command("--digest"), range(24)))

    assert {(one.returncode, one.stderr) for one in digests} == {(0, "")}


def test_pages_say_who_is_answered(receiver_kept) -> None:
    page = receiver_kept.ask("/?article=posts/trip&reply_to=2018-ada")

    assert "In reply to Ada" in page.text
    assert html.fromstring(page.text).xpath("//input[@name='reply_to']/@value") == ["2018-ada"]


def test_health_and_counters_tell_nothing_of_anybody(receiver_kept) -> None:
    assert receiver_kept.ask("/health").text == "well\n"
    text = receiver_kept.ask("/metrics").text
    assert "sitegen_receiver_waiting 0" in text
    assert set(re.findall(r"\{(\w+)=", text)) == {"outcome", "le"}


def test_without_a_repository_the_command_says_what_to_set(cli: Callable) -> None:
    done = cli("receive")

    assert done.returncode == 2
    assert "SITEGEN_RECEIVE_REMOTE" in done.stderr
