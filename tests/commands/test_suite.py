"""`para-bench suite`: the plan of a suite, of some of its splits, and names that are not there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from para_bench import records
from para_bench.benchmarks.contrasts import find_declaration
from para_bench.benchmarks.suites import FACTORIAL
from para_bench.cli import main
from para_bench.commands import suite
from para_bench.commands.parts.tables import render
from para_bench.commands.plans import suite_run
from para_bench.commands.plans.chosen_suite import ChosenSuite
from para_bench.options import THIS_MACHINE, ExecutorOptions, MachineOptions, SeenOptions, TableOptions, check_ranges
from para_bench.records import EpisodeRecord
from para_bench.types import ParaBenchError


def test_a_plan_runs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite.Suite(
        "headline", ("novel_view", "id"), MachineOptions(workers=2, out=tmp_path / "runs", device="cpu"), plan=True, no_timing=True
    )()
    said = capsys.readouterr().out
    cells = [[word.strip() for word in line.split("│")[1:-1]] for line in said.splitlines() if line.startswith("│")]
    # three heads with three seeds share their trainings; references are rolled out once
    assert cells == [["trainings", "0", "9"], ["episodes id", "0", "1300"], ["episodes novel_view", "0", str(13 * (9 * 100 + 13 * 25))]]
    assert not (tmp_path / "runs").exists()


def test_options_reach_the_suite(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = []
    monkeypatch.setattr(suite_run, "run_suite", lambda *words: asked.append(words))
    machine = MachineOptions(out=tmp_path)
    suite.Suite("ci", ("combined",), machine, trainings_at_once=3)()
    many = SeenOptions(cameras=4)
    suite.Suite("ci", machine=machine, suite_version=1, replan_steps=4, training_views=many, task=("place", "stack"))()
    ray = ExecutorOptions("ray", "10.0.0.1:6379")
    suite.Suite("ci", machine=machine, demo_seeds=2, seeds=4, demos=64, steps=5100, cluster=ray)()
    sizes = {"demo_seeds": 2, "seeds": 4, "demos": 64, "steps": 5100}
    assert asked == [
        (ChosenSuite("ci", machine, ("combined",), 2, 12, SeenOptions(), {}, ("place",), "auto"), 3, None, THIS_MACHINE),
        (ChosenSuite("ci", machine, (), 1, 4, many, {}, ("place", "stack"), "auto"), None, None, THIS_MACHINE),
        (ChosenSuite("ci", machine, (), 2, 12, SeenOptions(), sizes, ("place",), "auto"), None, None, ray),
    ]


@pytest.mark.parametrize(
    ("name", "splits", "message"),
    [("night", (), "suite 'night' is unknown; allowed: smoke, ci"), ("ci", ("id",), "split 'id' is not in the suite; allowed: combined")],
)
def test_unknown_names_are_told_with_the_allowed_ones(name: str, splits: tuple[str, ...], message: str, tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=message):
        suite.Suite(name, splits, MachineOptions(out=tmp_path / "runs", device="cpu"), plan=True, no_timing=True)()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"machines": 3}, "--machines without --plan; allowed: with it"),
        ({"machines": 1}, "--machines without --plan; allowed: with it"),
        ({"no_timing": True}, "--no-timing without --plan; allowed: with it"),
        ({"plan": True, "log": "wandb"}, "--log with --plan, which trains nothing; allowed: without it"),
        ({"plan": True, "trainings_at_once": 2}, "--trainings-at-once with --plan, which trains nothing; allowed: without it"),
        ({"plan": True, "cluster": ExecutorOptions("ray")}, "--plan with --executor ray; allowed: --executor local"),
        ({"plan": True, "no_timing": True, "machines": 2}, "--machines with --no-timing, which tells no hours"),
        ({"plan": True, "shard": "1/2", "machines": 2}, "--machines with --shard; allowed: one of them"),
    ],
)
def test_an_option_that_nothing_would_read_is_refused(options: dict, message: str) -> None:
    with pytest.raises(ParaBenchError, match=message):
        check_ranges(suite.Suite("smoke", **options))
    for read in (
        {"plan": True, "machines": 3},
        {"plan": True, "no_timing": True, "shard": "1/2"},
        {"log": "wandb", "trainings_at_once": 2},
    ):
        check_ranges(suite.Suite("smoke", **read))


def test_timing_is_only_switched_off(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["para-bench", "suite", "smoke", "--timing"])
    with pytest.raises(SystemExit):
        main()
    assert "--timing" in capsys.readouterr().err


def test_a_plan_of_a_shard_is_of_its_share(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts = []
    for shard in ("1/2", "2/2", None):
        machine = MachineOptions(workers=2, out=tmp_path / "runs", device="cpu")
        suite.Suite("headline", ("id", "novel_view"), machine, plan=True, no_timing=True, shard=shard)()
        said = capsys.readouterr().out
        assert f"Suite headline, shard {shard}" in said or shard is None
        counts.append([int(line.split("│")[3]) for line in said.splitlines() if line.startswith("│")])
    assert [a + b for a, b in zip(counts[0], counts[1], strict=True)] == counts[2]
    assert all(0 < own < every for own, every in zip(counts[0], counts[2], strict=True))
    with pytest.raises(ParaBenchError, match="--shard is '3/2'"):
        suite.Suite("headline", machine=machine, plan=True, no_timing=True, shard="3/2")()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"suite_version": 1}, "suite 'diversity' has no split in suite version 1; allowed in it: smoke, ci, .*factorial"),
        ({"task": ()}, "--task names none; allowed: one or more of place, stack"),
    ],
)
@pytest.mark.parametrize("plan", [True, False])
def test_a_suite_without_a_run_is_refused(plan: bool, options: dict, message: str, tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=message) as told:
        suite.Suite("diversity", machine=MachineOptions(out=tmp_path / "runs", device="cpu"), plan=plan, **options)()
    assert "diversity" not in str(told.value).partition(";")[2]
    assert not (tmp_path / "runs").exists()


def test_demonstration_sets_and_seeds_take_the_place_of_the_suites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    machine = MachineOptions(workers=2, out=tmp_path / "runs", device="cpu")
    suite.Suite("headline", ("id",), machine, demo_seeds=3, seeds=2, plan=True, no_timing=True)()
    assert "│ trainings   │ 0     │ 18 " in capsys.readouterr().out  # three heads


def test_a_declaration_is_told_before_anything_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite.Suite("factorial", ("id",), MachineOptions(workers=2, out=tmp_path / "runs", device="cpu"), plan=True, no_timing=True)()
    said = capsys.readouterr().out
    found = find_declaration("factorial")
    assert found is not None
    assert said.index(found.question) < said.index("Declared beforehand") < said.index("Suite factorial")


def test_what_is_declared_for_a_task_is_told_for_it_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for tasks, declares in ((("stack", "wipe"), False), (("place", "stack"), True), (("place",), True)):
        suite.show_declaration("factorial", tasks)
        said = capsys.readouterr().out
        assert ("Declared beforehand" in said) == declares
        others = ", ".join(task for task in tasks if task != "place")
        line = f"declares contrasts on task place alone. Comparisons on {others} are exploratory."
        assert (line in said) == bool(others)
    suite.show_declaration("headline", ("stack",))
    assert capsys.readouterr().out == ""


def test_a_folder_of_another_task_gets_no_declared_verdicts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], episodes: Callable[..., list[EpisodeRecord]]
) -> None:
    for head in FACTORIAL:
        for record in episodes(head, ("id", "0"), "1" * 4, split="stack.id", task="stack", suite_version="2"):
            records.append(tmp_path / "stack.id" / records.FILE_NAME, record)
    suite.show_contrasts("factorial", tmp_path)
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "contrasts.csv").exists()
    with pytest.raises(ParaBenchError, match="has records of all of its heads in a split that it names; declared: factorial"):
        render([tmp_path], (), (), TableOptions(only="contrasts"), titles=False)


def test_verdicts_stand_above_the_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], episodes: Callable[..., list[EpisodeRecord]]
) -> None:
    for head, outcomes in (("para", "1" * 20), ("heatmap_rgb", "1" * 4 + "0" * 16)):
        for record in episodes(head, ("id", "0"), outcomes, split="id", suite_version="2"):
            records.append(tmp_path / "id" / records.FILE_NAME, record)
    (tmp_path / "id" / "table.md").write_text("| the table of id |\n")
    suite.show_contrasts("factorial", tmp_path)
    suite.show_contrasts("headline", tmp_path / "nothing is declared, nothing is read")
    said, page = capsys.readouterr().out, (tmp_path / "contrasts.md").read_text()
    for text in (said, page):
        assert "20/20 : 4/20" in text
        assert "1 of 24 declared comparisons tested" in text
    assert page.index("Declared beforehand") < page.index("20/20 : 4/20") < page.index("| the table of id |")
    table = pd.read_csv(tmp_path / "contrasts.csv")
    assert list(table["verdict"][:2]) == ["better", "not run"]
    assert len(table) == 24
