"""The example site of this repository in a real Chromium, served on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Browser, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def address(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, cli: Callable[..., Any]
) -> Iterator[str]:
    """The address at which the example site is served."""
    output = tmp_path_factory.mktemp("example") / "output"
    output.mkdir()
    with served(output) as found:
        places = ("--site", str(repository), "--output", str(output))
        done = cli("build", *places, "--base-url", found, "--no-cache")
        assert done.returncode == 0, done.stderr
        yield found


@pytest.fixture(scope="module")
def browser(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(chromium, tmp_path_factory.mktemp("profile"))
    yield opened
    opened.stop()


PAGES = ["", "articles/community/", "manual/", "archive/", "tags/", "404.html"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_without_a_message_and_asks_nobody_else(
    browser: Browser, address: str, page: str
) -> None:
    browser.open(address + page)
    browser.rest()

    assert browser.said() == []
    assert [one for one in browser.requested() if not one.startswith((address, "data:"))] == []
    assert browser.ask("document.styleSheets.length") == 1
    assert browser.ask("document.querySelector('h1') !== null")


THREAD = "[...document.querySelectorAll('[data-comment-body]')].filter(one => one.offsetHeight > 0).length"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_thread_is_there_and_can_be_read(browser: Browser, address: str, scripts: bool) -> None:
    browser.call("Emulation.setScriptExecutionDisabled", value=not scripts)
    try:
        browser.open(f"{address}articles/community/")
        shown = browser.ask(THREAD)
        depth = browser.ask("document.querySelectorAll('.thread ol ol').length")
        heading = browser.ask("document.querySelector('#add-comment-title').textContent")
        byline = browser.ask("document.querySelector('.byline').textContent")
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)

    assert shown >= 8
    assert depth >= 1
    assert heading == "Add new comment"
    assert byline == "Submitted by Jo on Mon, 19/02/2018 - 09:30"


def test_the_page_runs_no_script_of_its_own(browser: Browser, address: str) -> None:
    browser.open(f"{address}articles/community/")
    kinds = browser.ask("[...document.scripts].map(one => one.type).join()")

    assert set(kinds.split(",")) <= {"application/ld+json"}


def test_the_policy_of_the_page_stops_a_planted_handler(browser: Browser, address: str) -> None:
    browser.open(f"{address}articles/community/")
    planted = "document.body.insertAdjacentHTML('beforeend', '<b id=planted onclick=\"window.ran = 1\">x</b>'); planted.click(); window.ran"  # fmt: skip

    assert browser.ask(planted) is None
