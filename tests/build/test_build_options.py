from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sitegen.build import edition, inputs
from sitegen.build.pipeline import Options
from sitegen.build.verify import differences
from sitegen.model.schedule import Clock

NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
HEAVY = (
    "bleach",
    "concurrent.futures",
    "fsspec",
    "jinja2",
    "markdown_it",
    "nh3",
    "pygments",
    "watchdog",
    "yaml",
)
FILES = {
    "content/a.md": "---\ntitle: A\ndate: 2024-05-01\n---\nText of A.\n",
    "content/b.md": "---\ntitle: B\ndate: 2024-05-02\n---\nText of B.\n",
    "content/about.md": "---\ntitle: About\n---\nText.\n",
    "comments/a/c1.yaml": "author: Ada\ndate: 2024-05-02\nbody: Yes.\n",
    "static/hand.txt": "by hand",
}


@pytest.fixture
def built(site: Callable[..., Any]) -> Any:
    made = site(FILES)
    made.build()
    return made


def explained(site: Any, path: str, **options: Any) -> str:
    return site.build(explain=path, **options).explanation


def test_explain_tells_of_an_output_that_is_no_output(built: Any) -> None:
    assert explained(built, "nowhere.html") == "nowhere.html: no output of this site"


def test_explain_tells_of_a_first_build(site: Callable[..., Any]) -> None:
    reason = "made, since it is new, missing or altered in the output folder"

    assert explained(site(FILES), "a/index.html") == f"a/index.html: {reason}"


def test_explain_tells_of_what_was_left_alone(built: Any) -> None:
    reason = "left alone: nothing that it is made from has changed"

    assert explained(built, "a/index.html") == f"a/index.html: {reason}"


def test_explain_tells_of_a_change_that_does_not_show(built: Any) -> None:
    built.write({"config.yaml": built_config(built) + "comments:\n  branch: other\n"})
    reason = "left alone: what it is made from has changed, but not what its page shows"

    assert explained(built, "a/index.html") == f"a/index.html: {reason}"


@pytest.mark.parametrize(
    ("path", "content", "output", "field"),
    [
        ("content/a.md", "---\ntitle: N\ndate: 2024-05-01\n---\nText of A.\n", "a/index.html", "title"),
        ("content/a.md", "---\ntitle: A\ndate: 2024-05-01\nsummary: Text of A.\n---\nOther.\n", "a/index.html", "html"),
        ("content/b.md", "---\ntitle: New\ndate: 2024-05-02\n---\nText.\n", "a/index.html", "newer"),
        ("comments/a/c2.yaml", "author: Jo\ndate: 2024-05-03\nbody: No.\n", "a/index.html", "comments"),
        ("comments/a/c2.yaml", "author: Jo\ndate: 2024-05-03\nbody: No.\n", "index.html", "cards"),
        ("content/a.md", "---\ntitle: N\ndate: 2024-05-01\n---\nText of A.\n", "feed.xml", "entries"),
    ],
)  # fmt: skip
def test_explain_names_the_field_that_changed(
    built: Any, path: str, content: str, output: str, field: str
) -> None:
    built.write({path: content})

    assert (
        explained(built, output)
        == f"{output}: made, since the field `{field}` of its view has changed"
    )


def test_explain_names_the_theme(built: Any) -> None:
    built.write(
        {
            "config.yaml": built_config(built) + "theme: own\n",
            "themes/own/theme.yaml": "name: Own\n",
            "themes/own/templates/page.html": "{{ page.title }}",
        }
    )
    reason = "made, since a template or a string of the theme has changed"

    assert explained(built, "about/index.html") == f"about/index.html: {reason}"


def test_explain_names_the_tool(built: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.build.pipeline.engine_digest", lambda: b"0123456789abcdef")
    reason = "made, since the tool, Python or a library has changed"

    assert explained(built, "a/index.html") == f"a/index.html: {reason}"


@pytest.mark.parametrize("damage", ["missing", "altered"])
def test_explain_tells_of_an_output_that_was_touched(built: Any, damage: str) -> None:
    place = built.output / "a/index.html"
    if damage == "missing":
        place.unlink()
    else:
        place.write_text("altered", encoding="utf-8")
    reason = "made, since it is new, missing or altered in the output folder"

    assert explained(built, "a/index.html") == f"a/index.html: {reason}"


def test_explain_tells_of_a_copy(built: Any) -> None:
    same = explained(built, "hand.txt")
    built.write({"static/hand.txt": "other"})
    other = explained(built, "hand.txt")

    assert same == "hand.txt: left alone, a copy of `static/hand.txt`"
    assert other == "hand.txt: made, a copy of `static/hand.txt`"


def built_config(site: Any) -> str:
    return (site.root / "config.yaml").read_text(encoding="utf-8")


def test_verify_finds_nothing_in_what_was_just_built(built: Any) -> None:
    done = built.cli("build", "--verify")

    assert done.returncode == 0
    assert "byte for byte" in done.stderr + done.stdout


def options_of(site: Any) -> Options:
    return Options(site.root, site.output, Clock(NOW))


@pytest.mark.parametrize("path", ["a/index.html", "hand.txt", ".sitegen-manifest"])
@pytest.mark.parametrize("damage", ["altered", "missing"])
def test_verify_names_what_a_clean_build_makes_otherwise(
    built: Any, path: str, damage: str
) -> None:
    place = built.output / path
    if damage == "missing":
        place.unlink()
    else:
        place.write_text("altered", encoding="utf-8")

    assert [problem.location.path for problem in differences(options_of(built))] == [path]


def test_verify_is_not_troubled_by_what_others_put_there(built: Any) -> None:
    built.write({"output/CNAME": "example.org"})

    assert differences(options_of(built)) == ()


def test_verify_leaves_nothing_behind(built: Any) -> None:
    before = sorted(path for path in built.root.rglob("*") if path.is_file())
    differences(options_of(built))

    assert sorted(path for path in built.root.rglob("*") if path.is_file()) == before


def test_changes_names_what_was_changed_and_removed(built: Any) -> None:
    built.write({"content/about.md": None, "static/hand.txt": "other", "static/new.txt": "n"})
    built.cli("build", "--changes", "changes.json")
    told = json.loads(built.text("../changes.json"))

    assert {"hand.txt", "new.txt"} <= set(told["changed"])
    assert "a/index.html" not in told["changed"]
    assert told["removed"] == ["about/index.html"]


def test_changes_are_none_when_there_is_nothing_to_do(built: Any) -> None:
    built.cli("build", "--changes", "changes.json")

    assert json.loads(built.text("../changes.json")) == {"changed": [], "removed": []}


def test_changes_are_not_written_by_a_build_that_failed(built: Any) -> None:
    built.write({"content/bad.md": "no front matter"})
    done = built.cli("build", "--changes", "changes.json")

    assert done.returncode == 1
    assert not (built.root / "changes.json").exists()


def test_no_cache_neither_reads_nor_writes_the_memory(built: Any) -> None:
    memory = built.root / ".sitegen/memory.sqlite"
    before = memory.read_bytes()
    built.write({"content/a.md": FILES["content/a.md"] + "More.\n"})
    report = built.build(remember=False)

    assert report.rendered > 10
    assert memory.read_bytes() == before
    assert "More." in built.text("a/index.html")


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_any_number_of_processes_makes_the_same(
    site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    made = site(FILES)
    made.build(remember=False)
    expected = {p: p.read_bytes() for p in made.output.rglob("*") if p.is_file()}
    shutil.rmtree(made.output)
    monkeypatch.setattr(inputs, "_WORTHWHILE", 0)
    monkeypatch.setattr(edition, "_WORTHWHILE", 0)
    made.build(jobs=jobs)

    assert {p: p.read_bytes() for p in made.output.rglob("*") if p.is_file()} == expected


def test_a_build_with_nothing_to_do_loads_no_heavy_library(built: Any, repository: Path) -> None:
    time.sleep(0.08)
    code = (
        "import sys\nfrom sitegen.cli import main\n"
        "try: main(['build', '--now', '2024-06-01T12:00:00Z'])\nexcept SystemExit as end: assert not end.code\n"
        f"print(*[name for name in {HEAVY} if name in sys.modules])"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(repository)}
    command = [sys.executable, "-c", code]
    ran = [
        subprocess.run(
            command, cwd=built.root, env=environment, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]

    assert ran[1].stdout.splitlines()[-1] == "", ran[1].stdout
    assert " 0 written" in ran[1].stdout + ran[1].stderr


def test_two_addresses_and_two_branches_share_one_memory(
    built: Any, scratch: Callable[[Path], Any]
) -> None:
    """Pull requests are previewed at another address, with the cache of the main branch."""
    branch = scratch(built.root.parent / "branch")
    shutil.copytree(built.root, branch.root, copy_function=shutil.copyfile)
    branch.write({"content/a.md": FILES["content/a.md"] + "Branch.\n"})
    preview = {"base_url": "https://preview.example/pr/1/"}

    branch.build(**preview)
    assert same_as_clean(branch, **preview)

    shutil.copytree(branch.root / ".sitegen", built.root / ".sitegen", dirs_exist_ok=True)
    built.build()
    assert same_as_clean(built)

    built.build(**preview)
    assert same_as_clean(built, **preview)


def test_one_folder_built_at_two_addresses_in_turn_is_always_right(built: Any) -> None:
    for base_url in ("https://a.example/", None, "https://b.example/x/", None):
        built.build(base_url=base_url)
        assert same_as_clean(built, base_url=base_url)


def test_a_checkout_that_was_moved_has_nothing_to_do(
    built: Any, scratch: Callable[[Path], Any]
) -> None:
    moved = scratch(built.root.rename(built.root.parent / "moved"))
    report = moved.build()

    assert (report.rendered, report.written.changed) == (0, ())
    assert same_as_clean(moved)


def test_a_fresh_checkout_with_the_cache_kept_renders_nothing(
    built: Any, scratch: Callable[[Path], Any]
) -> None:
    """CI checks out anew, so every inode and every time is new; cache and output were kept."""
    fresh = scratch(built.root.parent / "fresh")
    shutil.copytree(built.root, fresh.root, copy_function=shutil.copyfile)
    report = fresh.build()

    assert (report.rendered, report.written.changed) == (0, ())
    assert same_as_clean(fresh)


def test_a_fresh_checkout_with_the_cache_but_without_the_output_is_whole(
    built: Any, scratch: Callable[[Path], Any]
) -> None:
    fresh = scratch(built.root.parent / "fresh")
    shutil.copytree(built.root, fresh.root, copy_function=shutil.copyfile)
    shutil.rmtree(fresh.output)
    fresh.build()

    assert same_as_clean(fresh)


def same_as_clean(site: Any, **options: Any) -> bool:
    made = {
        p.relative_to(site.output): p.read_bytes() for p in site.output.rglob("*") if p.is_file()
    }
    output, site.output = site.output, site.root.parent / "clean"
    shutil.rmtree(site.output, ignore_errors=True)
    site.build(remember=False, **options)
    clean = {
        p.relative_to(site.output): p.read_bytes() for p in site.output.rglob("*") if p.is_file()
    }
    site.output = output
    return made == clean
