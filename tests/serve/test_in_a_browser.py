"""Writing with `sitegen serve` and a browser beside it, as an author sees it."""

from __future__ import annotations

import shutil

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ARTICLE = "---\ntitle: Trip\ndate: 2018-02-19\n---\nFirst text.\n\n" + "A line.\n\n" * 200
COMMENT = "author: Ada\ndate: 2018-02-20\nbody: |\n  Hello from Ada.\n"
THEME = {
    "config.yaml": "title: Scratch\nbase_url: https://example.org/\ntheme: mine\n",
    "themes/mine/theme.yaml": "name: mine\nextends: default\n",
    "themes/mine/static/style.css": "body { color: rgb(1, 2, 3) }",
}
OVERLAY = "document.querySelector('sitegen-problems')?.shadowRoot.textContent"
HAS_TEXT = "document.body.innerText.includes({!r})"


@pytest.fixture
def desk(site, serve, browser):
    """A site with one article, its server, and a browser that shows the article."""
    made = site({**THEME, "content/posts/trip.md": ARTICLE})
    server = serve(made.root)
    browser.open(f"{server.address}posts/trip/")
    browser.ask("window.sameDocument = true")
    return made, server, browser


def test_a_saved_article_is_shown_and_stays_where_it_was_scrolled_to(desk):
    made, _, browser = desk
    browser.ask("scrollTo(0, 900)")
    browser.wait("scrollY === 900")
    made.write({"content/posts/trip.md": ARTICLE.replace("First", "Second")})

    browser.wait(HAS_TEXT.format("Second text."))
    browser.wait("scrollY === 900")
    assert browser.complaints() == []


def test_a_style_sheet_is_swapped_without_a_reload(desk):
    made, _, browser = desk
    color = "getComputedStyle(document.body).color"
    assert browser.wait(color) == "rgb(1, 2, 3)"
    made.write({"themes/mine/static/style.css": "body { color: rgb(4, 5, 6) }"})

    browser.wait(f"{color} === 'rgb(4, 5, 6)'")
    made.write({"themes/mine/static/style.css": "body { color: rgb(7, 8, 9) }"})
    browser.wait(f"{color} === 'rgb(7, 8, 9)'")
    assert browser.ask("window.sameDocument")
    assert browser.ask("document.querySelectorAll('link[rel=stylesheet]').length") == 1


def test_an_error_lies_over_the_last_good_page_until_it_is_cured(desk):
    made, server, browser = desk
    made.write({"content/posts/trip.md": ARTICLE.replace("02-19", "02-30")})

    shown = browser.wait(OVERLAY)
    assert "content/posts/trip.md:3:7: error: `2018-02-30` is not a date" in shown
    assert "   3 | date: 2018-02-30\n     |       ^^^^^^^^^^" in shown
    assert "hint: write YYYY-MM-DD" in shown
    assert browser.ask(HAS_TEXT.format("First text."))
    server.until("content/posts/trip.md:3:7: error: ")
    made.write({"content/posts/trip.md": ARTICLE})
    browser.wait(f"!{OVERLAY}")
    assert browser.ask("window.sameDocument"), "the page is what it was, so it need not be loaded"
    assert browser.complaints() == []


def test_a_comment_that_is_saved_appears_and_one_that_is_deleted_goes(desk):
    made, _, browser = desk
    made.write({"comments/posts/trip/ada.yaml": COMMENT})
    browser.wait(HAS_TEXT.format("Hello from Ada."))

    made.write({"comments/posts/trip/ada.yaml": None})
    browser.wait("!" + HAS_TEXT.format("Hello from Ada."))


def test_a_renamed_article_is_gone_here_and_found_there(desk):
    made, server, browser = desk
    (made.root / "content/posts/trip.md").rename(made.root / "content/posts/tour.md")
    browser.wait("document.querySelector('.kicker')?.textContent === '404'")

    browser.open(f"{server.address}posts/tour/")
    assert browser.wait(HAS_TEXT.format("First text."))
    (made.root / "content/posts/tour.md").rename(made.root / "content/posts/trip.md")
    browser.wait("!" + HAS_TEXT.format("First text."))


def test_a_picture_that_is_saved_again_is_shown_anew(desk):
    made, _, browser = desk
    square = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}"/>'
    made.write({
        "content/posts/trip.md": ARTICLE + "![A square](square.svg)\n",
        "content/posts/square.svg": square.format(10),
    })  # fmt: skip
    width = "document.querySelector('main img')?.naturalWidth"
    browser.wait(f"{width} === 10")
    made.write({"content/posts/square.svg": square.format(20)})

    browser.wait(f"{width} === 20")


def test_a_folder_that_is_made_later_is_watched(desk):
    made, _, browser = desk
    shutil.rmtree(made.root / "themes")
    browser.wait(OVERLAY)

    made.write(THEME)
    browser.wait(f"!{OVERLAY}")
    made.write({"themes/mine/static/style.css": "body { color: rgb(4, 5, 6) }"})
    browser.wait("getComputedStyle(document.body).color === 'rgb(4, 5, 6)'")


def test_a_site_that_never_was_built_shows_its_error(site, serve, browser):
    made = site({"content/posts/trip.md": "---\ntitle: [\n---\n"})
    server = serve(made.root)
    browser.open(server.address)
    assert "content/posts/trip.md:" in browser.wait(OVERLAY)

    made.write({"content/posts/trip.md": ARTICLE})
    browser.wait(f"document.title === 'Scratch' && !{OVERLAY}")


def test_the_whole_flow_from_nothing(tmp_path, cli, scratch, serve, browser):
    assert cli("init", str(tmp_path / "notes")).returncode == 0
    made = scratch(tmp_path / "notes")
    path = made.cli("new", "article", "A walk").stdout.strip()
    server = serve(made.root, "--drafts")
    browser.open(f"{server.address}articles/a-walk/")
    assert browser.wait("document.querySelector('h1').textContent") == "A walk"

    text = (made.root / path).read_text(encoding="utf-8") + "Up and down.\n"
    made.write({path: text})
    browser.wait(HAS_TEXT.format("Up and down."))
    made.write({path: text.replace("draft: true", "draft: perhaps")})
    assert f"{path}:5:8: error: " in browser.wait(OVERLAY)
    made.write({path: text})
    browser.wait(f"!{OVERLAY}")

    made.write({"comments/articles/a-walk/ada.yaml": COMMENT})
    browser.wait(HAS_TEXT.format("Hello from Ada."))
    (made.root / "comments/articles/a-walk").rename(made.root / "comments/articles/a-tour")
    (made.root / path).rename(made.root / "content/articles/a-tour.md")
    browser.wait("document.querySelector('.kicker')?.textContent === '404'")
    browser.open(f"{server.address}articles/a-tour/")
    browser.wait(HAS_TEXT.format("Hello from Ada."))
    made.write({"comments/articles/a-tour/ada.yaml": None})
    browser.wait("!" + HAS_TEXT.format("Hello from Ada."))
    made.write({"content/articles/a-tour.md": None})
    browser.wait("document.querySelector('.kicker')?.textContent === '404'")
    browser.open(f"{server.address}articles/")
    assert not browser.ask(HAS_TEXT.format("A walk"))

    done = made.cli("theme", "eject", "footer.html")
    assert "did you mean" in done.stderr or "there are: " in done.stderr
    made.cli("theme", "eject", "article.html")
    made.write({
        "themes/notes/static/style.css": "body { color: rgb(1, 2, 3) }",
        "config.yaml": (made.root / "config.yaml").read_text(encoding="utf-8") + "theme: notes\n",
    })  # fmt: skip
    browser.wait("getComputedStyle(document.body).color === 'rgb(1, 2, 3)'")
    browser.ask("window.sameDocument = true")
    made.write({"themes/notes/static/style.css": "body { color: rgb(4, 5, 6) }"})
    browser.wait("getComputedStyle(document.body).color === 'rgb(4, 5, 6)'")
    assert browser.ask("window.sameDocument")
    assert browser.complaints() == []
    assert server.stop()[0] == 0
