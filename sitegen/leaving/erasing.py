"""The comments that one person wrote -> tombstones: threads stay, nothing of the person does."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.errors import SiteError
from sitegen.leaving.gathering import Gathering, same_name
from sitegen.sources.comments import Comment, dump_comment, tombstone


class Erased(msgspec.Struct, frozen=True):
    """What was, or would be, erased."""

    paths: tuple[str, ...]
    mentions: tuple[str, ...]
    """Comments of others whose text holds the name: somebody has to read them."""


def erase(root: Path, author: str, *, dry_run: bool) -> Erased:
    """Replace every comment of an author by a tombstone, which an import leaves alone.

    Args:
        root: The site's folder.
        author: The name; case and blanks do not count.
        dry_run: Change nothing.

    Raises:
        SiteError: A comment's file cannot be read, so nobody knows whose it is; nothing was erased.
    """
    site = Gathering(root)
    theirs: list[Comment] = []
    mentions = []
    for comment in site.comments():
        if comment.author and same_name(comment.author, author):
            theirs.append(comment)
        elif author.casefold() in f"{comment.body}\n{comment.subject}\n{comment.author}".casefold():
            mentions.append(comment.path)
    if site.problems:
        raise SiteError(*site.problems)
    if not dry_run:
        for comment in theirs:
            disk.write_over(site.place, comment.path, dump_comment(tombstone(comment)).encode())
    return Erased(tuple(comment.path for comment in theirs), tuple(mentions))
