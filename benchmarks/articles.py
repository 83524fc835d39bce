"""The articles of the workload: 300 to 900 words with all that people put into Markdown."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import prose
from benchmarks.dice import Dice
from benchmarks.words import CODE, LATIN, TAGS, WORDS

_FIRST = dt.datetime(2005, 3, 1, 8, tzinfo=dt.UTC)
_NO_WORD = re.compile(r"[^a-z0-9]+")
_DRAFTS = 50  # one of so many is a draft


@dataclass(frozen=True, slots=True)
class Article:
    """One article; without a date it is one of the published workload."""

    number: int
    slug: str
    title: str
    body: str
    date: dt.datetime | None = None
    description: str = ""
    tags: tuple[str, ...] = ()
    draft: bool = False


def article(seed: int, number: int) -> Article:
    """Return an article; it depends on nothing but these two numbers."""
    dice = Dice(f"article {seed} {number}")
    title = prose.phrase(dice, 3, 8)
    if dice.chance(0.1):
        title += f": {dice.one(WORDS)} & {dice.one(WORDS)}"
    elif dice.chance(0.1):
        title += "?"
    return Article(
        number=number,
        slug=_slug(title, number),
        title=title,
        date=_FIRST + dt.timedelta(hours=17 * number, minutes=dice.between(0, 900)),
        description=prose.plain(dice, dice.between(14, 28)),
        tags=tuple(sorted(dice.several(TAGS, dice.one((1, 2, 2, 3, 3, 3, 4, 5))))),
        draft=number % _DRAFTS == _DRAFTS - 1,
        body=_Body(dice).write(),
    )


def lorem(seed: int, number: int) -> Article:
    """Return a file of the published workload: a title and three paragraphs of Latin."""
    dice = Dice(f"lorem {seed} {number}")
    title = " ".join(dice.one(LATIN) for _ in range(5))
    paragraphs = [
        " ".join(
            " ".join(dice.one(LATIN) for _ in range(dice.between(5, 15))).capitalize() + "."
            for _ in range(dice.between(3, 7))
        )
        for _ in range(3)
    ]
    return Article(number, _slug(title, number), title, "\n\n".join(paragraphs) + "\n")


def _slug(title: str, number: int) -> str:
    return f"{_NO_WORD.sub('-', title.lower())[:60].strip('-')}-{number:05d}"


class _Body:
    """Writes the text of one article."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.wanted = dice.between(300, 900)
        self.count = 0
        self.is_wrapped = dice.chance(0.5)
        shares: tuple[tuple[Callable[[], str], float], ...] = (
            (self._list, 0.7),
            (self._numbered, 0.25),
            (self._code, 0.45),
            (self._quote, 0.35),
            (self._table, 0.2),
            (self._image, 0.25),
            (self._references, 0.15),
            (lambda: "***", 0.1),
        )
        self.specials = [make for make, share in shares if dice.chance(share)]

    def write(self) -> str:
        parts = [self._paragraph(30, 70)]
        while self.count < self.wanted:
            parts.append(f"## {prose.phrase(self.dice, 2, 6)}")
            few = range(self.dice.between(1, 3))
            parts += [self._paragraph(35, 110) for _ in few if self.count < self.wanted]
            if self.specials and self.dice.chance(0.8):
                parts.append(self.specials.pop(self.dice.between(0, len(self.specials) - 1))())
            if self.count < self.wanted and self.dice.chance(0.3):
                parts += [f"### {prose.phrase(self.dice, 2, 5)}", self._paragraph(30, 80)]
        return "\n\n".join(parts) + "\n"

    def _rich(self, low: int, high: int) -> str:
        count = self.dice.between(low, high)
        self.count += count
        return prose.rich(self.dice, count)

    def _paragraph(self, low: int, high: int) -> str:
        most = max(20, self.wanted - self.count)
        text = self._rich(min(low, most), min(high, most))
        return prose.wrapped(text) if self.is_wrapped else text

    def _list(self) -> str:
        items = []
        for _ in range(self.dice.between(3, 7)):
            items.append(f"- {self._rich(4, 22)}")
            if self.dice.chance(0.12):
                items += [f"  - {self._rich(6, 6)}", f"  - {self._rich(7, 7)}"]
        return "\n".join(items)

    def _numbered(self) -> str:
        count = self.dice.between(3, 6)
        return "\n".join(f"{number}. {self._rich(5, 16)}" for number in range(1, count + 1))

    def _code(self) -> str:
        language = self.dice.one(tuple(CODE))
        lines = CODE[language]
        shown = (lines[at % len(lines)] for at in range(self.dice.between(4, 18)))
        return f"```{language}\n" + "\n".join(shown) + "\n```"

    def _quote(self) -> str:
        lines = prose.wrapped(self._rich(15, 45)).split("\n")
        return "\n".join(f"> {line}" for line in lines)

    def _table(self) -> str:
        width = self.dice.between(3, 4)
        rows = [prose.words(self.dice, width), ["---"] * (width - 1) + ["--:"]]
        for _ in range(self.dice.between(4, 8)):
            middle = [" ".join(prose.words(self.dice, 2)) for _ in range(width - 2)]
            rows.append([f"`{self.dice.one(WORDS)}`", *middle, str(self.dice.between(1, 9999))])
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def _image(self) -> str:
        alt = " ".join(prose.words(self.dice, 4))
        name = f"{self.dice.one(WORDS)}-{self.dice.between(1, 50)}.jpg"
        return f'![{alt}](https://pictures.example.org/{name} "{self.dice.one(WORDS)}")'

    def _references(self) -> str:
        first, second = prose.address(self.dice), prose.address(self.dice)
        about = self.dice.one(WORDS)
        return (
            f'See [the {about}][one] and [more][two].\n\n[one]: {first}\n[two]: {second} "{about}"'
        )
