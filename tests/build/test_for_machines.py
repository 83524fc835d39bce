"""What hosts, crawlers and programs are given: headers, redirects, sitemaps, copies in Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.etree
import pytest
from lxml import html

from sitegen.build.memory import Memory
from sitegen.build.render import Renderer
from sitegen.build.themes import read_theme
from sitegen.sources.config import Config
from sitegen.views import machines
from sitegen.views.machine_records import SitemapEntry
from sitegen.views.machines import MOST, in_sitemaps, sitemap_index_view

CONFIG = "title: T\nbase_url: https://example.org/sub/\ndescription: All [of] it.\n"
FILES = {
    "config.yaml": CONFIG,
    "content/posts/trip.md": (
        "---\ntitle: A [long] trip\ndate: 2018-02-19\naliases: [/old/trip/, /trip.html]\n---\n"
        "See [about](../about.md#us), ![map](map.png) and [out](https://example.net/).\n\n"
        "[about](../about.md) twice: [about](../about.md)\n"
    ),
    "content/posts/map.png": b"",
    "content/about.md": "---\ntitle: About\n---\n## Us\n\n1 < 2 & <b>3</b>\n",
    "content/secret.md": "---\ntitle: Secret\nunlisted: true\n---\n",
}


@pytest.mark.parametrize("theme", ["default", "plain"])
def test_the_policy_of_pages_is_a_header_too(site: Callable[..., Any], theme: str) -> None:
    made = site({**FILES, "config.yaml": f"{CONFIG}theme: {theme}\n"})
    made.build()
    headers = made.text("_headers").splitlines()
    page = html.fromstring(made.text("posts/trip/index.html"))
    (meta,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")

    assert headers[0] == "/sub/*"
    assert headers[1] == f"  Content-Security-Policy: {meta}; frame-ancestors 'none'"
    assert "/sub/assets/*" in headers
    assert "  Cache-Control: public, max-age=31536000, immutable" in headers
    assert max(map(len, headers)) < 2000  # what Cloudflare Pages reads of a line


def test_headers_let_the_search_page_run_and_pages_stay_as_strict_as_they_were(
    site: Callable[..., Any],
) -> None:
    made = site({**FILES, "config.yaml": f"{CONFIG}search: true\n"})
    assert not made.build().problems
    policies = {
        path: html.fromstring(made.text(path)).xpath(
            "string(//meta[@http-equiv='Content-Security-Policy']/@content)"
        )
        for path in ("search/index.html", "posts/trip/index.html")
    }
    header = made.text("_headers").splitlines()[1]

    # A browser holds a page to both, so the header has to allow what any page needs.
    assert header == (
        f"  Content-Security-Policy: {policies['search/index.html']}; frame-ancestors 'none'"
    )
    assert "'wasm-unsafe-eval'" in header
    assert "script-src" not in policies["posts/trip/index.html"]


def test_old_addresses_are_listed_for_hosts(site: Callable[..., Any]) -> None:
    made = site(FILES)
    made.build()

    assert made.text("_redirects") == (
        "/sub/old/trip/ /sub/posts/trip/ 301\n/sub/trip.html /sub/posts/trip/ 301\n"
    )
    assert "url=/sub/posts/trip/" in made.text("old/trip/index.html")


def test_a_site_without_old_addresses_has_no_list_of_them(site: Callable[..., Any]) -> None:
    made = site({"content/about.md": FILES["content/about.md"]})
    made.build()

    assert "_redirects" not in made.outputs()


OWN = ("_headers", "_redirects", "robots.txt", "llms.txt")


@pytest.mark.parametrize("name", OWN)
def test_a_file_in_static_takes_the_place_of_what_is_made(
    site: Callable[..., Any], name: str
) -> None:
    own = {"config.yaml": f"{CONFIG}llms_txt: true\n", f"static/{name}": "mine\n"}
    made = site({**FILES, **own})

    assert made.build().problems == ()
    assert [made.text(other) == "mine\n" for other in OWN] == [other == name for other in OWN]


def test_a_site_of_many_pages_has_several_sitemaps(
    site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machines, "MOST", 2)
    made = site(FILES)

    assert made.build().problems == ()
    parts = sorted(path.name for path in made.output.glob("sitemap-*.xml"))
    listed = re.findall(r"<loc>https://example.org/sub/(.*?)</loc>", made.text("sitemap.xml"))
    assert len(parts) > 2
    assert sorted(listed) == parts
    assert all(made.text(name).count("<url>") <= 2 for name in parts)


def test_a_sitemap_has_an_index_beyond_what_it_may_hold() -> None:
    entries = tuple(SitemapEntry(f"https://example.org/{n}/", "") for n in range(2 * MOST + 1))

    assert [len(part) for part in in_sitemaps(entries)] == [MOST, MOST, 1]
    assert [part for one in in_sitemaps(entries) for part in one] == list(entries)
    assert [len(part) for part in in_sitemaps(entries[:MOST])] == [MOST]
    assert list(in_sitemaps(())) == [()]


@pytest.mark.parametrize("theme", ["default", "plain"])
def test_the_index_of_sitemaps_is_strict_xml(tmp_path: Path, theme: str) -> None:
    chain, _, problems = read_theme(tmp_path, Config("T", "https://example.org/", theme=theme))
    renderer = Renderer(chain, Memory(tmp_path), b"")
    urls = ("https://example.org/sitemap-1.xml", "https://example.org/sitemap-2.xml?a&b")
    index = renderer.render("sitemap.xml", "sitemap-index.xml", sitemap_index_view(urls))

    assert not problems
    root = lxml.etree.fromstring(index)
    assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}sitemapindex"
    assert tuple(loc.text for loc in root.iter("{*}loc")) == urls


def test_llms_txt_names_pages_and_articles(site: Callable[..., Any]) -> None:
    made = site({**FILES, "config.yaml": f"{CONFIG}llms_txt: true\n"})
    made.build()

    assert made.text("llms.txt") == (
        "# T\n\n> All [of] it.\n\n"
        "## Pages\n\n- [About](https://example.org/sub/about/): 1 < 2 & 3\n\n"
        "## Articles\n\n- [A \\[long\\] trip](https://example.org/sub/posts/trip/): "
        "See about,  and out.\n"
    )


def test_a_copy_in_markdown_has_whole_addresses(site: Callable[..., Any]) -> None:
    made = site({**FILES, "config.yaml": f"{CONFIG}markdown_copies: true\nllms_txt: true\n"})

    assert made.build().problems == ()
    home = "https://example.org/sub"
    assert made.text("posts/trip/index.md") == (
        f"# A [long] trip\n\nSource: {home}/posts/trip/\nDate: 2018-02-19T00:00:00Z\n\n"
        f"See [about]({home}/about/#us), ![map]({home}/posts/map.png) and [out](https://example.net/).\n\n"
        f"[about]({home}/about/) twice: [about]({home}/about/)\n"
    )
    assert "1 < 2 & <b>3</b>" in made.text("about/index.md")
    page = html.fromstring(made.text("posts/trip/index.html"))
    assert page.xpath("//link[@type='text/markdown']/@href") == ["/sub/posts/trip/index.md"]
    assert f"({home}/posts/trip/index.md)" in made.text("llms.txt")


def test_copies_and_lists_for_models_are_made_only_if_asked_for(site: Callable[..., Any]) -> None:
    made = site(FILES)
    made.build()

    assert not [path for path in made.outputs() if re.search(r"\.md$|llms", path)]
    assert "text/markdown" not in made.text("posts/trip/index.html")
