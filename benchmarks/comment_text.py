"""Time comment text beside bleach, nh3 and markdown-it-py, in one run, and the worst bodies.

    python benchmarks/comment_text.py [--rounds 9] [--no-worst]

Every round times each of them once over the same texts, so that other work on the machine
hits all alike; the medians and their ratios are printed. CPU time, one thread. With
SITEGEN_SHARED the texts are real comments, else a handful of our own.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import time
from pathlib import Path

import bleach
import nh3
import yaml
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt

from sitegen.markup.untrusted.allowlist import RESTRICTED
from sitegen.markup.untrusted.characters import MAX_CHARACTERS
from sitegen.markup.untrusted.formats import BUILTIN_FORMATS, comment_html

SAMPLES = [
    "Thanks for this.\n\nI never knew that one could do it in so few lines, and it works.",
    'See <a href="https://example.com/">this</a>: <code>List&lt;T&gt;</code> is <em>not</em> it.',
    "<p>First of all: <strong>no</strong>.</p><ul><li>one</li><li>two</li></ul>",
]
LIMITS = {"text": 60.0, "tags": 1.3}


def bodies() -> list[str]:
    """Return real comments, or our own."""
    shared = os.environ.get("SITEGEN_SHARED", "")
    folder = Path(shared) / "corpora"
    if not shared or not folder.is_dir():
        return SAMPLES * 50
    paths = [
        *(folder / "site-haacked/comments").rglob("*.yaml"),
        *(folder / "comments-made-mistakes").rglob("*.yml"),
    ]
    records = [yaml.load(path.read_bytes(), yaml.BaseLoader) for path in sorted(paths)]
    records = [record for record in records if isinstance(record, dict)]
    return [str(record.get("body") or record.get("message") or "") for record in records]


def rivals() -> dict:
    """Return what is timed: name -> function of one text."""
    restricted, markdown = BUILTIN_FORMATS["restricted_html"], BUILTIN_FORMATS["markdown"]
    attributes = {one.name: [each.name for each in one.attributes] for one in RESTRICTED.elements}
    cleaner = Cleaner(
        tags=frozenset(attributes), attributes=attributes, strip=True, protocols={"http", "https"}
    )
    ammonia = nh3.Cleaner(tags=set(attributes), attributes={"*": set()}, link_rel=None)
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    return {
        "restricted_html": lambda text: comment_html(text, restricted, "comment-x-"),
        "markdown": lambda text: comment_html(text, markdown, "comment-x-"),
        "bleach, one Cleaner": cleaner.clean,
        "nh3": ammonia.clean,
        "markdown-it-py": parser.render,
    }


def medians(texts: list[str], rounds: int) -> dict[str, float]:
    """Return name -> microseconds a kilobyte, the median of the rounds."""
    timed = rivals()
    size = sum(map(len, texts)) / 1_024
    taken: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(rounds):
        for name, function in timed.items():
            started = time.process_time()
            for text in texts:
                function(text)
            taken[name].append((time.process_time() - started) * 1e6 / size)
    return {name: statistics.median(times) for name, times in taken.items()}


def print_speed(texts: list[str], title: str, rounds: int) -> dict[str, float]:
    found = medians(texts, rounds)
    base = found["bleach, one Cleaner"]
    size = sum(map(len, texts)) / 1_024
    print(f"\n{title}: {len(texts)} comments, {size:.0f} KB, median of {rounds} rounds")
    for name, time_taken in found.items():
        print(f"  {name:22} {time_taken:8.1f} µs/KB {time_taken / base:6.2f} × bleach")
    return found


UNITS = [
    "a",
    "a.",
    "a@",
    "a@a.",
    "www.",
    "(",
    "&",
    "<",
    ">",
    "http://",
    "http://a.b/",
    "http://a.b/「",
    "http://a.b/)",
    "http://é.é ",
    "www.a.b:",
    "mailto:a@b.c ",
    "<b>",
    "<em>",
    "<li>",
    "<ul><li>",
    "</em>",
    "<a href=x>",
    "<h2 id=a>",
    "<h2 id=a></h2>",
    "<a b=c ",
    "<a b='",
    "&#1;",
    "&lt;",
    "&#x10ffff;",
    "\n",
    "\n\n",
    "a\n",
    " ",
    "\t",
    "  \n",
    "<p>",
    "<br>",
    "<code>",
    "́",
    "\u200d",
    "\u202e",
    "漢",
    "*",
    "_",
    "*a_",
    "**a *b",
    "`",
    "``` ",
    "[",
    "[]",
    "[[",
    "](",
    "![",
    "[a](",
    "[a][b]",
    "[a]: b\n",
    "> ",
    ">",
    "- ",
    "1. ",
    "- - ",
    "* a\n  ",
    "|",
    "|-|\n",
    "|a|\n",
    "~~",
    "\\",
    "# a\n",
    "a\n===\n",
    "<!--",
    "<?",
    "<![CDATA[",
    "    a\n",
    "\ta\n",
    "<https://a.b>",
    "_a",
    "***a ",
]


def print_worst() -> float:
    """Print the slowest bodies at the limit of length; return the slowest one's seconds."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slowest = []
    for name, text_format in BUILTIN_FORMATS.items():
        for start in ("", "<em>x</em>", "<em>" * 30):
            for unit in filter(None, UNITS):
                text = (start + unit * MAX_CHARACTERS)[:MAX_CHARACTERS]
                started = time.process_time()
                html = comment_html(text, text_format, "comment-x-")
                slowest.append((time.process_time() - started, name, start[:10], unit, len(html)))
    slowest.sort(reverse=True)
    print(f"\nThe slowest of {len(slowest)} bodies of {MAX_CHARACTERS} characters:")
    for seconds, name, start, unit, length in slowest[:8]:
        print(f"  {seconds:6.3f} s  {name:16} {start!r:12} {unit!r:16} {length} characters out")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1_024
    print(f"  peak memory grew by {grown:.0f} MB over all of them")
    return slowest[0][0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--no-worst", action="store_true")
    options = parser.parse_args()
    texts = bodies()
    plain = [text for text in texts if "<" not in text and "&" not in text]
    tagged = [text for text in texts if "<" in text]
    kept = ("<a", "<em", "<code", "<strong", "<blockquote", "<ul", "<b>", "<i>", "<li")
    rich = [text for text in tagged if any(tag in text for tag in kept)]
    print(f"bleach {bleach.__version__}, Python {sys.version.split()[0]}")
    text = print_speed(plain or SAMPLES[:1], "Text without markup", options.rounds)
    tags = print_speed(tagged, "Text with any markup (p and br included)", options.rounds)
    most = print_speed(rich, "Text with allowed tags", options.rounds)
    ratios = [found["restricted_html"] / found["bleach, one Cleaner"] for found in (tags, most)]
    worst = 0.0 if options.no_worst else print_worst()
    good = text["restricted_html"] <= LIMITS["text"] and max(ratios) <= LIMITS["tags"]
    good = good and worst < 0.2
    print("\nwithin the limits" if good else "\nNOT within the limits (60 µs/KB, 1.3 ×, 0.2 s)")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
