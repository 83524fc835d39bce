"""Recipes -> pictures: made once for each content, in any process, and kept in the memory.

Their keys hold what Pillow and this tool's use of it depend on, and nothing else, so that a
new version of anything else makes no picture anew.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from sitegen import disk, pictures
from sitegen.build.engine import library_versions
from sitegen.build.memory import Memory, content_digest
from sitegen.build.workers import Done, Stage, Workers
from sitegen.disk import SourceFile
from sitegen.errors import Location, Problem, SiteError, printable
from sitegen.pictures.encoding import PictureError, encode
from sitegen.pictures.sharing import draw
from sitegen.views.jobs import Job, Stored, digest_of
from sitegen.views.machines import file_view
from sitegen.views.pictures import Variant
from sitegen.views.sharing import Card

KIND = "picture"
_CARD = 150_000
_WORTHWHILE = 2_000_000  # pixels to encode: about half a second of work
_CURE = "save it anew with a program for pictures, or delete it"


class Recipe(msgspec.Struct, frozen=True):
    """A picture to be made, and the file that it is made of: the original, or the font."""

    key: bytes
    """Digest of all that its bytes depend on."""
    picture: Variant | Card
    file: SourceFile


def variant_jobs(variants: Iterable[Variant], files: Mapping[str, SourceFile]) -> Iterator[Job]:
    """Yield the output of each picture that is made of another.

    Args:
        variants: What is to be made.
        files: Path of an original -> its file.
    """
    for one in variants:
        original = one.original
        key = digest_of(_made_by(), original.digest, original.look.kind, one.format, one.width)
        yield _job(Recipe(key, one, files[original.file]))


def card_jobs(cards: Iterable[Card], font: SourceFile | None) -> Iterator[Job]:
    """Yield the output of each sharing picture, once for those that are alike."""
    if font is None:
        return
    try:
        letters = content_digest(disk.read(font))
    except SiteError:
        letters = b""  # making it will say so
    for one in {one.path: one for one in cards}.values():
        yield _job(Recipe(digest_of(_made_by(), letters, one), one, font))


def _job(recipe: Recipe) -> Job:
    stored = Stored(KIND, recipe, recipe.key)
    path = recipe.picture.path.lstrip("/")
    return Job(path, "", Location(recipe.file.path), file_view, (stored,))


def _pixels(picture: Variant | Card) -> int:
    """Return how many pixels are to be encoded; drawing a card takes about as long as so many."""
    if isinstance(picture, Card):
        return _CARD
    look = picture.original.look
    return picture.width * picture.width * look.height // look.width


@functools.cache
def _made_by() -> bytes:
    """Return the digest of what makes pictures."""
    folder = Path(pictures.__file__).parent
    sources = [path.read_bytes() for path in sorted(folder.glob("*.py"))]
    return digest_of(library_versions().get("pillow", ""), sys.platform, sources)


def recipes_of(jobs: Iterable[Job]) -> Iterator[Recipe]:
    """Yield the recipes of the pictures among some outputs."""
    for job in jobs:
        for argument in job.args:
            if isinstance(argument, Stored) and argument.kind == KIND:
                yield argument.key


def missing_pictures(memory: Memory, jobs: Iterable[Job]) -> list[Recipe]:
    """Return the recipes of the pictures that some outputs need and the memory lacks."""
    missing = {one.key: one for one in recipes_of(jobs) if memory.head(one.key) is None}
    return list(missing.values())


def develop(memory: Memory, recipes: Sequence[Recipe], workers: Workers) -> Iterator[int]:
    """Make pictures and keep them in the memory; yield how many more are done."""
    costs = [_pixels(recipe.picture) for recipe in recipes]
    with contextlib.closing(workers.in_batches(Darkroom(), recipes, costs, _WORTHWHILE)) as batches:
        for batch in batches:
            for made in batch:
                if made.data:
                    memory.keep(made.key, b"", made.data)
            memory.flush()
            yield len(batch)


class Negative(msgspec.Struct, frozen=True):
    """A recipe, and the bytes of the file that its picture is made of."""

    recipe: Recipe
    data: bytes


class Developed(msgspec.Struct, frozen=True):
    """A picture; without bytes if it cannot be made: printing it will say so."""

    key: bytes
    data: bytes = b""


class Darkroom(Stage[Recipe, Negative, Developed, Developed]):
    """Recipes -> pictures."""

    tool = None

    def fetch(self, item: Recipe) -> Negative | Done[Developed]:
        """Read the file that a picture is made of."""
        try:
            return Negative(item, disk.read(item.file))
        except SiteError:
            return Done(Developed(item.key))

    @staticmethod
    def work(tool: None, task: Negative) -> Developed:
        """Make a picture."""
        del tool
        try:
            return Developed(task.recipe.key, _make(task.recipe, task.data))
        except SiteError:
            return Developed(task.recipe.key)

    def keep(self, answer: Developed) -> Developed:
        """Return the picture: who has asked for it keeps it."""
        return answer


def picture(memory: Memory, recipe: Recipe) -> bytes:
    """Return a picture, from the memory or made now.

    Raises:
        SiteError: The original cannot be read.
    """
    data = memory.value(recipe.key)
    return _make(recipe, disk.read(recipe.file)) if data is None else data


def _make(recipe: Recipe, data: bytes) -> bytes:
    made = recipe.picture
    if isinstance(made, Variant):
        return _variant(made, data)
    try:
        return draw(made.design, data, made.title, made.foot)
    except ValueError as error:
        message = f"the font cannot be used: {printable(str(error))}"
        hint = "take a TrueType or OpenType font"
        raise SiteError(Problem("no-font", message, Location(recipe.file.path), hint)) from error


def _variant(variant: Variant, data: bytes) -> bytes:
    original = variant.original
    if content_digest(data) != original.digest:
        message = "the picture changed while the site was built"
        raise SiteError(Problem("file", message, Location(original.file), "build once more"))
    try:
        return encode(data, original.look.kind, variant.format, variant.width)
    except PictureError as error:
        message = f"the picture cannot be decoded: {printable(str(error))}"
        raise SiteError(Problem("picture", message, Location(original.file), _CURE)) from error
