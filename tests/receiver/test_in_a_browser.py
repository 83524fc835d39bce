"""The form in a real Chromium, with and without JavaScript: from the article's page to a branch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Browser, served

from tests.receiver.conftest import FILES, Forge, Receiver

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
def place(tmp_path: Path, scratch) -> Iterator[tuple[str, Receiver, Forge]]:
    """Return the address of a built site, its receiver and its forge."""
    output = tmp_path / "forge-site" / "work" / "output"
    with served(output) as address:
        config = f"title: Field notes\nbase_url: {address}\n"
        (tmp_path / "forge-site").mkdir()
        forge = Forge(tmp_path / "forge-site", {**FILES, "config.yaml": config})
        receiver = Receiver(forge.place, tmp_path / "state", PROOF="2000").ready()
        more = f"comments: {{receiver: 'http://127.0.0.1:{receiver.port}'}}\ntheme: {{parameters: {{scripts: true}}}}\n"
        (forge.work / "config.yaml").write_text(config + more, encoding="utf-8")
        assert not scratch(forge.work).build().problems
        yield address, receiver, forge
        receiver.stop()


def fill(browser: Browser, **fields: str) -> None:
    for name, text in fields.items():
        browser.ask(
            f"document.querySelector('[name={name}]').focus(),"
            f"document.querySelector('[name={name}]').value = {json.dumps(text)}"
        )


DANGLING = (
    "[...document.querySelectorAll('[aria-describedby]')]"
    ".flatMap((field) => field.getAttribute('aria-describedby').split(' '))"
    ".filter((id) => !document.getElementById(id))"
)
PRESS = "document.querySelector('.comment-form [type=submit]').click(), 1"


def test_a_reader_without_javascript_sends_a_comment(browser, place) -> None:
    address, receiver, forge = place
    browser.open(f"{address}posts/trip/")
    fill(browser, author="Bo", body="Hello, <b>you</b>!")
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.call(
        "Runtime.evaluate", expression="HTMLFormElement.prototype.submit.call(document.querySelector('.comment-form'))"
    )  # fmt: skip
    browser.wait("document.querySelector('h1')?.textContent === 'This is how it will look'")
    shown = browser.ask("document.querySelector('[data-comment-body]').innerHTML")
    browser.ask("HTMLFormElement.prototype.submit.call(document.querySelector('.comment-form'))")
    browser.wait("document.querySelector('h1')?.textContent === 'Your comment has arrived'")
    receiver.until(" delivered\n")

    assert shown == "<p>Hello, <strong>you</strong>!</p>"
    assert len(forge.refs()) == 1
    assert browser.complaints() == []


def test_a_reader_with_javascript_sees_faults_and_a_preview_and_stays_on_the_page(
    browser, place
) -> None:
    address, receiver, forge = place
    browser.open(f"{address}posts/trip/")
    browser.ask("document.querySelector('.comment footer a').click()")
    browser.wait("document.querySelector('[name=reply_to]').value === '2018-ada'")
    fill(browser, body="Hello, <b>you</b>!")
    browser.ask("document.querySelector('.comment-form button[type=button]').click()")
    fault = browser.wait("document.querySelector('#fault-author')?.textContent")
    invalid = browser.ask("document.querySelector('[name=author]').getAttribute('aria-invalid')")
    fill(browser, author="Bo")
    browser.ask(PRESS)
    shown = browser.wait("document.querySelector('.preview')?.innerHTML")
    dangling = browser.ask(DANGLING)
    receiver.until(" delivered\n")
    ((ref, _),) = forge.refs().items()
    (text,) = forge.added(ref).values()

    assert fault.startswith("Write your name")
    assert invalid == "true"
    assert dangling == []
    assert shown == "<p>Hello, <strong>you</strong>!</p>"
    assert 'reply_to: "2018-ada"\n' in text or "reply_to: 2018-ada\n" in text
    assert browser.ask("location.pathname") == "/posts/trip/"
    assert [one for one in browser.complaints() if "status of 4" not in one] == []
