"""The training loop: interrupted runs continue, the curve is kept, and nonsense stops."""

from __future__ import annotations

import csv
import itertools
import types
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

import para_bench.train
from para_bench.data.dataset import Windows
from para_bench.heads import HEADS, create_head
from para_bench.heads.base import Head, HeadConfig
from para_bench.tensors import Batch, Features
from para_bench.train import CURVE, STATE, TrainConfig, schedule, train
from para_bench.types import ACTION_HORIZON, FeatureSpec, ParaBenchError

SPEC = FeatureSpec("toy@01234567", 32, (4,), (8,))
COUNT = 24
STEPS = TrainConfig(steps=12, batch=4, warmup=3, evaluations=4)
CPU = torch.device("cpu")


class Interrupted(Exception):  # noqa: N818 (stands for kill -9)
    pass


class ToyWindows(Windows):
    """Random windows; may stop at a step."""

    stop_at: int | None = None
    taken = 0

    def take(self, index: np.ndarray) -> tuple[Features, Batch]:
        if ToyWindows.taken == ToyWindows.stop_at:
            raise Interrupted
        ToyWindows.taken += 1
        return super().take(index)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> ToyWindows:
    monkeypatch.setattr(ToyWindows, "stop_at", None)
    monkeypatch.setattr(ToyWindows, "taken", 0)
    drawn = torch.Generator().manual_seed(0)  # any labels

    def uniform(*shape: int) -> torch.Tensor:
        return torch.rand(COUNT, *shape, generator=drawn)

    batch = Batch(
        state=uniform(6),
        gripper_pixel=uniform(2),
        actions=uniform(ACTION_HORIZON, 5) * 0.16,
        encoded=2 * uniform(ACTION_HORIZON, 6) - 1,
        action_pixels=uniform(ACTION_HORIZON, 2),
        valid=torch.ones(COUNT, ACTION_HORIZON, dtype=torch.bool),
        intrinsics=torch.eye(3).repeat(COUNT, 1, 1),
        world_from_camera=torch.eye(4).repeat(COUNT, 1, 1),
    )
    return ToyWindows(batch, [uniform(4, 8, 8).numpy().astype(np.float16)], has_summary=False)


@pytest.fixture
def save_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop keeps its state every some seconds; let a minute pass between any two looks at the clock."""
    clock = itertools.count(0, 60)
    monkeypatch.setattr(para_bench.train, "time", types.SimpleNamespace(monotonic=lambda: float(next(clock))))


def head_of(name: str, seed: int = 0) -> Head:
    torch.manual_seed(seed)
    return create_head(name, SPEC, HeadConfig(width=8))


def run(head: Head, windows: Windows, folder: Path, config: TrainConfig = STEPS, seed: int = 5) -> Head:
    return train(head, windows, lambda _: {"position_error_cm": 1.0}, config, seed, folder, CPU, progress=False)


def same_weights(a: Head, b: Head) -> bool:
    theirs = b.state_dict()
    return all(torch.equal(value, theirs[key]) for key, value in a.state_dict().items())


@pytest.mark.parametrize("name", list(HEADS))
@pytest.mark.parametrize("stop_at", [1, 7])
@pytest.mark.usefixtures("save_at_every_step")
def test_an_interrupted_run_continues_to_the_same_weights(name: str, stop_at: int, windows: ToyWindows, tmp_path: Path) -> None:
    whole = run(head_of(name), windows, tmp_path / "whole")
    ToyWindows.taken, ToyWindows.stop_at = 0, stop_at
    with pytest.raises(Interrupted):
        run(head_of(name), windows, tmp_path / "cut")
    assert (tmp_path / "cut" / STATE).exists()
    ToyWindows.taken, ToyWindows.stop_at = 0, None
    continued = run(head_of(name, seed=1), windows, tmp_path / "cut")  # other fresh weights: all comes from the kept state
    assert ToyWindows.taken == STEPS.steps - stop_at  # no step is done twice
    assert same_weights(whole, continued)
    assert (tmp_path / "cut" / CURVE).read_text() == (tmp_path / "whole" / CURVE).read_text()
    assert not (tmp_path / "cut" / STATE).exists()


@pytest.mark.parametrize("damage", ["garbage", "cut off", "half of it"])
@pytest.mark.usefixtures("save_at_every_step")
def test_a_damaged_state_starts_afresh(damage: str, windows: ToyWindows, tmp_path: Path) -> None:
    name = next(iter(HEADS))
    whole = run(head_of(name), windows, tmp_path / "whole")
    ToyWindows.taken, ToyWindows.stop_at = 0, 5
    with pytest.raises(Interrupted):
        run(head_of(name), windows, tmp_path / "cut")
    path = tmp_path / "cut" / STATE
    if damage == "half of it":
        state = torch.load(path, weights_only=True)
        del state["optimiser"]
        torch.save(state, path)
    else:
        path.write_bytes(path.read_bytes()[:-2000] if damage == "cut off" else b"\x00" * 100)
    ToyWindows.taken, ToyWindows.stop_at = 0, None
    assert same_weights(whole, run(head_of(name), windows, tmp_path / "cut"))
    assert ToyWindows.taken == STEPS.steps


def test_the_train_seed_decides(windows: ToyWindows, tmp_path: Path) -> None:
    name = next(iter(HEADS))
    runs = [run(head_of(name), windows, tmp_path / str(i), seed=seed) for i, seed in enumerate((5, 5, 6))]
    assert same_weights(runs[0], runs[1])
    assert not same_weights(runs[0], runs[2])


def test_the_global_random_state_is_left_alone(windows: ToyWindows, tmp_path: Path) -> None:
    head = head_of(next(iter(HEADS)))
    torch.manual_seed(3)
    before = torch.get_rng_state()
    run(head, windows, tmp_path)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_curve_is_kept_beside(windows: ToyWindows, tmp_path: Path) -> None:
    seen: list[bool] = []

    def validate(head: Head) -> dict[str, float]:
        seen.append(head.training)
        return {"position_error_cm": 10.0 / len(seen)}

    train(head_of(next(iter(HEADS))), windows, validate, STEPS, 5, tmp_path, CPU, progress=False)
    with (tmp_path / CURVE).open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == [3, 6, 9, 12]
    assert [float(row["position_error_cm"]) for row in rows] == pytest.approx([10, 5, 10 / 3, 2.5])
    assert all(np.isfinite(float(row["train_loss"])) for row in rows)
    assert seen == [False] * 4  # the averaged weights, in evaluation mode


def test_training_learns_and_averages(windows: ToyWindows, tmp_path: Path) -> None:
    name = next(iter(HEADS))
    head = head_of(name)
    features, batch = windows.take(np.arange(COUNT))
    before = head.loss(features.to(CPU), batch)[0].item()
    averaged = run(head, windows, tmp_path, TrainConfig(steps=60, batch=8, warmup=10, learning_rate=3e-3))
    assert averaged is not head
    assert not same_weights(averaged, head)
    assert averaged.loss(features.to(CPU), batch)[0].item() < 0.9 * before  # random labels: only their means can be learnt


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_loss_that_is_no_number_stops_with_the_step(value: float, windows: ToyWindows, tmp_path: Path) -> None:
    head = head_of(next(iter(HEADS)))
    calls, loss_of = itertools.count(), head.loss

    def broken(features: Features, batch: Batch) -> tuple[torch.Tensor, dict[str, float]]:
        loss, parts = loss_of(features, batch)
        return (loss * value if next(calls) == 4 else loss), parts

    head.loss = broken  # type: ignore[method-assign]
    with pytest.raises(ParaBenchError, match=f"loss is {value} at step 4; allowed: a finite number"):
        run(head, windows, tmp_path)


@pytest.mark.usefixtures("save_at_every_step")
def test_a_loss_that_is_no_number_is_not_kept(windows: ToyWindows, tmp_path: Path) -> None:
    """The state on disk is the last good one: weights that are no numbers would poison the next attempt."""
    head = head_of(next(iter(HEADS)))
    calls, loss_of = itertools.count(), head.loss

    def broken(features: Features, batch: Batch) -> tuple[torch.Tensor, dict[str, float]]:
        loss, parts = loss_of(features, batch)
        return (loss * np.nan if next(calls) == 4 else loss), parts

    head.loss = broken  # type: ignore[method-assign]
    with pytest.raises(ParaBenchError):
        run(head, windows, tmp_path)
    state = torch.load(tmp_path / STATE, weights_only=True)
    assert state["step"] == 4
    assert all(value.isfinite().all() for value in state["head"].values())


def schedule_of(config: TrainConfig) -> Callable[[int], float]:
    return lambda step: schedule(step, config)


def test_schedule_warms_up_and_decays() -> None:
    rate = schedule_of(TrainConfig(steps=100, warmup=10))
    assert [rate(0), rate(4), rate(9), rate(10)] == pytest.approx([0.1, 0.5, 1.0, 1.0])
    assert rate(55) == pytest.approx(0.5)
    assert rate(100) == pytest.approx(0.0, abs=1e-12)  # cos(pi)
    assert all(rate(step) >= rate(step + 1) for step in range(10, 100))


def test_fewer_steps_than_warmup(windows: ToyWindows, tmp_path: Path) -> None:
    run(head_of(next(iter(HEADS))), windows, tmp_path, TrainConfig(steps=2, batch=2, warmup=100))
    assert len((tmp_path / CURVE).read_text().splitlines()) == 3  # a header and every step
