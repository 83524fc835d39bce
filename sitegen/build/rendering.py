"""A stranger's text on standard input -> HTML as the build would make it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from sitegen.build.inputs import read_config
from sitegen.errors import SiteError
from sitegen.markup.untrusted.formats import (
    BUILTIN_FORMATS,
    DEFAULT_FORMAT,
    TextFormat,
    comment_html,
    render_comment,
)
from sitegen.sources import config


def text_formats(root: Path) -> Mapping[str, TextFormat]:
    """Return the text formats of a site by name; outside a site, those of the tool.

    Raises:
        SiteError: The site's configuration has faults.
    """
    if not (root / config.PATH).is_file():
        return BUILTIN_FORMATS
    settings, problems = read_config(root)
    if problems:
        raise SiteError(*problems)
    return {known.name: known for known in settings.formats}


def render_text(text: bytes, text_format: TextFormat) -> str:
    """Return one comment's HTML; bytes that are not UTF-8 are shown as U+FFFD."""
    return str(comment_html(text.decode("utf-8", "replace"), text_format, "comment-"))


def render_lines(
    lines: Iterable[bytes],
    formats: Mapping[str, TextFormat],
    default: str | None,
    write: Callable[[str], None],
) -> bool:
    """Write one line of JSON for each line read, in order; return whether any line was faulty."""
    faulty = False
    for line in lines:
        if line.strip():
            answer = _render_line(line, formats, default or DEFAULT_FORMAT)
            faulty = faulty or "error" in answer
            write(
                json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
            )
    return faulty


def _render_line(line: bytes, formats: Mapping[str, TextFormat], default: str) -> dict[str, object]:
    try:
        request = json.loads(line)
        name = request["id"]
        body = request["body"]
        text_format = formats[request.get("format") or default]
    except KeyError as error:
        return {"id": None, "error": f"missing or unknown: {error}"}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        return {"id": None, "error": f"expected one JSON object a line: {type(error).__name__}"}
    if not isinstance(body, str):
        return {"id": name, "error": "`body` must be a text"}
    rendered = render_comment(body, text_format, f"comment-{name}-")
    changes = msgspec.to_builtins(rendered.changes)
    return {"id": name, "html": str(rendered.html), "changes": changes}
