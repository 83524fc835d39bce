"""The folders of a theme and of its parents -> Theme, and its static files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from sitegen import __version__, disk
from sitegen.disk import SourceFile
from sitegen.errors import Problem, SiteError, quoted
from sitegen.sources import decoding, kinds, schema, theme
from sitegen.sources.config import Config
from sitegen.sources.theme import Theme, ThemeSettings
from sitegen.sources.theme_parameters import Value, settle


def read_theme(
    root: Path, settings: Config, languages: Iterable[str] = ()
) -> tuple[Theme, dict[str, SourceFile], list[Problem]]:
    """Return the theme with all that it inherits, its static files by name, and its problems.

    Args:
        root: The site's folder.
        settings: Name the theme, and the site's language.
        languages: Those of single pages, whose strings are wanted too.
    """
    wanted = sorted({*languages} - {settings.language})
    templates: dict[str, tuple[str, str]] = {}
    words: dict[str, str] = {}
    others: dict[str, dict[str, str]] = {language: {} for language in wanted}
    static: dict[str, SourceFile] = {}
    names: list[str] = []
    layers: list[_Layer] = []
    problems: list[Problem] = []
    name = settings.theme
    while name:
        names.append(name)
        try:
            base, folder = _theme_folder(root, name)
        except SiteError as error:
            problems += error.problems
            name = theme.DEFAULT
            continue
        layer = _theme_layer(base, folder, (settings.language, *wanted), problems)
        for template, source in layer.templates.items():
            templates.setdefault(template, source)
            templates[f"{name}/{template}"] = source
        words = {**layer.words[settings.language], **words}
        for language, known in others.items():
            others[language] = {**layer.words[language], **known}
        static = {**layer.static, **static}
        layers.append(layer)
        problems += _range_problem(layer.settings)
        name = layer.settings.extends or (theme.DEFAULT if theme.DEFAULT not in names else "")
        if name in names:
            problems.append(_circle(layer.settings, [*names, name]))
            name = theme.DEFAULT if theme.DEFAULT not in names else ""
    others = {tag: known for tag, known in others.items() if _speaks(known, tag)}
    values = _parameters(layers, settings, problems)
    static = _wanted(static, layers, values, settings, problems)
    design = next((one for layer in layers if (one := layer.settings.sharing_picture)), None)
    font = next((layer.font for layer in layers if layer.font), None)
    return Theme(tuple(names), templates, words, others, values, design, font), static, problems


def _parameters(
    layers: Iterable[_Layer], settings: Config, problems: list[Problem]
) -> dict[str, Value]:
    """Return the value of every parameter that a theme or one below it declares."""
    reader = kinds.Reader(settings.zone)
    declared = [one for layer in layers for one in layer.settings.parameters]
    values = settle(declared, settings.theme_parameters, settings.theme, reader)
    problems += reader.problems
    return values


def _wanted(
    static: dict[str, SourceFile],
    layers: Iterable[_Layer],
    values: Mapping[str, Value],
    settings: Config,
    problems: list[Problem],
) -> dict[str, SourceFile]:
    """Return the static files whose conditions hold; the nearest theme says what they are."""
    flags = {name: value for name, value in values.items() if isinstance(value, bool)}
    on = {**flags, "receiver": bool(settings.comments.receiver), "search": settings.search}
    conditions: dict[str, tuple[str, ...]] = {}
    for layer in layers:
        conditions = {**layer.settings.only_with, **conditions}
        for name in {name for names in layer.settings.only_with.values() for name in names} - {*on}:
            message = f"`only_with` names {quoted(name)}, which cannot be on"
            place = layer.settings.places["only_with"]
            problems.append(Problem("unknown-key", message, place, schema.meant(name, on)))
    return {
        name: file
        for name, file in static.items()
        if all(on.get(switch) for switch in conditions.get(name, ()))
    }


def _range_problem(settings: ThemeSettings) -> list[Problem]:
    """Return a problem if a theme is not made for this version of the tool."""
    if theme.admits(settings.requires, __version__):
        return []
    message = f"the theme is made for sitegen {settings.requires}, and this is {__version__}"
    hint = "take a version of the theme or of sitegen that fits; then correct `requires`"
    return [Problem("theme-version", message, settings.places["requires"], hint)]


def _circle(settings: ThemeSettings, names: list[str]) -> Problem:
    """Return the problem of themes that extend each other."""
    circle = names[names.index(names[-1]) :]
    message = f"themes extend each other: {' → '.join(quoted(name) for name in circle)}"
    hint = "delete `extends` from one of them: a theme that names none extends `default`"
    return Problem("theme-circle", message, settings.places["extends"], hint)


def _speaks(words: dict[str, str], language: str) -> bool:
    """Return whether strings are of a language, and not the English ones in its place."""
    return words.get("language", "").split("-")[0] == language.split("-", maxsplit=1)[0]


def _words(
    language: str, files: Mapping[str, SourceFile], problems: list[Problem]
) -> dict[str, str]:
    words: dict[str, str] = {}
    for tag in dict.fromkeys(("en", language.split("-", maxsplit=1)[0], language)):
        strings = files.get(f"{tag}.yaml")
        if strings:
            try:
                words |= theme.parse_words(strings.path, disk.read(strings))
            except SiteError as error:
                problems += error.problems
    return words


class _Layer(msgspec.Struct, frozen=True):
    """The files of one theme alone."""

    settings: ThemeSettings
    templates: dict[str, tuple[str, str]]
    words: dict[str, dict[str, str]]
    """Language -> the strings for it, in English where there are no others."""
    static: dict[str, SourceFile]
    font: SourceFile | None = None


def _theme_folder(root: Path, name: str) -> tuple[Path, str]:
    """Return the root and the folder of a theme: the site's own, else one that comes with the tool."""
    folder = f"themes/{name}"
    for base in (root, disk.package_root()):
        if (base / folder / "theme.yaml").is_file():
            return base, folder
    places = (root, disk.package_root())
    known = sorted(
        {path.parent.name for place in places for path in place.glob("themes/*/theme.yaml")}
    )
    raise theme.unknown_theme(name, known)


def _theme_layer(
    base: Path, folder: str, languages: Iterable[str], problems: list[Problem]
) -> _Layer:
    listing = disk.scan(base, [folder])
    problems += listing.problems
    sections: dict[str, dict[str, SourceFile]] = defaultdict(dict)
    for file in listing.files:
        parts = PurePosixPath(file.path).relative_to(folder).parts
        sections[parts[0]]["/".join(parts[1:])] = file
    templates = {}
    for template, file in sections["templates"].items():
        try:
            templates[template] = (file.path, decoding.decode(disk.read(file), file.path))
        except SiteError as error:
            problems += error.problems
    words = {language: _words(language, sections["i18n"], problems) for language in languages}
    settings = sections["theme.yaml"].get("")
    about = ThemeSettings(folder)
    if settings:
        try:
            about = theme.parse_theme(settings.path, disk.read(settings))
        except SiteError as error:
            problems += error.problems
    font = _font(about, sections["fonts"], problems)
    return _Layer(about, templates, words, sections["static"], font)


def _font(
    about: ThemeSettings, fonts: Mapping[str, SourceFile], problems: list[Problem]
) -> SourceFile | None:
    """Return the font that a theme names for its sharing pictures."""
    name = about.sharing_picture.font if about.sharing_picture else ""
    if name and name not in fonts:
        message = f"there is no font {quoted(name)} in the theme's fonts/"
        place = about.places["sharing_picture"]
        problems.append(Problem("no-font", message, place, "put the file there"))
    return fonts.get(name)
