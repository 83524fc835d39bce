"""Builds whose work is done elsewhere: the same bytes whatever befalls the workers, or none at all."""

from __future__ import annotations

import gc
import io
import multiprocessing
import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import engines
import pytest
from clusters import Cluster
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from programs import Program

from benchmarks.peer import Project
from benchmarks.peers.sitegen import SitegenDefault
from benchmarks.workload import Workload
from sitegen.build import calls, darkroom, edition, executors, inputs, shipping
from sitegen.build.memory import Memory
from sitegen.build.workers import Done, Stage, Workers

pytestmark = pytest.mark.timeout(180)

HERE = Path(__file__).parent
SMALL = Workload(40, mean=5)


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> engines.Plan:
    """What befalls the executors of `engines`; batches are so small that there are many."""
    made = engines.Plan()
    monkeypatch.setattr(engines, "plan", made)
    monkeypatch.setattr(calls, "LATE", 60.0)  # a busy machine is slow, and no worker of it
    monkeypatch.setattr(inputs, "_WORTHWHILE", 20_000)
    monkeypatch.setattr(edition, "_WORTHWHILE", 8)
    monkeypatch.setattr(darkroom, "_WORTHWHILE", 1)
    return made


@pytest.fixture(scope="module")
def workload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workload") / "site"
    folder.mkdir()
    Project(SitegenDefault(), folder, SMALL, ["none"]).lay_out()
    return folder


@pytest.fixture(scope="module")
def expected(workload: Path, scratch_session: Callable[[Path], Any]) -> dict[str, bytes]:
    """What a process of this machine makes of the workload."""
    site = scratch_session(workload)
    site.build(remember=False, jobs=1)
    made = site.outputs()
    shutil.rmtree(site.output)
    return made


@pytest.fixture
def sample(workload: Path, tmp_path: Path, scratch: Callable[[Path], Any]) -> Any:
    shutil.copytree(workload, tmp_path / "site")
    return scratch(tmp_path / "site")


def codes(report: Any) -> list[str]:
    return [problem.code for problem in report.problems]


# What a factory makes


def test_workers_need_nothing_but_the_package(
    sample: Any, expected: dict[str, bytes], plan: engines.Plan
) -> None:
    plan.site = str(sample.root)
    report = sample.build(executor="engines:processes", jobs=2)

    assert report.written
    assert sample.outputs() == expected
    assert plan.opened == 1
    assert plan.calls > 10


def test_a_check_by_an_executor_says_what_a_check_here_says(
    sample: Any, plan: engines.Plan
) -> None:
    for path in ("default.md", "first.md"):
        sample.write(
            {f"content/{path}": f"---\ntitle: {path}\n---\n[x](missing.md) ![](none.png)\n"}
        )
    sample.write({"comments/default/bad.yaml": "author: [\n", "content/bad.md": "no front matter"})
    here = sample.build(write=False, remember=False)
    there = sample.build(write=False, remember=False, executor="engines:threads")

    assert len(here.problems) > 3
    assert there == here
    assert plan.calls > 10


def test_what_has_not_changed_is_not_sent_and_what_has_is_made_anew(
    sample: Any, plan: engines.Plan
) -> None:
    sample.build(executor="engines:threads")
    first = plan.calls
    path = f"content/{SMALL.target.slug}.md"
    old = (sample.root / path).read_text(encoding="utf-8")
    sample.write({path: f"{old}\nOne more paragraph.\n"})
    inputs._WORTHWHILE = edition._WORTHWHILE = 1
    report = sample.build(executor="engines:threads", explain=f"{SMALL.target.slug}/index.html")

    assert 0 < plan.calls - first < 12
    assert 0 < len(report.written.changed) < 12
    assert "the field `html` of its view has changed" in report.explanation
    made = sample.outputs()
    sample.build(remember=False, jobs=1)
    assert sample.outputs() == made


def test_work_that_is_soon_done_is_done_here(
    sample: Any, plan: engines.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "_WORTHWHILE", 10**9)
    monkeypatch.setattr(edition, "_WORTHWHILE", 10**9)
    assert sample.build(executor="engines:threads").written
    assert plan.opened == 0


def test_pictures_are_made_elsewhere_too(site: Callable[..., Any], plan: engines.Plan) -> None:
    picture = io.BytesIO()
    Image.radial_gradient("L").resize((100, 60)).convert("RGB").save(picture, "PNG")
    files = {
        "config.yaml": "title: T\nbase_url: https://example.org/\n"
        "pictures: {formats: [webp], widths: [40], sharing: true}\n",
        "content/a/index.md": "---\ntitle: A\ndate: 2024-05-01\n---\n![A picture](p.png)\n",
        "content/b.md": "---\ntitle: B\ndate: 2024-05-01\n---\nB.\n",
        "content/a/p.png": picture.getvalue(),
    }
    made = site(files)
    made.build(jobs=1, remember=False)
    here = made.outputs()
    shutil.rmtree(made.output)
    made.build(executor="engines:threads")

    pictures = [path for path in here if path.startswith("assets/") and ".webp" in path]
    kept = [head for head in Memory(made.root / ".sitegen").heads().values() if not head]
    assert made.outputs() == here
    assert len(kept) == len(pictures) + 2, "what is made when it is printed is not kept"


def test_what_is_under_way_is_bounded_and_comes_back_in_order(
    sample: Any, expected: dict[str, bytes], plan: engines.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "_WORTHWHILE", 1)
    monkeypatch.setattr(edition, "_WORTHWHILE", 1)
    sample.build(executor="engines:threads", jobs=2)

    assert sample.outputs() == expected
    assert plan.calls > 100
    assert plan.most_under_way <= calls.WINDOW * 2
    assert plan.longest < 2 * shipping._BYTES


class Lengths(Stage[bytes, bytes, int, int]):
    """Bytes -> their number; what is empty needs no work."""

    tool = 1

    def fetch(self, item: bytes) -> bytes | Done[int]:
        return item or Done(0)

    @staticmethod
    def work(tool: int, task: bytes) -> int:
        return tool * len(task)

    def keep(self, answer: int) -> int:
        return answer


@given(
    sizes=st.lists(st.sampled_from([0, 1, 70, 2000]), max_size=30),
    limit=st.sampled_from([1, 3, 100]),
)
def test_every_item_has_its_result_in_its_place(sizes: list[int], limit: int) -> None:
    with Workers(2, "engines:threads") as workers:
        items = [bytes(size) for size in sizes]
        batches = workers.in_batches(Lengths(), items, [1] * len(items), limit)
        assert [result for batch in batches for result in batch] == sizes


def test_a_batch_holds_no_more_bytes_than_it_may(
    plan: engines.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipping, "_BYTES", 1000)
    with Workers(2, "engines:threads") as workers:
        items = [bytes([number]) * 400 for number in range(50)]
        batches = list(workers.in_batches(Lengths(), items, [1] * 50, 50))

    assert [len(batch) for batch in batches] == [3] * 16 + [2]
    assert plan.longest < 1600


def test_nothing_is_kept_of_a_batch_whose_answer_was_taken(plan: engines.Plan) -> None:
    """Commands collect no circles: what is held by one would grow with the site."""
    gc.disable()
    try:
        with Workers(2, "engines:threads") as workers:
            for _ in workers.in_batches(Lengths(), [b"some bytes"] * 100, [1] * 100, 1):
                assert sum(one() is not None for one in plan.futures) <= calls.WINDOW * 2 + 3
    finally:
        gc.enable()
    assert len(plan.futures) == 100


class Faulty(Lengths):
    """Fails as it is told, the first time."""

    fails: Exception | None = None

    @staticmethod
    def work(tool: int, task: bytes) -> int:
        error, Faulty.fails = Faulty.fails, None
        if error:
            raise error
        return len(task)


def lengths_by_faulty_work(error: Exception) -> list[int]:
    Faulty.fails = error
    with Workers(2, "engines:threads") as workers:
        [batch] = workers.in_batches(Faulty(), [b"a", b"bc"], [1, 1], 2)
        return batch


@pytest.mark.parametrize("error", [OSError("no room"), MemoryError("no room")])
def test_work_that_finds_no_room_is_done_elsewhere(plan: engines.Plan, error: Exception) -> None:
    assert lengths_by_faulty_work(error) == [1, 2]
    assert plan.calls == 2


def test_a_mistake_of_the_tool_shows_where_it_arose_in_the_worker(plan: engines.Plan) -> None:
    with pytest.raises(RuntimeError, match=r"(?s)engines:threads failed.*in work.*IndexError: odd"):
        lengths_by_faulty_work(IndexError("odd"))
    assert plan.calls == 1


# What befalls workers


def test_a_worker_that_dies_is_replaced_and_its_work_done_again(
    sample: Any, expected: dict[str, bytes], plan: engines.Plan
) -> None:
    plan.dies_at = frozenset({3, 11})
    report = sample.build(executor="engines:processes", jobs=2)

    assert report.written
    assert plan.opened == 3
    assert sample.outputs() == expected


@pytest.fixture
def published(sample: Any) -> Any:
    """A site that is published, and has changed everywhere since."""
    sample.build(remember=False)
    config = (sample.root / "config.yaml").read_text(encoding="utf-8")
    sample.write({"config.yaml": config.replace("Workshop", "Other")})
    return sample


def fails_whole(site: Any, message: str, **options: Any) -> None:
    """A build fails with one problem, and what was published stays as it was."""
    before = site.outputs()
    report = site.build(**options)

    assert report.written is None
    assert codes(report) == ["executor"]
    assert message in report.problems[0].message
    assert site.outputs() == before
    assert not (site.output / ".sitegen-staging").exists()


def test_workers_that_always_die_leave_the_site_as_it_was(
    published: Any, plan: engines.Plan
) -> None:
    plan.always_dies = True
    fails_whole(published, "lost 4 times, by BrokenProcessPool", executor="engines:processes")
    assert plan.opened == 4


def test_a_worker_whose_disk_is_full_gives_its_work_to_another(
    sample: Any, expected: dict[str, bytes], plan: engines.Plan
) -> None:
    plan.befalls = engines.Full(lambda number: number % 3 == 0)
    assert sample.build(executor="engines:threads").written
    assert sample.outputs() == expected


def test_disks_that_stay_full_leave_the_site_as_it_was(published: Any, plan: engines.Plan) -> None:
    plan.befalls = engines.Full(lambda number: number > 10)
    message = "lost 4 times, by OSError: [Errno 28] No space left on device"
    fails_whole(published, message, executor="engines:threads")


def test_work_that_takes_far_longer_than_other_work_is_given_to_somebody_else_too(
    sample: Any, expected: dict[str, bytes], plan: engines.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "LATE", 0.1)
    slow = plan.befalls = engines.Slow(lambda number: number == 7)
    try:
        report = sample.build(executor="engines:threads")
        assert slow.ended == 0
    finally:
        slow.may_end.set()

    assert report.written
    assert sample.outputs() == expected


def test_work_that_nobody_ends_leaves_the_site_as_it_was(
    published: Any, plan: engines.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "LATE", 0.1)
    monkeypatch.setattr(calls, "HOPELESS", 0.3)
    slow = plan.befalls = engines.Slow(lambda number: number > 0)
    try:
        fails_whole(published, "was not done within", executor="engines:threads")
    finally:
        slow.may_end.set()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that is killed is forked here")
def test_a_process_of_this_machine_that_dies_is_replaced(
    sample: Any, expected: dict[str, bytes], plan: engines.Plan
) -> None:
    """Not only workers from elsewhere: memory that runs out ends processes too."""
    killed: list[int] = []

    def progress(done: int, total: int) -> None:
        del total
        if done > 20 and not killed:
            [child, *_] = multiprocessing.active_children()
            assert child.pid
            killed.append(child.pid)
            os.kill(child.pid, signal.SIGKILL)

    report = sample.build(progress=progress, jobs=2)

    assert killed
    assert report.written
    assert sample.outputs() == expected


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs limits of processes")
@pytest.mark.parametrize("options", [{"executor": "engines:threads"}, {"jobs": 1}, {"jobs": 2}])
def test_a_full_disk_here_is_one_problem_and_leaves_the_site_as_it_was(
    published: Any, plan: engines.Plan, options: dict[str, Any]
) -> None:
    """A limit on the size of files stands for the disk: writing fails in the same places."""
    import resource

    before = published.outputs()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
            report = published.build(remember=False, **options)
            said = [f"{one.code}: {one.message}" for one in report.problems]
            os.write(writing, "\n".join([*said, str(report.written)]).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with open(reading, encoding="utf-8") as stream:  # noqa: PTH123
        assert stream.read() == "output: the output cannot be written: File too large\nNone"
    assert published.outputs() == before


# Addresses


@pytest.mark.parametrize(
    "address", ["dask://", "dask://host", "tcp://h:1", "module", "a:b c", ":f"]
)
def test_an_address_that_can_be_none_is_refused(sample: Any, address: str) -> None:
    done = sample.cli("build", "--executor", address)

    assert done.returncode == 2
    assert "dask://HOST:PORT or module:factory" in done.stderr


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("nowhere.at_all:factory", "No module named 'nowhere'"),
        ("engines:missing", "has no attribute 'missing'"),
    ],
)
def test_a_factory_that_is_not_there_is_a_problem(
    published: Any, plan: engines.Plan, address: str, message: str
) -> None:
    fails_whole(published, message, executor=address)


# dask


@pytest.fixture
def cluster(tmp_path: Path, plan: engines.Plan) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    with Cluster(folder) as made:
        yield made


class Killer:
    """Progress that kills a program when a part of the outputs is printed, with much under way."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.at = 0

    def __call__(self, done: int, total: int) -> None:
        if done >= total // 3 and not self.at:
            self.at = done
            assert done < total
            self.program.kill()


def test_a_cluster_makes_the_same_bytes_though_a_worker_is_killed_midway(
    sample: Any, expected: dict[str, bytes], cluster: Cluster
) -> None:
    killer = Killer(cluster.worker())
    cluster.worker()
    report = sample.build(executor=cluster.executor, progress=killer)

    assert killer.at
    assert report.written
    assert sample.outputs() == expected


def test_a_cluster_that_loses_its_scheduler_leaves_the_site_as_it_was(
    published: Any, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "LATE", 2.0)  # what is on its way back is lost without a word
    monkeypatch.setattr(executors, "_REACHED", 1)
    cluster.worker()
    killer = Killer(cluster.scheduler)
    fails_whole(
        published, "the scheduler cannot be reached", executor=cluster.executor, progress=killer
    )
    assert killer.at


def test_a_cluster_without_workers_is_told(
    published: Any, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_REACHED", 1)
    fails_whole(published, "the scheduler has no workers", executor=cluster.executor)


def test_a_worker_that_would_make_other_bytes_makes_none(
    published: Any, cluster: Cluster, repository: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(repository / "sitegen", other / "sitegen")
    with (other / "sitegen/markup/escaping.py").open("a", encoding="utf-8") as stream:
        stream.write("# Another version.\n")
    cluster.worker(PYTHONPATH=str(other))
    fails_whole(published, "a worker has `sitegen ", executor=cluster.executor)


def test_a_scheduler_that_is_not_there_is_told(
    published: Any, plan: engines.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_REACHED", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        port = taken.getsockname()[1]
        fails_whole(published, "cannot be reached", executor=f"dask://127.0.0.1:{port}")


@pytest.mark.shared
def test_a_cluster_makes_the_same_of_a_real_blog_though_a_worker_is_killed_midway(
    shared: Path, tmp_path: Path, scratch: Callable[[Path], Any], cluster: Cluster
) -> None:
    root = tmp_path / "site"
    shutil.copytree(shared / "corpora/site-haacked", root, copy_function=shutil.copyfile)
    for folder in (root, *root.rglob("*")):
        folder.chmod(0o755)  # the corpora are read-only, and so are copies of their folders
    with (root / "config.yaml").open("a", encoding="utf-8") as stream:
        stream.write("\nchecks: {broken_link: warning, broken_anchor: warning}\n")
    site = scratch(root)
    site.build(remember=False)
    here = site.outputs()
    shutil.rmtree(site.output)
    killer = Killer(cluster.worker())
    cluster.worker()
    site.build(executor=cluster.executor, progress=killer)

    assert killer.at
    assert site.outputs() == here
