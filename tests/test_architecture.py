"""ARCHITECTURE.md and the shape of the code, each held to the other."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "sitegen"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
TREES = {path: ast.parse((PACKAGE / path).read_text(encoding="utf-8")) for path in MODULES}
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")

# Longer than they should be, with the length that they may not exceed; the numbers only fall.
LONG_MODULES = {
    "disk.py": 300,  # all that touches the file system stands together, to be read at once
    "build/memory.py": 260,
    "build/inputs.py": 258,
    "build/reading.py": 253,
}
LONG_FUNCTIONS = {
    "build/making.py": {"make"},  # the stages of a build, one after the other
}
MAY_MAKE_MARKUP = {
    "markup/untrusted/sanitize.py",  # a stranger's text, after both gates
    "markup/articles/marks.py",  # authors' text, which is reviewed like code
    "build/reading.py",  # comes back from the memory of builds, which only builds write
    "views/pages.py",  # the empty one of a list without a text
    "views/comment_records.py",  # the empty one that stands for it
}


def first_line(path: str) -> str:
    return (ast.get_docstring(TREES[path]) or "").split("\n")[0].removesuffix(".")


def room_lines() -> dict[str, str]:
    rooms = ARCHITECTURE.split("## Rooms")[1].split("\n## ")[0]
    return dict(re.findall(r"^- `([^`]+)`: (.+)$", rooms, re.MULTILINE))


def rooms() -> dict[str, str]:
    """Return each module at the top, and each folder with the words of its `__init__.py`."""
    return {
        path.removesuffix("__init__.py") or path: first_line(path)
        for path in MODULES
        if "/" not in path or path.endswith("/__init__.py")
    }


def test_the_map_names_every_room_with_its_own_words() -> None:
    assert room_lines() == rooms()


@pytest.mark.parametrize("path", MODULES)
def test_every_module_says_what_it_turns_into_what(path: str) -> None:
    assert first_line(path), f"sitegen/{path} has no docstring"


def test_the_architecture_is_read_in_one_sitting() -> None:
    assert len(ARCHITECTURE.splitlines()) <= 150


@pytest.mark.parametrize("path", MODULES)
def test_modules_stay_small(path: str) -> None:
    length = len((PACKAGE / path).read_text(encoding="utf-8").splitlines())

    assert length <= LONG_MODULES.get(path, 250)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its decorators and docstring."""
    last = function.end_lineno or function.lineno
    docstring = function.body[0] if ast.get_docstring(function) else None
    said = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return last - function.lineno + 1 - said


@pytest.mark.parametrize("path", MODULES)
def test_functions_stay_small(path: str) -> None:
    long = {one.name: code_lines(one) for one in functions(TREES[path]) if code_lines(one) > 40}

    assert set(long) <= LONG_FUNCTIONS.get(path, set()), long


def test_no_exception_is_listed_that_is_not_needed() -> None:
    for path in (*LONG_MODULES, *LONG_FUNCTIONS, *MAY_MAKE_MARKUP):
        assert path in MODULES
    for path, names in LONG_FUNCTIONS.items():
        assert names <= {one.name for one in functions(TREES[path]) if code_lines(one) > 40}
    for path in LONG_MODULES:
        assert len((PACKAGE / path).read_text(encoding="utf-8").splitlines()) > 250, path


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "common", "core", "base", "types", "misc", "manager"}

    assert not empty & {part for path in MODULES for part in path.removesuffix(".py").split("/")}


def test_only_listed_modules_make_markup() -> None:
    makers = {
        path
        for path, tree in TREES.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", getattr(call.func, "attr", "")) == "Markup"
    }

    assert makers == MAY_MAKE_MARKUP


def test_views_make_only_empty_markup() -> None:
    for path, tree in TREES.items():
        for call in ast.walk(tree):
            if (
                isinstance(call, ast.Call)
                and getattr(call.func, "id", "") == "Markup"
                and path.startswith("views/")
            ):
                assert ast.unparse(call) == "Markup('')"


def test_no_template_turns_escaping_off() -> None:
    for path in (ROOT / "themes").rglob("*"):
        if path.is_file() and path.suffix in {".html", ".xml", ".txt"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\|\s*(safe|forceescape)|autoescape|Markup", text), path


def test_templates_repeat_no_stranger_s_words_in_a_script() -> None:
    for path in (ROOT / "themes").rglob("*.html"):
        for script in re.findall(
            r"<script.*?</script>", path.read_text(encoding="utf-8"), re.DOTALL
        ):
            assert not re.search(r"comment\.(html|author|subject|author_url|source)", script), path


def test_records_are_frozen() -> None:
    for path in MODULES:
        if path == "__main__.py":  # runs when imported
            continue
        module = importlib.import_module("sitegen." + path.removesuffix(".py").replace("/", "."))
        for record in vars(module).values():
            if (
                isinstance(record, type)
                and issubclass(record, msgspec.Struct)
                and record.__module__.startswith("sitegen")
            ):
                assert record.__struct_config__.frozen, record


def test_no_record_holds_a_list() -> None:
    for path, tree in TREES.items():
        for record in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            if path == "build/state.py":  # columns of numbers, written and read at once
                continue
            if any("Struct" in ast.unparse(parent) for parent in record.bases):
                for field in (one for one in record.body if isinstance(one, ast.AnnAssign)):
                    assert not re.search(r"\b(list|set)\[", ast.unparse(field.annotation)), (
                        path,
                        record.name,
                    )


def test_every_import_contract_is_an_invariant_and_holds_words_of_the_map() -> None:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        contracts = tomllib.load(stream)["tool"]["importlinter"]["contracts"]
    invariants = ARCHITECTURE.split("## Invariants")[1].split("\n## ")[0]

    for contract in contracts:
        assert contract["name"] in invariants, f"write into ARCHITECTURE.md: - {contract['name']}"


def test_every_room_has_its_layer() -> None:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        contracts = tomllib.load(stream)["tool"]["importlinter"]["contracts"]
    layers = next(one for one in contracts if one["type"] == "layers")
    named = {name.strip() for layer in layers["layers"] for name in layer.split("|")}
    rooms = {path.split("/")[0].removesuffix(".py") for path in MODULES} - {"__init__", "__main__"}

    assert rooms == named


def test_the_clock_enters_in_one_place() -> None:
    readers = {
        path
        for path, tree in TREES.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and re.search(
            r"\b(datetime\.now|datetime\.today|time\.time|date\.today)$", ast.unparse(call.func)
        )
    }

    assert readers == {"cli.py"}


def test_nothing_of_the_abandoned_sanitizer_is_used_but_its_cleaner() -> None:
    source = "\n".join(
        ast.unparse(node)
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Attribute)
    )

    for name in ("LinkifyFilter", "Linker", "linkify(", "bleach.linkify", "linkifier"):
        assert name not in source


def test_the_table_of_tasks_names_files_that_are_there() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## I want to …")[1]
    rows = re.findall(r"^\| (?!I want|---)(.+) \|$", table, re.MULTILINE)
    named = [word for row in rows for word in re.findall(r"`([\w./-]+(?:/|\.\w+))`", row)]

    assert len(named) > len(rows) > 20
    for path in named:
        assert any(
            list((ROOT / above).glob(path))
            for above in (".", "sitegen", "sitegen/views", "themes/default")
        ), path
