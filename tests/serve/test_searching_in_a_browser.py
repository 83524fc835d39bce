"""The search page of a built site in a real Chromium, under its own policy."""

from __future__ import annotations

import pytest
from browsing import served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]

TEXT = "---\ntitle: Trip & <b>more</b>\ndate: 2024-01-01\n---\nWe walked to the lighthouse.\n"
COMMENT = (
    "author: Ada <i>\ndate: 2024-01-02\nbody: A wombat was there. <img src=x onerror=alert(1)>\n"
)


@pytest.fixture
def address(site):
    """Where a site below a path of its host is served, built with search."""
    made = site({"content/trip.md": TEXT, "comments/trip/c1.yaml": COMMENT})
    made.output = made.root / "served/blog"
    with served(made.root / "served") as host:
        made.write({"config.yaml": f"title: S\nbase_url: {host}blog/\nsearch: true\n"})
        assert not made.build().problems
        yield f"{host}blog/"


def type_words(browser, words):
    browser.wait("!document.querySelector('form[data-index]').hidden")
    browser.ask(
        f"(box => {{ box.value = {words!r}; box.dispatchEvent(new Event('input')) }})"
        "(document.querySelector('input[name=q]'))"
    )


def test_articles_and_comments_are_found_under_a_strict_policy(browser, address):
    browser.open(f"{address}search/")
    type_words(browser, "lighthouse")
    browser.wait("document.querySelectorAll('#search-results > li').length === 1")
    assert (
        browser.ask("document.querySelector('#search-results a').textContent")
        == "Trip & <b>more</b>"
    )
    assert browser.ask("document.querySelector('#search-results a').pathname") == "/blog/trip/"

    assert (
        browser.ask("document.querySelector('#search-results mark').textContent") == "lighthouse."
    )

    type_words(browser, "wombat")
    browser.wait("document.querySelector('#search-results li li a')?.hash === '#comment-c1'")
    assert browser.ask("document.querySelector('#search-results li li a').textContent") == "Ada <i>"
    assert (
        browser.ask("document.querySelectorAll('#search-results img, #search-results i').length")
        == 0
    )

    type_words(browser, "zyzzyva")
    browser.wait("document.querySelector('#search-told').textContent === 'Pages found: 0'")
    assert browser.complaints() == []


def test_a_server_searches_with_the_index_of_the_last_build_or_says_that_there_is_none(
    site, serve, browser
):
    config = "title: S\nbase_url: https://example.org/blog/\nsearch: true\n"
    made = site({"config.yaml": config, "content/trip.md": TEXT})
    server = serve(made.root)
    browser.open(f"{server.address}search/")
    browser.wait(
        "document.querySelector('#search-told').textContent.startsWith('Searching does not')"
    )
    assert browser.ask("document.querySelector('form[data-index]').hidden")
    assert server.get("/pagefind/%2e%2e/.sitegen-manifest")[0] == 400

    assert not made.build().problems
    browser.open(f"{server.address}search/?q=lighthouse")
    browser.wait("document.querySelector('#search-results a')?.pathname === '/trip/'")
    assert [one for one in browser.complaints() if "pagefind.js" not in one] == []
