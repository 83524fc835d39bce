"""Every page of the example site before the judges: axe-core in a real Chromium, two HTML checkers.

The site is built with each theme that comes with the tool, and with a thread of several pages.
With it comes the page of a review, of a branch that does everything to comments, and every page
that the receiver of comments answers with.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from browsing import Browser, served

from tests.receiver.conftest import FILES, Kept

pytestmark = [
    pytest.mark.page_checks,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("page_quality"),
]

THEMES = {
    "default": "theme: {parameters: {scripts: true, accent: plum}}\nsearch: true",
    "plain": "theme: plain\nsearch: true",
}
RULES = {
    "extends": ["html-validate:recommended", "html-validate:document", "html-validate:a11y"],
    "rules": {
        "long-title": "off",  # a title is as long as its author likes
        "no-trailing-whitespace": "off",
        "void-style": ["error", {"style": "omit"}],
        "doctype-style": ["error", {"style": "lowercase"}],
        "no-unknown-elements": "error",
        "no-inline-style": "error",
        "prefer-native-element": "error",
        "valid-id": ["error", {"relaxed": True}],  # `~` stands before ids that readers choose
        "require-sri": "off",  # files of the site itself
    },
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """
    axe.run(document, {runOnly: %s, resultTypes: ["violations"]}).then(found => JSON.stringify(
        found.violations.map(one => [one.id, one.nodes.map(node => node.target.join(" ")).slice(0, 3)])))
"""


# One of each kind of page; the HTML checkers look at all of them.
KINDS = [
    "index.html",
    "articles/community/index.html",
    "articles/community/comments/2/index.html",
    "manual/articles/index.html",
    "manual/serving/index.html",
    "tags/index.html",
    "search/index.html",
    "404.html",
    "review.html",
]

THREAD = "comments/articles/community"
REPLY = "author: {}\ndate: 2018-02-25T09:00:00Z\nreply_to: 2018-02-24-jo-5\nsubject: More\nbody: |\n  {}\n"
PROPOSED = {
    f"{THREAD}/one.yaml": REPLY.format("Ada", "<b>Yes</b> <h2 id=top>and</h2> List<T>"),
    f"{THREAD}/two.yaml": REPLY.format("سلمى", "شكرا جزيلا <a href='https://xn--hts-goa.example'>hts.example</a>"),
    f"{THREAD}/three.yaml": REPLY.format("Bo", f"{'x' * 400} bo@mail.example\u200b"),
    f"{THREAD}/bad.yaml": "autor: Bo\n",
    f"{THREAD}/2018-02-19-bo.yaml": None,
    f"{THREAD}/2018-02-22-gwen.yaml": "author: Gwen\ndate: 2018-02-22\nbody: Not what I said\n",
    "content/new.md": "---\ntitle: New\n---\nNo comment.\n",
}  # fmt: skip


class Built(NamedTuple):
    """The example site with one theme."""

    theme: str
    output: Path
    pages: list[str]
    kinds: list[str]
    """Those that axe looks at."""


RECEIVER = "receiver"


@pytest.fixture(scope="module", params=[*THEMES, RECEIVER])
def built(
    request: pytest.FixtureRequest,
    repository: Path,
    tmp_path_factory: pytest.TempPathFactory,
    cli: Callable[..., Any],
) -> Built:
    if request.param == RECEIVER:
        return answers(tmp_path_factory.mktemp("receiver"))
    root = tmp_path_factory.mktemp("quality") / "site"
    for folder in ("content", "comments"):
        shutil.copytree(repository / folder, root / folder)
    config = (repository / "config.yaml").read_text(encoding="utf-8")
    config = config.replace(
        "comments:\n",
        "comments:\n  per_page: 3\n  receiver: https://comments.example.org\n  mail: talk@example.org\n",
    )
    (root / "config.yaml").write_text(f"{config}\n{THEMES[request.param]}\n", encoding="utf-8")
    done = cli("build", "--site", str(root), "--no-cache")
    assert done.returncode == 0, done.stderr
    output = root / "output"
    (output / "review.html").write_text(reviewed(root, cli), encoding="utf-8")
    pages = sorted(path.relative_to(output).as_posix() for path in output.rglob("*.html"))
    assert set(KINDS) <= set(pages)
    return Built(request.param, output, pages, KINDS)


def answers(folder: Path) -> Built:
    """Return every kind of page that the receiver answers with, in both of its languages."""
    output = folder / "output"
    output.mkdir()
    for language in ("en", "de"):
        config = f"{FILES['config.yaml']}language: {language}\n"
        kept = Kept(folder / language, {**FILES, "config.yaml": config})
        form = {"article": "posts/trip", "author": "Bo", "body": "> one\n\nHello, <b>you</b>!"}
        asked = kept.form(**form, subject="More", reply_to="2018-ada")
        token = re.search('name="token" value="([^"]+)"', asked)
        assert token
        pages = {
            "form": kept.ask("GET", "/", QUERY_STRING="article=posts/trip&reply_to=2018-ada")[1].decode(),
            "confirm": asked,
            "thanks": kept.form(**form, token=token[1]),
            "faults": kept.form(**form | {"author": "", "url": "x", "subject": "s" * 200}),
            "empty": kept.form(article="posts/trip"),
            "closed": kept.form(**form | {"article": "posts/over"}),
            "nowhere": kept.ask("GET", "/")[1].decode(),
        }  # fmt: skip
        (output / "style.css").write_bytes(kept.ask("GET", "/style.css")[1])
        for name, text in pages.items():
            (output / f"{language}-{name}.html").write_text(text, encoding="utf-8")
        kept.receiver.close()
    found = sorted(path.name for path in output.glob("*.html"))
    return Built(RECEIVER, output, found, found)


def reviewed(root: Path, cli: Callable[..., Any]) -> str:
    """Return the page that shows a branch of the site to a reviewer."""
    name = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]

    def git(*arguments: str) -> None:
        subprocess.run(["git", *name, *arguments], cwd=root, check=True, capture_output=True)

    def commit() -> None:
        git("add", "config.yaml", "content", "comments")
        git("commit", "--message=Change")

    git("init")
    commit()
    git("checkout", "-b", "proposal")
    for path, text in PROPOSED.items():
        if text is None:
            (root / path).unlink()
        else:
            (root / path).write_text(text, encoding="utf-8")
    (root / THREAD / "2018-02-21-bo-2.yaml").rename(root / THREAD / "bo-3.yaml")
    commit()
    done = cli("comments", "review", "main", "--site", str(root), "--format", "html")
    assert (done.returncode, done.stderr) == (1, "")
    for kind in ("added", "edited", "deleted", "renamed", "Outside comments/", "private"):
        assert kind in done.stdout
    return str(done.stdout)


def test_the_nu_html_checker_has_nothing_to_say(built: Built, page_checks: Path) -> None:
    jar = page_checks / "vnu-jar/build/dist/vnu.jar"
    command = ["java", "-Xss4m", "-jar", str(jar), "--errors-only", "--skip-non-html", str(built.output)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_html_validate_has_nothing_to_say(built: Built, page_checks: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({"root": True, **RULES}), encoding="utf-8")
    program = page_checks / "html-validate/bin/html-validate.mjs"
    command = ["node", str(program), "--config", str(rules), *built.pages]
    done = subprocess.run(
        command, cwd=built.output, capture_output=True, text=True, timeout=120, check=False
    )

    assert (done.stdout, done.returncode) == ("", 0), done.stdout


@pytest.fixture(scope="module")
def browser(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(chromium, tmp_path_factory.mktemp("profile"))
    opened.call("Page.setBypassCSP", enabled=True)  # axe is put into the page
    yield opened
    opened.stop()


@pytest.mark.browser
def test_axe_has_nothing_to_say_in_light_and_dark_narrow_and_wide(
    built: Built, browser: Browser, page_checks: Path
) -> None:
    with served(built.output) as address:
        faults = [
            fault
            for page in built.kinds
            for fault in faults_of(browser, page_checks, address + page, (360, 1280))
        ]

    assert faults == []


def faults_of(
    browser: Browser, page_checks: Path, address: str, widths: tuple[int, ...]
) -> Iterator[Any]:
    """Yield what axe finds in a page, in light and dark, and where it scrolls sideways."""
    browser.open(address)
    axe = (page_checks / "axe-core/axe.min.js").read_text(encoding="utf-8")
    browser.call("Runtime.evaluate", expression=axe)
    for width, scheme in itertools.product((320, *widths), ("light", "dark")):
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.call("Emulation.setDeviceMetricsOverride", **size)
        chosen = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.call("Emulation.setEmulatedMedia", features=chosen)
        if browser.ask("document.documentElement.scrollWidth > innerWidth"):
            yield (address, width, scheme, "scrolls sideways")
        if width in widths:
            run = {"expression": AXE % json.dumps(TAGS), "awaitPromise": True}
            said = browser.call("Runtime.evaluate", **run)["result"]["value"]
            yield from ((address, width, scheme, fault) for fault in json.loads(said))


WORDS = ["snow", "ridge", "山小屋", "الجبل", "🏔️", "Wolfeschlegelsteinhausenbergerdorff", "x" * 70, "on", "the", "way"]  # fmt: skip


@pytest.mark.browser
def test_a_thread_of_577_comments_is_light_and_has_no_fault(
    browser: Browser, page_checks: Path, tmp_path: Path, scratch: Callable[[Path], Any]
) -> None:
    dice = random.Random(577)
    files = {
        "config.yaml": "title: T\nbase_url: https://t.example/\ncomments: {per_page: 1000}\n",
        "content/long.md": "---\ntitle: Long\ndate: 2018-02-19\n---\nText.\n",
    }
    for number in range(577):
        reply = f"reply_to: c{dice.randrange(number)}\n" if number and dice.random() < 0.5 else ""
        body = " ".join(dice.choice(WORDS) for _ in range(dice.randint(3, 50)))
        day = f"2018-03-{1 + number // 24:02}T{number % 24:02}:00:00Z"
        files[f"comments/long/c{number}.yaml"] = (
            f"author: {dice.choice(WORDS)}\ndate: {day}\n{reply}body: {body}\n"
        )
    site = scratch(tmp_path).write(files)
    assert site.build().problems == ()
    page = (site.output / "long/index.html").read_bytes()
    (style,) = site.output.glob("assets/style.*.css")

    assert page.count(b"data-comment-body") == 577
    assert len(gzip.compress(page)) + len(gzip.compress(style.read_bytes())) < 120_000
    with served(site.output) as address:
        assert list(faults_of(browser, page_checks, f"{address}long/index.html", (1280,))) == []


@pytest.mark.browser
def test_a_copy_button_puts_the_code_on_the_clipboard(built: Built, browser: Browser) -> None:
    """By a click of the mouse, as readers do it."""
    box = "document.querySelector('.copy')"
    with served(built.output) as address:
        session, browser.session = browser.session, None
        allowed = ["clipboardReadWrite", "clipboardSanitizedWrite"]
        browser.call("Browser.grantPermissions", permissions=allowed)
        browser.session = session
        browser.open(f"{address}manual/articles/index.html")
        if built.theme != "default":
            assert browser.ask(box) is None
            return
        code = browser.ask(f"{box}.parentElement.querySelector('pre').textContent")
        assert browser.ask(f"{box}.textContent") == "Copy"
        browser.ask(f"{box}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        place = browser.ask(
            f"(({{x, y, width, height}}) => ({{x: x + width / 2, y: y + height / 2}}))({box}.getBoundingClientRect())"
        )
        for kind in ("mousePressed", "mouseReleased"):
            browser.call(
                "Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **place
            )
        browser.wait(f"{box}.textContent === 'Copied'")
        run = {"expression": "navigator.clipboard.readText()", "awaitPromise": True}
        copied = browser.call("Runtime.evaluate", **run)["result"]["value"]

    assert len(code) > 10
    assert copied == code


def test_the_judges_find_what_is_wrong(page_checks: Path, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<!doctype html><html lang=en><title>T</title><p><li>x</p>")
    jar = page_checks / "vnu-jar/build/dist/vnu.jar"
    command = ["java", "-jar", str(jar), "--errors-only", str(tmp_path / "a.html")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 1
    assert "not allowed as child" in done.stderr
