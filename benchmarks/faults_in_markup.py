# ruff: noqa: E501 - what is planted stands on one line
"""Plant one fault at a time in sitegen/markup/untrusted and see that the fast tests notice.

    python benchmarks/faults_in_markup.py [--only WORD]

Each fault is a line of the source and what is written in its place, in a copy. Faults that
loosen what reaches a page come first; a surviving one of these ends the run with status 1.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = [
    *("tests/markup/test_dotted_cases.py", "tests/markup", "-m", "not shared and not browser"),
    *("-x", "-q", "--no-header", "-p", "no:randomly", "-p", "no:cacheprovider"),
]
"""The tables come before the properties, so most faults end the run soon."""

# (module, what stands there, what is planted)
SAFETY = [
    ("sanitize", "if not unchanged(html, allowlist, id_prefix):", "if False:"),
    ("sanitize", "    if not tags_stand(tree, allowlist):", "    if False:"),
    ("sanitize", "except Exception as error:", "except ValueError as error:"),
    ("sanitize", "limit = MAX_CHARACTERS if", "limit = 10 * MAX_CHARACTERS if"),
    ("sanitize", "min(MAX_OUTPUT, 20 * len(source) + 1_000)", "10**9"),
    ("sanitize", 'text = f"{text[:MAX_CHARACTERS]}…"', "pass"),
    ("sanitize", "    html = paragraphs(text, escape)\n", "    html = paragraphs(text, str)\n"),
    ("sanitize", '("<" not in text and "&" not in text)', '("<" not in text)'),
    ("sanitize", "text = _limited(plain_characters(fragment), limit)", "text = _limited(fragment, limit)"),
    ("gates", ".clean(tags)) == tags", ".clean(tags)) is not None"),
    ("gates", "_gate(allowlist, prefix).clean(html) == html)", "_gate(allowlist, prefix).clean(html))"),
    ("gates", "attribute_filter=_second_opinion(id_prefix),", ""),
    ("gates", "url_schemes=_SCHEMES,\n        link_rel", "link_rel"),
    ("gates", '"http", "https", "mailto"}),\n        strip', '"http", "https", "mailto", "ftp"}),\n        strip'),
    ("gates", 'good = element == "a" and value == "nofollow ugc noopener"', "good = True"),
    ("gates", "good = own_id(value)\n", "good = True\n"),
    ("gates", r"/(?![/\\])[^\\\s]*", r"/[^\s]*"),
    ("gates", r"https?://[^/?#@\\\s]+", r"https?://[^/?#\\\s]+"),
    ("gates", 'own_id(value[1:]) if value.startswith("#") else ', 'value.startswith("#") or '),
    ("gates", 'attributes={**attributes, "*": set(GLOBAL_ATTRIBUTES)},', "attributes=attributes,"),
    ("gates", "    except UnicodeEncodeError:  # a lone surrogate\n        return False", "    except UnicodeEncodeError:\n        return True"),
    ("../escaping", '.replace("<", "&lt;")', ""),
    ("../escaping", 'text = text.replace("&", "&amp;")', "pass"),
    ("../escaping", ".replace('\"', \"&quot;\")", ""),
    ("addresses", "shape and shape.fullmatch(encoded)", "shape and shape.match(encoded)"),
    ("addresses", r'"/(?!/)[^\s\\]*"', r'"/[^\s\\]*"'),
    ("addresses", r'"/(?!/)[^\s\\]*"', r'"/(?!/)[^\s]*"'),
    ("addresses", "_INVISIBLE.search(address)", "None"),
    ("addresses", "len(address) > MAX_ADDRESS or", ""),
    ("addresses", '"#[A-Za-z][A-Za-z0-9_-]{0,59}"', '"#.*"'),
    ("addresses", 'rf"(?ai:https?)://{_HOST}', 'rf"(?ai:https?)://(?:[^/]*@)?{_HOST}'),
    ("addresses", 'rf"(?ai:https?)://{_HOST}', 'rf"[a-z]+://{_HOST}'),
    ("addresses", "{1,7}|#[xX]", "{1,9999}|#[xX]"),
    ("addresses", "_REFERENCE.sub(_character, text) if", "html.unescape(text) if"),
    ("attributes", "allowed is None:\n            return None", "allowed is None:\n            return written"),
    ("attributes", "if name in URLS:\n            return self._address(written)", "if name in URLS:\n            return written"),
    ("attributes", "not accepts(element, name, written) or ", ""),
    ("attributes", "(allowed and not _matches(written, allowed))", "False"),
    ("attributes", "one for one in kept if accepts(element, name, one)", "one for one in kept"),
    ("attributes", "if _matches(one, allowed)]", "]"),
    ("attributes", "while unique in self._ids:", "while False:"),
    ("attributes", 'return f"{prefix}~{name}" if prefix else name', "return name"),
    ("attributes", 'f"{prefix}~{name}"', 'f"{prefix}{name}"'),
    ("attributes", 'if address[0] == "#":', 'if address[0] == "%":'),
    ("attributes", "is None or not (is_ordinary(address) or self._accepts_address(address))", "is None"),
    ("attributes", "value is None or name in kept", "value is None"),
    ("tags", "if place[1] - place[0] > MAX_TAG:", "if False:"),
    ("tags", "        name = self._names.get(written)\n", "        name = self._names.get(written, written)\n"),
    ("tags", "MAX_TAGS = 300", "MAX_TAGS = 3_000"),
    ("tags", 'name == "a" and not any(', "False and not any("),
    ("tags", "Text(plain_characters(decoded(text)) if", "Text(decoded(text) if"),
    ("nesting", "if self._tags > MAX_TAGS or len(self._open) >= MAX_DEPTH:", "if False:"),
    ("nesting", "len(self._open) >= MAX_DEPTH", "False"),
    ("nesting", "        self._close_above(0)\n", ""),
    ("nesting", "start._replace(ghost=start.ghost or again)", "start"),
    ("nesting", "if name not in INLINE and name not in PARENTS:\n                break", "if False:\n                break"),
    ("nesting", "(name in INLINE or (name in PARENTS and one not in PARENTS))", "False"),
    ("breaks", "self._line.append(escape(text))", "self._line.append(text)"),
    ("breaks", "            part = escape(part)\n", "            pass\n"),
    ("breaks", "return escape(_RUN_OF_BLANKS", "return str(_RUN_OF_BLANKS"),
    ("breaks", 'f\' rel="{REL}"\' if start.name == "a" else ""', '""'),
    ("breaks", "reversed(self._inline[: self._opened])", "reversed(self._inline[:0])"),
    ("autolink", "safe_address(address) != address or", ""),
    ("autolink", "(is_ordinary(address) or accepts(address))", "True"),
    ("autolink", 'rel="{REL}">{escape(caption)}', 'rel="{REL}">{caption}'),
    ("autolink", 'href="{escape_attribute(address)}"', 'href="{address}"'),
    ("autolink", "if user := _USER_INFO.match(text, end):", "if user := None:"),
    ("autolink", "    parts.append(escape(text[done:]))", "    parts.append(text[done:])"),
    ("characters", r"\u202a-\u202e\u2060-\u206f", r"\u2060-\u206f"),
    ("characters", r"\ud800-\udfff", ""),
    ("characters", "rest.isprintable() and", "True and"),
    ("allowlist", "if name in REFUSED:", "if False:"),
    ("allowlist", "if name not in ATTRIBUTES or", "if"),
    ("allowlist", "if name not in ATTRIBUTES[element]:", "if False:"),
    ("allowlist", 'if name == "class" and not values:', "if False:"),
    ("allowlist", "if name in URLS or not _possible(element, name, value)", "if False"),
    ("allowlist", "    faults += _contradictions(places)\n", ""),
    ("elements", '"id": "[A-Za-z]', '"id": "[A-Za-z_]'),
    ("elements", '"start": "-?[0-9]{1,6}"', '"start": ".*"'),
    ("markdown", '"html": False', '"html": True'),
    ("markdown", "return safe\n", "return True\n"),
    ("formats", "len(plain) > MAX_CHARACTERS or plain.count", "plain.count"),
    ("policy", "        if element.name not in BREAKS\n", ""),
]  # fmt: skip

FIDELITY = [
    ("nesting", "        self._fill(self._blocks[-1])\n        if start.keeps_lines:", "        if start.keeps_lines:"),
    ("breaks", 'html.replace("\\n\\n", "\\0")', 'html.replace("\\n\\n\\n", "\\0")'),
    ("breaks", 'return "\\u00a0" * width if width > 1', 'return "\\u00a0" * width if width > 2'),
    ("tags", "Text(_BREAKS[written])", 'Text("\\n")'),
    ("nesting", "            self.text(end.source)\n        else", "            pass\n        else"),
    ("autolink", "MAX_CAPTION = 72", "MAX_CAPTION = 71"),
    ("trailing", '_TRAILING = frozenset(".,;:!?*…")', '_TRAILING = frozenset(".,;:?*…")'),
    ("trailing", "surplus[last] -= 1", "surplus[last] -= 0"),
    ("characters", "shift += len(found[0]) - kept", "shift += len(found[0])"),
    ("policy", '    "b": "strong",\n', ""),
]  # fmt: skip


def survives(module: str, found: str, planted: str, folder: Path) -> bool | None:
    """Return whether the tests pass with the fault; None if it could not be planted."""
    path = folder / f"sitegen/markup/untrusted/{module}.py"
    source = path.read_text("utf-8")
    if found not in source:
        return None
    path.write_text(source.replace(found, planted, 1), "utf-8")
    try:
        environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "pytest", *TESTS]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, check=False
        )
        return done.returncode == 0
    finally:
        path.write_text(source, "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="only faults that hold this word")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("sitegen", "tests", "pyproject.toml"):
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / part)
        left, wrong, count = [], [], 0
        for faults, kind in ((SAFETY, "safety"), (FIDELITY, "fidelity")):
            for module, found, planted in faults:
                label = f"{module}: {found.strip()!r} -> {planted.strip()!r}"
                if options.only not in label:
                    continue
                outcome = survives(module, found, planted, folder)
                if outcome is None:
                    wrong.append(label)
                    continue
                count += 1
                if outcome:
                    left.append((kind, label))
                    print(f"survived ({kind}): {label}", flush=True)
    safety = sum(kind == "safety" for kind, _ in left)
    print(f"{count} faults planted, {len(left)} survived, {safety} of them about safety")
    for label in wrong:
        print(f"not found in the source: {label}")
    return 1 if safety or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
