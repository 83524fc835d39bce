"""A site's folder -> its records: every file read once, every fault collected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

import msgspec

from sitegen import disk
from sitegen.disk import SourceFile
from sitegen.errors import Location, Problem, Severity, SiteError, quoted
from sitegen.sources import comments, config, content, fields, theme
from sitegen.sources.comments import Comment
from sitegen.sources.config import Config
from sitegen.sources.content import Document
from sitegen.sources.theme import Theme

STATIC = "static"


class Inputs(msgspec.Struct, frozen=True):
    """All that a build is made from."""

    config: Config
    documents: tuple[Document, ...]
    comments: tuple[Comment, ...]
    files: tuple[SourceFile, ...]
    """What lies in content/ beside the Markdown, and is copied."""
    static: tuple[SourceFile, ...]
    theme: Theme
    theme_files: dict[str, SourceFile]
    """Name below the theme's static/ -> the file."""
    unread: frozenset[str]
    """Paths of documents that could not be read, so that nobody is blamed for referring to them."""
    problems: tuple[Problem, ...]


def read_config(root: Path, base_url: str | None = None) -> tuple[Config, tuple[Problem, ...]]:
    """Return the site's configuration and its problems; `base_url` replaces the one in the file.

    A faulty configuration is replaced by one that is good enough to find the faults of all
    other files in the same run.

    Raises:
        SiteError: There is no config.yaml, so this is not a site.
    """
    data = disk.read_one(root, config.PATH)
    if data is None:
        raise config.missing_config()
    try:
        settings = config.parse_config(data)
    except SiteError as error:
        return Config(title="-", base_url="https://example.invalid/"), error.problems
    return msgspec.structs.replace(settings, base_url=base_url) if base_url else settings, ()


def read_site(root: Path, settings: Config) -> Inputs:
    """Return everything in the site's folder, with the problems of all its files."""
    chain, theme_files, theme_problems = read_theme(root, settings)
    listing = disk.list_files(root, content.FOLDER)
    documents, unread, problems = _documents(listing.files, settings)
    found, comment_problems = read_comments(root, settings)
    static = disk.list_files(root, STATIC)
    return Inputs(
        config=settings,
        documents=documents,
        comments=found,
        files=tuple(file for file in listing.files if not file.path.endswith(".md")),
        static=static.files,
        theme=chain,
        theme_files=theme_files,
        unread=unread,
        problems=(
            *theme_problems,
            *listing.problems,
            *problems,
            *comment_problems,
            *static.problems,
        ),
    )


def _documents(
    files: Iterable[SourceFile], settings: Config
) -> tuple[tuple[Document, ...], frozenset[str], list[Problem]]:
    documents = []
    unread = set()
    problems: list[Problem] = []
    owners: dict[str, str] = {}
    zone = settings.zone
    for file in files:
        if not file.path.endswith(".md"):
            continue
        try:
            document = content.parse_document(file.path, disk.read(file), zone)
        except SiteError as error:
            problems += error.problems
            unread.add(file.path)
            continue
        key = document.key.casefold()
        if key in owners:
            message = f"the content path {quoted(document.key)} is already that of {owners[key]}"
            problems.append(
                Problem("collision", message, Location(file.path), "rename one of the two files")
            )
            continue
        owners[key] = file.path
        documents.append(document)
    return tuple(documents), frozenset(unread), problems


def read_comments(root: Path, settings: Config) -> tuple[tuple[Comment, ...], list[Problem]]:
    """Return the comments below comments/ and the problems of their files.

    With `comments.invalid: skip` a faulty file is left out and its problems are warnings.
    """
    listing = disk.list_files(root, comments.FOLDER)
    problems = list(listing.problems)
    found = []
    zone = settings.zone
    for file in listing.files:
        try:
            found.append(read_comment(file, zone))
        except SiteError as error:
            problems += error.problems
    problems += _twins(listing.files)
    twins = {problem.location.path for problem in problems if problem.code == "twins"}
    if settings.comments.invalid == "skip":
        problems = [
            msgspec.structs.replace(problem, severity=Severity.WARNING) for problem in problems
        ]
    return tuple(comment for comment in found if comment.path not in twins), problems


def read_comment(file: SourceFile, zone: ZoneInfo) -> Comment:
    """Return the comment in a file; a file that is too long is refused after its first 64 KiB.

    Raises:
        SiteError: With every fault of the file.
    """
    wrong_name = comments.file_problem(file.path)
    if wrong_name:
        raise SiteError(wrong_name)
    data = disk.read(file, limit=fields.STRANGERS.size)
    return comments.parse_comment(file.path, data, zone)


def _twins(files: Iterable[SourceFile]) -> list[Problem]:
    """Return a problem for each file whose name differs from another's by case only."""
    seen: dict[str, str] = {}
    problems = []
    for file in files:
        other = seen.setdefault(file.path.casefold(), file.path)
        if other != file.path:
            message = f"the name differs from {quoted(other)} by case only"
            problems.append(Problem("twins", message, Location(file.path), "rename one of the two"))
    return problems


def read_theme(root: Path, settings: Config) -> tuple[Theme, dict[str, SourceFile], list[Problem]]:
    """Return the theme with all that it inherits, its static files by name, and its problems."""
    templates: dict[str, tuple[str, str]] = {}
    words: dict[str, str] = {}
    static: dict[str, SourceFile] = {}
    names = []
    problems: list[Problem] = []
    name = settings.theme
    while name and name not in names:
        names.append(name)
        try:
            base, folder = _theme_folder(root, name)
        except SiteError as error:
            problems += error.problems
            name = theme.DEFAULT
            continue
        layer = _theme_layer(base, folder, settings.language, problems)
        for template, source in layer.templates.items():
            templates.setdefault(template, source)
            templates[f"{name}/{template}"] = source
        words = {**layer.words, **words}
        static = {**layer.static, **static}
        name = layer.extends or (theme.DEFAULT if theme.DEFAULT not in names else "")
    return Theme(tuple(names), templates, words), static, problems


class _Layer(msgspec.Struct, frozen=True):
    """The files of one theme alone."""

    extends: str
    templates: dict[str, tuple[str, str]]
    words: dict[str, str]
    static: dict[str, SourceFile]


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


def _theme_layer(base: Path, folder: str, language: str, problems: list[Problem]) -> _Layer:
    listing = disk.list_files(base, folder)
    problems += listing.problems
    sections: dict[str, dict[str, SourceFile]] = defaultdict(dict)
    for file in listing.files:
        parts = PurePosixPath(file.path).relative_to(folder).parts
        sections[parts[0]]["/".join(parts[1:])] = file
    templates = {}
    for template, file in sections["templates"].items():
        try:
            templates[template] = (file.path, fields.decode(disk.read(file), file.path))
        except SiteError as error:
            problems += error.problems
    words: dict[str, str] = {}
    for tag in dict.fromkeys(("en", language.split("-", maxsplit=1)[0], language)):
        strings = sections["i18n"].get(f"{tag}.yaml")
        if strings:
            try:
                words |= theme.parse_words(strings.path, disk.read(strings))
            except SiteError as error:
                problems += error.problems
    settings = sections["theme.yaml"].get("")
    extends = ""
    if settings:
        try:
            extends = theme.parse_theme(settings.path, disk.read(settings)).extends
        except SiteError as error:
            problems += error.problems
    return _Layer(extends, templates, words, sections["static"])
