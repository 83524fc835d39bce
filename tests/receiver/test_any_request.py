"""Whatever is sent, the answer is no 5xx; what is accepted passes the reviewers' own check."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.build.checks import check_comments
from sitegen.receiver.events import form_of_event
from sitegen.receiver.forms import Form, FormError
from sitegen.receiver.settings import SettingsError, from_environment
from tests.receiver.conftest import Kept


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    made = Kept(tmp_path_factory.mktemp("any"))
    yield made
    made.receiver.close()


texts = st.one_of(
    st.text(max_size=200), st.sampled_from(["", "posts/trip", "2018-ada", "<b>", "\x00"])
)
forms = st.dictionaries(st.sampled_from(Form.__struct_fields__), texts)
bodies = st.one_of(
    st.binary(max_size=500),
    st.recursive(texts | st.none() | st.integers(), lambda x: st.lists(x) | st.dictionaries(texts, x))
    .map(json.dumps).map(str.encode),
    forms.map(lambda one: json.dumps({"article": "posts/trip", **one}).encode()),
    forms.map(lambda one: urlencode(one, errors="surrogatepass").encode()),
)  # fmt: skip


@given(
    st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE"]),
    st.sampled_from(["/", "/preview", "/token", "/health", "/metrics", "/style.css", "/x"]),
    bodies, st.sampled_from(["application/json", "application/x-www-form-urlencoded", "x", ""]),
    st.text(max_size=80), st.sampled_from(["", "application/json"]),
)  # fmt: skip
def test_no_request_is_answered_with_a_failure(kept, method, path, body, kind, query, accept):
    status, _ = kept.ask(
        method, path, body, CONTENT_TYPE=kind, QUERY_STRING=query, HTTP_ACCEPT=accept
    )

    assert 200 <= status < 500


line = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=90)


@given(line, st.text(max_size=300), line, st.sampled_from(["", "2018-ada", "nobody", "A B"]))
def test_what_is_accepted_is_what_the_check_of_a_checkout_accepts(
    kept, author, body, subject, reply_to
):
    token = json.loads(kept.ask("GET", "/token")[1])["token"]
    form = {"article": "posts/trip", "author": author, "body": body, "subject": subject,
            "reply_to": reply_to, "token": token}  # fmt: skip
    status, answer = kept.ask(
        "POST", "/", json.dumps(form).encode(), CONTENT_TYPE="application/json"
    )

    assert status in {202, 422}
    if status == 202:
        name = json.loads(answer)["id"]
        known = kept.receiver.courier.spool.find(name)
        place = kept.forge.work / known.path
        if hasattr(known, "text"):
            place.write_text(known.text, encoding="utf-8", newline="")
            try:
                assert check_comments(kept.forge.work, [place]) == (1, ())
            finally:
                place.unlink()


def test_an_issue_form_and_a_dispatch_are_read_as_forms() -> None:
    body = "### Article\n\nposts/trip\n\n### Your name\n\nBo\n\n### Your site\n\n_No response_\n\n### Comment\n\nOne\n\n### Article\n\nstays"
    issue = json.dumps({"issue": {"number": 7, "body": body}}).encode()
    sent = json.dumps(
        {"client_payload": {"id": "a1", "article": "posts/trip", "body": "x"}}
    ).encode()

    assert form_of_event(issue) == (
        Form("posts/trip", author="Bo", body="One\n\n### Article\n\nstays"), "issue 7"
    )  # fmt: skip
    assert form_of_event(sent) == (Form("posts/trip", body="x"), "a1")
    for wrong in (
        b"",
        b"[]",
        b"{}",
        b'{"issue": {"body": 1, "number": 1}}',
        b'{"client_payload": {}}',
    ):
        with pytest.raises(FormError):
            form_of_event(wrong)


@pytest.mark.parametrize(
    "told",
    [{}, {"REMOTE": "x", "WAIT": "soon"}, {"REMOTE": "x", "WAY": "post"},
     {"REMOTE": "x", "WAY": "github"}, {"REMOTE": "--upload-pack=x"},
     {"REMOTE": "x", "TOKEN_FILE": "/nowhere"}, {"REMOTE": "x", "NAME": "a <b>"},
     {"REMOTE": "x", "HOURLY": "0"}, {"REMOTE": "x", "BURST": "0"}, {"REMOTE": "x", "WAIT": "-1"},
     {"REMOTE": "x", "TOKEN_FILE": sys.executable}],
)  # fmt: skip
def test_settings_that_cannot_be_meant_are_said(told) -> None:
    with pytest.raises(SettingsError):
        from_environment({f"SITEGEN_RECEIVE_{name}": value for name, value in told.items()})
