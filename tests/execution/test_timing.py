"""Timing the parts of a plan: every head and split gets a rate, and nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from para_bench.benchmarks.profiles import PROFILES
from para_bench.execution.schedule import schedule
from para_bench.execution.timing import time_plan
from para_bench.rollouts.config import RunConfig


@pytest.mark.integration
def test_every_part_has_a_rate_and_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
    out = tmp_path / "runs"
    run = RunConfig("lighting", ("para", "point_cloud"), PROFILES["smoke"], backbone="efficientnet_lite0", image_size=64, out=out)
    threads = torch.get_num_threads()
    todo = schedule([run])
    there = sorted(tmp_path.rglob("*"))
    rates = time_plan([run], todo.trainings)
    kinds = {(head, "efficientnet_lite0", False) for head in run.heads}
    assert set(rates.steps) == set(rates.evaluations) == kinds
    assert set(rates.episodes) == set(run.heads)
    assert set(rates.references) == set(run.bounds)
    assert set(rates.scenes) == {"lighting"}
    assert rates.scenes["lighting"].apart == 1  # light moves nothing
    seconds = (*rates.steps.values(), *rates.evaluations.values(), *rates.references.values(), *rates.images.values(), rates.worker_s)
    assert all(each > 0 for each in (*seconds, rates.demonstration_s, rates.samples, rates.held_out))
    assert all(0 < cost.seconds < cost.expected_s and 0 < cost.waypoints < cost.limit for cost in rates.episodes.values())
    assert sorted(tmp_path.rglob("*")) == there
    assert torch.get_num_threads() == threads
