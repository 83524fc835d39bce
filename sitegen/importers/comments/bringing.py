"""Exports of one system -> comment files of a site, and a report of everything."""

from __future__ import annotations

import difflib
import importlib
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from sitegen import disk
from sitegen.build.heads import read_heads
from sitegen.build.inputs import read_config
from sitegen.errors import Location, SiteError
from sitegen.importers.comments import articles as pages
from sitegen.importers.comments.articles import Articles, Missing
from sitegen.importers.comments.exports import Exports
from sitegen.importers.comments.found import Found
from sitegen.importers.comments.landing import Landing
from sitegen.importers.comments.making import Made, Maker
from sitegen.importers.comments.naming import file_id
from sitegen.importers.comments.report import NO_ARTICLE, Outcome, Totals
from sitegen.importers.comments.spool import Spool
from sitegen.importers.comments.threads import placed
from sitegen.sources.comments import FOLDER, Comment, dump_comment, parse_comment
from sitegen.sources.config import Config

Tell = Callable[[Outcome], None]
_ADDRESS = re.compile(r"(?<![^\s@<>\"'(])[^\s@<>\"'(]+@[\w-]+\.[\w.-]*\w")
_NAMED_BY_FILES = frozenset({"staticman", "jekyll", "jsonl", "mbox"})


class Brought(msgspec.Struct, frozen=True):
    """How an import ended."""

    totals: Any
    written: bool
    completed: int
    """Files of an earlier import, killed on its way, that were put into their place first."""


def bring(
    system: str,
    exports: Exports,
    root: Path,
    tell: Tell,
    *,
    made: Callable[[int, int], None] = lambda *_: None,
    map_file: Path | None = None,
    update: bool = False,
    dry_run: bool = False,
) -> Brought:
    """Bring the comments of an export into a site: all that can be brought, or nothing at all.

    Args:
        system: The name of a module of `importers/systems/`.
        exports: Files of that system.
        root: The site's folder.
        tell: Told what became of each comment.
        made: Told of how many comments the files are made, and of how many there are.
        map_file: Lines of `page -> content path`; pages without an article are added to it.
        update: Write comments anew that are here and say something else.
        dry_run: Write nothing but the map.

    Raises:
        SiteError: The site or the export cannot be read; nothing was written.
    """
    config, problems = read_config(root)
    if problems:
        raise SiteError(*problems)
    known = Articles(read_heads(root, config), config)
    if map_file:
        pages.read_map(map_file, known)
    totals = Totals()
    with Landing(root, root / config.comments.folder) as landing, closing(Spool()) as spool:
        bringer = _Bringer(system, config, root, tell, totals, landing, spool, update)
        bringer.read(exports, known)
        bringer.write(made)
        if map_file:
            pages.write_map(map_file, _missing(totals))
        if not dry_run:
            landing.land()
    written = landing.count > 0 and not dry_run
    return Brought(totals, written, landing.completed)


def _missing(totals: Totals) -> Iterator[Missing]:
    for page, (count, path, line) in totals.missing.items():
        yield Missing(page, count, Location(path, line))


class _Bringer:
    """One import."""

    def __init__(
        self,
        system: str,
        config: Config,
        root: Path,
        tell: Tell,
        totals: Totals,
        landing: Landing,
        spool: Spool,
        update: bool,
    ) -> None:
        self.system = system
        self.place = root / config.comments.folder
        self.zone = config.zone
        self.maker = Maker(
            config.zone, {known.name: known for known in config.formats}, config.comments.format
        )
        self.tell = tell
        self.totals = totals
        self.landing = landing
        self.spool = spool
        self.update = update

    def read(self, exports: Exports, known: Articles) -> None:
        """Take every comment of the export in, below its article."""
        module = importlib.import_module(f"sitegen.importers.systems.{self.system}")
        for found in module.found_in(exports):
            self.totals.read += 1
            self.totals.private.update(found.private)
            target = known.find(found.pages)
            if target and target != pages.NOBODY:
                self.spool.add(target, found)
                continue
            reason = found.left or ("its page is left out by the map" if target else NO_ARTICLE)
            if not found.left and not target:
                page = pages.page_name(next(iter(found.pages), "")) or "(none)"
                count, path, line = self.totals.missing.get(
                    page, (0, found.place.path, found.place.line)
                )
                self.totals.missing[page] = (count + 1, path, line)
            self.end(Outcome("left", found.place.path, found.place.line, found.id, notes=(reason,)))

    def write(self, made: Callable[[int, int], None]) -> None:
        """Make the comment files of every article; they wait to be put into their place."""
        done = 0
        for target, thread in self.spool.threads():
            self.thread(target, thread)
            done += len(thread)
            made(done, self.spool.count)

    def name(self, source_id: str) -> str:
        """Return the id of a comment here by the one it has there."""
        return file_id(
            source_id if self.system in _NAMED_BY_FILES else f"{self.system}-{source_id}"
        )

    def thread(self, target: str, thread: list[Found]) -> None:
        """Make the comments of one article."""
        names = {
            found.id: file_id(found.file_id) if found.file_id else self.name(found.id)
            for found in thread
        }
        made: dict[int, Made] = {}
        owners: dict[str, str] = {}
        for place, found in enumerate(thread):
            if owners.setdefault(names[found.id], found.id) != found.id:
                thread[place] = msgspec.structs.replace(
                    found, left="another comment has the same name"
                )
            elif not found.left:
                one = made[place] = self.maker.make(found, target, names[found.id], "")
                if one.comment is None and not found.removed:
                    thread[place] = msgspec.structs.replace(found, left=one.notes[0])

        def is_here(source_id: str) -> bool:
            return self.here(target, self.name(source_id)) is not None

        for place, row in enumerate(placed(thread, is_here)):
            found = row.found
            where = (found.place.path, found.place.line, found.id)
            one = made.get(place, Made(found, None, (found.left,)))
            if row.left or one.comment is None:
                notes = one.notes if one.comment is None else (row.left,)
                self.end(Outcome("left", *where, notes=notes))
                continue
            parent = names.get(row.parent) or (self.name(row.parent) if row.parent else "")
            comment = msgspec.structs.replace(one.comment, reply_to=parent)
            outcome = Outcome(
                "added",
                *where,
                comment.path,
                (*found.notes, *one.notes, *row.notes),
                one.changes,
                one.lost,
            )
            self.put(outcome, comment)

    def here(self, target: str, name: str) -> disk.SourceFile | None:
        """Return the file of a comment that the site has already."""
        return disk.find(self.place, f"{FOLDER}/{target}/{name}.yaml")

    def put(self, outcome: Outcome, comment: Comment) -> None:
        """Let a new comment wait for its place; one that is here stays, unless it shall be updated."""
        file = self.here(comment.target, comment.id)
        if file is None:
            self.landing.put(comment.path, dump_comment(comment))
            self.totals.removed += comment.removed
            self.totals.addresses_in_texts += bool(_ADDRESS.search(comment.body))
            self.end(outcome)
            return
        data = disk.read(file)
        old = self.parsed(comment.path, data)
        if old == comment:
            self.end(msgspec.structs.replace(outcome, outcome="unchanged"))
            return
        if old is not None and old.removed:
            notes = ("it was removed here, and stays so",)
            self.end(msgspec.structs.replace(outcome, outcome="unchanged", notes=notes))
            return
        text = dump_comment(comment)
        difference = _difference(data.decode("utf-8", "replace"), text, comment.path)
        if self.update:
            self.landing.put(comment.path, text, replaces=True)
        fate = "updated" if self.update else "differs"
        self.end(msgspec.structs.replace(outcome, outcome=fate, difference=difference))

    def parsed(self, path: str, data: bytes) -> Comment | None:
        try:
            return parse_comment(path, data, self.zone)
        except SiteError:
            return None

    def end(self, outcome: Outcome) -> None:
        """Count what became of a comment, and tell it."""
        self.totals.count(outcome)
        self.tell(outcome)


def _difference(old: str, new: str, path: str) -> str:
    rows = difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"a/{path}", f"b/{path}", lineterm=""
    )
    return "\n".join(rows)
