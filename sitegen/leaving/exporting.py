"""Comments -> our JSON lines, the WXR that WordPress imports, or the XML of Disqus."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from typing import NamedTuple

from sitegen.leaving.gathering import Gathering, Thread
from sitegen.markup.untrusted.formats import TextFormat, comment_html
from sitegen.sources.comment_lines import dump_line
from sitegen.sources.comments import Comment

Keep = Callable[[Comment], bool]


def json_lines(site: Gathering, keep: Keep) -> Iterator[str]:
    """Yield one line of JSON for each comment: `comments import jsonl` makes the same files of them."""
    return (dump_line(comment) for comment in site.comments() if keep(comment))


class _Numbered(NamedTuple):
    """A comment with the numbers that stand for it and for what it answers; 0 for the article."""

    comment: Comment
    number: int
    parent: int


def _numbered(thread: Thread, keep: Keep, first: int) -> list[_Numbered]:
    kept = [comment for comment in thread.comments if keep(comment)]
    numbers = {comment.id: first + place for place, comment in enumerate(kept)}
    return [
        _Numbered(comment, numbers[comment.id], numbers.get(comment.reply_to, 0))
        for comment in kept
    ]


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _row(name: str, value: str) -> str:
    return f"<{name}>{html.escape(value, quote=False)}</{name}>\n"


def wordpress(site: Gathering, keep: Keep) -> Iterator[str]:
    """Yield WXR 1.2: an item for each article, with its comments below it."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"'
    yield ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    yield ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    yield ' xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
    yield ' xmlns:wp="http://wordpress.org/export/1.2/">\n<channel>\n'
    yield _row("title", site.config.title) + _row("link", site.config.base_url)
    yield _row("wp:wxr_version", "1.2") + _row("wp:base_site_url", site.config.base_url)
    yield _row("wp:base_blog_url", site.config.base_url)
    formats = {known.name: known for known in site.config.formats}
    number = 1
    for post, thread in enumerate(site.threads(), 1):
        comments = _numbered(thread, keep, number)
        number += len(comments)
        if comments:
            yield _item(thread, post)
            for row in comments:
                yield _wordpress_comment(row, _text_format(row.comment, formats, site))
            yield "</item>\n"
    yield "</channel>\n</rss>\n"


def _item(thread: Thread, number: int) -> str:
    document = thread.document
    date = f"{document.date:%Y-%m-%d %H:%M:%S}" if document.date else "0000-00-00 00:00:00"
    published = _row("pubDate", format_datetime(document.date) if document.date else "")
    rows = {
        "wp:post_id": str(number), "wp:post_date": date, "wp:post_date_gmt": date,
        "wp:comment_status": "open", "wp:ping_status": "closed",
        "wp:post_name": document.slug or document.key.rpartition("/")[2], "wp:status": "publish",
        "wp:post_parent": "0", "wp:menu_order": "0",
        "wp:post_type": "post" if document.kind == "article" else "page", "wp:post_password": "",
        "wp:is_sticky": "0",
    }  # fmt: skip
    head = f"<item>\n{_row('title', document.title)}{_row('link', thread.url)}{published}"
    head += (
        f'<dc:creator></dc:creator>\n<guid isPermaLink="false">{html.escape(thread.url)}</guid>\n'
    )
    head += "<content:encoded><![CDATA[]]></content:encoded>\n<excerpt:encoded><![CDATA[]]></excerpt:encoded>\n"
    return head + "".join(_row(name, value) for name, value in rows.items())


def _wordpress_comment(row: _Numbered, text_format: TextFormat) -> str:
    comment = row.comment
    date = f"{comment.date:%Y-%m-%d %H:%M:%S}"
    # What WordPress keeps is text like ours: line ends break, tags are HTML.
    is_like_ours = text_format.kind == "html"
    body = (
        comment.body if is_like_ours else str(comment_html(comment.body, text_format, "comment-"))
    )
    rows = {
        "id": str(row.number), "author": _cdata(comment.author), "author_email": "",
        "author_url": html.escape(comment.url), "author_IP": "", "date": date, "date_gmt": date,
        "content": _cdata(body.strip("\n")), "approved": "trash" if comment.removed else "1",
        "type": "comment", "parent": str(row.parent), "user_id": "0",
    }  # fmt: skip
    inner = "".join(
        f"<wp:comment_{name}>{value}</wp:comment_{name}>\n" for name, value in rows.items()
    )
    return f"<wp:comment>\n{inner}</wp:comment>\n"


def disqus(site: Gathering, keep: Keep) -> Iterator[str]:
    """Yield the XML that Disqus exports: threads with their addresses, then posts."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<disqus xmlns="http://disqus.com"'
    yield ' xmlns:dsq="http://disqus.com/disqus-internals">\n'
    formats = {known.name: known for known in site.config.formats}
    number = 1
    for place, thread in enumerate(site.threads(), 1):
        comments = _numbered(thread, keep, number)
        number += len(comments)
        if not comments:
            continue
        yield f'<thread dsq:id="{place}">\n{_row("id", thread.target)}{_row("link", thread.url)}'
        yield _row("title", thread.document.title)
        yield _row("createdAt", f"{comments[0].comment.date:%Y-%m-%dT%H:%M:%SZ}")
        yield "<isClosed>false</isClosed>\n<isDeleted>false</isDeleted>\n</thread>\n"
        for row in comments:
            yield _disqus_post(row, place, _text_format(row.comment, formats, site))
    yield "</disqus>\n"


def _disqus_post(row: _Numbered, thread: int, text_format: TextFormat) -> str:
    comment = row.comment
    text = str(comment_html(comment.body, text_format, "comment-"))
    deleted = str(comment.removed).lower()
    parent = f'<parent dsq:id="{row.parent}"/>\n' if row.parent else ""
    link = _row("link", comment.url) if comment.url else ""
    return (
        f'<post dsq:id="{row.number}">\n<id/>\n<message>{_cdata(text)}</message>\n'
        f"{_row('createdAt', f'{comment.date:%Y-%m-%dT%H:%M:%SZ}')}"
        f"<isDeleted>{deleted}</isDeleted>\n<isSpam>false</isSpam>\n"
        f"<author>\n{_row('name', comment.author)}{link}<isAnonymous>true</isAnonymous>\n</author>\n"
        f'<thread dsq:id="{thread}"/>\n{parent}</post>\n'
    )


def _text_format(comment: Comment, formats: dict[str, TextFormat], site: Gathering) -> TextFormat:
    """Return the format of a comment; one that nobody knows is read as plain text."""
    return formats.get(comment.format or site.config.comments.format, formats["plain_text"])


EXPORTS: dict[str, Callable[[Gathering, Keep], Iterator[str]]] = {
    "jsonl": json_lines,
    "wordpress": wordpress,
    "disqus": disqus,
}
"""Name on the command line -> how comments are written for it."""
