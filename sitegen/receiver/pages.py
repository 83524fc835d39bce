"""What the receiver says, as HTML in the words and the looks of the default theme."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import jinja2
import msgspec
from markupsafe import Markup

from sitegen import disk
from sitegen.receiver.forms import Form
from sitegen.receiver.published import Article
from sitegen.sources import theme

_THEME = f"{disk.THEMES}/{theme.DEFAULT}"
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


class Page(msgspec.Struct, frozen=True):
    """What one answer says."""

    kind: str
    """`form`, `confirm`, `thanks` or `trouble`."""
    form: Form = Form()
    faults: tuple[str, ...] = ()
    """Fields to be mended, and troubles that are no field's."""
    preview: Markup | None = None
    article: Article | None = None
    tips: tuple[str, ...] = ()
    parent: str = ""
    """Who is answered."""


@functools.cache
def words_in(language: str) -> Mapping[str, str]:
    """Return the default theme's strings in a language; English where it has none."""
    words: dict[str, str] = {}
    for tag in dict.fromkeys(("en", language.split("-", maxsplit=1)[0], language)):
        found = disk.find(disk.package_root(), f"{_THEME}/i18n/{tag}.yaml")
        if found:
            words |= theme.parse_words(found.path, disk.read(found))
    return words


@functools.cache
def style() -> bytes:
    """Return the default theme's style sheet."""
    found = disk.find(disk.package_root(), f"{_THEME}/static/style.css")
    return disk.read(found) if found else b""


@functools.cache
def _engine() -> jinja2.Environment:
    folder = disk.package_root() / _THEME / "templates"
    engine = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    engine.filters["fill"] = lambda text, **values: text.format(**values)
    return engine


def said(fault: str, words: Mapping[str, str]) -> str:
    """Return the sentence for a field to be mended, or for a trouble."""
    return words[f"error_{fault}"]


def render(page: Page, language: str) -> str:
    """Return a whole page of HTML."""
    words = words_in(language)
    template = _engine().get_template("receive.html")
    return template.render(
        kind=page.kind,
        form={
            "action": "/",
            "article": page.article.key if page.article else page.form.article,
            "token": page.form.token,
        },
        values=page.form,
        faults={name: said(name, words) for name in page.faults},
        preview=page.preview,
        article=page.article,
        tips=page.tips,
        parent=page.parent,
        words=words,
        language=words["language"],
        direction="rtl" if words["language"] in _RIGHT_TO_LEFT else "ltr",
    )
