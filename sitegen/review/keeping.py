"""Comments that are written, removed or renamed, and threads that stay whole all the while."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.build.following import document_keys
from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.markup.slugs import slugify
from sitegen.review.gathering import comments_root, sound_config
from sitegen.review.snapshots import COMMENT_LIMIT
from sitegen.sources import comments, content
from sitegen.sources.comments import Comment, dump_comment, file_problem, parse_comment, tombstone
from sitegen.sources.config import Config

_REPLY_LINE = re.compile(r"^reply_to:.*$", re.MULTILINE)


def new_comment(
    root: Path,
    article: str,
    body: str,
    now: dt.datetime,
    *,
    author: str,
    reply_to: str = "",
    subject: str = "",
    format_name: str = "",
) -> str:
    """Write a new comment's file and return its path.

    Args:
        root: The site's folder.
        article: A file below content/, or its content path.
        body: The text.
        now: The date.
        author: Who writes it; gives the file its name, with the date.
        reply_to: Id of the comment that is answered.
        subject: A subject line.
        format_name: Its text format.

    Raises:
        SiteError: There is no such article or parent, or the file would be faulty.
    """
    settings = sound_config(root)
    key = _article(root, article)
    thread = _Thread(root, settings, key)
    if reply_to and reply_to not in thread.comments:
        raise _missing(f"{thread.folder}/{reply_to}.yaml", thread.comments, reply_to)
    slug = (
        slugify(unicodedata.normalize("NFKD", author).encode("ascii", "ignore").decode())
        .strip("-")[:40]
        .strip("-")
    )
    day = f"{now.astimezone(settings.zone):%Y-%m-%d}"
    taken = {name.casefold() for name in thread.comments}
    names = (f"{day}-{slug or 'comment'}{f'-{n}' if n > 1 else ''}" for n in range(1, 10_000))
    name = next(one for one in names if one not in taken)
    path = f"{thread.folder}/{name}.yaml"
    text = body.replace("\r\n", "\n").rstrip() + "\n"
    comment = Comment(
        path, name, key, now.replace(microsecond=0), author, text if text.strip() else "",
        reply_to, subject, "", format_name,
    )  # fmt: skip
    if settings.text_format(format_name) is None:
        known = ", ".join(sorted(one.name for one in settings.formats))
        message = f"{quoted(format_name)} is no text format of this site"
        raise SiteError(Problem("text-format", message, Location(path), f"known: {known}"))
    data = dump_comment(comment).encode()
    parse_comment(path, data, settings.zone)
    disk.write_new(thread.root, path, data)
    return path


def remove_comment(root: Path, path: Path) -> list[str]:
    """Take a comment away and return what was done, a line a file.

    With replies it becomes a tombstone. Tombstones that stood above it and
    have no other reply go with it.
    """
    settings = sound_config(root)
    thread, comment = _find(root, settings, path)
    if any(other.reply_to == comment.id for other in thread.comments.values()):
        stone = dump_comment(tombstone(comment))
        disk.write_over(thread.root, comment.path, stone.encode())
        return [f"{comment.path} is a tombstone now, since it has replies"]
    done = []
    gone: Comment | None = comment
    while gone is not None:
        (thread.root / gone.path).unlink()
        done.append(f"{gone.path} is removed")
        del thread.comments[gone.id]
        above = thread.comments.get(gone.reply_to)
        is_bare = above and above.removed and not thread.replies(above.id)
        gone = above if is_bare else None
    return done


def rename_comment(root: Path, path: Path, name: str) -> list[str]:
    """Give a comment another id, tell its replies, and return what was done, a line a file."""
    settings = sound_config(root)
    thread, comment = _find(root, settings, path)
    new = f"{comment.path.rpartition('/')[0]}/{name}.yaml"
    if wrong := file_problem(new):
        raise SiteError(wrong)
    if name.casefold() in {other.casefold() for other in thread.comments} - {comment.id}:
        message = f"there is a comment {quoted(name)} on this article already"
        raise SiteError(Problem("exists", message, Location(new), "choose another id"))
    if name == comment.id:
        return []
    replies = thread.replies(comment.id)
    done = [f"{comment.path} is {new} now"]
    # The replies first: cut off in between, they name a parent that is about to be there.
    for reply in replies:
        text = _REPLY_LINE.sub(f"reply_to: {name}", thread.texts[reply.id], count=1)
        wanted = msgspec.structs.replace(reply, reply_to=name)
        if parse_comment(reply.path, text.encode(), settings.zone) != wanted:
            text = dump_comment(wanted)
        disk.write_over(thread.root, reply.path, text.encode())
        done.append(f"{reply.path} answers {name} now")
    (thread.root / comment.path).rename(thread.root / new)
    if f"{comment.target}/{comment.id}" in settings.comments.by_author:
        done.append(f"config.yaml: write {comment.target}/{name} below `by_author`")
    return done


class _Thread:
    """The comments of one article as they lie in their folders; faulty files are left out."""

    def __init__(self, root: Path, settings: Config, key: str) -> None:
        self.root = comments_root(root, settings)
        self.folder = f"{disk.COMMENTS}/{key}"
        self.comments: dict[str, Comment] = {}
        self.texts: dict[str, str] = {}
        """Id -> the text of the file."""
        for file in disk.scan(self.root, [self.folder]).files:
            if comments.target_of(file.path) == key:
                try:
                    data = disk.read(file, COMMENT_LIMIT)
                    found = parse_comment(file.path, data, settings.zone)
                except SiteError:
                    continue
                self.comments[found.id] = found
                self.texts[found.id] = data.decode("utf-8")

    def replies(self, name: str) -> list[Comment]:
        """Return the comments that answer one."""
        return [one for one in self.comments.values() if one.reply_to == name]


def _find(root: Path, settings: Config, path: Path) -> tuple[_Thread, Comment]:
    """Return a comment, named by its file or as `posts/trip/2018-02-20-ada`, and its thread."""
    place = comments_root(root, settings).resolve()
    for base in (Path.cwd(), place, place / disk.COMMENTS):
        for name in (path.name, f"{path.name}.yaml"):
            full = (base / path).with_name(name)
            if full.is_file() and full.resolve().is_relative_to(place / disk.COMMENTS):
                inner = full.resolve().relative_to(place).as_posix()
                thread = _Thread(root, settings, comments.target_of(inner))
                if full.stem in thread.comments:
                    return thread, thread.comments[full.stem]
                hint = "`sitegen comments check` says what is wrong with it"
                raise SiteError(Problem("file", "this is no sound comment", Location(inner), hint))
    hint = "name its file, as in comments/posts/trip/2018-02-20-ada.yaml"
    raise SiteError(Problem("file", "there is no such comment", Location(path.as_posix()), hint))


def _missing(path: str, known: Iterable[str], name: str) -> SiteError:
    close = difflib.get_close_matches(name, list(known), n=1)
    hint = f"did you mean {close[0]}?" if close else "name the file of the comment without `.yaml`"
    return SiteError(Problem("reply", f"there is no comment {quoted(name)}", Location(path), hint))


def _article(root: Path, article: str) -> str:
    """Return the content path of an article that is there."""
    wanted = (
        article.replace("\\", "/").removeprefix("./").removeprefix(f"{content.FOLDER}/").strip("/")
    )
    if wanted.endswith(".md"):
        wanted = content.content_key(f"{content.FOLDER}/{wanted}")
    keys = sorted(document_keys(root))
    if wanted in keys:
        return wanted
    close = difflib.get_close_matches(wanted, keys, n=1)
    hint = f"did you mean {close[0]}?" if close else "name its file below content/"
    where = Location(f"{content.FOLDER}/{wanted}.md")
    raise SiteError(Problem("file", "there is no such article", where, hint))
