"""The comments of the workload: short texts by strangers, some with markup, a few hostile."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from benchmarks import prose
from benchmarks.articles import Article
from benchmarks.dice import Dice
from benchmarks.words import FAMILY, GIVEN, HOSTILE

_MARKUP = re.compile(r"[<>&:/@]")
_PLAIN_WORDS = re.compile(r"[a-z]+(?: [a-z]+){2,}")


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment."""

    id: str
    author: str
    date: dt.datetime
    body: str
    url: str = ""
    reply_to: str = ""


def remarks(seed: int, article: Article, mean: float) -> tuple[Remark, ...]:
    """Return the comments of an article in the order in which they were written."""
    assert article.date is not None
    found: list[Remark] = []
    date = article.date
    for number in range(how_many(seed, article.number, mean)):
        dice = Dice(f"comment {seed} {article.number} {number}")
        date += dt.timedelta(minutes=dice.between(5, 1500))
        answers = found[dice.between(0, len(found) - 1)].id if dice.chance(0.35) and found else ""
        found.append(
            Remark(
                id=f"{date:%Y%m%d-%H%M%S}-{dice.between(0, 2**32 - 1):08x}",
                author=f"{dice.one(GIVEN)} {dice.one(FAMILY)}",
                date=date,
                url=prose.address(dice) if dice.chance(0.3) else "",
                reply_to=answers,
                body=_body(dice, number),
            )
        )
    return tuple(found)


def how_many(seed: int, number: int, mean: float) -> int:
    """Return how many comments an article has: a few have very many, most have few or none."""
    dice = Dice(f"count {seed} {number}")
    if mean <= 0:
        return 0
    if number % 100 == 37:
        return round(40 * mean)
    if number % 25 == 6:
        return dice.between(round(4 * mean), round(8 * mean))
    share = dice.one((0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 5)) * mean / 5
    return int(share) + dice.chance(share - int(share))


def plain_words(remark: Remark) -> str:
    """Return words of a comment that every text format shows, if it begins with plain text.

    Behind markup nothing is sure: some cleaners drop what follows a tag that is never closed.
    """
    first = remark.body.split("\n\n")[0]
    found = [] if _MARKUP.search(first) else _PLAIN_WORDS.findall(first)
    return max(found, key=len, default="")


def _body(dice: Dice, number: int) -> str:
    paragraphs = [_paragraph(dice) for _ in range(dice.one((1, 1, 1, 2, 2, 3)))]
    if dice.chance(0.02):
        at = dice.between(0, len(paragraphs))
        paragraphs.insert(at, dice.one(HOSTILE).format(n=number))
    return "\n\n".join(paragraphs)


def _paragraph(dice: Dice) -> str:
    found = prose.plain(dice, dice.between(8, 60)).split(" ")
    at = dice.between(0, len(found) - 3)
    kind = dice.between(1, 100)
    if kind <= 15:
        found.insert(at, prose.address(dice))
    elif kind <= 40:
        found[at] = _markup(dice, found[at])
        if dice.chance(0.1):
            found.insert(0, f"<blockquote>{prose.plain(dice, 12)}</blockquote>\n\n")
    elif kind <= 45:
        found.append("I say a < b && c > d, jo@example.com.")
    return " ".join(found)


def _markup(dice: Dice, word: str) -> str:
    link = prose.address(dice).replace("&", "&amp;")
    return dice.one(
        (
            f"<em>{word}</em>",
            f"<em>{word}</em>",
            f"<strong>{word}</strong>",
            f'<a href="{link}">{word}</a>',
            f"<code>{word} &lt; 3</code>",
        )
    )
