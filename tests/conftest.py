"""What all tests share: scratch sites, golden files, the corpora beside the checkout."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
import wheels
from browsing import Browser
from click.testing import CliRunner
from hypothesis import HealthCheck, settings

from sitegen.build.pipeline import Options, Report, build
from sitegen.cli import main
from sitegen.model.schedule import Clock

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("SITEGEN_SHARED") or REPOSITORY.parent / "shared").resolve()
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PAGE_CHECKS = REPOSITORY / ".venv/page-checks/node_modules"
NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
CONFIG = "title: Scratch\nbase_url: https://example.org/\n"

# A shell that starts the tests in the background has them ignore Ctrl-C, and all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Examples come from a fixed seed, so a red build is red again; SITEGEN_EXAMPLES=5000 looks further.
settings.register_profile(
    "sitegen",
    deadline=None,
    max_examples=int(os.environ.get("SITEGEN_EXAMPLES", "60")),
    derandomize="SITEGEN_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("sitegen")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the golden files that differ, and fail; then read `git diff`",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--update-golden is for people: CI only compares")


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    missing = []
    if not SHARED.is_dir():
        reason = "the corpora are not beside the checkout; name their folder in SITEGEN_SHARED"
        missing.append(("shared", reason))
    if CHROMIUM is None:
        missing.append(("browser", "there is no Chromium; `make test` as root installs one"))
    if not PAGE_CHECKS.is_dir() or not shutil.which("java"):
        reason = "the checkers of pages are not there; `make test` installs them with npm and Java"
        missing.append(("page_checks", reason))
    for item in items:
        for marker, reason in missing:
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora and tools; tests that use it are marked `shared`."""
    return SHARED


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that would be given out."""
    return wheels.build(REPOSITORY, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def page_checks() -> Path:
    """The folder of what npm installed; tests that use it are marked `page_checks`."""
    return PAGE_CHECKS


@pytest.fixture(scope="session")
def chromium() -> str:
    assert CHROMIUM
    return CHROMIUM


@pytest.fixture
def browser(chromium: str, tmp_path: Path) -> Iterator[Browser]:
    opened = Browser(chromium, tmp_path / "profile")
    yield opened
    opened.stop()


class ScratchSite:
    """A small site in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.output = root / "output"

    def write(self, files: Mapping[str, str | bytes | None]) -> ScratchSite:
        """Write files, or delete those whose content is None."""
        for path, content in files.items():
            place = self.root / path
            if content is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def build(
        self,
        *,
        now: dt.datetime = NOW,
        drafts: bool = False,
        future: bool = False,
        progress: Callable[[int, int], None] = lambda done, total: None,
        **options: object,
    ) -> Report:
        """Build in this process."""
        clock = Clock(now, drafts, future)
        asked = Options(self.root, self.output, clock, **options)  # type: ignore[arg-type]
        return build(asked, progress)

    def messages(self, **options: object) -> list[str]:
        """Build, and return each problem as `path:line:column: severity: message`."""
        return [
            f"{p.location.path}:{p.location.line}:{p.location.column}: {p.severity}: {p.message}"
            for p in self.build(**options).problems  # type: ignore[arg-type]
        ]

    def text(self, path: str) -> str:
        """Return an output."""
        return (self.output / path).read_text(encoding="utf-8")

    def outputs(self) -> dict[str, bytes]:
        """Return output path -> bytes, for all but the manifest."""
        return tree(self.output)

    def cli(self, *arguments: str, **options: object) -> Done:
        """Run a command in the site's folder."""
        return run_cli(*arguments, **{"cwd": self.root, **options})  # type: ignore[arg-type]


class Done(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def run_cli(
    *arguments: str,
    stdin: bytes = b"",
    cwd: Path = REPOSITORY,
    process: bool = False,
    **environment: str,
) -> Done:
    """Run a command; with `process` in one of its own, with nothing of this one's environment."""
    environment = {
        "LC_ALL": "C.UTF-8",
        "SOURCE_DATE_EPOCH": str(int(NOW.timestamp())),
        **environment,
    }
    if not process:
        with contextlib.chdir(cwd):
            result = CliRunner(env=environment).invoke(main, arguments, input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(result.exit_code, result.stdout, result.stderr)
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", *arguments],
        input=stdin,
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        timeout=100,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def tree(folder: Path) -> dict[str, bytes]:
    """Return path -> bytes of every file below a folder, the manifest aside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".sitegen-manifest"
    }


@pytest.fixture
def site(tmp_path: Path) -> Callable[[Mapping[str, str | bytes | None]], ScratchSite]:
    """Return a function that writes a site from path -> text; config.yaml may be left out."""

    def make(files: Mapping[str, str | bytes | None]) -> ScratchSite:
        return ScratchSite(tmp_path / "site").write({"config.yaml": CONFIG, **files})

    return make


@pytest.fixture
def scratch() -> Callable[[Path], ScratchSite]:
    """Return a function that makes a scratch site of an existing folder."""
    return ScratchSite


@pytest.fixture(scope="session")
def scratch_session() -> Callable[[Path], ScratchSite]:
    """Return the same for fixtures that outlive a test."""
    return ScratchSite


@pytest.fixture(scope="session")
def cli() -> Callable[..., Done]:
    return run_cli


@pytest.fixture(scope="session")
def files_below() -> Callable[[Path], dict[str, bytes]]:
    return tree


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, Mapping[str, bytes]], None]:
    """Return a function that compares files with a folder, or rewrites it under --update-golden."""

    def compare(folder: Path, made: Mapping[str, bytes]) -> None:
        expected = tree(folder) if folder.is_dir() else {}
        if dict(made) != expected and request.config.getoption("--update-golden"):
            shutil.rmtree(folder, ignore_errors=True)
            ScratchSite(folder).write(made)
            pytest.fail(f"{folder.name} was rewritten: read `git diff`, then run again")

        assert sorted(expected) == sorted(made)
        for path in expected:
            assert expected[path].decode() == made[path].decode(), path

    return compare
