"""A site's folder and a range, or named files -> what is proposed, and the ground it is put on."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import msgspec

from sitegen import disk, git
from sitegen.build.inputs import read_config
from sitegen.errors import Location, Problem, SiteError
from sitegen.review.ranges import Change, Range, find_range, known_base
from sitegen.review.records import Outside, Review
from sitegen.review.reviewing import Ground, Proposal, review
from sitegen.review.snapshots import (
    COMMENT_LIMIT,
    CommitFiles,
    Snapshot,
    of_commit,
    of_folder,
    prefix_of,
)
from sitegen.sources import config
from sitegen.sources.config import Config


def review_range(root: Path, wanted: str, now: dt.datetime) -> tuple[Review, Ground]:
    """Return the review of what a branch proposes, and the site that it is to be merged into.

    The configuration, the articles and the other comments are those of the branch that it is to
    be merged into, whatever lies in the folder.

    Args:
        root: The site's folder.
        wanted: `BASE` or `BASE..HEAD`; empty for the default branch.
        now: The time.

    Raises:
        SiteError: The range cannot be found, or the configuration is faulty.
    """
    place, settings, site = _trusted(root, wanted)
    span = find_range(place, wanted)
    prefix = prefix_of(place)
    comments = of_commit(place, span.base, prefix)
    if place == root:
        site, settings = comments, _config(comments)
    proposals, outside = _sorted(span, prefix)
    ground = Ground(settings, site, comments, now)
    return review(ground, _with_bytes(span, proposals), outside, span), ground


def review_files(root: Path, paths: Iterable[Path], now: dt.datetime) -> tuple[Review, Ground]:
    """Return the review of comment files that lie in the site's folder, as if they were new.

    Raises:
        SiteError: A path is not below comments/, or the configuration is faulty.
    """
    settings = sound_config(root)
    place = comments_root(root, settings)
    found = of_folder(root, place)
    wanted = [_inner(place, path) for path in paths]
    chosen = [
        path
        for path in found.names
        if path.startswith(f"{disk.COMMENTS}/")
        and any(path == one or path.startswith(f"{one}/") for one in wanted)
    ]
    absent = [one for one in wanted if not any(f"{path}/".startswith(f"{one}/") for path in chosen)]
    if absent:
        raise SiteError(
            *(Problem("file", "there is no comment here", Location(path)) for path in absent)
        )
    data = found.read(chosen, COMMENT_LIMIT)
    proposals = [Proposal(Change("added", path), data.get(path)) for path in chosen]
    ground = Ground(settings, found, found, now)
    return review(ground, proposals, (), None), ground


def comments_root(root: Path, settings: Config) -> Path:
    """Return the folder in which a site's comments/ lies."""
    return root / settings.comments.folder  # `root / "."` is the root


def comments_place(root: Path) -> Path:
    """Return the folder of all comments of a site."""
    return comments_root(root, read_config(root)[0]) / disk.COMMENTS


def _inner(root: Path, path: Path) -> str:
    place = path if path.is_absolute() or path.exists() else root / path
    try:
        return place.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def _trusted(root: Path, wanted: str) -> tuple[Path, Config, Snapshot]:
    """Return the repository of the comments, and the site where that is another one.

    Who sends a branch may send a config.yaml in it, so the one that counts is that of the branch
    it goes to. Only a site whose comments lie elsewhere is taken as it lies in its folder.
    """
    nothing = CommitFiles(root, {})
    base = known_base(root, wanted)
    settings = _config(of_commit(root, base, prefix_of(root))) if base else read_config(root)[0]
    place = comments_root(root, settings)
    # Where there is no base, the reason is told when the range is sought.
    return place, settings, nothing if place == root else of_folder(root, root)


def _config(files: CommitFiles) -> Config:
    data = files.read([disk.CONFIG], 1_000_000)
    if disk.CONFIG not in data:
        hint = "run sitegen in the folder of a site, or name it with --site DIR"
        message = "there is no config.yaml in the branch that this goes to"
        raise SiteError(Problem("no-site", message, Location(disk.CONFIG), hint))
    return config.parse_config(data[disk.CONFIG])


def sound_config(root: Path) -> Config:
    """Return the configuration of a site, which has no fault; else its problems are raised."""
    settings, problems = read_config(root)
    if problems:
        raise SiteError(*problems)
    return settings


def _sorted(span: Range, prefix: str) -> tuple[list[Change], list[Outside]]:
    """Return the changes below comments/, from the site's root, and all others.

    A file that comes from elsewhere, or goes there, counts as both.
    """
    inside = f"{prefix}{disk.COMMENTS}/"
    proposals = []
    outside = []
    for change in span.changes:
        paths = [path for path in (change.path, change.old_path) if path]
        outside += [Outside(change.kind, path) for path in paths if not path.startswith(inside)]
        if not change.path.startswith(inside):
            if change.old_path.startswith(inside):
                path = change.old_path.removeprefix(prefix)
                proposals.append(Change("deleted", path, old_blob=change.old_blob))
            continue
        path = unicodedata.normalize("NFC", change.path.removeprefix(prefix))
        old = change.old_path.removeprefix(prefix)
        proposals.append(msgspec.structs.replace(change, path=path, old_path=old))
    return proposals, outside


def _with_bytes(span: Range, changes: list[Change]) -> list[Proposal]:
    wanted = {
        blob
        for change in changes
        for blob in (change.blob if change.is_file else "", change.old_blob)
        if blob
    }
    found = git.blobs(span.root, wanted, COMMENT_LIMIT)
    return [
        Proposal(change, found.get(change.blob), found.get(change.old_blob)) for change in changes
    ]
