from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

ARTICLE = "---\ntitle: A\ndate: 2020-01-01\n---\n"
COMMENT = "author: A\ndate: 2020-01-02\nbody: b\n"

TWINS = {
    "case": ("comments/a/x.yaml", "comments/A/x.yaml", "by case only"),
    "Unicode form": (
        "comments/caf\u00e9/x.yaml",
        "comments/cafe\u0301/x.yaml",
        "by Unicode form only",
    ),
}


@pytest.mark.parametrize(("first", "second", "said"), TWINS.values(), ids=TWINS)
@pytest.mark.parametrize("command", [["build"], ["comments", "check"]])
def test_comments_that_some_file_system_takes_for_one_are_a_problem(
    site: Callable[..., Any], first: str, second: str, said: str, command: list[str]
) -> None:
    made = site(
        {"content/a.md": ARTICLE, "content/caf\u00e9.md": ARTICLE, first: COMMENT, second: COMMENT}
    )
    done = made.cli(*command)

    assert done.returncode == 1
    assert said in done.stderr
    assert not made.output.exists()


PARTED = {
    "comments/a/jo.yaml": "comments/a/+2020/jo.yaml",
    "comments/a/ada.yaml": "comments/a/+2020/+02/ada.yaml",
    "comments/a/bo.yaml": "comments/a/bo.yaml",
}


def test_a_thread_parted_into_folders_makes_the_same_pages(site: Callable[..., Any]) -> None:
    texts = {
        "comments/a/jo.yaml": COMMENT,
        "comments/a/ada.yaml": f"{COMMENT}reply_to: jo\n",
        "comments/a/bo.yaml": f"{COMMENT}reply_to: ada\n",
    }
    made = site({"content/a.md": ARTICLE, **texts})
    made.build()
    whole = {path: path.read_bytes() for path in made.output.rglob("*") if path.is_file()}
    for old, new in PARTED.items():
        (made.root / old).unlink()
        made.write({new: texts[old]})
    made.build()

    assert b"3 comments" in whole[made.output / "a/index.html"]
    assert {path: path.read_bytes() for path in made.output.rglob("*") if path.is_file()} == whole
    assert made.cli("comments", "check").returncode == 0


def test_a_name_stands_once_in_all_folders_of_a_thread(site: Callable[..., Any]) -> None:
    made = site(
        {"content/a.md": ARTICLE, "comments/a/x.yaml": COMMENT, "comments/a/+1/x.yaml": COMMENT}
    )
    done = made.cli("build")

    assert done.returncode == 1
    assert "is a comment of this name on the same article" in done.stderr


@pytest.mark.parametrize("folder", ["content", "comments", "static", "themes", "themes/mine"])
def test_a_folder_of_the_site_that_is_a_link_publishes_nothing(
    site: Callable[..., Any], folder: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("secret")
    (secret / "theme.yaml").write_text("name: Mine\n", encoding="utf-8")
    made = site({"config.yaml": "title: T\nbase_url: https://example.org/\ntheme: default\n"})
    if folder.startswith("themes"):
        made.write({"config.yaml": "title: T\nbase_url: https://example.org/\ntheme: mine\n"})
    (made.root / folder).parent.mkdir(exist_ok=True)
    (made.root / folder).symlink_to(secret)
    report = made.build()

    assert report.written is None
    assert {problem.severity for problem in report.problems} == {"error"}
