"""The manual says what the code does: names in both directions, tables and printed output word by word."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sitegen.errors import PROBLEM_FORMATS
from sitegen.markup.untrusted.formats import BUILTIN_FORMATS
from sitegen.review import privacy, wording
from sitegen.sources import checks, comment_settings, config_kinds
from sitegen.views import records

ROOT = Path(__file__).parent.parent
MANUAL = ROOT / "content/manual"
PAGES = sorted(MANUAL.rglob("*.md"))


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


manual = _module("write_manual")


def _page(name: str) -> str:
    return (MANUAL / f"{name}.md").read_text(encoding="utf-8")


def _headings(page: str, level: int) -> list[str]:
    outside_code = re.sub(r"^```.*?^```$", "", page, flags=re.DOTALL | re.MULTILINE)
    return re.findall(rf"^{'#' * level} (.+)$", outside_code, re.MULTILINE)


def _rows(page: str, head: str) -> set[str]:
    """Return the names in the first column of the table whose head begins so."""
    table = page[page.index(head) :].split("\n\n", maxsplit=1)[0]
    return set(re.findall(r"^\| `([^`]+)`", table, re.MULTILINE))


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are written for a POSIX shell")
@pytest.mark.parametrize("path", [*PAGES, manual.README], ids=lambda path: path.name)
def test_tables_and_printed_output_are_what_the_code_makes(path: Path) -> None:
    page = path.read_text(encoding="utf-8")

    assert manual.render(page) == page, "run `python tests/write_manual.py` and read the difference"


def test_the_man_page_is_what_the_code_makes() -> None:
    made = manual.man_page(manual.commands())

    assert manual.MAN_PAGE.read_text(encoding="utf-8") == made, "run `python tests/write_manual.py`"


@pytest.mark.parametrize("path", manual.SCHEMA_FILES, ids=lambda path: path.name)
def test_the_published_schemas_are_those_of_the_code(path: Path) -> None:
    made = manual.schema(manual.SCHEMA_FILES[path])

    assert path.read_text(encoding="utf-8") == made, "run `python tests/write_manual.py`"


def test_the_schemas_are_published_where_their_ids_say(
    cli: Callable[..., Any], tmp_path: Path
) -> None:
    done = cli("build", "--output", str(tmp_path / "output"), "--no-cache", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    home = re.search(
        "^base_url: (.+)$", (ROOT / "config.yaml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert home

    for path in manual.SCHEMA_FILES:
        text = (tmp_path / "output/schemas" / path.name).read_text(encoding="utf-8")
        assert json.loads(text)["$id"] == f"{home[1]}schemas/{path.name}"


def keys_of(schema: Mapping[str, Any], above: str) -> Iterator[str]:
    """Yield every key that a JSON Schema names, with those above it: `config.menu.title`."""
    for name, inner in schema.get("properties", {}).items():
        yield f"{above}.{name}"
        yield from keys_of(inner, f"{above}.{name}")
    yield from (f"{above}.{name}" for name in schema.get("propertyNames", {}).get("enum", ()))
    nested = [schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", ())]
    for inner in nested:
        if isinstance(inner, dict):
            yield from keys_of(inner, above)


@pytest.mark.parametrize("name", ["config", "front-matter", "comment", "theme"])
def test_keys_of_the_manual_are_those_of_the_printed_schema(
    name: str, cli: Callable[..., Any]
) -> None:
    printed = [*keys_of(json.loads(cli("schema", name).stdout), name)]
    pages = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    tables = re.findall(
        rf"<!-- made: keys ({name}[\w.-]*) -->\n(.*?)<!-- end -->", pages, re.DOTALL
    )
    told = [
        f"{table}.{key}"
        for table, rows in tables
        for key in re.findall(r"^\| `([^`]+)`", rows, re.MULTILINE)
    ]
    if name == "config":
        told += [f"config.checks.{key}" for key in _rows(pages, "| Check | What it finds |")]

    assert sorted(told) == sorted(set(printed))
    assert len(told) >= 9


def test_every_table_of_keys_is_in_the_manual() -> None:
    everything = "".join(path.read_text(encoding="utf-8") for path in PAGES)

    assert {f"keys {name}" for name in manual.KEYS} <= set(
        re.findall("<!-- made: (.+?) -->", everything)
    )


def test_commands_of_the_manual_are_those_of_the_tool() -> None:
    page = _page("commands")
    known = set(manual.commands())

    assert set(re.findall("<!-- made: command (.+?) -->", page)) == known
    assert known <= set(_headings(page, 2))


def test_forms_of_problems_are_in_the_manual() -> None:
    assert set(PROBLEM_FORMATS) == _rows(_page("commands"), "| Form | For |")


def test_text_formats_are_in_the_manual() -> None:
    assert set(BUILTIN_FORMATS) == _rows(_page("comments"), "| Format | What it understands |")


def test_directives_of_dates_are_in_the_manual() -> None:
    table = _page("configuration").split("| Part | Meaning |")[1].split("\n\n")[0]
    first_column = "".join(line.split("|")[1] for line in table.splitlines()[2:])

    assert {*config_kinds.DATE_DIRECTIVES, "%"} == set(re.findall("%(.)", first_column))


def test_forges_are_in_the_manual() -> None:
    page = _page("configuration")

    assert all(f"`{forge}`" in page for forge in comment_settings.FORGES)


SOURCES = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "sitegen").rglob("*.py")]


def first_arguments(names: set[str], tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the first argument of all calls of functions of these names."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and call.args:
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            yield from call.args[:1] if name in names else ()


def makers_of_problems() -> set[str]:
    """Return the names of all that makes a problem of a code, or hands the code on."""
    names, before = {"Problem"}, set[str]()
    while names != before:
        before = set(names)
        for one in (one for tree in SOURCES for one in ast.walk(tree)):
            if isinstance(one, ast.FunctionDef):
                given = {ast.unparse(argument) for argument in first_arguments(names, one)}
                names |= {one.name} if "code" in given else set()
    return names


def problem_codes() -> set[str]:
    """Return the code of every problem that the source can report.

    A code is written where a problem is made, or is handed on as `code` by a function; a review
    makes codes of three kinds of changes, of personal data, and of hints.
    """
    codes = {f"private-{kind}" for kind in privacy._WORDS} | set(wording.CHANGED)
    handed_on = set()
    makers = makers_of_problems()
    for argument in (one for tree in SOURCES for one in first_arguments(makers, tree)):
        if isinstance(argument, ast.Constant):
            codes.add(str(argument.value))
        else:
            handed_on.add(ast.unparse(argument))
    assert handed_on == {"code", "one.kind", "hint.kind", "f'private-{find.kind}'"}
    return codes


def test_problems_of_the_manual_are_those_of_the_source() -> None:
    assert problem_codes() == set(_headings(_page("problems"), 3))


def test_every_problem_has_a_meaning_a_cause_and_a_cure() -> None:
    entries = re.split("^### ", _page("problems"), flags=re.MULTILINE)[1:]

    for entry in (one.split("\n## ")[0] for one in entries):
        assert re.fullmatch(
            r"\S+\n\n[^\n]+\.( How much .+)?\n\n- \*\*Cause:\*\* .+\.\n- \*\*Cure:\*\* .+\.\n*",
            entry,
        ), entry


def test_hints_of_the_manual_are_those_of_the_source() -> None:
    calls = (one for tree in SOURCES for one in first_arguments({"Hint"}, tree))
    given = {one.value for one in calls if isinstance(one, ast.Constant)}
    table = _page("reviewing").split("| Hint | What it is about |")[1].split("\n\n")[0]

    assert given <= set(re.findall("`([a-z-]+)`", table))
    assert len(given) > 10


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(MANUAL).as_posix())
def test_a_page_says_nothing_twice(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    headings = [heading for level in (2, 3) for heading in _headings(page, level)]

    assert len(set(headings)) == len(headings)
    assert page.count("<!-- made: ") == page.count("<!-- end -->")


def test_checks_that_find_something_are_in_the_manual() -> None:
    found = problem_codes() & set(checks.CHECKS)

    assert found == _rows(_page("configuration"), "| Check | What it finds |")


def test_views_of_the_manual_are_those_that_templates_get() -> None:
    page = _page("theme-interface")
    named = set(re.findall(r"\[(\w+View)\]\(#\w+\)", page))
    given = {view.__name__ for view in records.View.__args__}

    assert named == given
    assert given <= set(_headings(page, 3))


def test_every_template_of_a_view_is_in_the_manual() -> None:
    page = _page("theme-interface")
    named = {
        name
        for record, _ in manual.views()
        for name in re.findall(r"`(\w+\.(?:html|xml|txt))`", ast.get_docstring(record) or "")
    }

    assert named <= set(re.findall(r"`(\w+\.(?:html|xml|txt))`", page.split("## Views")[0]))
