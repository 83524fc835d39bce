"""Changed files and what was there before -> the review of each, and of all of them together."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sitegen import disk
from sitegen.errors import Location, Problem, SiteError, in_order, quoted
from sitegen.markup.untrusted import changes as text_changes
from sitegen.markup.untrusted.formats import render_comment
from sitegen.review.hints import Around, comment_hints, range_hints, same_text, word_pattern
from sitegen.review.names import skeleton
from sitegen.review.privacy import finds
from sitegen.review.ranges import Change, Range
from sitegen.review.readable import Link, link_of, readable
from sitegen.review.records import Outside, Review, Reviewed
from sitegen.review.snapshots import COMMENT_LIMIT, Snapshot
from sitegen.review.targets import read_targets
from sitegen.sources.comments import Comment, parse_comment, target_of
from sitegen.sources.config import Config

_MAX_READ = 6_000  # files of a range that are looked into; of the rest, only the names


class Proposal(msgspec.Struct, frozen=True):
    """A changed file with its bytes."""

    change: Change
    data: bytes | None = None
    """One byte more than a comment may have stands for all that are longer; None for none."""
    old_data: bytes | None = None


class Ground(msgspec.Struct, frozen=True):
    """What a proposal is looked at against."""

    config: Config
    site: Snapshot
    comments: Snapshot
    now: dt.datetime


def review(
    ground: Ground, proposals: Sequence[Proposal], outside: Sequence[Outside], span: Range | None
) -> Review:
    """Return the review of changed comment files.

    Args:
        ground: The site as it is without them.
        proposals: The files below comments/.
        outside: All others.
        span: Where they are from; None if they were named.
    """
    reviewer = _Reviewer(ground, proposals[:_MAX_READ])
    reviewed = [reviewer.reviewed(one) for one in proposals[:_MAX_READ]]
    reviewed += [_unread(one.change) for one in proposals[_MAX_READ:]]
    reviewed.sort(key=lambda one: one.rank)
    return Review(
        span.base if span else "",
        span.head if span else "",
        tuple(outside),
        tuple(reviewed),
        range_hints(reviewed),
        ground.now,
    )


class _Reviewer:
    """Holds the threads that a proposal touches while its comments are looked at."""

    def __init__(self, ground: Ground, proposals: Iterable[Proposal]) -> None:
        self.ground = ground
        self.words = word_pattern(ground.config.comments.words)
        self.parsed: dict[str, Comment | SiteError] = {}
        before: dict[str, Comment] = {}
        gone = set()
        keys = set()
        for proposal in proposals:
            change = proposal.change
            keys.add(target_of(change.path))
            gone.add(change.old_path or change.path)
            if proposal.data is not None and change.is_file:
                self.parsed[change.path] = self._parsed(change.path, proposal.data)
        names = [name for name in ground.comments.names if name.startswith(f"{disk.COMMENTS}/")]
        left = gone | self.parsed.keys()
        others = [name for name in names if target_of(name) in keys and name not in left]
        for path, data in ground.comments.read(others, COMMENT_LIMIT).items():
            comment = self._parsed(path, data)
            if isinstance(comment, Comment):
                before[path] = comment
        self.targets = read_targets(ground.site, ground.config, keys, ground.now)
        new = [one for one in self.parsed.values() if isinstance(one, Comment)]
        self.threads: dict[str, dict[str, Comment]] = defaultdict(dict)
        self.called: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for comment in (*before.values(), *new):
            self.threads[comment.target][comment.id] = comment
            alike = self.called[comment.target, skeleton(comment.author)]
            alike.setdefault(comment.author.casefold(), comment.author)
        self.repeated = Counter(filter(None, map(same_text, (*before.values(), *new))))
        self.twins = _twins((*names, *self.parsed), gone - set(self.parsed))

    def _parsed(self, path: str, data: bytes) -> Comment | SiteError:
        try:
            return parse_comment(path, data, self.ground.config.zone)
        except SiteError as error:
            return error

    def reviewed(self, proposal: Proposal) -> Reviewed:
        """Return the review of one file."""
        change = proposal.change
        old = None
        if proposal.old_data is not None:
            old = self._parsed(change.old_path or change.path, proposal.old_data)
        before = old if isinstance(old, Comment) else None
        found = Reviewed(
            change.kind,
            change.path,
            change.old_path,
            before=before,
            before_lines=self._rendered(before)[1] if before else (),
            target=self.targets.get(target_of(change.path)),
            source=(proposal.data or b"").decode("utf-8", "replace")[: COMMENT_LIMIT + 1],
            problems=tuple(self._problems(change)),
        )
        comment = self.parsed.get(change.path)
        return self._with_text(found, comment) if isinstance(comment, Comment) else found

    def _problems(self, change: Change) -> list[Problem]:
        where = Location(change.path)
        if change.kind == "deleted":
            return []
        if not change.is_file:
            hint = "only files are published; links and submodules are never followed"
            return [Problem("link", "this is a link or a submodule, not a file", where, hint)]
        found: list[Problem] = []
        parsed = self.parsed.get(change.path)
        if isinstance(parsed, SiteError):
            found += parsed.problems
        elif parsed is None:
            hint = "fetch it first, as with `git fetch --refetch`"
            found.append(
                Problem("git", "the content of this file is not in this clone", where, hint)
            )
        if twin := self.twins.get(change.path):
            how = "case, Unicode form or folder of the thread"
            message = f"the name differs from {quoted(twin, 120)} by {how} only"
            found.append(Problem("twins", message, where, "choose another name"))
        key = target_of(change.path)
        if key and key not in self.targets and not isinstance(parsed, SiteError):
            article = quoted(f"content/{key}.md", 120)
            message = f"there is no article {article} that it could answer"
            found.append(
                Problem("orphan", message, where, "name the folder like the article's file")
            )
        if isinstance(parsed, Comment) and not self.ground.config.text_format(parsed.format):
            message = f"{quoted(parsed.format)} is no text format of this site"
            known = ", ".join(sorted(one.name for one in self.ground.config.formats))
            found.append(Problem("text-format", message, where, f"known: {known}"))
        return in_order(found)

    def _with_text(self, found: Reviewed, comment: Comment) -> Reviewed:
        html, lines, changes, links = self._rendered(comment)
        parent = self.threads[comment.target].get(comment.reply_to)
        around = Around(
            self.ground.config,
            self.ground.now,
            found.target,
            parent,
            not comment.reply_to or parent is not None,
            self.called[comment.target, skeleton(comment.author)],
            self.repeated,
            self.words,
        )
        values = {
            name: getattr(comment, name)
            for name in ("author", "subject", "url", "source", "reply_to", "body")
        }
        return msgspec.structs.replace(
            found,
            comment=comment,
            parent=parent,
            html=html,
            lines=lines,
            changes=changes,
            links=links,
            hints=comment_hints(comment, links, changes, around),
            finds=tuple(finds(values)),
        )

    def _rendered(
        self, comment: Comment
    ) -> tuple[str, tuple[str, ...], tuple[text_changes.Change, ...], tuple[Link, ...]]:
        text_format = self.ground.config.text_format(comment.format)
        own = [("url", comment.url), ("source", comment.source)]
        links = tuple(link_of(comment.author, value, where) for where, value in own if value)
        if text_format is None or comment.removed:
            return "", (), (), links
        done = render_comment(comment.body, text_format, f"comment-{comment.id}-")
        seen = readable(str(done.html))
        return str(done.html), seen.lines, done.changes, (*seen.links, *links)


def file_of(article: str, name: str, ground: Ground) -> str:
    """Return the file of a comment by its article and id; empty if there is none."""
    end = f"/{name}.yaml"
    files = (path for path in ground.comments.names if path.endswith(end))
    return next((path for path in files if target_of(path) == article), "") if name else ""


def _twins(names: Iterable[str], gone: Iterable[str]) -> Mapping[str, str]:
    """Return path -> another path that some file systems take for the same."""
    seen: dict[str, str] = {}
    found = {}
    left = set(gone)
    for name in names:
        if name not in left:
            place = f"{target_of(name)}/{name.rpartition('/')[2]}"
            other = seen.setdefault(place.casefold(), name)
            if other != name:
                found[name], found[other] = other, name
    return found


def _unread(change: Change) -> Reviewed:
    message = f"the range has more than {_MAX_READ} comments, so this one was not read"
    problem = Problem("many", message, Location(change.path), "split the range")
    return Reviewed(change.kind, change.path, change.old_path, problems=(problem,))
