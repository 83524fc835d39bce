"""Build, serve, watch, build again: until Ctrl-C."""

from __future__ import annotations

import contextlib
import gc
import signal
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from sitegen import disk
from sitegen.build.memory import FOLDER
from sitegen.build.pipeline import Options, Report, build, comments_root
from sitegen.errors import Severity, as_text, printable
from sitegen.model.schedule import Clock
from sitegen.serve.server import SiteServer, listen
from sitegen.serve.stage import Stage
from sitegen.serve.watching import Watch

Say = Callable[[str], None]


class Settings(msgspec.Struct, frozen=True):
    """What is to be served, and where."""

    root: Path
    port: int
    bind: str


def serve(settings: Settings, clock: Callable[[], Clock], say: Say, ready: Say) -> None:
    """Serve a site until Ctrl-C.

    Args:
        settings: What, and where.
        clock: Tells what is due now.
        say: Prints a line for the author.
        ready: Called with the address once the first build is over.

    Raises:
        OSError: There is no way to listen at that address.
    """
    stage = Stage()
    server = listen(settings.bind, settings.port, stage)
    if settings.port not in {0, server.server_port}:
        say(f"port {settings.port} is taken, so this is port {server.server_port}")
    with (
        contextlib.suppress(KeyboardInterrupt),
        _interrupted_by_signals(),
        _folder(settings.root, server.server_port) as folder,
    ):
        try:
            server.folder, server.built = folder, settings.root / "output"
            _run(_Builder(settings.root, folder, server, clock, say), ready)
        finally:
            stage.close()
            server.server_close()


def _run(builder: _Builder, ready: Say) -> None:
    """Build once with all processors, then again after each burst of changes."""
    server = builder.server
    builder.build((), jobs=0)
    gc.freeze()  # what is there by now stays: to look through it again would hold up the pages
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        with Watch(builder.root, comments_root(builder.root)) as watch:
            builder.say(f"serving {server.url} until Ctrl-C")
            if watch.polling:
                builder.say("this system has no watches left, so files are looked at once a second")
            ready(server.url)
            builder.build((), quiet=True)  # what was saved before the watch began
            for paths in watch.bursts():
                builder.build(paths)
    finally:
        server.stage.close()
        server.shutdown()
        thread.join()


class _Builder:
    """Builds the site and tells the terminal and the pages what came of it."""

    def __init__(
        self, root: Path, folder: Path, server: SiteServer, clock: Callable[[], Clock], say: Say
    ) -> None:
        self.root = root
        self.folder = folder
        self.server = server
        self.clock = clock
        self.say = say

    def build(self, paths: Sequence[str], *, jobs: int = 1, quiet: bool = False) -> None:
        """Build; threads are running by the second time, so it does not spread over processes."""
        started = time.perf_counter()
        gc.disable()
        try:
            report = self._attempt(jobs)
        except Exception:  # noqa: BLE001 - a server has to survive whatever is saved
            told = traceback.format_exc()
            self.say(told)
            self.server.stage.show([f"sitegen has failed; please report this\n\n{told}"])
            return
        finally:
            gc.enable()
        seconds = time.perf_counter() - started
        if not quiet or report.written is None or report.written.changed:
            self._tell(report, paths, seconds)
        gc.collect()

    def _attempt(self, jobs: int) -> Report:
        """Build; once more if a file went away while it was looked at."""
        options = Options(
            self.root, self.folder, self.clock(), self.server.url, jobs=jobs, serving=True
        )
        try:
            return build(options)
        except Exception:  # noqa: BLE001 - if it was no accident, the second time tells
            time.sleep(0.1)
            return build(options)

    def _tell(self, report: Report, paths: Sequence[str], seconds: float) -> None:
        errors = [one for one in report.problems if one.severity is Severity.ERROR]
        written = report.written
        changed = (*written.changed, *written.removed) if written else ()
        self.server.stage.show((as_text([one]) for one in errors), changed)
        what = f"{_named(paths)}: " if paths else ""
        if report.problems:
            self.say(as_text(report.problems).rstrip("\n"))
        if written is None:
            count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
            self.say(f"{what}{count}; the last good pages are served")
        else:
            self.say(
                f"{what}{len(written.changed)} written, {len(written.removed)} removed"
                f" in {seconds:.2f} s"
            )


def _named(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return printable(paths[0]) + more


@contextlib.contextmanager
def _folder(root: Path, port: int) -> Iterator[Path]:
    """Give the folder to build into: one for each port, so that two servers do not meet."""
    folder = root / FOLDER / "serve" / str(port)
    if disk.make_folder(folder):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="sitegen-serve-") as temporary:
        yield Path(temporary)


@contextlib.contextmanager
def _interrupted_by_signals() -> Iterator[None]:
    """Let a request to terminate end the program as Ctrl-C does, also if it ignored that one."""

    def interrupt(number: int, frame: object) -> None:
        del number, frame
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, interrupt) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
