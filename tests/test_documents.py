"""What README, manual and the other documents name is there: links, commands with their options, files.

The manual is looked at as it is published, with a parser that is not ours.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import click
import pytest
import write_manual as manual
import yaml
from conftest import run_cli, tree
from lxml import html

from sitegen.markup.slugs import slugify

ROOT = Path(__file__).parent.parent
MANUAL = ROOT / "content/manual"
PAGES = sorted((ROOT / "content").rglob("*.md"))
DOCUMENTS = sorted(ROOT.glob("*.md"))
HOME = "https://sitegen.example/"


class Site(NamedTuple):
    """The example site, built."""

    pages: Mapping[str, html.HtmlElement]
    """Address -> page."""
    files: frozenset[str]
    """Addresses of everything."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    output = tmp_path_factory.mktemp("manual")
    done = run_cli("build", "--strict", "--site", str(ROOT), "--output", str(output), "--no-cache")
    assert done.returncode == 0, done.stderr
    paths = [path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()]
    pages = {
        HOME + path.removesuffix("index.html"): html.fromstring((output / path).read_bytes())
        for path in paths
        if path.endswith(".html")
    }
    return Site(pages, frozenset(HOME + path.removesuffix("index.html") for path in paths))


def links(address: str, page: html.HtmlElement) -> Iterator[str]:
    for element, _, target, _ in page.iterlinks():
        if element.get("rel") != "preconnect":
            yield urljoin(address, target)


def faults(site: Site, address: str, target: str) -> Iterator[str]:
    """Yield what is wrong with a link: internal ones lead somewhere, the form of others is right."""
    place, fragment = urldefrag(target)
    if not place.startswith(HOME):
        parts = urlsplit(target)
        known = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
        if not known and parts.scheme not in {"mailto", "data"}:
            yield f"{address}: {target} has no form that leads anywhere"
    elif unquote(urlsplit(place).path) not in {unquote(urlsplit(one).path) for one in site.files}:
        yield f"{address}: {target} is not there"
    elif fragment and place in site.pages:
        wanted = unquote(fragment)
        if not site.pages[place].xpath("//*[@id=$id]", id=wanted):
            yield f"{address}: there is no #{wanted} in {place}"


def test_every_link_of_the_manual_leads_somewhere(site: Site) -> None:
    found = [
        fault
        for address, page in site.pages.items()
        for target in set(links(address, page))
        for fault in faults(site, address, target)
    ]

    assert found == []
    assert sum(1 for one in site.pages for _ in links(one, site.pages[one])) > 1500


def test_a_link_that_leads_nowhere_is_found(site: Site) -> None:
    wrong = [f"{HOME}manual/nowhere/", f"{HOME}manual/#nothing", "https://nowhere", "js:x"]

    assert all(list(faults(site, HOME, target)) for target in wrong)


def test_every_page_of_the_manual_is_two_clicks_from_its_list(site: Site) -> None:
    start = f"{HOME}manual/"

    def clicks(address: str) -> set[str]:
        listed = site.pages[address].xpath(
            "//*[@id='main']//div[contains(@class, 'prose')]//a/@href"
        )
        places = {urldefrag(urljoin(address, one))[0] for one in listed}
        return {one for one in places if one in site.pages and one.startswith(start)}

    once = clicks(start)
    twice = once.union(*(clicks(address) for address in once))
    listed = {one for one in site.pages if one.startswith(start) and "/comments/2" not in one}
    redirects = {one for one in listed if site.pages[one].xpath("//meta[@http-equiv='refresh']")}

    assert listed - redirects - twice - {start} == set()
    assert len(twice) > 40


def test_the_list_is_sorted_by_what_a_page_is_for(site: Site) -> None:
    headings = site.pages[f"{HOME}manual/"].xpath("//*[@id='main']//h2/@id")

    assert headings[:4] == ["tutorial", "how-to", "reference", "explanation"]


def test_every_page_of_the_manual_takes_comments(site: Site) -> None:
    for path in MANUAL.rglob("*.md"):
        if path.name != "_index.md":
            name = path.relative_to(ROOT / "content").with_suffix("").as_posix()
            (link,) = site.pages[f"{HOME}{name}/"].xpath("//a[@class='button']/@href")

            assert f"/new/main/comments/{name}?" in link, name


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_somewhere(path: Path) -> None:
    text = re.sub(
        r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(
        r'(?:src|srcset|href)="([^"]+)"', text
    )
    for target in targets:
        place, fragment = urldefrag(target)
        if urlsplit(target).scheme:
            assert re.fullmatch(r"https://[\w-]+(\.[\w-]+)+(/\S*)?", target), target
            continue
        there = path.parent / place if place else path
        assert there.exists(), target
        if fragment:
            headings = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert fragment in {slugify(heading) for heading in headings}, target


def test_pictures_of_the_readme_are_light_and_there_for_light_and_dark() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r'src(?:set)?="([^"]+)"', text)

    assert len(pictures) == 2
    assert all((ROOT / name).stat().st_size < 150_000 for name in pictures)


CALL = re.compile(
    r"(?:^|[\s(`'\"/])sitegen (?=[a-zA-Z-])((?:[\w.,:=@+*%~^{}\[\]/$-]+|\"[^\"\n]*\"|'[^'\n]*'| (?! ))+)",
    re.MULTILINE,
)


def code(text: str) -> Iterator[str]:
    """Yield the blocks and the spans of code of a text."""
    fence = re.compile(r"^```.*?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
    yield from fence.findall(text)
    yield from re.findall(r"`([^`\n]+)`", fence.sub("", text))


def calls(text: str) -> Iterator[list[str]]:
    """Yield the words after each `sitegen` in the code of a text."""
    for part in code(text):
        for found in CALL.finditer(part):
            yield found[1].split()


def fault_of_call(words: list[str], commands: Mapping[str, click.Command]) -> str:
    """Return what is wrong with a call of the program; empty if nothing is."""
    if words[0] == "COMMAND":
        return ""
    if words[0].startswith("--"):
        return "" if words[0] in {"--help", "--version"} else words[0]
    name = next((one for one in (" ".join(words[:2]), words[0]) if one in commands), "")
    groups = {one.split()[0] for one in commands if " " in one}
    if not name:
        return "" if words == [words[0]] and words[0] in groups else " ".join(words[:2])
    known = {option for one in manual.options(commands[name]) for option in one.opts} | {"--help"}
    return " ".join(
        word for word in words if re.match("--[a-z]", word) and word.split("=")[0] not in known
    )


TEXTS = [*PAGES, *DOCUMENTS, *sorted((ROOT / "sitegen/scaffold").rglob("*.md"))]


def test_every_call_of_the_program_is_one_that_it_understands() -> None:
    commands = manual.commands()
    found = [
        (path.name, words) for path in TEXTS for words in calls(path.read_text(encoding="utf-8"))
    ]
    wrong = [(*one, fault) for one in found if (fault := fault_of_call(one[1], commands))]

    assert wrong == []
    assert len(found) > 200


@pytest.mark.parametrize(
    "text",
    ["`sitegen bild`", "`sitegen build --bas-url x`", "```sh\nx && sitegen comments chek\n```", "```yaml\n- run: .venv/bin/sitegen check --jobs 2\n```"],
)  # fmt: skip
def test_a_call_that_it_does_not_understand_is_found(text: str) -> None:
    (words,) = calls(text)

    assert fault_of_call(words, manual.commands())


def workflows() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        blocks = re.findall(
            r"^```yaml\n(.*?)^```$", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
        for number, block in enumerate(
            block for block in blocks if re.search("^(jobs|pages):", block, re.MULTILINE)
        ):
            yield f"{path.relative_to(MANUAL).as_posix()} {number}", block


WORKFLOWS = dict(workflows())


@pytest.mark.parametrize("text", WORKFLOWS.values(), ids=WORKFLOWS)
def test_a_file_for_ci_can_be_read_and_keeps_what_builds_remember(text: str) -> None:
    """Actions are named by the digests that the scaffold names them by: a tag can be moved."""
    file = yaml.safe_load(text)
    uses = re.findall(r"uses: (\S+)", text)
    scaffold = ROOT / "sitegen/scaffold/site"
    pinned = {
        use
        for path in scaffold.rglob("*.yml")
        for use in re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8"))
    }

    assert "jobs" in file or "pages" in file
    assert set(uses) <= pinned
    if "sitegen build" in text:
        assert ".sitegen" in text.split("sitegen build", maxsplit=1)[0]
        assert "public/" in text or re.search(r"^ +output$", text, re.MULTILINE)


def test_there_are_files_for_every_host_and_forge() -> None:
    assert len(WORKFLOWS) == 10


@pytest.mark.skipif(not shutil.which("rsync"), reason="there is no rsync")
def test_the_copy_by_rsync_publishes_what_was_built_and_nothing_after_a_mistake(
    tmp_path: Path,
) -> None:
    """The command of the manual, word for word but for the place that it copies to."""
    page = (MANUAL / "hosts/rsync.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^```sh\n(sitegen build && rsync .*)\n```$", page, re.MULTILINE)
    command, _, target = command.rpartition(" ")
    here, server = tmp_path / "notes", tmp_path / "server"
    assert target == "jo@notes.example:/srv/www/notes/"
    assert run_cli("init", str(here)).returncode == 0
    server.mkdir()
    (server / "old.html").write_text("gone\n")
    article = here / "content/articles/hello.md"
    sitegen = f'sitegen() {{ "{sys.executable}" -m sitegen "$@"; }}'

    def publish() -> int:
        script = f'{sitegen}; {command} "{server}/"'
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
        return subprocess.run(["sh", "-c", script], cwd=here, env=environment, capture_output=True, check=False).returncode  # fmt: skip

    assert publish() == 0
    published = tree(server)
    assert published == tree(here / "output")
    assert "articles/hello/index.html" in published

    article.write_text("---\ntitle: Hello\ndate: 2024-02-30\n---\n")
    assert publish() != 0
    assert tree(server) == published

    article.write_text("---\ntitle: Hello\ndate: 2024-02-29\nslug: other\n---\n")
    assert publish() == 0
    assert "articles/hello/index.html" not in tree(server)
    assert "articles/other/index.html" in tree(server)


ANSWERS = {
    "How do I close comments after 30 days?": ("comments", "close-comments-after-30-days", "close_after_days: 30"),
    "What happens when two people comment at once?": ("comments", "when-two-people-comment-at-once", "without a conflict"),
    "What does the sanitizer do with <pre>?": ("comment-text", "what-becomes-of-pre", "becomes <code>"),
    "How do I move from Disqus?": ("import/disqus", "move-from-disqus", "sitegen comments import disqus"),
    "Why was this page built again?": ("exact-builds", "why-was-this-page-built-again", "--explain"),
}  # fmt: skip


@pytest.mark.parametrize(("question", "answer"), ANSWERS.items(), ids=ANSWERS)
def test_a_question_leads_from_the_list_to_a_heading_that_answers_it(
    site: Site, question: str, answer: tuple[str, str, str]
) -> None:
    page, place, words = answer
    start = f"{HOME}manual/"
    asked = {one.text_content(): one.get("href") for one in site.pages[start].iter("a")}
    target = urljoin(start, asked[question])
    (heading,) = site.pages[f"{start}{page}/"].xpath("//h2[@id=$id]", id=place)
    told = "".join(
        one.text_content()
        for one in heading.itersiblings()
        if not one.xpath("preceding-sibling::h2[1][not(@id=$id)]", id=place)
    )

    assert target == f"{start}{page}/#{place}"
    assert words in " ".join(told.split())


def test_example_site_shows_its_byline(site: Site) -> None:
    byline = site.pages[f"{HOME}articles/community/"].xpath("//p[contains(@class, 'byline')]")[0]

    assert " ".join(byline.text_content().split()) == "Submitted by Jo on Mon, 19/02/2018 - 09:30"


def test_example_site_has_nothing_for_check_to_tell() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", "check", "--strict", "--site", str(ROOT)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
