"""`sitegen theme eject`, and what builds say of templates that replace others."""

from __future__ import annotations

import pytest

from sitegen import disk

ARTICLE = "---\ntitle: Trip\ndate: 2018-02-19\ntags: [A]\n---\nText.\n"
SITE = {"config.yaml": "title: Field notes\nbase_url: https://example.org/\n", "content/trip.md": ARTICLE}  # fmt: skip
MINE = {
    "config.yaml": "title: T\nbase_url: https://example.org/\ntheme: mine\n",
    "content/trip.md": ARTICLE,
    "themes/mine/theme.yaml": "name: mine\nextends: default\n",
}


def test_a_copy_goes_into_a_new_theme_that_extends_the_old_one(site):
    made = site(SITE)
    done = made.cli("theme", "eject", "article.html")

    assert done.stdout == (
        "themes/field-notes/templates/article.html\n"
        "Write `theme: field-notes` into config.yaml to use it.\n"
    )
    about = (made.root / "themes/field-notes/theme.yaml").read_text(encoding="utf-8")
    assert about == 'name: "field-notes"\nextends: default\n'


def test_a_copy_goes_into_the_site_s_own_theme_if_it_has_one(site):
    made = site(MINE)

    assert made.cli("theme", "eject", "templates/article.html").stdout == (
        "themes/mine/templates/article.html\n"
    )


def test_copies_of_all_templates_give_the_same_bytes(site):
    made = site(MINE)
    made.build()
    before = made.outputs()
    for path in (disk.package_root() / "themes/default/templates").iterdir():
        assert made.cli("theme", "eject", path.name).returncode == 0

    assert made.messages(strict=True) == []
    assert made.outputs() == before


def test_a_copy_whose_original_has_changed_is_told(site):
    made = site({
        **MINE,
        "themes/mine/theme.yaml": "name: mine\nextends: bought\n",
        "themes/bought/theme.yaml": "name: bought\n",
        "themes/bought/templates/page.html": "{# one #}\n<h1>{{ page.title }}</h1>\n",
    })  # fmt: skip
    made.cli("theme", "eject", "page.html")
    assert made.messages() == []
    made.write({"themes/bought/templates/page.html": "{# two #}\n<h1>{{ page.title }}</h1>\n"})

    said = made.cli("build").stderr
    assert said.startswith(
        "themes/mine/templates/page.html:1:1: warning: "
        "the template of `bought` has changed since this copy was made\n"
    )
    stamp = said.split("then write ")[1].split(" here")[0]
    text = (made.root / "themes/mine/templates/page.html").read_text(encoding="utf-8")
    made.write({"themes/mine/templates/page.html": stamp + "\n" + text.split("\n", 1)[1]})
    assert made.messages() == []


def test_a_template_that_replaces_none_is_told_with_what_was_meant(site):
    made = site({**MINE, "themes/mine/templates/artcle.html": "x"})

    assert made.cli("build").stderr.startswith(
        "themes/mine/templates/artcle.html: warning: this template replaces none, and nothing uses it\n"
        "  hint: did you mean `article.html`?\n"
    )
    assert made.cli("build").stderr.count("replaces none") == 1, "also when nothing is to be done"


USED = {
    "by an article": {"content/trip.md": ARTICLE.replace("title", "template: own.html\ntitle"), "themes/mine/templates/own.html": "x"},
    "by another template": {"themes/mine/templates/page.html": "{% include 'own.html' %}", "themes/mine/templates/own.html": "x"},
    "by its full name": {"themes/mine/templates/page.html": "{% include ['mine/own.html'] %}", "themes/mine/templates/own.html": "x"},
    "by a name made at run time": {"themes/mine/templates/page.html": "{% include page.kind ~ '.html' %}", "themes/mine/templates/own.html": "x"},
    "by a name put together": {"themes/mine/templates/page.html": "{% include 'o' ~ 'wn.html' %}", "themes/mine/templates/own.html": "x"},
    "for a kind that has no output yet": {"themes/mine/templates/year.html": "x"},
}  # fmt: skip


@pytest.mark.parametrize("name", USED)
def test_a_template_that_is_used_is_left_in_peace(site, name):
    assert site({**MINE, **USED[name]}).messages() == []


REFUSED = {
    "no such template": (
        ["artcle.html"],
        "config.yaml: error: the theme has no template `artcle.html`\n  hint: did you mean `article.html`?\n",
    ),
    "the name of a theme before it": (
        ["default/article.html"],
        "config.yaml: error: the theme has no template `default/article.html`\n",
    ),
    "there already": (
        ["home.html"],
        (
            "themes/mine/templates/home.html: error: the theme has this template already\n"
            "  hint: edit that file, or move it away first\n"
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_copied_is_told(site, name):
    made = site({**MINE, "themes/mine/templates/home.html": "x"})
    arguments, said = REFUSED[name]
    done = made.cli("theme", "eject", *arguments)

    assert done.returncode == 1
    assert done.stderr.startswith(said)


def test_a_theme_cannot_lie_elsewhere(site):
    assert site(MINE).cli("theme", "eject", "page.html", "--theme", "../x").returncode == 2
