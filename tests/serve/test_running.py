"""What goes on behind the server: watching, and building again and again."""

from __future__ import annotations

import datetime as dt
import gc
import threading
from types import SimpleNamespace

import pytest

from sitegen.model.schedule import Clock
from sitegen.serve import running, watching
from sitegen.serve.stage import Stage
from sitegen.serve.watching import Watch

ARTICLE = "---\ntitle: Trip\ndate: 2018-02-19\n---\nText {}.\n"
NOW = Clock(dt.datetime(2024, 6, 1, tzinfo=dt.UTC))


def builder(made, said):
    server = SimpleNamespace(stage=Stage(), url="http://127.0.0.1:8000/")
    folder = made.root / ".sitegen/serve/8000"
    return running._Builder(made.root, folder, server, lambda: NOW, said.append)


def test_many_builds_leave_nothing_in_memory(site):
    made = site({"content/trip.md": ARTICLE.format(0)})
    said = []
    again = builder(made, said)
    counts = []
    for number in range(24):
        broken = "[" if number % 3 == 2 else ""
        made.write({"content/trip.md": ARTICLE.format(number).replace("Trip", f"{broken}Trip")})
        again.build(("content/trip.md",))
        said.clear()
        counts.append(len(gc.get_objects()))

    assert gc.isenabled()
    assert counts[-1] - counts[8] < 400, counts


def test_a_bug_is_told_and_the_next_build_goes_on(site, monkeypatch):
    made = site({"content/trip.md": ARTICLE.format(0)})
    said = []
    again = builder(made, said)

    def fail(options):
        raise RuntimeError("a bug")

    with monkeypatch.context() as planted:
        planted.setattr(running, "build", fail)
        again.build(("content/trip.md",))
    assert "RuntimeError: a bug" in said[0]
    assert "RuntimeError: a bug" in again.server.stage.scene.problems[0]
    again.build(("content/trip.md",))
    assert again.server.stage.scene.problems == ()


def test_a_file_that_goes_away_during_a_build_is_no_bug(site, monkeypatch):
    made = site({"content/trip.md": ARTICLE.format(0)})
    said = []
    again = builder(made, said)
    real, calls = running.build, []

    def fail_once(options):
        calls.append(options)
        if len(calls) == 1:
            raise FileNotFoundError
        return real(options)

    monkeypatch.setattr(running, "build", fail_once)
    again.build(("content/trip.md",))

    assert again.server.stage.scene.problems == ()
    assert not [line for line in said if "Traceback" in line]


def first_burst(watch, change):
    """Return the first burst after a change, which is made again until it is noticed.

    The system begins to watch in a thread of its own, nobody knows when.
    """
    noticed = threading.Event()

    def make_changes():
        while not noticed.wait(0.2):
            change()

    thread = threading.Thread(target=make_changes)
    thread.start()
    try:
        return next(watch.bursts())
    finally:
        noticed.set()
        thread.join()


@pytest.mark.parametrize("polling", [False, True])
def test_changes_are_noticed_with_and_without_the_system_s_help(site, polling):
    made = site({"content/trip.md": ARTICLE.format(0)})
    with Watch(made.root, polling=polling) as watch:
        paths = first_burst(watch, lambda: made.write({"content/new.md": ARTICLE.format(1)}))

    assert "content/new.md" in paths


def test_where_the_system_has_no_watches_left_files_are_looked_at(site, monkeypatch):
    from watchdog.observers import Observer

    def refuse(*arguments, **options):
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "schedule", refuse)
    made = site({"content/trip.md": ARTICLE.format(0)})
    with Watch(made.root) as watch:
        assert watch.polling
        paths = first_burst(watch, lambda: made.write({"content/new.md": ARTICLE.format(1)}))

    assert "content/new.md" in paths


def test_what_editors_write_for_a_moment_starts_no_build(site):
    made = site({"content/trip.md": ARTICLE.format(0)})

    def edit():
        made.write({"content/4913": "", "content/.trip.md.swp": "x", "content/trip.md~": "x"})
        made.write({"content/trip.md": ARTICLE.format(1)})

    with Watch(made.root) as watch:
        assert first_burst(watch, edit) == ("content/trip.md",)


def test_a_burst_without_end_is_built_all_the_same(site, monkeypatch):
    made = site({"content/trip.md": ARTICLE.format(0)})
    monkeypatch.setattr(watching, "_LONGEST", 0.2)
    with Watch(made.root) as watch:
        stop = threading.Event()

        def write():
            number = 0
            while not stop.wait(0.01):
                number += 1
                watch.seen.put(f"content/{number}.md")

        writer = threading.Thread(target=write)
        writer.start()
        try:
            assert next(watch.bursts())
        finally:
            stop.set()
            writer.join()
