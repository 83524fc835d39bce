"""The benchmarks measure what they say: the same work for all, and figures that come out of runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from benchmarks import (
    checking,
    figures,
    goals,
    growth,
    kept,
    page,
    plot,
    process,
    rounds,
    scale,
    stages,
    tables,
)
from benchmarks.peer import Peer, Project
from benchmarks.peers import PUBLISHED, REALISTIC
from benchmarks.peers.floors import START
from benchmarks.peers.sitegen import PublishedSitegen, Sitegen, SitegenDefault
from benchmarks.process import Cost, FailedError
from benchmarks.remarks import how_many, plain_words
from benchmarks.rounds import Choice, Facts, Results, Row
from benchmarks.workload import Workload

SMALL = Workload(20, mean=5)
PLAIN = Workload(20, published=True)


def test_workload_is_the_same_everywhere() -> None:
    assert SMALL.digest.startswith("782df2f938e04367")
    assert PLAIN.digest.startswith("c54b61624246c8e1")


def test_smaller_workload_is_the_beginning_of_a_larger_one() -> None:
    smaller = Workload(10, mean=5)

    assert smaller.articles == SMALL.articles[:10]
    assert smaller.threads == {
        one.slug: SMALL.threads[one.slug] for one in smaller.articles if one.slug in SMALL.threads
    }


def test_articles_have_as_many_comments_as_asked_for_on_average() -> None:
    counts = [how_many(1, number, 5) for number in range(2000)]

    assert 4.5 < sum(counts) / len(counts) < 5.5
    assert max(counts) == 200
    assert counts.count(0) > 300
    assert how_many(1, 37, 0) == 0


def test_replies_answer_comments_of_the_same_thread() -> None:
    for thread in SMALL.threads.values():
        ids = [comment.id for comment in thread]

        assert len(set(ids)) == len(ids)
        assert all(comment.reply_to in {"", *ids[:at]} for at, comment in enumerate(thread))


def _laid_out(peer: Peer, folder: Path, workload: Workload) -> Project:
    project = Project(peer, folder, workload, ["none"])
    project.lay_out()
    return project


@pytest.mark.parametrize(
    ("peer", "workload"),
    [*((peer, SMALL) for peer in REALISTIC), *((peer, PLAIN) for peer in PUBLISHED)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_every_peer_gets_every_article_and_comment(
    peer: Peer, workload: Workload, tmp_path: Path
) -> None:
    project = _laid_out(peer, tmp_path, workload)
    texts = {
        path.relative_to(tmp_path).as_posix(): path.read_text(encoding="utf-8")
        for path in tmp_path.rglob("*")
        if path.is_file()
    }

    for article in workload.articles:
        assert article.body in texts[peer.article_path(article)]
        for comment in workload.threads.get(article.slug, ()):
            assert plain_words(comment) in texts[peer.comment_path(article, comment)]
    words = project.edit()
    assert words in (tmp_path / peer.article_path(workload.target)).read_text(encoding="utf-8")


@pytest.mark.parametrize("make", [Sitegen, SitegenDefault])
def test_sites_are_valid_and_show_changes(
    make: Callable[[], Peer], tmp_path: Path, scratch: Callable[[Path], Any]
) -> None:
    project = _laid_out(make(), tmp_path, SMALL)
    site = scratch(tmp_path)

    assert site.messages(jobs=1) == []
    assert checking.check(project).files > len(SMALL.articles)
    for change in (project.edit, project.answer):
        words = change()
        assert not checking.shows(project, words)
        site.build(jobs=1)
        assert checking.shows(project, words)
    project.touch()
    assert site.build(jobs=1).written.changed == ()
    project.clean()
    assert not site.output.exists()
    assert not (tmp_path / ".sitegen").exists()


def test_published_workload_is_a_valid_site(tmp_path: Path, scratch: Callable[[Path], Any]) -> None:
    project = _laid_out(PublishedSitegen(), tmp_path, PLAIN)

    assert scratch(tmp_path).messages(jobs=1) == []
    assert checking.check(project).files > len(PLAIN.articles)


def test_nobody_is_timed_for_leaving_something_out(
    tmp_path: Path, scratch: Callable[[Path], Any]
) -> None:
    project = _laid_out(Sitegen(), tmp_path, SMALL)
    scratch(tmp_path).build(jobs=1)
    place = tmp_path / project.peer.page(SMALL.target)
    text = place.read_text(encoding="utf-8")

    place.write_text(text.replace('id="comment-', 'id="', 1), encoding="utf-8")
    with pytest.raises(FailedError, match="comments are shown"):
        checking.check(project)
    place.unlink()
    with pytest.raises(FailedError, match="is missing"):
        checking.check(project)


def test_runs_are_measured_and_failures_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    asks = "import os, sys; sys.exit('PYTHONDONTWRITEBYTECODE' in os.environ)"

    cost = process.run([sys.executable, "-c", asks], tmp_path, {}, 20)
    assert cost.wall > 0
    assert cost.peak > 1
    assert process.memory([sys.executable, "-c", "x = 1"], tmp_path, {}, 20) >= 0
    failing = [sys.executable, "-c", "import sys; sys.exit('out of words')"]
    for way in (process.run, process.memory):
        with pytest.raises(FailedError, match="out of words"):
            way(failing, tmp_path, {}, 20)


def test_rounds_are_interleaved_and_failures_end_a_peer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(Sitegen):
        name = "failing"

    def run(argv: list[str], folder: Path, *_: object) -> Cost:
        if folder.name == "failing":
            raise FailedError("exit status 3")
        return Cost(1.0, 0.5, 10.0)

    monkeypatch.setattr(rounds, "REALISTIC", (Sitegen(), Failing(), START))
    monkeypatch.setattr(rounds.process, "run", run)
    monkeypatch.setattr(rounds.process, "memory", lambda *_: 20.0)
    monkeypatch.setattr(rounds.checking, "check", lambda _: checking.Outputs(7, 1.5))
    results = Results()
    peers = ("sitegen", "failing", START.name)
    choice = Choice(peers, ("clean", "same", "comment"), 2, 20, tmp_path)

    rounds.measure(Workload(20), choice, results)

    assert [(row.mode, row.round, row.peer) for row in results.rows] == [
        ("clean", 0, "sitegen"),
        ("clean", 1, "sitegen"),
        ("same", 0, "sitegen"),
        ("same", 0, START.name),
        ("same", 1, START.name),
        ("same", 1, "sitegen"),
    ]
    assert [facts.failed for facts in results.facts] == [
        "",
        "everything anew: exit status 3",
        "",
    ]
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


@pytest.fixture
def recorded() -> Results:
    """Two rounds at two sizes, in which Hugo takes twice as long and another fails."""
    results = Results(
        machine={"Processor": "an abacus"}, versions={"sitegen": "0.1", "Hugo": "0.168"}
    )
    for size in (4000, 10_000):
        name = f"{size}x5"
        results.titles[name] = f"{size} articles"
        results.facts += [
            Facts(name, "sitegen", files=9, megabytes=1.25, memory=100),
            Facts(name, "Hugo", files=8, megabytes=1, memory=400),
            Facts(name, "Eleventy", failed="exit status 1: no | memory"),
        ]
        for number, wall in enumerate((4.0, 6.0)):
            ours = Row(name, "sitegen", "clean", number, wall, 7, 50)
            results.rows += [
                ours,
                replace(ours, peer="Hugo", wall=2 * wall),
                replace(ours, mode="same", wall=wall / 10),
                replace(ours, mode="comment", wall=wall / 8, stale=number == 1),
                replace(ours, peer="floor: look", mode="same", wall=wall / 20),
            ]
    return results


def test_ratios_are_those_of_the_same_round(recorded: Results) -> None:
    hugo = figures.select(recorded, "4000x5", "Hugo", "clean")
    ours = figures.select(recorded, "4000x5", "sitegen", "clean")

    assert figures.ratio(hugo, ours) == figures.Figure(2, 2, 2, 2)
    assert figures.ratio(hugo[:1], ours[1:]) is None
    assert figures.figure(row.wall for row in ours) == figures.Figure(5, 4, 6, 2)


def test_tables_show_medians_ratios_and_what_went_wrong(recorded: Results) -> None:
    shown = tables.manual(recorded)

    assert "| sitegen | 5.00 | 0.50 | 0.62 *change not shown* |" in shown
    assert "| Hugo | 10 (2.00 ×) |  |  |" in shown
    assert "| Eleventy | exit status 1: no / memory |  |  |" in shown
    assert "| sitegen | 7.00 | 50 | 100 | 9 | 1.2 |" in shown
    assert "| Processor | an abacus |" in shown
    assert "- **Hugo**: " in shown
    assert "- **Pelican**" not in shown
    assert "| 4000x5 | Hugo | everything anew | 2 | 10 | 8.00–12 | 2.00 × |" in tables.everything(
        recorded
    )


def test_goals_are_told_as_kept_or_not(recorded: Results) -> None:
    told = {goal.work: goal.measured(recorded) for goal in goals.GOALS}
    kept_ones = [goal.is_met(found) for goal in goals.GOALS if (found := told[goal.work])]

    # To Hugo, to looking, comment to nothing changed, memory, and memory to Hugo's.
    assert kept_ones == [True, True, True, True, True]
    assert "| at least 3 × | not measured |  |" in tables.manual(recorded)


@pytest.mark.parametrize("is_empty", [False, True])
def test_picture_is_well_formed(recorded: Results, is_empty: bool) -> None:
    root = ET.fromstring(plot.svg(Results() if is_empty else recorded))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]

    assert ("Hugo" in texts) is not is_empty
    assert "Everything anew: seconds" in texts


def test_figures_are_kept_and_read_again(recorded: Results, tmp_path: Path) -> None:
    assert kept.load(tmp_path) == Results()

    kept.save(recorded, tmp_path)

    assert kept.load(tmp_path) == recorded


def test_manual_has_a_place_for_figures(recorded: Results) -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    new = page.with_figures(text, tables.manual(recorded))

    assert "an abacus" in new
    assert new.split(page.BEGIN)[0] == text.split(page.BEGIN)[0]
    assert new.split(page.END)[1] == text.split(page.END)[1]
    for broken in ("", text + page.END, text.replace(page.BEGIN, ""), text + page.BEGIN):
        with pytest.raises(ValueError, match="the page needs"):
            page.with_figures(broken, "")


def test_every_stage_of_a_build_is_timed_where_it_is(tmp_path: Path) -> None:
    run = scale.measure(tmp_path, 20, 5)[0]

    assert set(run.stages) == set(stages.STAGES)
    for stage in ("look", "read articles", "read comments", "assemble", "plan", "print", "commit"):
        assert run.stages[stage][0] > 0, stage
    assert (tmp_path / "output/index.html").exists()


def _run(articles: int, comments: int, *costs: float, peak: float = 100) -> growth.Run:
    names = ("look", "read articles", "read comments")
    found = {name: (cost, 1.0) for name, cost in zip(names, costs, strict=True)}
    return growth.Run(articles, comments, "clean", 1, sum(costs), peak, found)


def test_growth_is_fitted_and_the_cost_of_comments_told_apart() -> None:
    runs = [
        _run(100, 500, 1, 10, 5),
        _run(1000, 5000, 10, 1000, 50, peak=200),
        _run(1000, 0, 4, 1000, 0),
    ]

    assert growth.growth(runs, "look") == pytest.approx((1.0, 1.0))
    assert growth.growth(runs, "read articles") == pytest.approx((2.0, 2.0))
    assert growth.unit_costs(runs, "look") == pytest.approx((0.004, 0.0012))
    assert growth.unit_costs(runs, "read comments") == pytest.approx((0, 0.01))
    assert growth.memory(runs, 2800) == pytest.approx(400)


def test_only_stages_that_can_be_shared_are_divided_among_workers() -> None:
    runs = [_run(100, 500, 1, 10, 5), _run(1000, 5000, 10, 100, 50)]

    alone, many = (growth.extrapolated(runs, 10_000, 50_000, workers) for workers in (1, 10))

    assert alone["look"] == many["look"] == pytest.approx(100)
    assert many["read articles"] == pytest.approx(alone["read articles"] / 10)
    assert "| 10,000,000 | 100,000,000 | 512 |" in growth.tables(runs)
