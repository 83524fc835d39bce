"""Measure what bringing comments in takes: exports of WordPress of growing size, time and memory.

`python -m benchmarks.comment_import [MEGABYTES…]`; default 30 and 300. What has to hold is
that memory does not grow with the export: the last column is the peak of the one process.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from benchmarks import process

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:wp="http://wordpress.org/export/1.2/">\n<channel>\n'
)
_ARTICLES, _COMMENTS_EACH, _ARTICLE_WORDS, _COMMENT_WORDS = 2000, 4, 6000, 40
_WORDS = (
    *("the", "of", "a", "comment", "about", "<b>bold</b>", "trips", "and", "AT&amp;T", "was"),
    *("here", "so", "lost\nwords", "again"),
)


def write_export(place: Path, megabytes: int) -> int:
    """Write an export of about that size; return its number of comments."""
    dice = random.Random(megabytes)
    article = " ".join(dice.choices(_WORDS, k=_ARTICLE_WORDS))
    count = item = 0
    with place.open("w", encoding="utf-8") as stream:
        stream.write(_HEAD)
        while stream.tell() < megabytes << 20:
            name = f"article-{item % _ARTICLES}"
            stream.write(
                f"<item><title>{name}</title><link>https://old.example/{name}/</link>"
                f"<content:encoded><![CDATA[{article}]]></content:encoded>\n"
            )
            for _ in range(_COMMENTS_EACH):
                count += 1
                stream.write(_comment(count, " ".join(dice.choices(_WORDS, k=_COMMENT_WORDS))))
            stream.write("</item>\n")
            item += 1
        stream.write("</channel>\n</rss>\n")
    return count


def _comment(number: int, text: str) -> str:
    parent = number - 1 if number % 4 == 0 else 0
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id>"
        "<wp:comment_author>Jo</wp:comment_author>"
        "<wp:comment_author_email>jo@example.org</wp:comment_author_email>"
        "<wp:comment_date_gmt>2018-02-20 11:00:00</wp:comment_date_gmt>"
        f"<wp:comment_content><![CDATA[{text}]]></wp:comment_content>"
        f"<wp:comment_approved>1</wp:comment_approved><wp:comment_parent>{parent}</wp:comment_parent>"
        "</wp:comment>\n"
    )


def write_site(root: Path) -> None:
    """Write a site with the articles that the export speaks of."""
    (root / "content").mkdir(parents=True)
    (root / "config.yaml").write_text("title: T\nbase_url: https://example.org/\n")
    for number in range(_ARTICLES):
        text = f"---\ntitle: {number}\ndate: 2018-01-01\n---\nHi.\n"
        (root / f"content/article-{number}.md").write_text(text)


def main(sizes: list[int] | None = None) -> None:
    """Print one row for each size."""
    print("MB of export | comments | seconds | comments a second | MB of memory")
    for megabytes in sizes or [30, 300]:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            write_site(place / "site")
            count = write_export(place / "export.xml", megabytes)
            command = [sys.executable, "-m", "sitegen", "comments", "import", "wordpress"]
            cost = process.run(
                [*command, str(place / "export.xml"), "--site", str(place / "site")],
                place, {}, 4000,
            )  # fmt: skip
            print(
                f"{megabytes} | {count:,} | {cost.wall:.0f} | {count / cost.wall:.0f} | {cost.peak:.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]])
