"""How often hints of `comments review` are given: to comments that were merged, and to spam.

`python -m benchmarks.hints [CORPORA]`: the folder of the corpora of merged comments; without it,
only what was made up for this. Nobody publishes what he refused, so the spam is our own: it says
which kinds the hints see, and not how much of them there is.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import yaml

from sitegen.importers.comments.bringing import bring
from sitegen.importers.comments.exports import Exports
from sitegen.review.gathering import review_files
from sitegen.review.records import Reviewed

OWN = Path(__file__).parent / "reviewed"
NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
REFUSED = 0.64
"""Of what is submitted, as counted in four public repositories: 1,509 of 2,357."""
_HEAD = "title: T\nbase_url: https://t.example/\n"
_ARTICLE = "---\ntitle: A\ndate: 2018-02-19\n---\nText.\n"


class Set(msgspec.Struct, frozen=True):
    """Comments of one kind, with the kinds of their hints."""

    name: str
    kind: str
    """`spam`, `typed` (merged as it was typed), `stored` (merged, and stored as HTML) or `ordinary`."""
    hints: tuple[frozenset[str], ...]

    @property
    def flagged(self) -> int:
        """How many have a hint."""
        return sum(map(bool, self.hints))


def main() -> None:
    corpora = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    sys.stdout.write(report([*merged(corpora), *ours()] if corpora else [*ours()]))


def ours() -> Iterator[Set]:
    """Yield what was made up: spam by kinds, and what looks like it."""
    for name in ("spam", "ordinary"):
        said = yaml.load((OWN / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for kind, entries in said.items():
            with tempfile.TemporaryDirectory() as place:
                yield Set(kind, name, _of_site(_own_site(Path(place), entries)))


def merged(corpora: Path) -> Iterator[Set]:
    """Yield comments of public blogs that somebody let pass."""
    with tempfile.TemporaryDirectory() as place:
        site = Path(place) / "haacked"
        shutil.copytree(corpora / "site-haacked", site, copy_function=shutil.copyfile)
        found = list(_reviewed(site))
        stored = [one for one in found if _is_stored_as_html(one)]
        typed = [one for one in found if not _is_stored_as_html(one)]
        yield Set("haacked.com, typed into its form", "typed", _hints(typed))
        yield Set("haacked.com, stored as HTML by Disqus", "stored", _hints(stored))
        yield Set(
            "made-mistakes, typed into its form",
            "typed",
            _of_site(_made_mistakes(Path(place) / "made", corpora)),
        )
        yield Set(
            "mxb.dev, HTML of other sites",
            "stored",
            _of_site(_mentions(Path(place) / "mxb", corpora)),
        )


def _own_site(root: Path, entries: Iterable[dict[str, str]]) -> Path:
    """Write a site in which each entry is a comment of an article of its own."""
    _write(root / "config.yaml", _HEAD)
    for number, entry in enumerate(entries):
        _write(root / f"content/a{number}.md", _ARTICLE)
        text = "".join(
            f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
            for key, value in {"date": "2018-02-20T10:00:00Z", **entry}.items()
        )
        _write(root / f"comments/a{number}/c.yaml", text)
    return root


def _made_mistakes(root: Path, corpora: Path) -> Path:
    source = corpora / "comments-made-mistakes/_data/comments"
    for folder in sorted(source.iterdir()):
        moments = [_date(path.read_text(encoding="utf-8")) for path in folder.glob("*.yml")]
        first = min((one for one in moments if one), default="2010-01-01")
        _write(root / f"content/{folder.name}.md", _ARTICLE.replace("2018-02-19", first))
    return _brought(root, "staticman", source)


def _mentions(root: Path, corpora: Path) -> Path:
    source = corpora / "import/webmention/mxb-dev-2019.json"
    pages = set(
        re.findall(
            r'"wm-target": ?"https?://[^/"]+/([^"?#]+?)/?["?#]', source.read_text(encoding="utf-8")
        )
    )
    for page in sorted(pages):
        _write(root / f"content/{page}.md", _ARTICLE.replace("2018-02-19", "2001-01-01"))
    return _brought(root, "webmention", source)


def _brought(root: Path, system: str, source: Path) -> Path:
    _write(root / "config.yaml", _HEAD)
    bring(system, Exports([source]), root, lambda _: None)
    return root


def _date(text: str) -> str:
    found = re.search(r"^date: '?\"?(\d{4}-\d\d-\d\d)", text, re.MULTILINE)
    return found[1] if found else ""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _reviewed(site: Path) -> tuple[Reviewed, ...]:
    return review_files(site, [site / "comments"], NOW)[0].comments


def _of_site(site: Path) -> tuple[frozenset[str], ...]:
    return _hints(_reviewed(site))


def _hints(found: Iterable[Reviewed]) -> tuple[frozenset[str], ...]:
    """Return the kinds of hints of each; a file that is faulty fails anyway, and counts as told."""
    return tuple(
        frozenset({hint.kind for hint in one.hints} | {"fails" for _ in one.problems})
        for one in found
    )


def _is_stored_as_html(one: Reviewed) -> bool:
    return "/dsq-" in one.path or one.path.rpartition("/")[2].startswith("dsq")


def report(sets: Iterable[Set]) -> str:
    """Return the figures as a table in Markdown, and what they come to."""
    sets = list(sets)
    rows = ["| Comments | How many | With a hint | Which |", "|---|--:|--:|---|"]
    rows += [row(one.name, one) for one in sets if one.kind in {"typed", "stored"}]
    rows += [row(f"our own, {said}", *of_kind(sets, kind)) for kind, said in MADE.items()]
    rows += ["", "| Spam of our own | How many | With a hint |", "|---|--:|--:|"]
    rows += [f"| {one.name} | {len(one.hints)} | {one.flagged} |" for one in of_kind(sets, "spam")]
    if typed := of_kind(sets, "typed"):
        recall, alarms = share(of_kind(sets, "spam")), share(typed)
        right, wrong = recall * REFUSED, alarms * (1 - REFUSED)
        rows += [
            "",
            f"recall on our own spam: {recall:.0%}",
            f"hints to what was typed and merged: {alarms:.1%}",
            f"precision, if {REFUSED:.0%} of what comes is spam like ours: {right / (right + wrong):.0%}",
        ]
    return "\n".join(rows) + "\n"


MADE = {"spam": "spam", "ordinary": "ordinary ones that look like it"}


def row(name: str, *sets: Set) -> str:
    """Return a line about sets: how many comments, how many with a hint, which hints most often."""
    which = Counter(kind for one in sets for hints in one.hints for kind in hints)
    common = sorted(which.items(), key=lambda pair: (-pair[1], pair[0]))[:4]
    said = ", ".join(f"`{kind}` {count}" for kind, count in common)
    total, flagged = sum(len(one.hints) for one in sets), sum(one.flagged for one in sets)
    return f"| {name} | {total:,} | {flagged} | {said} |"


def of_kind(sets: Iterable[Set], kind: str) -> list[Set]:
    """Return the sets of a kind."""
    return [one for one in sets if one.kind == kind]


def share(sets: Iterable[Set]) -> float:
    """Return what share of the comments of some sets have a hint."""
    sets = list(sets)
    return sum(one.flagged for one in sets) / sum(len(one.hints) for one in sets)


if __name__ == "__main__":
    main()
