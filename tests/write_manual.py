"""The manual's parts that must not lie: tables made from the code, output made by running commands.

In a page of content/manual/, and in README.md,

- what stands between `<!-- made: NAME -->` and `<!-- end -->` is made from the code;
- a fenced block `yaml PATH` or `markdown PATH` is a file, written into a scratch folder;
- a fenced block `console` holds commands after `$ `, run there one after the other, and what they
  print; `cd` holds for those after it.

The man page, `sitegen/man/sitegen.1`, and `content/schemas/` are made from the code as a whole.
`python tests/write_manual.py` writes these parts anew; `test_manual.py` compares.
"""

from __future__ import annotations

import ast
import datetime as dt
import itertools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import yaml
from click.testing import CliRunner
from man_page import man_page

from sitegen import cli
from sitegen.commands.schema import SCHEMAS
from sitegen.scaffold.sites import starter_files
from sitegen.sources import (
    comment_settings,
    comments,
    config_keys,
    config_kinds,
    front_matter,
    markdown_settings,
    people,
    picture_settings,
    text_formats,
    theme,
    theme_parameters,
)
from sitegen.sources.schema import Key

ROOT = Path(__file__).parent.parent
MANUAL = ROOT / "content/manual"
MAN_PAGE = ROOT / "sitegen/man/sitegen.1"
SCHEMA_FILES = {ROOT / f"content/schemas/{name}.json": name for name in SCHEMAS}
"""What the site publishes for editors -> the kind of file that each describes."""
README = ROOT / "README.md"
_MADE = re.compile(r"(<!-- made: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)
_FENCE = re.compile(r"^```(console|(?:yaml|markdown) \S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PASSING = re.compile(r"\d+\.\d\d(?= s$)|^[0-9a-f]{64}(?=  )", re.MULTILINE)


def render(page: str) -> str:
    """Return the text of a page with its made parts made anew."""
    page = _MADE.sub(lambda found: f"{found[1]}\n{made(found[2])}\n{found[3]}", page)
    with tempfile.TemporaryDirectory() as scratch:
        programs, site = Path(scratch) / "bin", Path(scratch) / "site"
        programs.mkdir()
        program = programs / "sitegen"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sitegen "$@"\n')
        program.chmod(0o755)
        site.mkdir()
        return follow(page, site, programs, ROOT)


def follow(page: str, folder: Path, programs: Path, packages: Path) -> str:
    """Do what a page says, in a folder, and return it with what the commands print now.

    Args:
        page: Text of the page.
        folder: Where it begins.
        programs: A folder with `sitegen` and what else is not on `PATH`.
        packages: Where Python finds what is not installed.
    """
    place = programs / "place"
    place.write_text(str(folder))
    return _FENCE.sub(lambda found: _fence(found, folder, place, packages), page)


def _fence(found: re.Match[str], folder: Path, place: Path, packages: Path) -> str:
    kind, _, path = found[1].partition(" ")
    if kind != "console":
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(found[2], encoding="utf-8")
        return found[0]
    typed = [line for line in found[2].split("\n") if line.startswith("$ ")]
    printed = "".join(f"{line}\n{run(line[2:], place, packages)}" for line in typed)
    # Seconds and digests are another every time; what they stand for is not.
    same = _PASSING.sub("", printed) == _PASSING.sub("", found[2])
    return found[0] if same else f"```console\n{printed}```"


def run(command: str, place: Path, packages: Path) -> str:
    """Return what a command prints on both streams.

    It is run by a shell in the folder that stands in the file `place`, which is written anew if
    the command changes it; programs are looked for beside that file first.
    """
    environment = {
        "PATH": f"{place.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(packages),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "80",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_NAME": "Jo" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "jo@example.org" for who in ("AUTHOR", "COMMITTER")},
    }
    done = subprocess.run(
        ["/bin/sh", "-c", 'cd "$(cat "$0")" && { eval "$1"; pwd > "$0"; }', str(place), command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=50,
        check=False,
    )
    printed = done.stdout.decode()
    assert "Traceback" not in printed, printed
    printed = printed.replace("python -m sitegen", "sitegen")
    return printed if printed.endswith("\n") or not printed else f"{printed}\n"


def made(name: str) -> str:
    """Return a part that is made from the code."""
    kind, _, rest = name.partition(" ")
    return _PARTS[kind](rest)


KEYS: dict[str, tuple[Key, ...]] = {
    "config": config_keys.KEYS,
    "config.menu": config_kinds.MENU_KEYS,
    "config.permalinks": config_kinds.PERMALINK_KEYS,
    "config.comments": comment_settings.COMMENT_KEYS,
    "config.authors": people.PERSON_KEYS,
    "config.formats": text_formats.FORMAT_KEYS,
    "config.markdown": markdown_settings.MARKDOWN_KEYS,
    "config.pictures": picture_settings.PICTURE_KEYS,
    "front-matter": front_matter.KEYS,
    "front-matter.defaults": front_matter.DEFAULT_KEYS,
    "comment": comments.KEYS,
    "config.theme": theme_parameters.THEME_KEYS,
    "theme": theme.KEYS,
    "theme.parameters": theme_parameters.PARAMETER_KEYS,
    "theme.sharing_picture": picture_settings.DESIGN_KEYS,
}


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    cells = [head, ("---",) * len(head), *rows]
    return "".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in cells
    )


def _keys(name: str) -> str:
    rows = (
        (f"`{key.name}`", _value(key.kind.schema), _default(key), key.doc) for key in KEYS[name]
    )
    return _table(("Key", "Value", "If absent", "Meaning"), rows)


def _value(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        _several, one = schema["anyOf"]
        return f"{_value(one)}, or a list"
    kind = schema["type"]
    if kind == "array":
        item = _value(schema["items"]).replace("text", "texts").replace("mapping", "mappings")
        return f"list of {item}{' each' if 'up to' in item else ''}"
    if kind == "integer":
        return f"{schema['minimum']} to {schema['maximum']}"
    if kind == "string" and "pattern" not in schema and "maxLength" in schema:
        return f"text, up to {schema['maxLength']:,} characters"
    words = {"boolean": "`true`, `false`", "object": "mapping", "string": "text"}
    if isinstance(kind, str):
        return words.get(kind, "date")
    return "a value of the kind" if "boolean" in kind else "date"


def _default(key: Key) -> str:
    if key.required:
        return "required"
    if key.default is True or key.default is False:
        return f"`{str(key.default).lower()}`"
    if isinstance(key.default, (str, int)) and key.default != "":
        return f"`{key.default}`"
    return ""


def commands() -> dict[str, click.Command]:
    """Return every command by its name as people type it: `comments check`."""
    found = {}
    for name, command in cli.main.commands.items():
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": one for inner, one in command.commands.items()}
        else:
            found[name] = command
    return found


def _command(name: str) -> str:
    command = commands()[name]
    context = click.Context(command, info_name=f"sitegen {name}")
    usage = " ".join(("sitegen", name, *filter(None, command.collect_usage_pieces(context))))
    rows = (
        (f"`{record[0]}`", record[1].split("  [")[0])
        for record in (one.get_help_record(context) for one in options(command))
        if record
    )
    about = " ".join((command.help or "").split())
    table = _table(("Option", "Meaning"), rows) if options(command) else ""
    return f"```text\n{usage}\n```\n\n{about}\n\n{table}".rstrip("\n") + "\n"


def options(command: click.Command) -> list[click.Option]:
    """Return the options of a command, `--help` aside."""
    return [one for one in command.params if isinstance(one, click.Option)]


def views() -> Iterator[tuple[ast.ClassDef, list[tuple[str, str, str]]]]:
    """Yield every record that templates see, with its fields: name, type, meaning."""
    names = ("records", "part_records", "comment_records", "machine_records")
    files = (ROOT / f"sitegen/views/{name}.py" for name in names)
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    for record in (record for tree in trees for record in tree.body):
        if not isinstance(record, ast.ClassDef):
            continue
        fields = []
        for statement, after in zip(record.body, [*record.body[1:], None], strict=True):
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                meaning = ""
                if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                    meaning = " ".join(str(after.value.value).split())
                fields.append((statement.target.id, ast.unparse(statement.annotation), meaning))
        yield record, fields


def _settings(_name: str) -> str:
    """Return a table of the variables that the receiver reads."""
    tree = ast.parse((ROOT / "sitegen/receiver/settings.py").read_text(encoding="utf-8"))
    (record,) = (
        one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == "Settings"
    )
    rows = []
    for field, about in itertools.pairwise(record.body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            assert isinstance(about, ast.Expr)
            value = ast.literal_eval(field.value) if field.value else None
            default = "required" if value is None else f"`{value}`" if value != "" else ""
            meaning = " ".join(ast.literal_eval(about.value).split())
            rows.append((f"`SITEGEN_RECEIVE_{field.target.id.upper()}`", default, meaning))
    return _table(("Variable", "If absent", "Meaning"), iter(rows))


def _views(_name: str) -> str:
    parts = []
    for record, fields in views():
        about = " ".join((ast.get_docstring(record) or "").split())
        rows = ((f"`{name}`", f"`{kind}`", meaning) for name, kind, meaning in fields)
        parts.append(
            f"### {record.name}\n\n{about}\n\n{_table(('Field', 'Type', 'Meaning'), rows)}"
        )
    return "\n".join(parts)


def _blocks(_name: str) -> str:
    """Return a table of the templates of the theme `default` and their blocks, as they stand there."""
    rows = []
    for path in sorted((ROOT / "themes/default/templates").iterdir()):
        text = path.read_text(encoding="utf-8")
        extends = re.search(r'{% extends "([^"]+)"', text)
        blocks = re.findall(r"{%-? block (\w+)", text)
        if blocks and path.name != "receive.html":  # the receiver's own
            begins = f"`{extends[1]}`" if extends else ""
            rows.append((f"`{path.name}`", begins, ", ".join(f"`{name}`" for name in blocks)))
    return _table(("Template", "Begins with", "Its blocks"), rows)


def _strings(_name: str) -> str:
    """Return a table of the strings of the theme `default`, in English."""
    words = yaml.safe_load((ROOT / "themes/default/i18n/en.yaml").read_text(encoding="utf-8"))
    rows = ((f"`{name}`", f"`{text}`") for name, text in words.items() if name != "language")
    return _table(("String", "In English"), rows)


def _workflow(path: str) -> str:
    """Return a file that `sitegen init` writes."""
    text = starter_files("notes", dt.datetime(2024, 6, 1, tzinfo=dt.UTC))[path]
    return f"```yaml\n{text}```\n"


def measured(articles: str) -> tuple[str, dict[str, dict[str, str]]]:
    """Return the number of comments, and generator -> work -> seconds, of one table of Speed."""
    text = (MANUAL / "speed.md").read_text(encoding="utf-8")
    found = re.search(
        rf"### Work: {articles} articles, ([\d,]+) comments\n\n(.*?)\n\n", text, re.DOTALL
    )
    assert found, "Speed has no such table"
    head, _, *rows = (
        [cell.strip() for cell in row.split("|")[1:-1]] for row in found[2].split("\n")
    )
    seconds = {row[0]: [cell.partition(" ")[0] for cell in row[1:]] for row in rows}
    return found[1], {name: dict(zip(head[1:], row, strict=True)) for name, row in seconds.items()}


def _figures(_name: str) -> str:
    """Return a table of the generators that are compared, as `make bench` measured them."""
    comments, seconds = measured("1,000")
    works = {"everything anew": "All", "nothing changed": "None", "one comment added": "One"}
    names = ("sitegen", "sitegen (default theme)", "Hugo", "Eleventy", "Jekyll", "Pelican")
    rows = ((name, *(seconds[name][work] for work in works)) for name in names)
    about = (
        f"Seconds that a build of 1,000 articles with {comments} comments takes by `make bench`: "
        "all anew, none changed, one comment added."
    )
    return f"{about}\n\n{_table(('Generator', *works.values()), rows)}"


def _headline(_name: str) -> str:
    """Return the figures that matter, of the largest site that was measured."""
    comments, seconds = measured("10,000")
    ours, hugo = seconds["sitegen"], seconds["Hugo"]
    work = "one comment added"
    return (
        f"**With 10,000 articles and {comments} comments, a new comment is built in {ours[work]} s; "
        f"Hugo's build takes {hugo[work]} s.**\n"
        f"Nothing changed: {ours['nothing changed']} s, Hugo {hugo['nothing changed']} s. "
        f"Everything anew: {ours['everything anew']} s, Hugo {hugo['everything anew']} s.\n"
    )


_PARTS: dict[str, Callable[[str], str]] = {
    "figures": _figures,
    "headline": _headline,
    "strings": _strings,
    "workflow": _workflow,
    "keys": _keys,
    "command": _command,
    "settings": _settings,
    "views": _views,
    "blocks": _blocks,
}


def schema(name: str) -> str:
    """Return what `sitegen schema` prints of a kind of file, where there is no site."""
    with tempfile.TemporaryDirectory() as nowhere:
        return CliRunner().invoke(cli.main, ["schema", name, "--site", nowhere]).stdout


def main() -> None:
    """Write README, every page of the manual, the man page and the schemas anew."""
    for path in (README, *sorted(MANUAL.rglob("*.md")), MAN_PAGE, *SCHEMA_FILES):
        page = path.read_text(encoding="utf-8") if path.exists() else ""
        if path in SCHEMA_FILES:
            new = schema(SCHEMA_FILES[path])
        else:
            new = man_page(commands()) if path == MAN_PAGE else render(page)
        if new != page:
            path.write_text(new, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)} was written anew\n")


if __name__ == "__main__":
    main()
