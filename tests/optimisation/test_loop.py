"""The optimisation loop: its schedule, its curve, and that numbers which are not finite end it before they reach the weights."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from para_bench.optimisation.loop import Problem, TrainConfig, optimise, schedule
from para_bench.types import ParaBenchError


def test_schedule_warms_up_and_decays() -> None:
    config = TrainConfig(steps=100, warmup=10)
    assert [schedule(step, config) for step in (0, 4, 9, 10)] == pytest.approx([0.1, 0.5, 1.0, 1.0])
    assert schedule(55, config) == pytest.approx(0.5)
    assert schedule(100, config) == pytest.approx(0.0, abs=1e-12)  # cos(pi)
    assert all(schedule(step, config) >= schedule(step + 1, config) for step in range(10, 100))


class BadGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        return x.clone()

    @staticmethod
    def backward(ctx, slope: Tensor) -> Tensor:
        return slope * torch.nan


def run(folder: Path, model: nn.Linear, bad_at: int | None = None, bad_gradient_at: int | None = None, **options: bool) -> nn.Module:
    modes: list[bool] = []

    def loss(step: int) -> Tensor:
        modes.append(model.training)
        found = model(torch.ones(2, 3)).square().mean()
        if step == bad_gradient_at:
            found = BadGradient.apply(found)
        return found * torch.inf if step == bad_at else found

    def evaluate(found: nn.Module) -> dict[str, float]:
        modes.append(found.training)
        return {"figure": 2.0}

    def batches(done: int) -> Iterator[int]:
        return iter(range(done, 1000))  # more than are asked for

    problem = Problem(model, [{"params": list(model.parameters()), "peak": 1e-2}], batches, loss, evaluate, **options)
    done = optimise(
        problem, TrainConfig(steps=4, evaluations=2, warmup=1), {}, folder / "state.pt", folder / "curve.csv", "", progress=False
    )
    assert modes.count(False) == 2 + options.get("evaluate_first", False)
    return done.model


@pytest.mark.parametrize(("first", "steps"), [(False, [2, 4]), (True, [0, 2, 4])])
def test_the_curve_holds_every_evaluation(first: bool, steps: list[int], tmp_path: Path) -> None:
    run(tmp_path, nn.Linear(3, 1), evaluate_first=first)
    with (tmp_path / "curve.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == steps
    assert {row["figure"] for row in rows} == {"2.0"}
    assert all(np.isfinite(float(row["train_loss"])) for row in rows if row["step"] != "0")


def test_averaged_weights_are_others_than_the_last(tmp_path: Path) -> None:
    model = nn.Linear(3, 1)
    assert run(tmp_path / "last", model) is model
    averaged = run(tmp_path / "averaged", model, averaged=True)
    assert averaged is not model
    assert not torch.equal(averaged.weight, model.weight)  # type: ignore[arg-type]
    assert not averaged.training


@pytest.mark.parametrize(("options", "what"), [({"bad_at": 2}, "loss is inf"), ({"bad_gradient_at": 2}, "gradient is nan")])
def test_what_is_not_finite_ends_it_before_it_reaches_the_weights(options: dict[str, int], what: str, tmp_path: Path) -> None:
    model = nn.Linear(3, 1)
    with pytest.raises(ParaBenchError, match=rf"{what} at step 2; allowed: a finite number \(try a lower --learning-rate\)"):
        run(tmp_path, model, **options)  # type: ignore[arg-type]
    assert model.weight.isfinite().all()
