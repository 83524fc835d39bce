from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import lxml.html
import pytest
import yaml

ARTICLE = "---\ntitle: Trip\ndate: 2018-02-19\n---\nText.\n"
COMMENT = "author: Ada\ndate: 2018-02-20\nbody: |\n  Hello.\n"
FAULTY = "---\ntitle: Trip\ndate: 2018-02-30\n---\nText.\n"
FINE = {"content/posts/trip.md": ARTICLE, "comments/posts/trip/a.yaml": COMMENT}

Maker = Callable[[Mapping[str, str | bytes | None]], "ScratchSite"]  # type: ignore[name-defined]  # noqa: F821


def test_a_site_without_errors_is_built_with_status_0(site: Maker) -> None:
    made = site(FINE)
    done = made.cli("build", process=True)

    assert done.returncode == 0, done.stderr
    assert re.fullmatch(
        r"1 article, 1 comment: \d+ written, 0 unchanged, 0 removed in \d+\.\d\d s\n", done.stdout
    )
    assert "Hello." in made.text("posts/trip/index.html")


def test_a_second_build_writes_nothing(site: Maker) -> None:
    made = site(FINE)
    made.cli("build")
    done = made.cli("build")

    assert re.search(r": 0 written, \d+ unchanged, 0 removed", done.stdout)


def test_a_site_with_errors_is_not_written_and_has_status_1(site: Maker) -> None:
    made = site(FINE)
    made.cli("build")
    before = made.outputs()
    done = made.write({"content/other.md": FAULTY}).cli("build", process=True)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "content/other.md:3:7: error: `2018-02-30` is not a date: February 2018 has 28 days\n"
        "   3 | date: 2018-02-30\n"
        "     |       ^^^^^^^^^^\n"
        "  hint: write YYYY-MM-DD, or with time and zone 2024-02-29T10:00:00+01:00\n"
        "1 error, 0 warnings\n"
        "nothing was written\n"
    )
    assert made.outputs() == before


USAGE = {
    "unknown command": ["bulid"],
    "unknown option": ["build", "--outptu", "x"],
    "unknown format": ["build", "--format", "xml"],
    "no such site": ["build", "--site", "nowhere"],
    "base url": ["build", "--base-url", "example.org"],
    "now": ["build", "--now", "tomorrow"],
    "schema": ["schema", "site"],
    "text format": ["comments", "render", "--format-name", "full_html"],
    "output is a file": ["build", "--output", "config.yaml"],
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE)
def test_wrong_usage_has_status_2(site: Maker, arguments: list[str]) -> None:
    done = site(FINE).cli(*arguments)

    assert done.returncode == 2
    assert "Error" in done.stderr


@pytest.mark.parametrize("epoch", ["soon", "-1", "1" * 12, "٣"])
def test_a_wrong_source_date_epoch_is_wrong_usage(site: Maker, epoch: str) -> None:
    assert site(FINE).cli("build", SOURCE_DATE_EPOCH=epoch).returncode == 2


def test_a_folder_that_is_no_site_is_a_problem_with_a_cure(
    tmp_path: Path, cli: Callable[..., Any]
) -> None:
    done = cli("build", cwd=tmp_path)

    assert done.returncode == 1
    assert done.stderr.startswith("config.yaml: error: there is no config.yaml here")
    assert "hint: " in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [["build", "--changes"], ["comments", "import", "jsonl", "config.yaml", "--report"]],
    ids=["changes", "report"],
)
def test_a_file_that_cannot_be_written_is_wrong_usage(site: Maker, command: list[str]) -> None:
    done = site(FINE).cli(*command, "no/such/folder.json")

    assert done.returncode == 2
    assert f"Invalid value for '{command[-1]}': " in done.stderr


def test_the_version_is_told(cli: Callable[..., Any]) -> None:
    assert re.match(r"sitegen \d+\.\d+\.\d+\nPython 3\.\d+\.\d+", cli("--version").stdout)


@pytest.mark.parametrize("command", [[], ["build"], ["check"], ["comments"], ["comments", "check"], ["comments", "render"], ["completion"], ["schema"], ["serve"], ["init"], ["new"], ["theme"], ["theme", "eject"]])  # fmt: skip
def test_every_command_has_a_help(cli: Callable[..., Any], command: list[str]) -> None:
    assert "Usage: " in cli(*command, "--help").stdout


def test_check_says_what_build_would_and_writes_nothing(site: Maker) -> None:
    made = site({**FINE, "content/other.md": FAULTY})
    checked = made.cli("check")

    assert checked.returncode == 1
    assert not made.output.exists()
    assert checked.stderr + "nothing was written\n" == made.cli("build").stderr


def test_check_finds_faults_of_templates(site: Maker) -> None:
    done = site({
        **FINE,
        "config.yaml": "title: T\nbase_url: https://example.org/\ntheme: mine\n",
        "themes/mine/theme.yaml": "name: Mine\n",
        "themes/mine/templates/article.html": "{{ page.titel }}",
    }).cli("check")  # fmt: skip

    assert done.returncode == 1
    assert "themes/mine/templates/article.html:1:1: error: " in done.stderr


def test_warnings_stop_nothing_unless_strict(site: Maker) -> None:
    made = site({**FINE, "comments/posts/trip/b.yaml": COMMENT + "reply_to: gone\n"})
    fine = made.cli("build")

    assert (fine.returncode, "warning: " in fine.stderr) == (0, True)
    strict = made.write({"content/new.md": ARTICLE}).cli("build", "--strict")
    assert (strict.returncode, "error: " in strict.stderr) == (1, True)
    assert not (made.output / "new/index.html").exists()


def test_now_decides_what_is_due(site: Maker) -> None:
    made = site({"content/a.md": "---\ntitle: A\ndate: 2030-01-01\n---\n"})
    done = made.cli("build")

    assert "not published: content/a.md: future, due 2030-01-01T00:00:00+00:00\n" in done.stderr
    assert "next scheduled change: 2030-01-01T00:00:00+00:00\n" in done.stderr
    assert made.cli("build", "--now", "2030-01-01").stdout.startswith("1 article")
    assert made.cli("build", SOURCE_DATE_EPOCH="1893456000").stdout.startswith("1 article")
    assert made.cli("build", "--future").stdout.startswith("1 article")
    assert made.cli(
        "build", "--now", "2029-12-31", SOURCE_DATE_EPOCH="1893456000"
    ).stdout.startswith("0 articles")


def test_drafts_and_expired_articles_are_listed_with_their_reason(site: Maker) -> None:
    made = site({
        "content/a.md": "---\ntitle: A\ndate: 2018-01-01\nexpires: 2019-01-01\n---\n",
        "content/b.md": "---\ntitle: B\ndraft: true\n---\n",
    })  # fmt: skip
    done = made.cli("build")

    assert "not published: content/a.md: expired since 2019-01-01T00:00:00+00:00\n" in done.stderr
    assert "not published: content/b.md: draft\n" in done.stderr


def test_output_and_base_url_can_be_named(site: Maker, tmp_path: Path) -> None:
    made = site(FINE)
    done = made.cli(
        "build", "--output", str(tmp_path / "public"), "--base-url", "https://preview.example/x"
    )

    assert done.returncode == 0
    page = (tmp_path / "public/posts/trip/index.html").read_text(encoding="utf-8")
    assert 'rel="canonical" href="https://preview.example/x/posts/trip/"' in page
    assert 'href="/x/archive/"' in page


def test_a_site_can_be_built_from_elsewhere(
    site: Maker, cli: Callable[..., Any], tmp_path: Path
) -> None:
    made = site(FINE)

    assert cli("build", "--site", str(made.root), cwd=tmp_path).returncode == 0
    assert made.output.is_dir()


# Formats for machines


def test_github_sees_one_command_a_problem(site: Maker) -> None:
    done = site({"content/a.md": FAULTY, "content/b.md": "---\ntitle: B\nslgu: x\n---\n"}).cli(
        "check", "--format", "github"
    )

    assert [line.split(",title=")[0] for line in done.stdout.splitlines()] == [
        "::error file=content/a.md,line=3,col=7",
        "::error file=content/b.md,line=3,col=1",
    ]


def test_json_holds_every_problem(site: Maker) -> None:
    done = site({"content/a.md": FAULTY}).cli("build", "--format", "json")

    assert json.loads(done.stdout)["problems"] == [{
        "code": "date",
        "severity": "error",
        "path": "content/a.md",
        "line": 3,
        "column": 7,
        "message": "`2018-02-30` is not a date: February 2018 has 28 days",
        "hint": "write YYYY-MM-DD, or with time and zone 2024-02-29T10:00:00+01:00",
    }]  # fmt: skip


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_what_machines_read_is_one_document_even_when_all_is_fine(site: Maker, form: str) -> None:
    done = site(FINE).cli("check", "--format", form)

    assert done.returncode == 0
    json.loads(done.stdout)


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_build_leaves_standard_output_to_the_document(site: Maker, form: str) -> None:
    json.loads(site(FINE).cli("build", "--format", form).stdout)


def test_sarif_has_what_the_standard_requires(site: Maker) -> None:
    document = json.loads(site({"content/a.md": FAULTY}).cli("check", "--format", "sarif").stdout)
    run = document["runs"][0]
    result = run["results"][0]

    assert document["version"] == "2.1.0"
    assert run["tool"]["driver"]["name"] == "sitegen"
    assert result["ruleId"] in {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert result["level"] in {"error", "warning", "note", "none"}
    assert result["message"]["text"]
    place = result["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "content/a.md"},
        "region": {"startLine": 3, "startColumn": 7},
    }


# Comments


def test_comments_check_counts_what_it_checked(site: Maker) -> None:
    done = site(FINE).cli("comments", "check")

    assert (done.returncode, done.stdout, done.stderr) == (0, "1 comment checked\n", "")


BAD_COMMENTS = {
    "faulty": ("comments/posts/trip/b.yaml", "date: 2018-02-20\nbody: b\n", "missing-key"),
    "orphan": ("comments/posts/tripp/b.yaml", COMMENT, "orphan"),
    "reply": ("comments/posts/trip/b.yaml", COMMENT + "reply_to: gone\n", "reply"),
    "format": ("comments/posts/trip/b.yaml", COMMENT + "format: full_html\n", "text-format"),
    "name": ("comments/posts/trip/B.yaml", COMMENT, "file-name"),
    "page": ("comments/posts/trip/b.html", "<script>", "file-name"),
    "place": ("comments/b.yaml", COMMENT, "file-name"),
}


@pytest.mark.parametrize(("path", "text", "code"), BAD_COMMENTS.values(), ids=BAD_COMMENTS)
@pytest.mark.parametrize("invalid", ["error", "skip"])
def test_comments_check_refuses_what_a_build_would_only_warn_of(
    site: Maker, path: str, text: str, code: str, invalid: str
) -> None:
    config = f"title: T\nbase_url: https://example.org/\ncomments: {{invalid: {invalid}}}\n"
    done = site({**FINE, "config.yaml": config, path: text}).cli(
        "comments", "check", "--format", "json"
    )

    assert done.returncode == 1
    found = [(p["code"], p["path"]) for p in json.loads(done.stdout)["problems"]]
    assert found == [(code, path if code != "orphan" else "comments/posts/tripp")]


def test_comments_check_can_be_asked_about_some_files(site: Maker) -> None:
    made = site(
        {**FINE, "comments/posts/trip/b.yaml": "author: B\n", "comments/posts/trip/c.yaml": COMMENT}
    )

    assert made.cli("comments", "check", "comments/posts/trip/c.yaml").returncode == 0
    assert (
        made.cli("comments", "check", str(made.root / "comments/posts/trip/b.yaml")).returncode == 1
    )
    assert made.cli("comments", "check", "comments/posts").returncode == 1


@pytest.mark.parametrize("path", ["config.yaml", "comments/posts/trip/gone.yaml", "..", "content"])
def test_comments_check_refuses_what_is_no_comment(site: Maker, path: str) -> None:
    assert site(FINE).cli("comments", "check", path).returncode == 1


def test_comments_render_shows_what_the_build_would(site: Maker) -> None:
    made = site(FINE)
    done = made.cli("comments", "render", stdin=b"Hello.\n")
    made.cli("build")

    assert done.stdout == "<p>Hello.</p>"
    assert done.stdout in made.text("posts/trip/index.html")


def test_comments_render_works_outside_a_site(tmp_path: Path, cli: Callable[..., Any]) -> None:
    done = cli(
        "comments", "render", "--format-name", "markdown", cwd=tmp_path, stdin=b"*a* <b>\xff</b>"
    )

    assert done.stdout == "<p><em>a</em> &lt;b&gt;\ufffd&lt;/b&gt;</p>"


def test_comments_render_uses_the_formats_of_the_site(site: Maker) -> None:
    config = "title: T\nbase_url: https://example.org/\nformats: {short: {allowed_html: <em>}}\n"
    made = site({"config.yaml": config})

    assert made.cli(
        "comments", "render", "--format-name", "short", stdin=b"<em>a</em> <strong>b</strong>"
    ).stdout == ("<p><em>a</em> &lt;strong&gt;b&lt;/strong&gt;</p>")


def render_lines(cli: Callable[..., Any], *lines: object) -> tuple[int, list[dict[str, object]]]:
    stdin = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    done = cli("comments", "render", "--jsonl", stdin=stdin.encode())
    assert done.stderr == ""
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_each_line_in_is_answered_by_one_line_out_in_order(
    cli: Callable[..., Any],
) -> None:
    status, answers = render_lines(
        cli,
        {"id": "a", "body": "<h2 id=x>T</h2>"},
        "",
        {"id": "b", "body": "*b*", "format": "markdown"},
        {"id": "c", "body": "<script>alert(1)</script>"},
    )

    assert status == 0
    assert [answer["id"] for answer in answers] == ["a", "b", "c"]
    assert answers[0] == {
        "id": "a",
        "html": '<h2 id="comment-a-~x">T</h2>',
        "changes": answers[0]["changes"],
    }
    assert answers[1]["html"] == "<p><em>b</em></p>"
    changes = answers[2]["changes"]
    assert isinstance(changes, list)
    assert {"kind", "start", "end", "found", "became", "why"} == set(changes[0])


WRONG_LINES = ["x", "[]", "1", '"a"', "null", '{"id": 1}', '{"body": "x"}', '{"id": "a", "body": 1}', "[" * 5000,
               '{"id": "a", "body": "x", "format": "full"}', '{"id": "a", "body": "x", "format": [1]}']  # fmt: skip


@pytest.mark.parametrize("line", WRONG_LINES, ids=lambda line: line[:30])
def test_a_wrong_line_is_answered_and_the_next_one_too(cli: Callable[..., Any], line: str) -> None:
    status, answers = render_lines(cli, line, {"id": "b", "body": "x"})

    assert status == 1
    assert "error" in answers[0]
    assert answers[1]["html"] == "<p>x</p>"


@pytest.mark.parametrize(
    "name", ['"><script>alert(1)</script>', "a b", "\ud800", 'x" onclick="y', ["a"], {"a": 1}, None]
)
def test_an_id_from_outside_opens_no_hole(cli: Callable[..., Any], name: object) -> None:
    _, answers = render_lines(cli, {"id": name, "body": '<h2 id="t">T</h2> <a href="#t">t</a>'})
    html = str(answers[0].get("html", ""))

    for element in lxml.html.fragments_fromstring(html) if html else []:
        assert element.tag in {"h2", "p"}
        assert {name for one in element.iter() for name in one.keys()} <= {"id", "href", "rel"}  # noqa: SIM118


# Schemas


@pytest.mark.parametrize("name", ["config", "front-matter", "comment", "theme"])
def test_every_schema_is_valid_json_schema(cli: Callable[..., Any], name: str) -> None:
    schema = json.loads(cli("schema", name).stdout)

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


class PlainLoader(yaml.SafeLoader):
    """YAML as editors with a schema read it: dates stay text."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def example_files(root: Path) -> list[tuple[str, Path]]:
    named = [("config", root / "config.yaml")]
    named += [("front-matter", path) for path in root.glob("content/**/*.md")]
    named += [("comment", path) for path in root.glob("comments/**/*.yaml")]
    named += [("theme", path) for path in root.glob("themes/*/theme.yaml")]
    return [(name, path) for name, path in named if path.is_file()]


def test_the_schemas_accept_the_files_of_the_example_site(
    repository: Path, cli: Callable[..., Any]
) -> None:
    schemas = {
        name: json.loads(cli("schema", name).stdout)
        for name in ("config", "front-matter", "comment", "theme")
    }
    files = example_files(repository)

    assert files
    for name, path in files:
        text = path.read_text(encoding="utf-8")
        head = text.split("---\n")[1] if name == "front-matter" else text
        jsonschema.validate(
            yaml.load(head, Loader=PlainLoader), schemas[name], jsonschema.Draft202012Validator
        )


@pytest.mark.parametrize(
    ("name", "values"),
    [("comment", {"author": "A"}), ("comment", {"author": "A", "date": "2018-01-01", "email": "x"}),
     ("config", {"title": "T"}), ("front-matter", {"title": "T", "comments": "off"}),
     ("comment", {"date": "2018-01-01", "url": "javascript:x"})],
)  # fmt: skip
def test_the_schemas_refuse_what_the_tool_refuses(
    cli: Callable[..., Any], name: str, values: dict[str, str]
) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, json.loads(cli("schema", name).stdout))


# What strangers wrote, on the terminal and in the log of a runner

NASTY = ["\x1b[31mred", "a\n::error::pwned", "\r::add-mask::x", "::set-output name=x::y", "##[error]pwned", "x##[group]",
         "\u2028::error::x", "\u202egnp.exe", "a\x9b31m", "\u200b", "%0A::error::", "<script>", "`id`", "$(id)",
         "${{ secrets.X }}", "{{7*7}}", "../../etc", "  ::error::", "a\x00b", "\x07", "\ud83d"]  # fmt: skip


def hostile_files() -> dict[str, str]:
    """Return a site with hostile file names, folder names and values, as far as this disk takes them."""
    files = dict(FINE)
    for number, text in enumerate(NASTY):
        escaped = json.dumps(text)  # a YAML scalar, too
        for key in (
            "author",
            "subject",
            "url",
            "reply_to",
            "format",
            "date",
            "body",
            "source",
            "removed",
            "x y",
        ):
            others = {"author": "Ada", "date": "2018-02-20", "body": "b", json.dumps(key): escaped}
            if not key.startswith("x"):
                others = {**{k: v for k, v in others.items() if k != json.dumps(key)}, key: escaped}
            files[f"comments/posts/trip/n{number}-{key[0]}{len(key)}.yaml"] = "".join(
                f"{k}: {v}\n" for k, v in others.items()
            )
        files[f"comments/posts/trip/k{number}.yaml"] = f"{escaped}: x\n"
        raw = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        files[f"comments/posts/trip/r{number}.yaml"] = f"author: {raw}\nbody: {raw}\n"
        files[f"content/v{number}.md"] = (
            f"---\ntitle: T\ntags: [{escaped}]\nslug: {escaped}\ntemplate: {escaped}\n---\n[x](<{raw}.md>) [y](#{raw})\n"
        )
        if "\0" in text or "\ud83d" in text or "/" in text:
            continue
        files[f"comments/posts/trip/{text}.yaml"] = COMMENT
        files[f"comments/posts/{text}/a.yaml"] = COMMENT
        files[f"comments/{text}/x/a.yaml"] = "author: ["
        files[f"content/{text}.md"] = ARTICLE
        files[f"content/{text}/_index.md"] = "---\ntitle: T\n---\n"
        files[f"content/{text}/draft.md"] = "---\ntitle: T\ndraft: true\n---\n"
        files[f"content/{text}/future.md"] = (
            f"---\ntitle: {escaped}\ndate: 2030-01-01\naliases: [/con/, /x/]\n---\n"
        )
        files[f"static/{text}"] = "x"
    return files


COMMANDS = [
    ["build"],
    ["check", "--format", "github"],
    ["check", "--format", "json"],
    ["check", "--format", "sarif"],
    ["comments", "check"],
    ["comments", "check", "--format", "github"],
]


@pytest.mark.skipif(os.name == "nt", reason="this system refuses such names itself")
def test_hostile_names_and_values_never_speak_to_a_terminal_or_a_runner(site: Maker) -> None:
    made = site(hostile_files())

    for command in COMMANDS:
        done = made.cli(*command, process=True)
        said = done.stdout + done.stderr

        assert done.returncode == 1, said[-2000:]
        assert "Traceback" not in said
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u200b]", said
        ), command
        assert "##[" not in said
        for line in re.split("[\n\r\x85\u2028\u2029]", said):
            if re.match(r"\s*::", line):
                assert re.match(r"::(error|warning) file=[^:]*,title=[a-z_-]+::", line), line
                assert "github" in command
    assert not made.output.exists()


@pytest.mark.skipif(os.name == "nt", reason="this system refuses such names itself")
def test_what_is_not_published_is_listed_in_harmless_words(site: Maker) -> None:
    done = site({"content/a\x1b[31m\n::error::x.md": "---\ntitle: T\ndraft: true\n---\n"}).cli(
        "build"
    )

    assert "not published: content/a\\u001b[31m\\u000a: :error: :x.md: draft\n" in done.stderr


def test_the_schema_of_front_matter_has_the_taxonomies_of_the_site(
    site: Callable[..., Any],
) -> None:
    config = "title: T\nbase_url: https://example.org/\ntaxonomies: [topics]\n"
    scratch = site({"config.yaml": config})
    schema = json.loads(scratch.cli("schema", "front-matter").stdout)

    assert "topics" in schema["properties"]
