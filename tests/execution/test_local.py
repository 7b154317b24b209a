"""Trainings side by side: the CPU takes as many as workers, a GPU one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from para_bench.benchmarks.profiles import PROFILES
from para_bench.execution import local
from para_bench.rollouts.config import RunConfig
from para_bench.training.recipe import Recipe

DEVICES = [("cpu", None, 8), ("cuda", None, 1), ("cuda:1", None, 1), ("cuda", 3, 3), ("cpu", 2, 2)]


@pytest.mark.parametrize(("device", "asked", "expected"), DEVICES)
def test_a_gpu_trains_one_head_at_a_time(device: str, asked: int | None, expected: int) -> None:
    assert local.trainings_at_once(torch.device(device), workers=8, asked=asked) == expected


@pytest.mark.parametrize(("device", "asked", "expected"), DEVICES)
def test_a_suite_starts_no_more(device: str, asked: int | None, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def run_jobs(jobs: Any, workers: int, function: Any) -> list:
        started.append((len(list(jobs)), workers))
        return []

    monkeypatch.setattr(local, "run_jobs", run_jobs)
    monkeypatch.setattr(local, "prepare", lambda *_: None)
    monkeypatch.setattr(RunConfig, "torch_device", torch.device(device))
    recipes = tuple(Recipe("para", seed, 3) for seed in range(4))
    run = RunConfig("id", ("para",), PROFILES["smoke"], workers=8, out=tmp_path)
    local.train_recipes(recipes, run, asked)
    assert started == [(4, expected), (0, expected)]
