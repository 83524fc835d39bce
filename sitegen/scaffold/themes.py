"""A template of a theme -> the site's own copy of it, which remembers what it was copied from."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.build.inputs import read_config
from sitegen.build.overrides import stamp
from sitegen.build.themes import read_theme
from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.markup.slugs import slugify
from sitegen.sources.config import Config


class Ejected(msgspec.Struct, frozen=True):
    """What was written."""

    path: str
    theme: str
    is_set: bool
    """The configuration names this theme already."""


def eject(root: Path, name: str, theme: str) -> Ejected:
    """Copy one template of the site's theme into a theme of the site's own.

    Args:
        root: The site's folder.
        name: Of the template: `article.html`.
        theme: The theme that gets it; empty for the one that the site uses if it is the site's
            own, else for one that is called like the site.

    Raises:
        SiteError: There is no such template, or the site has its own already.
    """
    settings, problems = read_config(root)
    if problems:
        raise SiteError(*problems)
    chain, _, problems_of_theme = read_theme(root, settings)
    if problems_of_theme:
        raise SiteError(*problems_of_theme)
    name = name.removeprefix("templates/")
    known = sorted(one for one in chain.templates if one.split("/")[0] not in chain.names)
    if name not in known:
        raise _unknown(name, known)
    target = theme or _own_theme(root, settings)
    path = f"{disk.THEMES}/{target}/templates/{name}"
    if disk.find(root, path):
        hint = "edit that file, or move it away first"
        raise SiteError(
            Problem("exists", "the theme has this template already", Location(path), hint)
        )
    source = next(one for one in chain.names if f"{one}/{name}" in chain.templates)
    text = chain.templates[f"{source}/{name}"][1]
    if disk.find(root, f"{disk.THEMES}/{target}/theme.yaml") is None:
        about = f"name: {json.dumps(target)}\nextends: {settings.theme}\n"
        disk.write_new(root, f"{disk.THEMES}/{target}/theme.yaml", about.encode())
    disk.write_new(root, path, f"{stamp(source, text)}\n{text}".encode())
    return Ejected(path, target, settings.theme == target)


def _own_theme(root: Path, settings: Config) -> str:
    own = f"{disk.THEMES}/{settings.theme}/theme.yaml"
    if root.resolve() != disk.package_root().resolve() and disk.find(root, own):
        return settings.theme
    ascii_name = slugify(settings.title).encode("ascii", "ignore").decode().strip("-")
    return ascii_name[:40].strip("-") or "mine"


def _unknown(name: str, known: list[str]) -> SiteError:
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {quoted(near[0])}?" if near else f"there are: {', '.join(known)}"
    message = f"the theme has no template {quoted(name)}"
    return SiteError(Problem("template", message, Location("config.yaml"), hint))
