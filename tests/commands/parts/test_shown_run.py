"""The tables that a finished run prints and writes."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from para_bench import records
from para_bench.benchmarks.profiles import PROFILES
from para_bench.commands.parts.shown_run import plan
from para_bench.rollouts.config import RunConfig

pytestmark = pytest.mark.integration


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def test_the_table_holds_every_policy_in_every_condition(tiny) -> None:
    found = records.read(tiny.folder)
    table = rows(tiny.folder / "table.csv")
    assert [row["head"] for row in table] == [
        h for h in ("para", "global_token", "oracle", "noop", "random", "threshold") for _ in range(2)
    ]
    for row in table:
        own = [r.success_at_end for r in found if (r.head, r.condition, r.level) == (row["head"], row["condition"], row["level"])]
        assert (int(row["k"]), int(row["n"])) == (sum(own), len(own) or None)


def test_failures_and_comparison_are_about_trained_heads_alone(tiny) -> None:
    assert {row["head"] for row in rows(tiny.folder / "failures.csv")} == {"para", "global_token"}
    versus = rows(tiny.folder / "comparison.csv")
    assert {row["verdict"] for row in versus} == {"not resolved at n = 1"}
    assert len(versus) == 2


def test_what_is_printed_is_what_is_written(tiny) -> None:
    page = (tiny.folder / "table.md").read_text()
    said = " ".join(tiny.said.split())  # captions are wrapped
    for words in ("not resolved at n = 1", "trained on images of this simulator", "Holm over the 2 rows"):
        assert words in page
        assert words in said
    assert "NOT A FAIR COMPARISON" not in page + tiny.said  # both heads got the same
    assert "inference ms" in (tiny.folder / "fairness.md").read_text()
    assert "inference ms" not in page  # seconds differ from run to run
    assert f"episodes, tables and videos: {tiny.folder}" in tiny.said.splitlines()[-1]


def test_the_first_table_says_what_a_control_is(tiny) -> None:
    assert " ".join(tiny.said.split()).index("Control: the same head in the same scenes, before the shift.") > tiny.said.index("control")


def test_references_take_one_line_each_and_lines_fit_a_terminal(tiny) -> None:
    lines = tiny.said.splitlines()
    for name in ("oracle", "noop", "random"):
        assert len([line for line in lines if line.split()[:1] == [name]]) == 1
    assert [line for line in lines if len(line) > 100 and str(tiny.folder.parent) not in line] == []


def test_the_end_says_what_matters_and_what_to_open(tiny) -> None:
    control, worst = (next(line for line in tiny.said.splitlines() if line.startswith(words)) for words in ("before the", "where para"))
    found = {(row["head"], row["condition"]): f"{row['head']} {row['k']} of {row['n']}" for row in rows(tiny.folder / "table.csv")}
    conditions = {condition for _, condition in found} - {"id"}
    for head in ("para", "global_token"):
        assert found[head, "id"] in control
        assert any(found[head, condition] in worst for condition in conditions)
    assert f"the table   {tiny.folder / 'table.md'}" in tiny.said
    assert "all pages   para-bench site" in tiny.said  # the run made no films


def test_the_plan_is_told_first(tiny) -> None:
    assert "2 trainings on " in tiny.errors
    assert "Stages: demonstrations" in tiny.errors


def test_the_plan_counts_the_trainings_of_all_demonstration_sets(tmp_path: Path) -> None:
    profile = replace(PROFILES["smoke"], demo_seeds=3, seeds=2)
    said = plan(RunConfig("id", ("para", "act"), profile, references=("oracle",), out=tmp_path))
    assert "12 trainings on 3 demonstrations" in said
    assert "for each of 13 policies" in said


def test_the_plan_names_the_stages_that_come(tmp_path: Path) -> None:
    def stages(heads: tuple[str, ...], videos: bool) -> str:
        said = plan(RunConfig("id", heads, PROFILES["smoke"], references=("noop",), out=tmp_path, videos=videos))
        assert ("0 trainings" in said, "demonstration" in said) == (False, "para" in heads)
        return next(line.strip() for line in said.splitlines() if "Stages" in line)

    demonstrations = "demonstrations and their features (to train on, then to validate on)"
    assert stages(("para",), True) == f"Stages: {demonstrations}, training, episodes, videos."
    assert stages(("para",), False) == f"Stages: {demonstrations}, training, episodes."
    assert stages(("oracle",), True) == "Stages: episodes, videos."
    assert stages(("oracle",), False) == "Stages: episodes."
    said = plan(RunConfig("id", ("oracle",), PROFILES["smoke"], references=("noop",), out=tmp_path))
    assert "for each of 2 policies (references: oracle, noop)" in said  # the one that was asked for, too


def test_a_log_gets_one_line_a_stage(tiny) -> None:
    assert "\r" not in tiny.errors
    for stage in ("demonstrations: ", "train para", "train global_token", "episodes stack.new_environment: "):
        assert any(line.startswith(stage) for line in tiny.errors.splitlines()), tiny.errors
