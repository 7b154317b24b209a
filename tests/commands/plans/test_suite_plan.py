"""A plan: what is there, what is left, and what that takes; nothing is done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from para_bench.commands.plans.chosen_suite import ChosenSuite
from para_bench.commands.plans.suite_plan import lines, show_plan
from para_bench.execution.estimate import Estimate
from para_bench.options import MachineOptions


def test_a_plan_without_timing_is_the_table_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show_plan(ChosenSuite("smoke", MachineOptions(out=tmp_path / "runs", device="cpu")), timing=False)
    said = capsys.readouterr().out
    assert "trainings" in said
    assert "core-hours" not in said
    assert not (tmp_path / "runs").exists()


def test_what_is_left_is_told_in_core_hours_disk_and_hours() -> None:
    left = Estimate(360, 720, 3600, 7200, 36, 12_300_000_000)
    assert lines(left, {1: 5400.0, 4: 80.0, 2: 7920.0}, 2) == [
        "left: 3.31 core-hours (demonstrations 0.1, images and features 0.2, training 1, episodes 2, starting workers 0.01)"
        " and 12 GB of disk",
        "90 min on 1 machine with 2 workers",
        "80 s on 4 machines like this one with 2 workers each",
        "2.2 h on 2 machines like this one with 2 workers each",
    ]


def test_backbone_weights_that_a_suite_trains_are_in_its_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    machine = MachineOptions(out=tmp_path / "runs", device="cpu")
    for suite, told in (("video", True), ("imagenet", False)):
        show_plan(ChosenSuite(suite, machine), timing=False)
        assert bool(re.search("backbone weights +│ 0 +│ 1 ", capsys.readouterr().out)) == told
    assert "training of backbone weights 0.5, training 1" in lines(Estimate(0, 0, 3600, 0, 0, 0, 1800), {}, 2)[0]
