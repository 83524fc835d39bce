"""Disqus: the XML of Admin → Setup → Export: threads with their addresses, then posts.

What joins them is the attribute `dsq:id`; the element `<id>` is the site's own word for a
page, often empty. Posts waiting for moderation are not marked.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.errors import Location
from sitegen.importers.comments.exports import Exports
from sitegen.importers.comments.found import Found
from sitegen.importers.comments.xml_stream import Element, elements

_PRIVATE = {"e-mail address": ("author", "email"), "IP address": ("", "ipAddress")}


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield every post of the files; a thread comes before its posts, as Disqus writes them."""
    threads: dict[str, tuple[str, ...]] = {}
    gone: set[str] = set()
    for export in exports.files():
        for element in elements(export, {"thread", "post"}, skipped=()):
            if element.name == "thread":
                key = element.attributes.get("id", "")
                threads[key] = tuple(filter(None, (element.text("link"), element.text("id"))))
                if element.text("isDeleted") == "true":
                    gone.add(key)
            else:
                yield _post(element, threads, gone, export.path)


def _post(post: Element, threads: dict[str, tuple[str, ...]], gone: set[str], path: str) -> Found:
    thread = _reference(post, "thread")
    pages = threads.get(thread, ())
    author = post.child("author") or Element("author", {}, 0)
    number = post.attributes.get("id", "")
    is_spam = post.text("isSpam") == "true"
    left = "it is spam" if is_spam else "its thread was deleted" if thread in gone else ""
    private = [
        kind for kind, (inner, name) in _PRIVATE.items() if (author if inner else post).text(name)
    ]
    link = next((page for page in pages if page.startswith("http")), "")
    return Found(
        Location(path, post.line, 1),
        number,
        pages or (f"thread {thread}",),
        post.text("createdAt"),
        author.text("name") or author.text("username"),
        post.text("message"),
        "html",
        parent=_reference(post, "parent"),
        url=author.text("link"),
        source=f"{link.partition('#')[0]}#comment-{number}" if link else "",
        removed=post.text("isDeleted") == "true",
        left=left,
        private=tuple(private),
    )


def _reference(post: Element, name: str) -> str:
    """Return the `dsq:id` that a child of a post names."""
    child = post.child(name)
    return child.attributes.get("id", "") if child else ""
