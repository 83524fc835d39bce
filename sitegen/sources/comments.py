"""comments/<content path>/<id>.yaml <-> Comment.

The one gate through which a stranger's file passes: `comments check`, the build, the
importers and the receiver all read and write with these two functions.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import msgspec

from sitegen import disk
from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.sources import decoding, kinds, nodes, schema, strict_yaml
from sitegen.sources.file_names import DEVICE
from sitegen.sources.scalars import block_scalar, scalar
from sitegen.sources.schema import Key

FOLDER = disk.COMMENTS
MAX_BODY = 20_000  # characters; what lies beyond is refused here, so nothing is cut later
ID = r"[a-z0-9][a-z0-9._-]{0,79}"
_FILE_NAME = re.compile(ID + r"\.yaml", re.ASCII)
_RESERVED = re.compile(rf"{DEVICE}(?:\..*)?", re.ASCII)
# Direction marks and what cannot be seen make a name or a link read as another; ZWJ and
# ZWNJ stay, since Persian names and many emoji are spelt with them. Hangul's fillers and
# Braille's blank are letters and signs to Unicode, and make a name of nothing.
INVISIBLE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\U000e0000-\U000e0fff]"
)
WEB = r"https?://(?![^/?#]*@)[^\s/?#<>\"'`\\]+(?:[/?#][^\s<>\"`\\]*)?"


class Comment(msgspec.Struct, frozen=True):
    """One comment as its file says it; every text is a stranger's and untrusted."""

    path: str
    """Of its file, from the site's root."""
    id: str
    """Unique below its article; the file's name without `.yaml`."""
    target: str
    """Content path of what it answers: `posts/trip` for content/posts/trip.md."""
    date: dt.datetime
    author: str = ""
    body: str = ""
    reply_to: str = ""
    subject: str = ""
    url: str = ""
    format: str = ""
    """Name of its text format; empty for the site's default."""
    source: str = ""
    removed: bool = False


def tombstone(comment: Comment) -> Comment:
    """Return what keeps the place of a comment in its thread, and says nothing of its writer."""
    return Comment(
        *(comment.path, comment.id, comment.target, comment.date),
        reply_to=comment.reply_to,
        removed=True,
    )


KEYS: tuple[Key, ...] = (
    Key(
        "author", kinds.text(max_length=80), "Who wrote it; any name, shown as written.", default=""
    ),
    Key("date", kinds.moment, "When it was written; without a zone, in the site's.", required=True),
    Key(
        "reply_to",
        kinds.matching(ID, "the id of a comment", "use the name of its file without `.yaml`"),
        "The id of the comment of the same article that this one answers.",
        default="",
    ),
    Key("subject", kinds.text(max_length=120), "A subject line.", default=""),
    Key(
        "url",
        kinds.matching(WEB, "a web address", "write it whole, beginning with https://"),
        "The writer's own site; `http` or `https`.",
        default="",
    ),
    Key(
        "format",
        kinds.matching(
            r"[a-z][a-z0-9_]{0,39}",
            "the name of a text format",
            "leave it out for the site's default",
        ),
        "Its text format: `restricted_html`, `markdown`, `plain_text`, or one of the site's.",
        default="",
    ),
    Key(
        "source",
        kinds.matching(WEB, "a web address", "write it whole, beginning with https://"),
        "Where an imported comment was published first.",
        default="",
    ),
    Key(
        "removed",
        kinds.flag,
        "A tombstone: it keeps the thread together and shows nothing else.",
        default=False,
    ),
    Key("body", kinds.text(max_length=MAX_BODY, one_line=False), "What was said.", default=""),
)


def file_problem(path: str) -> Problem | None:
    """Return what is wrong with the name or the place of a file below comments/, if anything."""
    name = PurePosixPath(path).name
    where = Location(path)
    if not _FILE_NAME.fullmatch(name):
        hint = "use a-z, 0-9, `.`, `_` and `-`, at most 80 characters, and `.yaml`, as in 2018-02-20-ada.yaml"
        return Problem(
            "file-name", f"{quoted(name)} is not a name for a comment's file", where, hint
        )
    stem = name.removesuffix(".yaml")
    if _RESERVED.fullmatch(stem) or stem.endswith("."):
        return Problem(
            "file-name", f"{quoted(name)} cannot be a file on Windows", where, "choose another name"
        )
    if len(PurePosixPath(path).parts) < 3:
        hint = "put it into a folder named like the article, as in comments/posts/trip/"
        return Problem("file-name", "this comment belongs to no article", where, hint)
    return None


def target_of(path: str) -> str:
    """Return the content path that a comment's file answers; empty if there is none.

    Folders whose names begin with `+` only part a thread that is too long for one.

    >>> target_of("comments/posts/trip/2018-02-20-ada.yaml")
    'posts/trip'
    >>> target_of("comments/posts/trip/+2018/2018-02-20-ada.yaml")
    'posts/trip'
    """
    target = path.rpartition("/")[0].removeprefix(FOLDER).lstrip("/")
    while "/+" in target and target.rpartition("/")[2].startswith("+"):
        target = target.rpartition("/")[0]
    return target


def parse_comment(path: str, data: bytes, zone: ZoneInfo) -> Comment:
    """Return the comment that a file holds.

    Args:
        path: `comments/<content path>/<id>.yaml`, from the site's root.
        data: The file's bytes.
        zone: What dates without a zone are meant in.

    Raises:
        SiteError: With every fault of the file, each at its line and column.
    """
    wrong_name = file_problem(path)
    if wrong_name:
        raise SiteError(wrong_name)
    if len(data) > strict_yaml.STRANGERS.size:
        hint = "a comment has at most 20,000 characters"
        raise SiteError(Problem("size", "the file holds more than 64 KiB", Location(path), hint))
    text = decoding.decode(data, path)
    mapping = strict_yaml.parse_mapping(text, path, strict_yaml.STRANGERS)
    reader = kinds.Reader(zone)
    values = schema.read_keys(mapping, KEYS, reader)
    _check_visible(mapping, reader)
    _check_whole(values, mapping, reader)
    if reader.problems:
        raise SiteError(*decoding.with_excerpts(reader.problems, text))
    return Comment(path=path, id=PurePosixPath(path).stem, target=target_of(path), **values)


def _check_visible(mapping: nodes.Mapping, reader: kinds.Reader) -> None:
    for key, node in mapping.entries:
        if key.text == "body" or not isinstance(node, nodes.Scalar):
            continue
        found = INVISIBLE.search(node.text)
        if found:
            message = f"{quoted(key.text)} holds the invisible character U+{ord(found[0]):04X}"
            reader.report(
                "invisible", message, node.location, "delete it; it can make a text read as another"
            )


def _check_whole(values: dict[str, object], mapping: nodes.Mapping, reader: kinds.Reader) -> None:
    """Report what no single value shows: a comment needs a writer and a body, a tombstone neither."""
    present = {key.text for key, _ in mapping.entries}
    if values["removed"]:
        if values["body"]:
            place = next(node.location for key, node in mapping.entries if key.text == "body")
            reader.report(
                "tombstone",
                "a removed comment has no body",
                place,
                "delete `body`, or `removed: true`",
            )
        return
    for name in ("author", "body"):
        if not values[name] and (name not in present or not reader.problems):
            hint = f"add `{name}: …`"
            reader.report("missing-key", f"key `{name}` is missing", mapping.location, hint)


def dump_comment(comment: Comment) -> str:
    """Return the text of a comment's file; `parse_comment` of it is the comment again."""
    rows = []
    if comment.author:
        rows.append(f"author: {scalar(comment.author)}")
    rows.append(f"date: {dump_moment(comment.date)}")
    for name in ("reply_to", "subject", "url", "format", "source"):
        value = getattr(comment, name)
        if value:
            rows.append(f"{name}: {scalar(value)}")
    if comment.removed:
        rows.append("removed: true")
    if comment.body:
        rows.append(f"body: {block_scalar(comment.body)}")
    return "\n".join(rows) + "\n"


def dump_moment(moment: dt.datetime) -> str:
    """Return a moment in RFC 3339, in UTC, with a fraction only where there is one."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
