"""Builds that share what they find out: the same bytes whatever the store holds or does."""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import fsspec
import msgspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from fsspec.spec import AbstractFileSystem
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from programs import Program

from sitegen.build import packs, reading
from sitegen.build.packs import Entry, Shelf, packed, unpacked
from sitegen.build.stores import Remote

SECRET = b"a secret of all who are trusted"
HERE = Path(__file__).parent


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (600, 40), "teal").save(stream, "PNG")
    return stream.getvalue()


FILES = {
    "config.yaml": "title: Scratch\nbase_url: https://example.org/\npictures: {formats: [webp], widths: [480]}\n",
    "content/wide.png": picture(),
    **{
        f"content/a{n:02}.md": f"---\ntitle: Article {n}\ndate: 2024-05-{n % 28 + 1:02}\n---\nText *{n}*. ![wide](wide.png)\n"
        for n in range(36)
    },
    **{
        f"comments/a{n:02}/c.yaml": f"author: Ada\ndate: 2024-05-30\nbody: Said number {n}.\n"
        for n in range(36)
    },
}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, scratch_session: Any) -> dict[str, bytes]:
    """What a build makes that shares nothing."""
    made = scratch_session(tmp_path_factory.mktemp("alone")).write(FILES)
    made.build(jobs=1)
    return made.outputs()


@pytest.fixture
def checkout(tmp_path: Path, scratch: Callable[[Path], Any]) -> Callable[[str], Any]:
    """Return a function that makes a fresh checkout of the site."""
    return lambda name: scratch(tmp_path / name).write(FILES)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were parsed, as they are."""
    seen: list[str] = []
    document, entry = reading.parse_document, reading.comments.parse_comment
    monkeypatch.setattr(
        reading, "parse_document", lambda path, *a: (seen.append(path), document(path, *a))[1]
    )
    monkeypatch.setattr(
        reading.comments, "parse_comment", lambda path, *a: (seen.append(path), entry(path, *a))[1]
    )
    return seen


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store."""
    yield f"{request.param}://{tmp_path.as_posix()}/store"
    MemoryFileSystem.store.clear()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The folder of a store."""
    return tmp_path / "store"


def shared(folder: Path, **options: Any) -> dict[str, Any]:
    return {"remote": Remote(folder.as_uri(), **options), "jobs": 1}


def codes(report: Any) -> list[str]:
    return [problem.code for problem in report.problems]


def packs_in(folder: Path, kind: str = "*") -> list[Path]:
    found = sorted(path for path in folder.glob(f"sitegen-1/{kind}/**/*") if path.is_file())
    assert found
    return found


def rewrite(folder: Path, kind: str, change: Callable[[Entry], Entry], secret: bytes = b"") -> None:
    """Change the results in a store as somebody who may write there can: with the right digests."""
    for path in packs_in(folder, kind):
        name = path.relative_to(folder / "sitegen-1").as_posix()
        path.write_bytes(packed(name, map(change, unpacked(name, path.read_bytes())), secret))


# What is shared


def test_a_fresh_checkout_takes_everything_from_the_store(
    url: str, checkout: Callable[[str], Any], expected: dict[str, bytes], read: list[str]
) -> None:
    first, second = checkout("first"), checkout("second")
    assert first.build(remote=Remote(url), jobs=1).problems == ()
    assert len(read) >= 72
    read.clear()
    report = second.build(remote=Remote(url), jobs=1)

    assert read == []
    assert report.rendered == 1  # the picture, which comes by way of the memory
    assert report.problems == ()
    assert first.outputs() == second.outputs() == expected


def test_what_has_changed_is_made_and_shared_and_nothing_else(
    store: Path, checkout: Callable[[str], Any], read: list[str]
) -> None:
    checkout("first").build(**shared(store))
    change = {"content/a07.md": "---\ntitle: Article 7\ndate: 2024-05-08\n---\nAnother text.\n"}
    second, third, alone = (checkout(name).write(change) for name in ("second", "third", "alone"))
    read.clear()
    rendered = second.build(**shared(store)).rendered

    assert set(read) == {"content/a07.md"}
    assert 0 < rendered < 12
    read.clear()
    assert third.build(**shared(store)).rendered < rendered
    assert read == []
    alone.build(jobs=1)
    assert second.outputs() == third.outputs() == alone.outputs()


def test_pictures_are_not_made_twice(
    store: Path, checkout: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = checkout("first"), checkout("second")
    first.build(**shared(store))
    monkeypatch.setattr("sitegen.build.darkroom.encode", lambda *_: pytest.fail("made anew"))
    second.build(**shared(store))

    assert first.outputs() == second.outputs()


def test_a_build_that_has_nothing_to_do_asks_no_store(
    store: Path, checkout: Callable[[str], Any]
) -> None:
    made = checkout("first")
    made.build(**shared(store))
    shutil.rmtree(store)
    store.write_text("in the way")

    assert made.build(**shared(store)).problems == ()


def test_a_small_change_is_sooner_made_than_asked_for(
    checkout: Callable[[str], Any], counted: type[Counted]
) -> None:
    made = checkout("first")
    made.build(remote=Remote("counted://store"), jobs=1)
    counted.asked.clear()
    made.write({"content/a07.md": "---\ntitle: Article 7\ndate: 2024-05-08\n---\nNew.\n"})
    made.build(remote=Remote("counted://store"), jobs=1)

    assert [name for name, _ in counted.asked if name == "cat"] == []
    assert [name for name, _ in counted.asked if name == "pipe"] != []


class Counted(MemoryFileSystem):
    """A store that remembers what it was asked, and lets a test do something meanwhile."""

    protocol = "counted"
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    asked: ClassVar[list[tuple[str, int]]] = []
    meanwhile: ClassVar[dict[int, Callable[[], None]]] = {}

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return MemoryFileSystem._strip_protocol(path.replace("counted://", "memory://"))

    def cat(self, path: Any, *arguments: Any, **options: Any) -> Any:
        self._note("cat", len(path))
        return super().cat(path, *arguments, **options)

    def pipe(self, path: Any, *arguments: Any, **options: Any) -> Any:
        self._note("pipe", len(path))
        return super().pipe(path, *arguments, **options)

    def _note(self, what: str, files: int) -> None:
        self.asked.append((what, files))
        self.meanwhile.pop(len(self.asked), lambda: None)()


@pytest.fixture
def counted() -> Iterator[type[Counted]]:
    fsspec.register_implementation("counted", Counted, clobber=True)
    yield Counted
    for kept in (Counted.store, Counted.asked, Counted.meanwhile):
        kept.clear()


def test_many_results_are_asked_for_at_once(
    checkout: Callable[[str], Any], counted: type[Counted]
) -> None:
    checkout("first").build(remote=Remote("counted://store"), jobs=1)
    counted.asked.clear()
    checkout("second").build(remote=Remote("counted://store"), jobs=1)

    # Once each for documents, threads, pages and pictures.
    assert [name for name, _ in counted.asked] == ["cat"] * 4


def test_workers_elsewhere_get_what_came_from_a_store(
    store: Path,
    checkout: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
    expected: dict[str, bytes],
) -> None:
    monkeypatch.setattr("sitegen.build.edition._WORTHWHILE", 8)
    checkout("first").build(**shared(store))
    shutil.rmtree(store / "sitegen-1/page")
    second = checkout("second")
    report = second.build(executor="engines:threads", **shared(store))

    assert report.problems == ()
    assert report.rendered > 36
    assert second.outputs() == expected


# Two at a time


def test_two_processes_that_build_at_once_share_a_folder(
    store: Path, checkout: Callable[[str], Any], expected: dict[str, bytes], read: list[str]
) -> None:
    sites = [checkout(name) for name in ("first", "second")]
    environment = {"SOURCE_DATE_EPOCH": "1717243200", "SITEGEN_REMOTE_CACHE": store.as_uri()}
    running = [Program(["build"], environment, site.root) for site in sites]
    for program in running:
        assert program.process.wait(timeout=50) == 0
    third = checkout("third")
    report = third.build(**shared(store))

    assert [site.outputs() for site in (*sites, third)] == [expected] * 3
    assert report.problems == ()
    assert read == []


@pytest.mark.parametrize("number", range(1, 9))
def test_a_build_in_the_midst_of_another_shares_its_store(
    number: int,
    checkout: Callable[[str], Any],
    expected: dict[str, bytes],
    counted: type[Counted],
) -> None:
    """The second one begins and ends during a question of the first: each in turn."""
    outer, inner, third = checkout("outer"), checkout("inner"), checkout("third")
    remote = Remote("counted://store", patience=60)
    problems = []
    counted.meanwhile[number] = lambda: problems.append(inner.build(remote=remote, jobs=1).problems)
    problems.append(outer.build(remote=remote, jobs=1).problems)
    counted.asked.clear()
    problems.append(third.build(remote=remote, jobs=1).problems)

    assert problems == [(), (), ()]
    assert {name for name, _ in counted.asked} == {"cat"}
    assert [one.outputs() for one in (outer, inner, third)] == [expected] * 3


# What is damaged


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


def exchange(path: Path) -> None:
    others = (one for one in packs_in(Path(path.as_posix().split("/sitegen-1/")[0])) if one != path)
    other = next(others)
    path.write_bytes(other.read_bytes())


def sign_by_another(path: Path) -> None:
    data = path.read_bytes()
    name = path.as_posix().split("/sitegen-1/")[1]
    path.write_bytes(packed(name, unpacked(name, data), b"another secret, of somebody else"))


DAMAGES: dict[str, Callable[[Path], None]] = {
    "truncated": truncate,
    "one bit": flip,
    "empty": lambda path: path.write_bytes(b""),
    "foreign": lambda path: path.write_bytes(b"<html><title>404</title></html>" * 1000),
    "of another name": exchange,
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_made_and_put_anew(
    damage: str,
    store: Path,
    checkout: Callable[[str], Any],
    expected: dict[str, bytes],
    read: list[str],
) -> None:
    checkout("first").build(**shared(store))
    for path in packs_in(store):
        DAMAGES[damage](path)
    second, third = checkout("second"), checkout("third")
    read.clear()
    report = second.build(**shared(store))

    assert len(read) >= 72
    assert report.problems == ()
    read.clear()
    third.build(**shared(store))
    assert read == []
    assert second.outputs() == third.outputs() == expected


@pytest.mark.parametrize("kind", ["document", "thread", "page", "picture"])
def test_a_folder_where_a_pack_should_be_is_told(
    kind: str, store: Path, checkout: Callable[[str], Any], expected: dict[str, bytes]
) -> None:
    checkout("first").build(**shared(store))
    for path in packs_in(store, kind):
        path.unlink()
        path.mkdir()
    second = checkout("second")
    report = second.build(**shared(store))

    assert codes(report) == ["remote-cache"]
    assert second.outputs() == expected


def change(field: str, value: Any) -> Callable[[Entry], Entry]:
    return lambda entry: msgspec.structs.replace(entry, **{field: value})


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("document", "head", b""),
        ("document", "head", msgspec.msgpack.encode({"path": "x"})),
        ("document", "value", b"\x90"),
        ("thread", "head", b"\x90"),
        ("thread", "value", b""),
        ("thread", "value", msgspec.msgpack.encode([{"path": "x"}])),
    ],
)
def test_what_is_no_result_is_not_taken_for_one(
    kind: str,
    field: str,
    value: bytes,
    store: Path,
    checkout: Callable[[str], Any],
    expected: dict[str, bytes],
    read: list[str],
) -> None:
    checkout("first").build(**shared(store))
    rewrite(store, kind, change(field, value))
    second = checkout("second")
    read.clear()
    report = second.build(**shared(store))

    assert len(read) >= 36
    assert report.problems == ()
    assert second.outputs() == expected


def test_a_document_in_the_place_of_another_is_not_taken(
    store: Path, checkout: Callable[[str], Any], expected: dict[str, bytes]
) -> None:
    checkout("first").build(**shared(store))
    held = [
        entry
        for path in packs_in(store, "document")
        for entry in unpacked(path.as_posix().split("/sitegen-1/")[1], path.read_bytes())
    ]
    rewrite(store, "document", lambda entry: msgspec.structs.replace(held[0], key=entry.key))
    second = checkout("second")
    second.build(**shared(store))

    assert second.outputs() == expected


ENTRIES = st.lists(st.builds(Entry, st.binary(max_size=16), st.binary(), st.binary()), max_size=5)


@given(ENTRIES, st.binary(max_size=40))
def test_a_pack_holds_what_was_put_into_it(entries: list[Entry], secret: bytes) -> None:
    assert unpacked("a/b", packed("a/b", entries, secret), secret) == entries
    assert unpacked("a/b", packed("a/b", entries, secret)) == entries
    assert unpacked("a/c", packed("a/b", entries, secret), secret) == []


@given(ENTRIES, st.integers(0, 10_000), st.integers(1, 255), st.booleans())
def test_no_changed_or_missing_byte_goes_unnoticed(
    entries: list[Entry], place: int, change: int, is_cut: bool
) -> None:
    pack = bytearray(packed("name", entries, SECRET))
    place %= len(pack)
    if is_cut:
        del pack[place:]
    else:
        pack[place] ^= change

    assert unpacked("name", bytes(pack), SECRET) == []
    start = len(packs._MAGIC) + packs.DIGEST_SIZE
    if is_cut or place not in range(start, start + packs._SIGNED):
        assert unpacked("name", bytes(pack)) == []


@given(st.binary(max_size=200))
def test_whatever_lies_in_a_store_is_no_pack(data: bytes) -> None:
    assert unpacked("name", data) == []
    assert unpacked("name", packs._MAGIC + packs._digest("name", data[32:]) + data) == []


def test_a_pack_that_would_fill_the_memory_is_not_unpacked() -> None:
    data = zlib.compress(msgspec.msgpack.encode([Entry(b"", b"", bytes(packs.MAX_BYTES))]))
    pack = packs._MAGIC + packs._digest("name", data) + packs._UNSIGNED + data

    assert len(pack) < 100_000
    assert unpacked("name", pack) == []


def test_a_result_that_no_pack_can_hold_stays_at_home() -> None:
    small = Entry(b"small", b"", b"x")
    entries = [Entry(b"large", b"", random.Random(0).randbytes(packs.MAX_BYTES)), small]

    assert unpacked("name", packed("name", entries)) == [small]


@given(st.sets(st.text(max_size=20), max_size=300), st.integers(0, 299))
def test_a_new_place_moves_few_results_to_other_packs(places: set[str], number: int) -> None:
    ordered = sorted(places)
    shelf = Shelf("page", b"scope", dict.fromkeys(ordered, b""))
    lie = {place: name for name, members in shelf.packs().items() for place in members}

    assert set(lie) == places
    assert len(set(lie.values())) <= 2 + len(places) // 32
    assert shelf.packs_of(ordered[number:]) == {
        name: kept
        for name, members in shelf.packs().items()
        if (kept := [place for place in members if place in ordered[number:]])
    }


# What is poisoned: a wrong result under the right key, with the right digest

EVIL = b"<p>bought here</p>"


def poison_page(entry: Entry) -> Entry:
    return msgspec.structs.replace(entry, value=entry.value.replace(b"<em>7</em>", EVIL))


def poison_thread(entry: Entry) -> Entry:
    long = b"<p>Said number 7.</p>"
    evil = b"<script>7</script>".ljust(len(long))
    return msgspec.structs.replace(entry, value=entry.value.replace(long, evil))


def poison(store: Path) -> None:
    rewrite(store, "page", poison_page)


def test_verify_names_the_outputs_of_poisoned_pages(
    store: Path, checkout: Callable[[str], Any]
) -> None:
    checkout("first").build(**shared(store))
    poison(store)
    victim = checkout("victim")
    victim.build(**shared(store))

    assert EVIL in victim.outputs()["a07/index.html"]
    changed = {path for path, data in victim.outputs().items() if EVIL in data}
    done = victim.cli("build", "--verify", "--remote-cache", store.as_uri())
    named = re.findall("^(.+): error: a clean build makes other bytes", done.stderr, re.MULTILINE)
    assert set(named) == {*changed, ".sitegen-manifest"}
    assert "hint: empty the remote cache, delete .sitegen/" in done.stderr
    assert done.returncode == 1


def test_verify_names_the_outputs_of_poisoned_threads(
    store: Path, checkout: Callable[[str], Any]
) -> None:
    checkout("first").build(**shared(store))
    rewrite(store, "thread", poison_thread)
    shutil.rmtree(store / "sitegen-1/page")
    victim = checkout("victim")
    victim.build(**shared(store))
    done = victim.cli("build", "--verify", "--remote-cache", store.as_uri())

    assert b"<script>7</script>" in victim.outputs()["a07/index.html"]
    assert done.returncode == 1
    assert "a07/index.html: error: a clean build makes other bytes" in done.stderr
    assert "a08/index.html" not in done.stderr


def test_what_came_from_a_store_is_unknown_to_a_build_without_it(
    store: Path, checkout: Callable[[str], Any], expected: dict[str, bytes]
) -> None:
    checkout("first").build(**shared(store))
    poison(store)
    victim = checkout("victim")
    victim.build(**shared(store))
    assert victim.outputs() != expected
    victim.build(jobs=1)

    assert victim.outputs() == expected


@pytest.mark.parametrize("secret", [b"", b"a guess of whoever may write"])
def test_who_has_a_secret_believes_only_who_has_it_too(
    secret: bytes, store: Path, checkout: Callable[[str], Any], expected: dict[str, bytes]
) -> None:
    checkout("first").build(**shared(store, secret=SECRET))
    rewrite(store, "page", poison_page, secret)
    rewrite(store, "thread", poison_thread, secret)
    victim, preview = checkout("victim"), checkout("preview")
    report = victim.build(**shared(store, secret=SECRET, read_only=True))
    assert report.rendered > 36
    assert victim.outputs() == expected

    preview.build(**shared(store, read_only=True))
    assert preview.outputs() != expected  # without the secret, who may write is trusted


def test_what_is_signed_is_used_with_the_secret_and_without_it(
    store: Path, checkout: Callable[[str], Any], expected: dict[str, bytes], read: list[str]
) -> None:
    checkout("first").build(**shared(store, secret=SECRET))
    read.clear()
    with_it, without = checkout("with"), checkout("without")
    with_it.build(**shared(store, secret=SECRET))
    without.build(**shared(store))

    assert read == []
    assert with_it.outputs() == without.outputs() == expected


def test_a_secret_that_can_be_guessed_is_refused(
    store: Path, checkout: Callable[[str], Any]
) -> None:
    done = checkout("first").cli(
        "build", "--remote-cache", store.as_uri(), SITEGEN_REMOTE_CACHE_SECRET="hunter2"
    )

    assert done.returncode == 2
    assert "take at least 16 characters" in done.stderr
    assert "hunter2" not in done.stderr


def test_no_secret_is_in_the_store_or_in_the_memory(
    store: Path, checkout: Callable[[str], Any], files_below: Callable[[Path], dict[str, bytes]]
) -> None:
    first = checkout("first")
    first.cli(
        "build", SITEGEN_REMOTE_CACHE=store.as_uri(), SITEGEN_REMOTE_CACHE_SECRET=SECRET.decode()
    )
    kept = {**files_below(store), **files_below(first.root / ".sitegen")}

    assert len(kept) > 5
    assert not any(SECRET in data for data in kept.values())


# Those who may only read


def test_a_build_that_only_reads_writes_nothing(
    store: Path,
    checkout: Callable[[str], Any],
    files_below: Callable[[Path], dict[str, bytes]],
    expected: dict[str, bytes],
) -> None:
    first = checkout("first")
    only_read = {"SITEGEN_REMOTE_CACHE": store.as_uri(), "SITEGEN_REMOTE_CACHE_READ_ONLY": "1"}
    assert first.cli("build", **only_read).returncode == 0
    assert not store.exists()
    assert first.outputs() == expected

    checkout("second").build(**shared(store))
    before = files_below(store)
    changed = checkout("third").write({"content/a07.md": "---\ntitle: Changed\n---\n"})
    assert changed.cli("build", "--remote-cache-read-only", **only_read).returncode == 0
    assert files_below(store) == before


# What goes wrong


class Broken(AbstractFileSystem):
    """A store in which nothing works."""

    protocol = "broken"
    cachable = False
    fault: ClassVar[Callable[[], None]]

    def _open(self, *_: Any, **__: Any) -> Any:
        self.fault()

    cat = cat_file = pipe = pipe_file = ls = info = makedirs = mkdir = rm = exists = _open


@pytest.fixture
def broken() -> type[Broken]:
    fsspec.register_implementation("broken", Broken, clobber=True)
    return Broken


def failing(error: Exception) -> Callable[[Any], None]:
    def fail(_self: Any) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
        (PermissionError("Access denied\x1b[2J"), r"PermissionError: Access denied\u001b[2J"),
        (TimeoutError("timed out"), "TimeoutError: timed out"),
        (RuntimeError("no credentials for s3://me:hush@host/x"), "no credentials for s3://host/x"),
        (KeyError("whatever a plug-in raises"), "KeyError: 'whatever a plug-in raises'"),
        (MemoryError(), "MemoryError"),
        (FileNotFoundError("no bucket"), "FileNotFoundError: no bucket"),
    ],
)
def test_a_store_in_which_nothing_works_costs_one_warning(
    error: Exception,
    words: str,
    broken: type[Broken],
    checkout: Callable[[str], Any],
    expected: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(broken, "fault", failing(error), raising=False)
    made = checkout("first")
    done = made.cli("build", "--strict", "--remote-cache", "broken://me:hush@host/x")

    assert done.returncode == 0
    assert done.stderr.count("warning") == 2  # it, and the number of them
    assert "broken://host/x: warning: the remote cache was left alone: " in done.stderr
    assert words in done.stderr
    assert "hush" not in done.stderr
    assert made.outputs() == expected
    assert made.cli("build", "--remote-cache", "broken://me:hush@host/x").stderr == ""


class Stubborn(MemoryFileSystem):
    """A store that can be read, and not written to."""

    protocol = "stubborn"
    store: ClassVar[dict[str, Any]] = {}

    def pipe(self, *_: Any, **__: Any) -> None:
        raise PermissionError("read only")


def test_a_store_that_can_only_be_read_costs_one_warning(
    checkout: Callable[[str], Any], expected: dict[str, bytes]
) -> None:
    fsspec.register_implementation("stubborn", Stubborn, clobber=True)
    first, second = checkout("first"), checkout("second")
    report = first.build(remote=Remote("stubborn://x"), jobs=1)

    assert [problem.message for problem in report.problems] == [
        "the remote cache was left alone: PermissionError: read only"
    ]
    assert first.outputs() == expected
    assert second.build(remote=Remote("stubborn://x", read_only=True), jobs=1).problems == ()


def test_a_store_that_does_not_answer_is_left_alone(
    broken: type[Broken],
    checkout: Callable[[str], Any],
    expected: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given_up, asked = threading.Event(), []

    def hang(_self: Any) -> None:
        asked.append(1)
        given_up.wait()

    monkeypatch.setattr(broken, "fault", hang, raising=False)
    made = checkout("first")
    report = made.build(remote=Remote("broken://x", patience=0.1), jobs=1)
    given_up.set()

    assert len(asked) == 1
    assert [problem.message for problem in report.problems] == [
        "the remote cache was left alone: no answer in 0 seconds"
    ]
    assert made.outputs() == expected


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("s3://bucket/x", "Install s3fs to access S3"),
        ("nosuch://x", "Protocol not known: nosuch"),
        ("file:///dev/null/x", "NotADirectoryError"),
        ("file:///tmp/[x]*", "none of * ? ["),
    ],
)
def test_an_address_that_leads_nowhere_costs_one_warning(
    address: str, words: str, checkout: Callable[[str], Any], expected: dict[str, bytes]
) -> None:
    made = checkout("first")
    done = made.cli("build", SITEGEN_REMOTE_CACHE=address)

    assert done.returncode == 0
    assert words in done.stderr
    assert made.outputs() == expected


def test_a_file_where_the_store_should_be_costs_one_warning(
    store: Path, checkout: Callable[[str], Any], expected: dict[str, bytes]
) -> None:
    store.write_text("in the way")
    made = checkout("first")

    assert codes(made.build(**shared(store))) == ["remote-cache"]
    assert made.outputs() == expected
    assert store.read_text() == "in the way"


def test_an_output_of_somebody_else_is_in_the_way_of_a_page_from_a_store(
    store: Path, checkout: Callable[[str], Any]
) -> None:
    checkout("first").build(**shared(store))
    second = checkout("second").write({"output/a07/index.html": "by hand"})

    assert codes(second.build(**shared(store))) == ["foreign-output"]
    assert second.text("a07/index.html") == "by hand"


def test_fsspec_is_loaded_only_to_ask_a_store(store: Path, checkout: Callable[[str], Any]) -> None:
    made = checkout("first")
    script = made.root / "script.py"
    script.write_text(
        "import sys\n"
        "from sitegen.cli import main\n"
        "try:\n"
        "    main()\n"
        "finally:\n"
        "    print('fsspec' in sys.modules)\n"
    )
    command = [sys.executable, str(script), "build"]
    said = [
        subprocess.run(command, cwd=made.root, env=env, capture_output=True, check=True).stdout
        for env in (
            {},
            {"SITEGEN_REMOTE_CACHE": store.as_uri()},
            {"SITEGEN_REMOTE_CACHE": store.as_uri()},
        )
    ]

    assert [text.decode().splitlines()[-1] for text in said] == ["False", "True", "False"]


def test_a_build_that_remembers_nothing_shares_nothing(
    store: Path, checkout: Callable[[str], Any]
) -> None:
    assert checkout("first").build(remember=False, **shared(store)).problems == ()
    assert not store.exists()
