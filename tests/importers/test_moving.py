"""Whole folders of other generators: what is brought, where it goes, and what is said of the rest."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.importers.moving import SYSTEMS, Moved, move


class Other:
    """Another generator's folder, and the site that it is brought into."""

    def __init__(self, root: Path, scratch: Callable[[Path], Any]) -> None:
        self.old = scratch(root / "old")
        self.new = scratch(root / "new")

    def bring(self, system: str, files: Mapping[str, str | bytes], **options: bool) -> Moved:
        self.old.write(files)
        return move(system, self.old.root, self.new.root, **options)

    def head(self, path: str) -> dict[str, Any]:
        """Return the front matter of a document of the new site."""
        text = (self.new.root / path).read_text(encoding="utf-8")
        return yaml.load(text.split("---\n")[1], Loader=yaml.BaseLoader)

    def body(self, path: str) -> str:
        return (self.new.root / path).read_text(encoding="utf-8").split("---\n", 2)[2]


@pytest.fixture
def other(tmp_path: Path, scratch: Callable[[Path], Any]) -> Other:
    return Other(tmp_path, scratch)


def said(moved: Moved) -> list[str]:
    return [
        f"{p.location.path}:{p.location.line}: {p.message}" if p.location.line else f"{p.location.path}: {p.message}"
        for p in moved.problems
    ]  # fmt: skip


def test_jekyll_s_articles_drafts_pages_and_files(other: Other) -> None:
    moved = other.bring(
        "jekyll",
        {
            "_config.yml": "title: Old\nurl: https://old.example\nbaseurl: /blog\ntimezone: Europe/Vienna\nauthor: {name: Jo}\n",
            "_posts/2018/2018-02-19-a-trip.markdown": (
                "---\nlayout: post\ntags: snow ice\ncategories: [Alps]\nredirect_from: [/t/]\nimage: a.png\n---\nText\n"
            ),
            "_posts/2018-03-01-next.md": "---\ntitle: Next\npublished: false\npermalink: /n.html\ndate: 2018-03-01 9:30:00 +0100\n---\n",
            "_drafts/idea.md": "---\ntitle: Idea\n---\n",
            "about.md": "---\ntitle: About\npermalink: /about/\n---\n",
            "index.html": "---\nlayout: home\n---\n{{ content }}\n",
            "_layouts/post.html": "x",
            "img/a.png": b"png",
        },
    )

    assert moved.counts == {"article": 2, "page": 2, "file": 1}
    assert other.head("content/posts/a-trip.md") == {
        "title": "A trip", "date": "2018-02-19", "tags": ["snow", "ice"], "categories": ["Alps"],
        "aliases": ["/alps/2018/02/19/a-trip.html", "/t/"], "extra": {"image": "a.png"},
    }  # fmt: skip
    assert other.head("content/posts/next.md") == {
        "title": "Next", "date": "2018-03-01T09:30:00+01:00", "draft": "true", "aliases": ["/n.html"],
    }  # fmt: skip
    assert other.head("content/drafts/idea.md")["draft"] == "true"
    assert other.head("content/about.md") == {"title": "About"}
    assert (other.new.root / "static/img/a.png").read_bytes() == b"png"
    settings = yaml.safe_load((other.new.root / "config.yaml").read_text(encoding="utf-8"))
    assert settings.pop("checks")
    assert settings == {
        "title": "Old", "base_url": "https://old.example/blog", "author": "Jo",
        "timezone": "Europe/Vienna", "taxonomies": ["categories"],
    }  # fmt: skip
    assert sorted(said(moved)) == [
        "_layouts: 1 file was left: it is a part of Jekyll's own machinery",
        "_posts/2018/2018-02-19-a-trip.markdown:6: there is no key `image`; its value is kept below `extra`",
        "index.html:1: a template was left: write it anew for the theme",
    ]
    assert other.new.build().written


def test_hugo_s_bundles_toml_and_taxonomies(other: Other) -> None:
    moved = other.bring(
        "hugo",
        {
            "hugo.toml": 'title = "Old"\nbaseURL = "https://old.example/"\n[taxonomies]\ntag = "tags"\ntopic = "topics"\n',
            "content/blog/trip/index.md": (
                '+++\ntitle = "Trip"\ndate = 2018-02-19\nExpiryDate = 2017-01-01\ntopics = ["Ice"]\n'
                'url = "/trip.html"\nweight = 3\n+++\nText\n'
            ),
            "content/blog/trip/hut.jpg": b"jpg",
            "content/blog/_index.md": "---\ntitle: Blog\nweight: 1\n---\n",
            "content/page.md": "---\ntitle: P\nweight: 2\n---\n",
            "content/bare.md": "Text\n",
            "static/x.css": "a{}",
            "layouts/a.html": "x",
            "content/broken.md": "---\na: [\n---\n",
        },
    )

    assert moved.counts == {"article": 1, "section": 1, "page": 2, "file": 2}
    assert other.head("content/blog/trip/index.md") == {
        "title": "Trip", "date": "2018-02-19", "topics": ["Ice"], "aliases": ["/trip.html"],
        "extra": {"weight": "3", "ExpiryDate": "2017-01-01"},
    }  # fmt: skip
    assert other.head("content/page.md") == {"title": "P", "order": "2"}
    assert other.head("content/bare.md") == {"title": "Bare"}
    assert [
        (str(p.severity), p.location.path) for p in moved.problems if p.severity == "error"
    ] == [("error", "content/broken.md")]
    assert {line for line in said(moved) if "/trip/" in line} == {
        "content/blog/trip/index.md:4: it expires before its date; its value is kept below `extra`",
        "content/blog/trip/index.md:7: the front matter of an article has no `order`; its value is kept below `extra`",
    }
    assert "layouts: 1 file was left: it is a part of Hugo's own machinery" in said(moved)
    assert other.new.build().written


def test_hugo_s_permalinks_become_old_addresses_and_names_tell_the_language(other: Other) -> None:
    settings = (
        "defaultContentLanguage = 'en'\n[permalinks]\nposts = '/:year/:month/:slug/'\nnotes = '/:what/'\n"
        "[languages.de]\n[languages.en]\n"
    )
    head = "---\ntitle: A trip\ndate: 2018-02-19\n---\n"
    other.bring(
        "hugo",
        {
            "hugo.toml": settings,
            "content/posts/trip.md": head,
            "content/posts/trip.de.md": head.replace("A trip", "Eine Reise"),
            "content/posts/hut/index.md": head.replace("---\nti", "---\nslug: hut-2\nti"),
            "content/notes/n.md": head,
            "content/about.md": "---\ntitle: About\n---\n",
            "content/about.de.md": "---\ntitle: Wir\n---\n",
            "content/v1.2.md": "---\ntitle: Version\n---\n",
        },
    )

    assert other.head("content/posts/trip.md")["aliases"] == ["/2018/02/a-trip/"]
    assert other.head("content/posts/trip.de.md") == {
        "title": "Eine Reise", "date": "2018-02-19", "lang": "de", "aliases": ["/de/2018/02/eine-reise/"],
    }  # fmt: skip
    assert other.head("content/posts/hut/index.md")["aliases"] == ["/2018/02/hut-2/"]
    assert "aliases" not in other.head("content/notes/n.md")
    assert other.head("content/about.md") == {"title": "About"}
    assert other.head("content/about.de.md") == {
        "title": "Wir", "lang": "de", "aliases": ["/de/about/"],
    }  # fmt: skip
    assert other.head("content/v1.2.md") == {"title": "Version"}
    assert other.new.build().written


def test_hugo_s_permalinks_of_pages_are_read_too(other: Other) -> None:
    settings = "permalinks: {page: {posts: /:sections/:filename/}, section: {posts: /x/}}\n"
    head = "---\ntitle: A\ndate: 2018-02-19\nslug: other\n---\n"
    other.bring("hugo", {"hugo.yaml": settings, "content/posts/2018/a.md": head})

    assert other.head("content/posts/2018/a.md")["aliases"] == ["/posts/2018/a/"]


def test_pelican_s_heads_folders_and_addresses(other: Other) -> None:
    moved = other.bring(
        "pelican",
        {
            "pelicanconf.py": "import os\nSITENAME = 'Old'\nSITEURL = 'https://old.example'\nAUTHOR = 'Jo'\nX = os.getcwd()\nARTICLE_URL = 'blog/{date:%Y}/{slug}/'\n",
            "content/alps/first.md": (
                "Title: A day out\nDate: 2018-02-19 9:30\nTags: snow, ice\nAuthors: Jo, Ida\nStatus: hidden\n\n"
                "See [b]({filename}../b.md), ![x]({static}/images/x.png) and {author}jo.\n"
            ),
            "content/b.md": "Title: B\nDate: 2018-02-20\nCategory: Odd\nStatus: draft\nSave_as: b/old.html\n\nB\n",
            "content/pages/about.md": "Title: About\n\nUs\n",
            "content/images/x.png": b"png",
            "content/c.rst": "C\n=\n",
        },
    )

    assert moved.counts == {"article": 2, "page": 1, "file": 1}
    assert other.head("content/alps/first.md") == {
        "title": "A day out", "date": "2018-02-19T09:30:00", "authors": ["Jo", "Ida"], "slug": "a-day-out",
        "tags": ["snow", "ice"], "unlisted": "true", "categories": ["alps"], "aliases": ["/blog/2018/a-day-out/"],
    }  # fmt: skip
    assert other.body("content/alps/first.md").strip() == (
        "See [b](../b.md), ![x](../images/x.png) and {author}jo."
    )
    assert other.head("content/b.md")["aliases"] == ["/b/old.html"]
    assert other.head("content/pages/about.md") == {
        "title": "About",
        "aliases": ["/pages/about.html"],
    }
    assert sorted(said(moved)) == [
        "content/alps/first.md:7: `{author}jo.` was left in the text: it means nothing here",
        "content/c.rst: only Markdown is read, so it was left",
        "pelicanconf.py:5: `X` is not a plain value",
    ]


BODIES = {
    ("jekyll", "{% highlight ruby linenos %}\nx\n{% endhighlight %}"): "```ruby\nx\n```",
    ("jekyll", "{% raw %}{{ a }}{% endraw %}"): "{{ a }}",
    ("jekyll", "[a]({{ site.baseurl }}/x/)"): "[a](/x/)",
    ("jekyll", "[a]({% post_url 2018-01-01-a %})"): "[a](a.md)",
    ("jekyll", "[a]({% link _posts/2018-01-01-a.md %})"): "[a](a.md)",
    ("jekyll", "{% include x.html %}"): "{% include x.html %}",
    ("hugo", "{{< highlight go >}}\n```\n{{< /highlight >}}"): "````go\n```\n````",
    ("hugo", '[a]({{< ref "other.md#x" >}})'): "[a](other.md#x)",
    ("hugo", "[a](@/posts/other.md)"): "[a](other.md)",
    ("hugo", '[a]({{< ref "nowhere" >}})'): '[a]({{< ref "nowhere" >}})',
    ("hugo", '{{< figure src="a.png" alt="A" caption="The A" >}}'): '![A](a.png "The A")',
    ("hugo", "{{< youtube abc_1 >}}"): "<https://www.youtube.com/watch?v=abc_1>",
    ("hugo", "{{</* note */>}}"): "{{< note >}}",
    (
        "jekyll",
        "{% highlight c %}\n{% raw %}{{ a }}{% endraw %}\n{% endhighlight %}",
    ): "```c\n{{ a }}\n```",
}


@pytest.mark.parametrize(("system", "text", "body"), [(*key, body) for key, body in BODIES.items()])
def test_commands_become_markdown_or_stay_and_are_told(other: Other, system: str, text: str, body: str) -> None:  # fmt: skip
    head = "---\ntitle: A\ndate: 2018-01-01\n---\n"
    files = {"content/posts/a.md": head + text, "content/posts/other.md": head}
    if system == "jekyll":
        files = {"_posts/2018-01-01-a.md": head + text}
    moved = other.bring(system, files)

    assert other.body("content/posts/a.md") == body
    assert [p.location.line for p in moved.problems] == ([5] if text == body else [])


def test_a_command_is_told_at_its_own_line_whatever_was_repaired_above(other: Other) -> None:
    text = "---\ntitle: A\n---\n{% highlight c %}\n\n\nx\n{% endhighlight %}\n{% include b %}\n"
    moved = other.bring("jekyll", {"a.md": text})

    assert [p.location.line for p in moved.problems] == [9]


KRAMDOWN = {
    '[a](b.html){:target="_blank"} c': ("[a](b.html) c", [4]),
    "A\n{: .center #x}\n\nB": ("A\n\n\nB", [5]),
    "* TOC\n{:toc}\n\nB": ("\n\n\nB", [5]),
    "![a](b.png){: .left width='3' }": ("![a](b.png)", [4]),
    "## A {#own}": ("## A {#own}", []),
    "`{: .x}` and {:a => 1} and {: }": ("`{: .x}` and {:a => 1} and {: }", []),
    "```\n{: .x}\n```\n{: .y}": ("```\n{: .x}\n```\n", [7]),
    "{% highlight md %}\n{: .x}\n{% endhighlight %}": ("```md\n{: .x}\n```", []),
}


@pytest.mark.parametrize("text", KRAMDOWN)
def test_attributes_of_kramdown_are_taken_out_and_told(other: Other, text: str) -> None:
    body, lines = KRAMDOWN[text]
    moved = other.bring("jekyll", {"_posts/2018-01-01-a.md": f"---\ntitle: A\n---\n{text}"})

    assert other.body("content/posts/a.md") == body
    assert [problem.location.line for problem in moved.problems] == lines


def test_an_article_that_keeps_its_address_needs_no_alias(other: Other) -> None:
    other.bring(
        "hugo", {"content/posts/a.md": "---\ntitle: A\ndate: 2018-01-01\nurl: /posts/a\n---\n"}
    )

    assert "aliases" not in other.head("content/posts/a.md")


def test_of_two_names_for_one_key_our_own_counts_and_the_other_is_told(other: Other) -> None:
    moved = other.bring(
        "hugo",
        {
            "content/a.md": "---\nlinkTitle: Short\ntitle: Long\ndate: 2018-01-01\npublishDate: 2018-02-01\n---\n",
            "content/b.md": "---\nlastmod: 2018-02-01\nmodified: 2018-02-01\nlinkTitle: B\n---\n",
        },
    )

    assert other.head("content/a.md") == {
        "title": "Long", "date": "2018-01-01", "extra": {"linkTitle": "Short", "publishDate": "2018-02-01"},
    }  # fmt: skip
    assert other.head("content/b.md") == {"title": "B", "updated": "2018-02-01"}
    assert said(moved) == [
        "content/a.md:2: `title` says what `title` is; its value is kept below `extra`",
        "content/a.md:5: `date` says what `date` is; its value is kept below `extra`",
    ]


def test_comments_of_jekyll_are_left_to_the_command_that_brings_them(other: Other) -> None:
    moved = other.bring(
        "jekyll",
        {"_data/comments/a/1.yml": "x: 1\n", "_data/menu.yml": "x: 1\n", "_sass/a.scss": ""},
    )

    assert [(p.location.path, p.hint) for p in moved.problems] == [
        (
            "_data",
            "the comments in `_data/comments/` are brought by `sitegen comments import jekyll`",
        ),
        ("_sass", ""),
    ]


def test_an_old_address_goes_to_one_article_only(other: Other) -> None:
    head = "---\ntitle: A\ndate: 2018-01-01\naliases: [/x/]\n---\n"
    moved = other.bring("hugo", {"content/a.md": head, "content/b.md": head})

    assert said(moved) == ["content/b.md: the address `/x/` is already that of content/a.md"]
    assert other.new.build().written


def test_nothing_is_written_over_and_a_rehearsal_writes_nothing(other: Other) -> None:
    files = {"content/a.md": "---\ntitle: A\n---\n", "content/b.md": "---\ntitle: B\n---\n"}
    assert not other.bring("hugo", files, dry_run=True).written
    assert not other.new.root.exists()
    other.new.write({"content/a.md": "mine"})
    moved = other.bring("hugo", files)

    assert said(moved) == [
        "content/a.md: `content/a.md` is there already, and nothing is written over"
    ]
    assert [path.name for path in other.new.root.rglob("*") if path.is_file()] == ["a.md"]


def test_the_configuration_that_is_there_stays_and_decides(other: Other) -> None:
    config = "title: New\nbase_url: https://new.example/\ntaxonomies: [topics]\n"
    other.new.write({"config.yaml": config})
    other.bring("hugo", {"content/a.md": "---\ntitle: A\ntopics: x\ncategories: [y]\n---\n"})

    assert (other.new.root / "config.yaml").read_text(encoding="utf-8") == config
    assert other.head("content/a.md") == {"title": "A", "tags": ["y"], "topics": ["x"]}


def test_a_link_in_the_other_folder_is_not_followed(other: Other) -> None:
    other.old.write({"content/a.md": "---\ntitle: A\n---\n"})
    (other.old.root / "static").mkdir()
    (other.old.root / "static/x").symlink_to("/etc/passwd")
    moved = other.bring("hugo", {})

    assert moved.counts == {"page": 1, "file": 0}
    assert said(moved) == ["static/x: this is a link to somewhere else"]


def test_the_command_says_what_it_found(other: Other, cli: Callable[..., Any]) -> None:
    other.old.write({"content/a.md": "---\ntitle: A\nmood: merry\n---\n"})
    arguments = ("import", "hugo", str(other.old.root), "--to", str(other.new.root))
    rehearsal = cli(*arguments, "--dry-run")
    done = cli(*arguments)
    again = cli(*arguments)

    assert (rehearsal.returncode, rehearsal.stdout) == (0, "0 files, 1 page found\n")
    assert rehearsal.stderr.endswith("nothing was written\n")
    assert (done.returncode, done.stdout) == (0, "0 files, 1 page brought\n")
    assert "content/a.md:3:1: warning: there is no key `mood`" in done.stderr
    assert again.returncode == 1


LEAVES = st.sampled_from(
    [None, True, 0, 3.5, "", "x", "2020-01-01", "https://a.example/x?y", "/a b/", "a" * 300, "../x"]
)
PLACES = {
    "hugo": ("hugo.yaml", "content/a.md"),
    "jekyll": ("_config.yml", "_posts/2020-01-02-a.md"),
}
NAMES = {
    "hugo": ("title", "baseurl", "params", "extra", "author", "name", "taxonomies", "timezone", "date", "aliases", "url", "slug"),
    "jekyll": ("title", "url", "baseurl", "permalink", "collections", "author", "name", "date", "tags", "categories", "redirect_from"),
    "pelican": ("SITENAME", "SITEURL", "PATH", "PAGE_PATHS", "PAGE_URL", "ARTICLE_URL", "AUTHOR", "TIMEZONE", "title", "tags"),
}  # fmt: skip


@pytest.mark.parametrize("system", NAMES)
def test_values_of_any_shape_are_brought_or_told(system: str, tmp_path: Path) -> None:
    keys = st.sampled_from(NAMES[system])
    values = st.dictionaries(
        keys,
        st.recursive(
            LEAVES,
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
            max_leaves=8,
        ),
        max_size=6,
    )

    @settings(max_examples=40, deadline=None)
    @given(values, values)
    def imported(configuration: dict[str, Any], head: dict[str, Any]) -> None:
        if system == "pelican":
            rows = (f"{key} = {value!r}\n" for key, value in configuration.items())
            lines = (f"{key}: {value!s:.80}\n" for key, value in head.items())
            files = {
                "pelicanconf.py": f"{''.join(rows)}X = {{[]: 1}}\n",
                "content/a.md": "".join(lines),
            }
        else:
            place, article = PLACES[system]
            text = f"---\n{json.dumps(head)}\n---\n\nHello.\n"
            files = {place: json.dumps(configuration), article: text}
        for path, text in files.items():
            (tmp_path / "old" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "old" / path).write_text(text, encoding="utf-8")

        moved = move(system, tmp_path / "old", tmp_path / "new", dry_run=True)

        assert moved.counts.get("article", 0) + moved.counts.get("page", 0) <= 1

    imported()


def test_what_cannot_be_written_is_a_problem_with_its_place(
    cli: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "old/content").mkdir(parents=True)
    (tmp_path / "old/content/a.md").write_text("---\ntitle: A\n---\n", encoding="utf-8")
    (tmp_path / "new").mkdir()
    (tmp_path / "new/content").write_text("a file, not a folder", encoding="utf-8")

    done = cli("import", "hugo", str(tmp_path / "old"), "--to", str(tmp_path / "new"))

    assert done.returncode == 1
    assert "content/a.md: error: the file cannot be written: " in done.stderr


def test_the_command_knows_every_system() -> None:
    from sitegen.commands import import_site

    assert list(import_site.SYSTEMS) == sorted(SYSTEMS)


class Corpus(NamedTuple):
    """A real site of another generator, and what its import comes to."""

    system: str
    counts: dict[str, int]
    """What is said to be brought -> how many."""
    told: tuple[str, ...]
    """How some lines of the report begin."""
    old_address: str
    """One at which there still is a page."""


CORPORA = {
    "jekyll-haacked": Corpus(
        "jekyll",
        {"articles": 125, "files": 0},
        (
            "_data: warning: 1061 files were left: they are parts of Jekyll's own machinery",
            "_posts/2017/2017-10-07-managers-gone-bad.markdown:5:1: warning: there is no key `excerpt_image`",
        ),
        "2017/10/07/managers-gone-bad.html",
    ),
    "posts-inside-rust": Corpus(
        "hugo",
        {"articles": 364, "files": 0, "section": 1},
        ("content/inside-rust/_index.md:5:1: warning: there is no key `generate_feeds`",),
        "inside-rust/2024/03/17/1.77.0-prerelease/index.html",
    ),
    "posts-digitalgov-sample": Corpus(
        "hugo",
        {"articles": 60, "files": 0, "pages": 54, "sections": 6},
        (
            "content/_archived/data-cabinet.md:9:1: warning: the front matter of an article has no `order`",
            "content/_archived/social-media-registry.md:15:1: warning: `{{< button href=",
            "content/communities/user-experience.md:10:1: warning: there is no key `deck`",
        ),
        "topics/challenge-gov/index.html",
    ),
}


@pytest.mark.shared
@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", CORPORA)
def test_a_real_site_is_brought_whole_with_a_report_and_builds(
    other: Other, shared: Path, cli: Callable[..., Any], name: str
) -> None:
    corpus = CORPORA[name]
    old = shared / "corpora" / name
    texts = [
        path for path in old.rglob("*")
        if path.suffix in {".md", ".markdown"} and {"_posts", "content"} & {*path.relative_to(old).parts}
    ]  # fmt: skip
    brought = cli("import", corpus.system, str(old), "--to", str(other.new.root), process=True)
    built = other.new.cli("build", process=True)
    losses = brought.stderr.splitlines()
    report = other.new.build(drafts=True, future=True)
    expired = sum(held.reason == "expired" for held in report.held_back)

    assert (brought.returncode, built.returncode) == (0, 0)
    assert brought.stdout == (
        ", ".join(f"{number} {kind}" for kind, number in corpus.counts.items()) + " brought\n"
    )
    assert sum(corpus.counts.values()) == len(texts)
    for line in corpus.told:
        assert any(one.startswith(line) for one in losses), line
    assert losses[-1].startswith("0 errors, ")
    expected = corpus.counts["articles"] + corpus.counts.get("pages", 0)
    assert report.articles + report.pages + expired == expected
    assert (other.new.output / corpus.old_address).is_file()


@pytest.mark.shared
def test_no_key_of_a_real_site_is_lost(other: Other, shared: Path) -> None:
    """Each key of the old front matter is a key of ours, is kept below `extra`, or holds nothing."""
    old = shared / "corpora/posts-digitalgov-sample"
    move("hugo", old, other.new.root)
    from sitegen.importers.front_matter import read_head
    from sitegen.importers.hugo import KEYS

    for path in sorted(old.rglob("content/**/*.md")):
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        head = other.head(path.relative_to(old).as_posix())
        for entry in read_head(text).entries:
            if entry.value in ("", [], {}, [""]) or entry.key.lower() in KEYS:
                continue
            assert entry.key in head.get("extra", {}) or entry.key in head, (path, entry)
