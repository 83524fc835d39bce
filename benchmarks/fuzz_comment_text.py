"""Throw random and mutated text at the text formats and judge what comes out.

    python benchmarks/fuzz_comment_text.py --minutes 30 [--seed 1]

The judge is the one of tests/markup/test_sanitize.py: the standard library's parser and a
list written by hand. A find is printed with its seed and ends the run with status 1; it
becomes a case in tests/cases/attacks.txt. With SITEGEN_SHARED, published payloads are
mutated too.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import sys
import time
from pathlib import Path

from sitegen.markup.untrusted.characters import plain_characters
from sitegen.markup.untrusted.formats import BUILTIN_FORMATS, comment_html, render_comment

ROOT = Path(__file__).resolve().parents[1]
MAX_SECONDS = 1.0
QUOTES = ['"', '"', "'", ""]


def judge():
    """Return the module of the tests that judges pages."""
    path = ROOT / "tests/markup/test_sanitize.py"
    spec = importlib.util.spec_from_file_location("judge", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def payloads() -> list[str]:
    shared = os.environ.get("SITEGEN_SHARED", "")
    path = Path(shared) / "corpora/security/payloads.json"
    found = json.loads(path.read_text("utf-8")) if shared and path.exists() else []
    cases = (ROOT / "tests/cases/attacks.txt").read_text("utf-8").split("\n.\n")[1::3]
    return [one["payload"] for one in found] + cases


class Source:
    """Makes texts: soups of tags and snippets, and mutations of payloads."""

    def __init__(self, seed: int, names, attributes, values, snippets) -> None:
        self.random = random.Random(seed)
        self.names, self.attributes = names, attributes
        self.values, self.snippets = values, snippets
        self.payloads = payloads()

    def tag(self) -> str:
        """Return a tag, more or less well formed."""
        pick = self.random.choice
        attributes = "".join(
            f"{pick(' ' * 5 + '/')}{pick(self.attributes)}={(quote := pick(QUOTES))}"
            f"{pick(self.values)}{pick([quote, quote, quote, ''])}"
            for _ in range(pick([0, 0, 1, 1, 2, 4]))
        )
        end = pick([*[">"] * 6, "", "/>", " "])
        return f"<{pick(['', '', '/'])}{pick(self.names)}{attributes}{end}"

    def soup(self) -> str:
        """Return tags and snippets in any order."""
        parts = [
            self.tag() if self.random.random() < 0.5 else self.random.choice(self.snippets)
            for _ in range(self.random.choice([3, 10, 30, 60]))
        ]
        return "".join(parts)

    def mutated(self) -> str:
        """Return a payload with pieces cut, doubled and put in."""
        text = self.random.choice(self.payloads)
        for _ in range(self.random.randint(1, 6)):
            one, other = sorted(self.random.randint(0, len(text)) for _ in range(2))
            way = self.random.randrange(6)
            if way == 0:
                text = text[:one] + text[other:]
            elif way == 1:
                text = text[:one] + self.random.choice(self.snippets) + text[one:]
            elif way == 2:
                text = text[:other] + text[one:other] + text[other:]
            elif way == 3:
                text = text[:one] + self.tag() + text[one:]
            elif way == 4:
                text = text[:one] + self.random.choice(self.payloads)[:200] + text[one:]
            else:
                text = text[:one] + chr(self.random.choice(CODES)) + text[one:]
        return text[:5_000]

    def text(self) -> str:
        """Return the next text."""
        return self.soup() if self.random.random() < 0.5 else self.mutated()


CODES = [
    *range(0x80), 0xA0, 0xAD, 0x300, 0x338, 0x61C, 0x200B, 0x200C, 0x200D, 0x2028, 0x202E, 0x2044,
    0x2060, 0x3002, 0xD800, 0xFE0F, 0xFEFF, 0xFF0F, 0xFF1A, 0xFF1C, 0xFFFE, 0x1F642, 0xE0041,
]  # fmt: skip


def faults(text: str, judged) -> list[str]:
    """Return what is wrong with what the formats make of a text."""
    found = []
    lists = {
        "restricted_html": judged.MAY_BE,
        "markdown": judged.MAY_BE | judged.MARKDOWN_TOO,
        "plain_text": {name: judged.MAY_BE[name] for name in ("p", "br", "a")},
    }
    for name, text_format in BUILTIN_FORMATS.items():
        started = time.process_time()
        html = str(comment_html(text, text_format, "c-"))
        if time.process_time() - started > MAX_SECONDS:
            found.append(f"{name}: took {time.process_time() - started:.2f} s")
        found += [f"{name}: {one}" for one in judged.complaints(html, lists[name])]
        rendered = render_comment(text, text_format, "c-")
        if str(rendered.html) != html:
            found.append(f"{name}: another page when changes are wanted")
        for change in rendered.changes:
            if "gate" in change.why or "failed" in change.why:
                found.append(f"{name}: {change.why}")
            at = text[change.start : change.end]
            has_place = name == "restricted_html" and change.kind in ("tag-shown", "tag-mapped")
            if has_place and change.found not in (at, plain_characters(at)):
                found.append(f"{name}: {change.kind} is not at its place")
        if len(html) > 20 * len(text) + 1_024:
            found.append(f"{name}: {len(html)} characters from {len(text)}")
    restricted = BUILTIN_FORMATS["restricted_html"]
    once = comment_html(text, restricted, "")
    twice = comment_html(str(once), restricted, "")
    if once != twice:
        at = next((i for i, (a, b) in enumerate(zip(once, twice, strict=False)) if a != b), 0)
        place = slice(max(0, at - 60), at + 60)
        found.append(f"not idempotent: {str(once)[place]!r} became {str(twice)[place]!r}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    judged = judge()
    source = Source(
        options.seed,
        judged.NAMES,
        judged.ATTRIBUTE_NAMES,
        judged.VALUES,
        [*judged.SNIPPETS, *judged.PIECES],
    )
    until = time.monotonic() + options.minutes * 60
    count = finds = 0
    while time.monotonic() < until and finds < 10:
        text = source.text()
        count += 1
        if found := faults(text, judged):
            finds += 1
            print(f"find (seed {options.seed}, text {count}): {text!r}")
            print("\n".join(f"  {one}" for one in found), flush=True)
    print(f"{count} texts in {options.minutes} minutes with seed {options.seed}: {finds} finds")
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
