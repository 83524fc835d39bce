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
