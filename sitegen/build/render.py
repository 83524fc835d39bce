"""A view and its template -> bytes; the only user of Jinja.

A template sees its view and the theme's strings, and nothing else: no clock, no chance, no
file, no site. So equal views give equal bytes.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import msgspec

from sitegen.build.memory import Memory
from sitegen.errors import Location, Problem, SiteError, printable, quoted
from sitegen.sources.theme import Theme
from sitegen.views.feed_jobs import JSON_FEED
from sitegen.views.feeds import json_feed
from sitegen.views.machine_records import FeedView, FileView
from sitegen.views.records import View

if TYPE_CHECKING:
    from jinja2 import Environment


class Renderer:
    """The templates of one theme, compiled when first used."""

    def __init__(self, theme: Theme, memory: Memory | None, engine: bytes) -> None:
        """Take a theme, a memory that may keep compiled templates, and the digest of what compiles."""
        self.theme = theme
        self.environment = _environment(theme, memory, engine)

    def render(self, path: str, template: str, view: msgspec.Struct) -> bytes:
        """Return the bytes of an output.

        Args:
            path: Of the output, for messages.
            template: Name of a template of the theme, or `feed.json`.
            view: All that the template sees, as `page` and its field `site`.

        Raises:
            SiteError: The template has a fault; the problem names its file and line, and the page.
        """
        if template == JSON_FEED and isinstance(view, FeedView):
            return json_feed(view)
        if isinstance(view, FileView):
            return view.data
        from jinja2 import TemplateError

        words = self.theme.words_in(getattr(view, "lang", ""))
        context = {"page": view, "words": words, "site": getattr(view, "site", None)}
        try:
            text = self.environment.get_template(template).render(context)
        except (
            TemplateError,
            ArithmeticError,
            AttributeError,
            LookupError,
            RecursionError,
            TypeError,
            ValueError,
        ) as error:
            raise SiteError(self._problem(error, path, template)) from error
        return text.encode("utf-8", "xmlcharrefreplace")

    def _problem(self, error: Exception, path: str, template: str) -> Problem:
        name, line = _place_of(error, {source for source, _ in self.theme.templates.values()})
        file, text = self.theme.templates.get(name, (name, ""))
        if not text:
            text = next(
                (text for source, text in self.theme.templates.values() if source == name), ""
            )
        lines = text.split("\n")
        shown = lines[line - 1] if 0 < line <= len(lines) else ""
        said = printable(str(error) or type(error).__name__).rstrip(".")
        message = f"{said[:1].lower()}{said[1:]}, while rendering {quoted(path, 120)}"
        if type(error).__name__ == "TemplateNotFound":
            message = f"there is no template {quoted(str(error))}, needed for {quoted(path, 120)}"
            hint = "add it to the theme's templates/"
        else:
            hint = "correct the template"
        column = len(shown) - len(shown.lstrip()) + 1 if line else 0
        place = Location(file or template, line, column, shown, len(shown.strip()) or 1)
        return Problem("template", message, place, hint)


def _place_of(error: Exception, files: set[str]) -> tuple[str, int]:
    """Return the template and the line at which an error arose, as Jinja's frames tell."""
    name, line = (
        getattr(error, "filename", None) or getattr(error, "name", None),
        getattr(error, "lineno", None),
    )
    if name and line:
        return str(name), int(line)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename in files:
            return frame.filename, frame.lineno or 0
    return str(name or ""), 0


def _environment(theme: Theme, memory: Memory | None, engine: bytes) -> Environment:
    from jinja2 import Environment, FunctionLoader

    from sitegen.build.bytecode import Bytecode
    from sitegen.build.missing import Missing

    def load(name: str) -> tuple[str, str, None] | None:
        source = theme.templates.get(name)
        return (source[1], source[0], None) if source else None

    class Templates(Environment):
        def getattr(self, obj: Any, attribute: str) -> Any:
            # A string, a parameter or a key of the author's may be called `copy` or `items`.
            if type(obj) is dict and attribute in obj:
                return obj[attribute]
            return super().getattr(obj, attribute)

    environment = Templates(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=Bytecode(memory, engine) if memory is not None else None,
    )
    for chance in ("lipsum", "cycler", "joiner"):
        del environment.globals[chance]
    del environment.filters["random"]
    environment.filters["fill"] = _fill
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
    return environment


def _fill(text: str, **values: Any) -> str:
    """Replace `{name}` in one of the theme's strings."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def view_bytes(view: View) -> bytes:
    """Return a view in one canonical form, for digests."""
    return msgspec.msgpack.encode(view)
