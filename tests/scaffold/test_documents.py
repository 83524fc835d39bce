"""`sitegen new`: a file that builds, or a reason why there is none."""

from __future__ import annotations

import lxml.html
import pytest

CONFIG = "title: T\nbase_url: https://example.org/\ntimezone: Asia/Kathmandu\n"


def test_an_article_is_a_draft_dated_now_in_the_site_s_zone(site):
    made = site({"config.yaml": CONFIG})
    done = made.cli("new", "article", "A walk in the woods")

    assert done.stdout == "content/articles/a-walk-in-the-woods.md\n"
    text = (made.root / "content/articles/a-walk-in-the-woods.md").read_text(encoding="utf-8")
    assert text == (
        "---\ntitle: A walk in the woods\ndate: 2024-06-01 17:45\ntags: []\ndraft: true\n---\n\n"
    )
    assert made.messages(drafts=True, strict=True) == []


def test_a_page_has_no_date_and_lies_at_the_top(site):
    made = site({"config.yaml": CONFIG})

    assert made.cli("new", "page", "Imprint").stdout == "content/imprint.md\n"
    assert "date" not in (made.root / "content/imprint.md").read_text(encoding="utf-8")
    assert made.cli("new", "page", "Imprint", "--folder", "legal").stdout == (
        "content/legal/imprint.md\n"
    )


TITLES = ["No", "1.10", "a: b", "# x", 'say "hi"', "it's", "- x", "你好", "*a*", "[a]", "{{ 7 * 7 }}", "a\\b", "@x", "yes", "Ends with:", "x" * 300, "On {date} and {title}"]  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_any_title_comes_back_as_it_was_written(site, title):
    made = site({"config.yaml": CONFIG})
    done = made.cli("new", "article", "--", title)
    assert done.returncode == 0, done.stderr

    assert made.messages(drafts=True, strict=True) == []
    page = next(made.output.glob("articles/*/index.html")).read_text(encoding="utf-8")
    assert lxml.html.fromstring(page).xpath("//h1")[0].text_content() == title


def test_the_site_s_own_archetype_comes_first(site):
    own = "---\ntitle: {title}\ndate: {date}\nauthor: Jo\n---\n\n# Notes on {title}\n"
    made = site({"config.yaml": CONFIG, "archetypes/article.md": own})
    made.cli("new", "article", "Ropes: a history")

    text = (made.root / "content/articles/ropes-a-history.md").read_text(encoding="utf-8")
    assert 'title: "Ropes: a history"\n' in text
    assert "# Notes on Ropes: a history\n" in text


REFUSED = {
    "there already": (
        {"content/articles/trip.md": "---\ntitle: T\n---\n"},
        ["article", "Trip"],
        (
            "content/articles/trip.md: error: there is `content/articles/trip.md` already\n"
            "  hint: choose another title, or edit that file\n"
        ),
    ),
    "there as a folder": (
        {"content/articles/Trip/index.md": "---\ntitle: T\n---\n"},
        ["article", "Trip"],
        (
            "content/articles/trip.md: error: there is `content/articles/Trip/index.md` already\n"
            "  hint: choose another title, or edit that file\n"
        ),
    ),
    "no letter": (
        {},
        ["page", "?!"],
        (
            "content/.md: error: the title gives no file name\n"
            "  hint: write a title with at least one letter or digit\n"
        ),
    ),
    "a broken archetype": (
        {"archetypes/page.md": "---\ntitel: {title}\n---\n"},
        ["page", "Trip"],
        "content/trip.md:2:1: error: ",
    ),
    "a broken configuration": (
        {"config.yaml": "title: T\n"},
        ["page", "Trip"],
        "config.yaml:",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_made_is_told_and_nothing_is_written(site, files_below, name):
    files, arguments, said = REFUSED[name]
    made = site({"config.yaml": CONFIG, **files})
    before = files_below(made.root)
    done = made.cli("new", *arguments)

    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert files_below(made.root) == before


@pytest.mark.parametrize("folder", ["..", "a/../../b", "/etc"])
def test_a_folder_outside_content_is_wrong_usage(site, folder):
    assert site({}).cli("new", "page", "Trip", "--folder", folder).returncode == 2


def test_a_link_on_the_way_is_not_followed(site, tmp_path):
    made = site({"content/a.md": "---\ntitle: A\n---\n"})
    (tmp_path / "elsewhere").mkdir()
    (made.root / "content/out").symlink_to(tmp_path / "elsewhere")
    done = made.cli("new", "page", "Trip", "--folder", "out")

    assert done.returncode == 1
    assert "this is a link to somewhere else" in done.stderr
    assert list((tmp_path / "elsewhere").iterdir()) == []
