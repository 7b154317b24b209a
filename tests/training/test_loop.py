"""Training a head: interrupted runs continue, the curve is kept, and nonsense stops."""

from __future__ import annotations

import csv
import itertools
import types
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import para_bench.optimisation.loop
from para_bench.data.dataset import Windows
from para_bench.heads import HEADS
from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.optimisation.loop import TrainConfig
from para_bench.optimisation.resume import STATE
from para_bench.tensors import DEPTH_SIZE, Batch, Features
from para_bench.training.learner import Learner
from para_bench.training.loop import CURVE, train
from para_bench.types import ACTIONS, FeatureSpec, ParaBenchError

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

    def take(self, index: np.ndarray) -> tuple[list[torch.Tensor], Batch]:
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
        actions=uniform(ACTIONS.horizon, 5) * 0.16,
        encoded=2 * uniform(ACTIONS.horizon, 6) - 1,
        action_pixels=uniform(ACTIONS.horizon, 2),
        valid=torch.ones(COUNT, ACTIONS.horizon, dtype=torch.bool),
        depth=uniform(DEPTH_SIZE, DEPTH_SIZE),
        intrinsics=torch.eye(3).repeat(COUNT, 1, 1),
        world_from_camera=torch.eye(4).repeat(COUNT, 1, 1),
    )
    return ToyWindows(batch, [uniform(4, 8, 8).numpy().astype(np.float16)])


@pytest.fixture
def save_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop keeps its state every some seconds; let a minute pass between any two looks at the clock."""
    clock = itertools.count(0, 60)
    monkeypatch.setattr(para_bench.optimisation.loop, "time", types.SimpleNamespace(monotonic=lambda: float(next(clock))))


class ToyBackbone(torch.nn.Module):
    """Stands in for a backbone that is fine-tuned: images to one map of 8 x 8."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Conv2d(3, 4, 4, stride=4)

    def forward(self, images: torch.Tensor) -> Features:
        return Features((self.layer(images),))

    def parameter_groups(self, learning_rate: float, freeze_stages: int = 0) -> list[dict]:
        return [{"params": list(self.parameters()), "lr": learning_rate}]


def learner_of(name: str, seed: int = 0, finetune: bool = False) -> Learner:
    torch.manual_seed(seed)
    return Learner(create_head(name, SPEC, HeadConfig(width=8)), ToyBackbone() if finetune else None)  # type: ignore[arg-type]


def with_images(windows: Windows) -> Windows:
    """The same labels with images as inputs."""
    pictures = np.random.default_rng(0).integers(0, 256, (COUNT, 32, 32, 3), dtype=np.uint8)  # any pictures
    return replace(windows, inputs=[pictures])


def run(learner: Learner, windows: Windows, folder: Path, config: TrainConfig = STEPS, seed: int = 5) -> Learner:
    return train(learner, windows, lambda _: {"position_error_cm": 1.0}, config, seed, folder, CPU, progress=False).learner


def same_weights(a: Learner, b: Learner) -> bool:
    theirs = b.state_dict()
    return all(torch.equal(value, theirs[key]) for key, value in a.state_dict().items())


@pytest.mark.parametrize("name", list(HEADS))
@pytest.mark.parametrize("stop_at", [1, 7])
@pytest.mark.usefixtures("save_at_every_step")
def test_an_interrupted_run_continues_to_the_same_weights(name: str, stop_at: int, windows: ToyWindows, tmp_path: Path) -> None:
    whole = run(learner_of(name), windows, tmp_path / "whole")
    ToyWindows.taken, ToyWindows.stop_at = 0, stop_at
    with pytest.raises(Interrupted):
        run(learner_of(name), windows, tmp_path / "cut")
    assert (tmp_path / "cut" / STATE).exists()
    ToyWindows.taken, ToyWindows.stop_at = 0, None
    continued = run(learner_of(name, seed=1), windows, tmp_path / "cut")  # other fresh weights: all comes from the kept state
    assert ToyWindows.taken == STEPS.steps - stop_at  # no step is done twice
    assert same_weights(whole, continued)
    assert (tmp_path / "cut" / CURVE).read_text() == (tmp_path / "whole" / CURVE).read_text()


@pytest.mark.usefixtures("save_at_every_step")
def test_interrupted_fine_tuning_continues_to_the_same_weights(windows: ToyWindows, tmp_path: Path) -> None:
    name, pictures = next(iter(HEADS)), with_images(windows)
    whole = run(learner_of(name, finetune=True), pictures, tmp_path / "whole")
    ToyWindows.taken, ToyWindows.stop_at = 0, 7
    with pytest.raises(Interrupted):
        run(learner_of(name, finetune=True), pictures, tmp_path / "cut")
    ToyWindows.taken, ToyWindows.stop_at = 0, None
    assert same_weights(whole, run(learner_of(name, seed=1, finetune=True), pictures, tmp_path / "cut"))


@pytest.mark.usefixtures("save_at_every_step")
def test_seconds_and_devices_of_all_runs_count(windows: ToyWindows, tmp_path: Path) -> None:
    name, stop_at = next(iter(HEADS)), 7
    ToyWindows.taken, ToyWindows.stop_at = 0, stop_at
    with pytest.raises(Interrupted):
        run(learner_of(name), windows, tmp_path)
    kept = torch.load(tmp_path / STATE, weights_only=True)
    before = kept["state"]["seconds"]
    assert before >= 60 * stop_at
    kept["state"]["devices"] = ["cuda (NVIDIA H100)"]
    torch.save(kept, tmp_path / STATE)
    ToyWindows.taken, ToyWindows.stop_at = 0, None
    trained = train(learner_of(name), windows, lambda _: {"position_error_cm": 1.0}, STEPS, 5, tmp_path, CPU, progress=False)
    assert trained.seconds >= before + 60 * (STEPS.steps - stop_at)
    assert trained.devices == ("cuda (NVIDIA H100)", "cpu")


@pytest.mark.parametrize("damage", ["garbage", "cut off", "half of it"])
@pytest.mark.usefixtures("save_at_every_step")
def test_a_damaged_state_starts_afresh(damage: str, windows: ToyWindows, tmp_path: Path) -> None:
    name = next(iter(HEADS))
    whole = run(learner_of(name), windows, tmp_path / "whole")
    ToyWindows.taken, ToyWindows.stop_at = 0, 5
    with pytest.raises(Interrupted):
        run(learner_of(name), windows, tmp_path / "cut")
    path = tmp_path / "cut" / STATE
    if damage == "half of it":
        state = torch.load(path, weights_only=True)
        del state["optimiser"]
        torch.save(state, path)
    else:
        path.write_bytes(path.read_bytes()[:-2000] if damage == "cut off" else b"\x00" * 100)
    ToyWindows.taken, ToyWindows.stop_at = 0, None
    assert same_weights(whole, run(learner_of(name), windows, tmp_path / "cut"))
    assert ToyWindows.taken == STEPS.steps


def test_the_train_seed_decides(windows: ToyWindows, tmp_path: Path) -> None:
    name = next(iter(HEADS))
    runs = [run(learner_of(name), windows, tmp_path / str(i), seed=seed) for i, seed in enumerate((5, 5, 6))]
    assert same_weights(runs[0], runs[1])
    assert not same_weights(runs[0], runs[2])


def test_the_global_random_state_is_left_alone(windows: ToyWindows, tmp_path: Path) -> None:
    learner = learner_of(next(iter(HEADS)))
    torch.manual_seed(3)
    before = torch.get_rng_state()
    run(learner, windows, tmp_path)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_curve_is_kept_beside(windows: ToyWindows, tmp_path: Path) -> None:
    seen: list[bool] = []

    def validate(learner: Learner) -> dict[str, float]:
        seen.append(learner.training)
        return {"position_error_cm": 10.0 / len(seen)}

    train(learner_of(next(iter(HEADS))), windows, validate, STEPS, 5, tmp_path, CPU, progress=False)
    with (tmp_path / CURVE).open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == [3, 6, 9, 12]
    assert [float(row["position_error_cm"]) for row in rows] == pytest.approx([10, 5, 10 / 3, 2.5])
    assert all(np.isfinite(float(row["train_loss"])) for row in rows)
    assert seen == [False] * 4  # the averaged weights, in evaluation mode


def test_training_learns_and_averages(windows: ToyWindows, tmp_path: Path) -> None:
    name = next(iter(HEADS))
    learner = learner_of(name)
    everything = windows.take(np.arange(COUNT))
    before = learner.loss(*everything)[0].item()
    averaged = run(learner, windows, tmp_path, TrainConfig(steps=60, batch=8, warmup=10, learning_rate=3e-3))
    assert averaged is not learner
    assert not same_weights(averaged, learner)
    assert averaged.loss(*everything)[0].item() < 0.9 * before  # random labels: only their means can be learnt


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_loss_that_is_no_number_stops_with_the_step(value: float, windows: ToyWindows, tmp_path: Path) -> None:
    learner = learner_of(next(iter(HEADS)))
    calls, loss_of = itertools.count(), learner.loss

    def broken(inputs: list[torch.Tensor], batch: Batch) -> tuple[torch.Tensor, dict[str, float]]:
        loss, parts = loss_of(inputs, batch)
        return (loss * value if next(calls) == 4 else loss), parts

    learner.loss = broken  # type: ignore[method-assign]
    with pytest.raises(ParaBenchError, match=f"loss is {value} at step 4; allowed: a finite number"):
        run(learner, windows, tmp_path)


@pytest.mark.usefixtures("save_at_every_step")
def test_a_loss_that_is_no_number_is_not_kept(windows: ToyWindows, tmp_path: Path) -> None:
    """The state on disk is the last good one: weights that are no numbers would poison the next attempt."""
    learner = learner_of(next(iter(HEADS)))
    calls, loss_of = itertools.count(), learner.loss

    def broken(inputs: list[torch.Tensor], batch: Batch) -> tuple[torch.Tensor, dict[str, float]]:
        loss, parts = loss_of(inputs, batch)
        return (loss * np.nan if next(calls) == 4 else loss), parts

    learner.loss = broken  # type: ignore[method-assign]
    with pytest.raises(ParaBenchError):
        run(learner, windows, tmp_path)
    state = torch.load(tmp_path / STATE, weights_only=True)
    assert state["state"]["step"] == 4
    assert all(value.isfinite().all() for value in state["model"].values())


def test_the_backbone_is_trained_at_its_share_of_the_rate(windows: ToyWindows, tmp_path: Path) -> None:
    name, pictures, moved = next(iter(HEADS)), with_images(windows), []
    for share in (0.0, 0.1):
        learner = learner_of(name, finetune=True)
        before = learner.backbone.layer.weight.clone()
        config = TrainConfig(steps=5, batch=4, warmup=1, weight_decay=0.0, backbone_share=share)
        moved.append((run(learner, pictures, tmp_path / str(share), config).backbone.layer.weight - before).abs().max().item())
    assert moved[0] == 0 < moved[1] < 5 * 0.1 * 1e-3 * 1.01  # AdamW moves a weight by at most about its rate a step


def test_fewer_steps_than_warmup(windows: ToyWindows, tmp_path: Path) -> None:
    run(learner_of(next(iter(HEADS))), windows, tmp_path, TrainConfig(steps=2, batch=2, warmup=100))
    assert len((tmp_path / CURVE).read_text().splitlines()) == 3  # a header and every step
