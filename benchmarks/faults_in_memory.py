# ruff: noqa: E501 - what is planted stands on one line
"""Plant one fault at a time in what makes builds incremental and see that the tests notice.

    python benchmarks/faults_in_memory.py [--only WORD] [--jobs N]

Each fault is a piece of the source and what is written in its place, in a copy. A fault that
survives ends the run with status 1.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = (
    "tests/build/test_each_change_is_seen.py",
    "tests/build/test_exactness_cases.py",
    "tests/build/test_searching.py",
    "tests/build/test_made_pictures.py",
    "tests/build/test_sharing_pictures.py",
    "tests/test_incremental_builds_are_exact.py",
)
"""The short ones come before the stories, so most faults end the run soon."""

Fault = tuple[str, str, str, str]
# (what is wrong then, file, what stands there, what is planted)
FAULTS: list[Fault] = [
    ("the template closure is not in the key", "build/edition.py", "self.press.printer.engine + closure)", "self.press.printer.engine)"),
    ("the tool is not in the key", "build/edition.py", "self.press.printer.engine + closure)", "closure)"),
    ("a fingerprint lacks the template", "build/printing.py", 'self.closures.get(job.template, b"")]', 'b""]'),
    ("a fingerprint lacks the tool", "build/printing.py", "parts = [self.engine,", 'parts = [b"",'),
    ("a fingerprint lacks the last field", "build/printing.py", "for name in view.__struct_fields__]\n        digests", "for name in view.__struct_fields__[:-1]]\n        digests"),
    ("strings of the theme are ignored", "build/closures.py", "return digest_of(name, sources, words)", "return digest_of(name, sources)"),
    ("closures are remembered whatever the theme", "build/making.py", "if state and state.theme == style else", "if state else"),
    ("included templates are not followed", "build/closures.py", "pending += references.get(template, ())", "pass"),
    ("a dynamic include reaches nothing", "build/closures.py", "reached.update(theme.templates)", "pass"),
    ("a template's bytes are not in its closure", "build/closures.py", "(template, theme.templates.get(template))", "(template, template in theme.templates)"),
    ("strings of other languages are ignored", "build/closures.py", "words = digest_of(theme.words, theme.others)", "words = digest_of(theme.words)"),
    ("arguments of a job are cut", "views/jobs.py", "job.template, job.args)", "job.template, job.args[:-1])"),
    ("what a document inherits is not in its digest", "build/plan.py", "            else known(document)", "            else Known(document, keys[path])"),
    ("a thread's digest is its place", "build/plan.py", 'Stored("thread", key, key)', 'Stored("thread", key, target.encode())'),
    ("a text's digest is its place", "build/plan.py", 'Stored("body", keys[path], keys[path])', 'Stored("body", keys[path], path.encode())'),
    ("cards are remembered by address alone", "views/plan.py", "found = known(pages.card_view(self.config, article, url, self.web.tags(article), count))", "found = Known(pages.card_view(self.config, article, url, self.web.tags(article), count), url.encode())"),
    ("the frame's digest lacks the configuration", "views/plan.py", "self.frame = known(frame(site.config, furniture))", "self.frame = Known(frame(site.config, furniture), known(furniture).digest)"),
    ("the frame's digest lacks the assets", "views/plan.py", "self.frame = known(frame(site.config, furniture))", "self.frame = Known(frame(site.config, furniture), known(site.config).digest)"),
    ("a thread's key lacks the names of its files", "build/reading.py", '"thread", [file.path for file in folder.files], digests', '"thread", folder.target, digests'),
    ("a thread's key lacks the bytes of its files", "build/reading.py", "[file.path for file in folder.files], digests, desk.digest)", "[file.path for file in folder.files], desk.digest)"),
    ("a thread's key lacks the text formats", "build/reading.py", "rules = (config.timezone, config.formats, config.taxonomies,", "rules = (config.timezone, config.taxonomies,"),
    ("a thread's key lacks what faults do", "build/reading.py", "settings.format, settings.invalid", "settings.format"),
    ("reading does not depend on the time zone", "build/reading.py", "rules = (config.timezone, ", "rules = ("),
    ("reading does not depend on taxonomies", "build/reading.py", "config.formats, config.taxonomies, ", "config.formats, "),
    ("reading does not depend on the tool", "build/reading.py", "digest_of(engine, *rules", "digest_of(*rules"),
    ("a document's key lacks its path", "build/reading.py", 'digest_of("document", path, digest, desk.digest)', 'digest_of("document", digest, desk.digest)'),
    ("a document's key lacks its bytes", "build/reading.py", 'digest_of("document", path, digest, desk.digest)', 'digest_of("document", path, desk.digest)'),
    ("seals are not checked", "build/memory.py", "return data if sealed.startswith(_seal_of(key, data)) else None", "return data"),
    ("seals hold for any key", "build/memory.py", "digest_size=DIGEST_SIZE, key=key[:64])", "digest_size=DIGEST_SIZE)"),
    ("the address is no circumstance", "build/pipeline.py", "(options.base_url, clock.drafts,", "(clock.drafts,"),
    ("drafts are no circumstance", "build/pipeline.py", "clock.drafts, clock.future,", "clock.future,"),
    ("the tool is no circumstance", "build/pipeline.py", "digest_of(engine, settings)", "digest_of(settings)"),
    ("time does not pass", "build/recall.py", "<= clock.now.timestamp() < seal.valid_until", "<= clock.now.timestamp()"),
    ("time does not go back", "build/recall.py", "seal.valid_from <= clock.now.timestamp() <", "clock.now.timestamp() <"),
    ("new and deleted files are not seen", "build/state.py", "digest_of([file.path for file in files], [file.stamp for file in files])", "digest_of([file.stamp for file in files][:3])"),
    ("stamps of inputs are not compared", "build/recall.py", "return _is_same(seal.inputs, inputs.files, _digest) and", "return"),
    ("stamps of outputs are not compared", "build/recall.py", "return look.stamps == stamps_digest(files) and all(", "return all("),
    ("digests of inputs are not compared", "build/recall.py", "if seal.inputs.contents != (contents_digest(inputs.files, known) or None):", "if False:"),
    ("inputs that look changed are not read", "build/recall.py", "digest if same and digest else _digest(file)", "digest"),
    ("altered outputs of a fresh checkout are not read", "build/recall.py", "if seal.outputs.contents != (contents_digest(outputs, sha256) or None):", "if False:"),
    ("stamps are not compared", "build/state.py", "digest_of([file.path for file in files], [file.stamp for file in files])", "digest_of([file.path for file in files])"),
    ("racy files are trusted", "build/recall.py", "digest(file) == look.unsettled[file.path] for", "True for"),
    ("racy inputs are trusted when something is to be done", "build/recall.py", "same = stamp == file.stamp and is_settled(stamp, state.inputs_taken)", "same = stamp == file.stamp"),
    ("racy outputs are trusted when something is to be done", "build/recall.py", "same = stamp == file.stamp and is_settled(stamp, state.outputs_taken)", "same = stamp == file.stamp"),
    ("everything is settled", "build/state.py", "return latest + (2_000_000_000 if coarse else 50_000_000) < taken", "return True"),
    ("clocks of whole seconds are taken for fine ones", "build/state.py", "(2_000_000_000 if coarse else 50_000_000)", "50_000_000"),
    ("a stamp is size and time of change only", "disk.py", "return (info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)", "return (info.st_size, info.st_mtime_ns, info.st_mtime_ns, 0)"),
    ("the digest of an output is not verified", "build/recall.py", "if same or _sha256(file).hex() == sha256:", "if True:"),
    ("outputs are verified by size alone", "build/output.py", "return target.read_bytes() == content", "return True"),
    ("the rest of a killed build is not looked for", "build/output.py", "return not (root / STAGING).exists() and not (root / _NEW_MANIFEST).exists()", "return True"),
    ("outputs of a fresh checkout are not looked at", "build/recall.py", "if not _is_same(seal.outputs, outputs, _sha256):", "if False:"),
    ("stale outputs stay", "build/output.py", "for path in stale:", "for path in ():"),
    ("stale folders stay", "build/output.py", "(self.root / parent).rmdir()", "pass"),
    ("what the last state owned is forgotten", "build/making.py", "_owned(state), is_new", "{}, is_new"),
    ("the manifest is not written at the end", "build/output.py", "self._write_manifest(planned)", "pass"),
    ("a failed build commits", "build/making.py", "if may_write and not has_errors(problems):", "if may_write:"),
    ("a faulty plan is committed", "build/making.py", "options.write and not has_errors(problems) and", "options.write and"),
    ("problems are forgotten", "build/making.py", "for problem in report.problems if problem.code", "for problem in () if problem.code"),
    ("a state is saved under one name for all folders", "build/pipeline.py", "return digest_of(place).hex()[:12]", "return digest_of('').hex()[:12] if place else ''"),
    ("everything is always rendered", "build/printing.py", "if fingerprint == before and not self.inspects:", "if False:"),
    ("there is always something to do", "build/edition.py", "row is None or row.key != key or", "True or"),
    ("bytecode is not tied to its source", "build/bytecode.py", "bucket.bytecode_from_string(data.removeprefix(self.engine))", "import io, marshal; f = io.BytesIO(data.removeprefix(self.engine)); from jinja2 import bccache; f.read(len(bccache.bc_magic)); import pickle; pickle.load(f); bucket.code = marshal.load(f)"),
    ("an index is kept whatever the texts", "build/searching.py", "kept.files if kept and kept.key == key else None", "kept.files if kept else None"),
    ("an index does not depend on comments", "build/searching.py", 'holdings.threads[one.key].digest if _has_thread(site, holdings, one) else b"",', 'b"",'),
    ("an index does not depend on texts", "build/searching.py", "holdings.documents[one.path].digest,", "one.path,"),
    ("a picture does not depend on its original", "build/darkroom.py", "digest_of(_made_by(), original.digest, original.look.kind,", "digest_of(_made_by(), original.file, original.look.kind,"),
    ("a picture does not depend on its width", "build/darkroom.py", "original.look.kind, one.format, one.width)", "original.look.kind, one.format)"),
    ("a picture does not depend on its format", "build/darkroom.py", "original.look.kind, one.format, one.width)", "original.look.kind, one.width)"),
    ("a sharing picture does not depend on its font", "build/darkroom.py", "digest_of(_made_by(), letters, one)", "digest_of(_made_by(), one)"),
    ("a sharing picture does not depend on its words", "build/darkroom.py", "digest_of(_made_by(), letters, one)", "digest_of(_made_by(), letters)"),
    ("the letters of another font are believed", "build/cards.py", "if known is None or known.font != name:", "if known is None:"),
    ("letters that are new to a font are not looked up", "build/cards.py", "if new:", "if not known.seen:"),
]  # fmt: skip


def main() -> int:
    """Plant each fault, and print the table of what the tests said."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", default="", help="faults that hold this word")
    arguments.add_argument("--jobs", type=int, default=1, help="how many at once")
    asked = arguments.parse_args()
    chosen = [fault for fault in FAULTS if asked.only in fault[0]]
    with ThreadPoolExecutor(asked.jobs) as pool:
        survived = 0
        for (name, *_), (verdict, seconds) in zip(chosen, pool.map(notice, chosen), strict=True):
            survived += not verdict
            print(f"{verdict or 'SURVIVED':64.64}  {seconds:5.0f} s  {name}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} faults were noticed")
    return 1 if survived else 0


def notice(fault: Fault, tests: tuple[str, ...] = TESTS) -> tuple[str, float]:
    """Return the test that noticed a fault, or nothing, and how many seconds that took."""
    _, file, before, after = fault
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="sitegen-fault-") as folder:
        copy = Path(folder)
        for name in ("sitegen", "themes", "tests"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        place = copy / "sitegen" / file
        text = place.read_text(encoding="utf-8")
        if before not in text:
            return "", -1.0
        place.write_text(text.replace(before, after), encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": folder, "SITEGEN_FAULTS": "1", "TMPDIR": folder}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        command = [sys.executable, "-m", "pytest", *tests, "-x", "-q", "--no-header", "-rfE"]
        command += ["-p", "no:randomly", "-p", "no:cacheprovider"]
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, check=False
        )
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    seconds = time.perf_counter() - started
    if done.returncode == 0:
        return "", seconds
    said = lines[0].split("::", 1)[-1].split(" - ")[0] if lines else f"status {done.returncode}"
    return said, seconds


if __name__ == "__main__":
    sys.exit(main())
