"""Heads that break one rule each are told which, and how; nothing else is said of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from para_bench.cli import main
from para_bench.conformance import LEARNING, RULES, broken, check_honest
from para_bench.conformance.cases import SPECS, make_case
from para_bench.conformance.subject import Subject
from para_bench.heads.base import masked_mean
from para_bench.heads.parts.regression import ChunkMLP, Regression
from para_bench.tensors import STATE_DIM, decode_actions
from para_bench.types import ActionChunk, ParaBenchError


class Sound(Regression):
    """Keeps every rule; all others differ from it in one thing."""

    sees = "RGB"

    def __init__(self, spec, config):
        super().__init__(spec, config)
        self.mlp = ChunkMLP(sum(spec.channels) + STATE_DIM, 8 * config.width)

    def regress(self, features, look):
        return self.mlp(torch.cat([*(level.mean((2, 3)) for level in features.maps), look.state], dim=1))


class MisspeltSees(Sound):
    sees = "rgb"


class TwoFaced(Sound):
    def __init__(self, spec, config):
        super().__init__(spec, config)
        self.sees = "depth + calibration"


class SecretCamera(Sound):
    def regress(self, features, look):
        return super().regress(features, look) + look.world_from_camera[:, :1, :1]


class IdleCamera(Sound):
    sees = "RGB + calibration"


class SecretDepth(Sound):
    def regress(self, features, look):
        return super().regress(features, look) + (0 if look.depth is None else look.depth.mean())


class NeedsDepth(Sound):
    def loss(self, features, batch):
        assert batch.depth.ndim == 3
        return super().loss(features, batch)


class Blind(Sound):
    def regress(self, features, look):
        return self.mlp(torch.cat([*(0 * level.mean((2, 3)) for level in features.maps), look.state], dim=1))


class LossOfEach(Sound):
    def loss(self, features, batch):
        error = (self.regress(features, batch) - batch.encoded).abs().mean((1, 2))
        return error, {"l1": error.mean().item()}


class NoParts(Sound):
    def loss(self, features, batch):
        return super().loss(features, batch)[0], {}


class OnlyLoss(Sound):
    def loss(self, features, batch):
        return super().loss(features, batch)[0]


class Silent(Sound):
    def __init__(self, spec, config):
        super().__init__(spec, config)
        self.trunk = nn.Linear(3, 3)


class Padded(Sound):
    def l1(self, predicted, batch):
        return ((predicted - batch.encoded).abs() * self.weight).mean()


class NoLabels(Sound):
    def loss(self, features, batch):
        error = masked_mean(self.regress(features, batch).abs(), batch.valid)
        return error, {"l1": error.item()}


class FourColumns(Sound):
    def predict(self, features, observation, generator):
        return ActionChunk(super().predict(features, observation, generator).actions[:, :4])


class HalfAChunk(Sound):
    def predict(self, features, observation, generator):
        return ActionChunk(super().predict(features, observation, generator).actions[:6])


class Millimetres(Sound):
    def predict(self, features, observation, generator):
        return ActionChunk(super().predict(features, observation, generator).actions * [1000, 1000, 1000, 1, 1])


class Tensors(Sound):
    def predict(self, features, observation, generator):
        return torch.from_numpy(super().predict(features, observation, generator).actions)


class GlobalNoise(Sound):
    def predict(self, features, observation, generator):
        return ActionChunk(super().predict(features, observation, generator).actions + 1e-3 * torch.rand(12, 5).numpy() * [1, 1, 1, 1, 0])


class Counts(Sound):
    def __init__(self, spec, config):
        super().__init__(spec, config)
        self.register_buffer("calls", torch.zeros(1))

    def predict(self, features, observation, generator):
        self.calls += 1
        return super().predict(features, observation, generator)


class Forgets(Sound):
    def __init__(self, spec, config):
        super().__init__(spec, config)
        self.offset = torch.randn(6)  # no buffer: not in the checkpoint

    def predict(self, features, observation, generator):
        moved = self.regress(features, self._look(observation))[0] + self.offset
        return ActionChunk(decode_actions(moved.detach().numpy()))

    def _look(self, observation):
        from para_bench.tensors import observation_tensors

        return observation_tensors(observation, torch.device("cpu"))


class Tied(Sound):
    def __init__(self, spec, config):
        super().__init__(spec, config)
        self.again = self.mlp


class Raises(Sound):
    def predict(self, features, observation, generator):
        raise ValueError("no such level")


class Frozen(Sound):
    """Its loss is nearly flat: it learns, but not in this life."""

    def regress(self, features, look):
        return 1e-4 * super().regress(features, look)


class Squashed(Sound):
    """Its loss is another one's than its predictions."""

    def predict(self, features, observation, generator):
        found = super().predict(features, observation, generator).actions
        return ActionChunk(np.r_["1", found[:, :3] * 0.1, found[:, 3:]])


BROKEN = [
    (MisspeltSees, "protocol", "sees says 'rgb'; allowed: 'RGB', 'RGB + calibration'"),
    (TwoFaced, "protocol", "sees says 'depth + calibration' and 'RGB' on what makes the head; allowed: the same"),
    (SecretCamera, "calibration", "sees says 'RGB' but the prediction changes with the camera"),
    (IdleCamera, "calibration", "sees says 'RGB + calibration' but the prediction does not change with the camera"),
    (SecretDepth, "depth", "sees says 'RGB' but the prediction changes with the depth map"),
    (NeedsDepth, "depth", "loss raised AttributeError: 'NoneType' object has no attribute 'ndim' (test_broken_heads.py:"),
    (Blind, "features", "sees says 'RGB' but the prediction does not change with the features"),
    (LossOfEach, "scalar", "of shape (4,); allowed: one finite number, shape ()"),
    (NoParts, "scalar", "loss returned the parts {}; allowed: one or more finite floats by name"),
    (OnlyLoss, "scalar", "loss returned Tensor of shape (); allowed: (scalar tensor, dict of floats)"),
    (Silent, "gradients", "parameter trunk.weight, trunk.bias gets no gradient"),
    (Padded, "padding", "padded timesteps change the loss: "),
    (NoLabels, "labels", "the loss does not change with the labels of valid timesteps"),
    (FourColumns, "waypoints", "predict raised ParaBenchError: action chunk has shape (12, 4), allowed: (T, 5)"),
    (HalfAChunk, "waypoints", "predict returned actions of shape (6, 5); allowed: (12, 5)"),
    (Millimetres, "waypoints", "m from the base; allowed: within 2 m"),
    (Tensors, "waypoints", "predict returned Tensor of shape (12, 5); allowed: an ActionChunk"),
    (GlobalNoise, "generator", "predict is not deterministic given its generator"),
    (Counts, "weights", "predict changes calls"),
    (Forgets, "checkpoint", "the state_dict round trip changes predictions by up to"),
    (Tied, "checkpoint", "its state_dict cannot be stored and loaded"),
    (Raises, "waypoints", "predict raised ValueError: no such level (test_broken_heads.py:"),
]
ALSO = {
    OnlyLoss: {"calibration", "depth", "gradients", "padding", "labels"},
    LossOfEach: {"calibration", "depth", "gradients", "padding", "labels"},
    MisspeltSees: {"features"},
    TwoFaced: {"calibration", "depth", "features"},
    **{head: {"calibration", "depth", "features", "generator", "weights", "checkpoint"} for head in (FourColumns, Tensors, Raises)},
    GlobalNoise: {"calibration", "depth", "checkpoint"},
}
"""Further rules that stand on the one that is broken."""


def findings(head: type) -> dict[str, str]:
    found = {name: broken(rule, Subject(head, make_case(SPECS["pyramid"]))) for name, rule in RULES.items()}
    return {name: text for name, text in found.items() if text}


@pytest.mark.parametrize(("head", "rule", "text"), BROKEN, ids=[head.__name__ for head, *_ in BROKEN])
def test_the_rule_that_is_broken_is_told(head: type, rule: str, text: str) -> None:
    found = findings(head)
    assert text in found.pop(rule)
    assert set(found) == ALSO.get(head, set()), found


def test_a_sound_head_breaks_none() -> None:
    assert findings(Sound) == {}
    assert broken(LEARNING["overfits"], Subject(Sound, make_case(SPECS["pyramid"]))) == ""


@pytest.mark.parametrize(("head", "text"), [(Frozen, "cannot overfit one batch: loss "), (Squashed, "predictions do not follow the loss")])
def test_a_head_that_does_not_learn_is_told(head: type, text: str) -> None:
    assert findings(head) == {}
    assert broken(LEARNING["overfits"], Subject(head, make_case(SPECS["pyramid"]))).startswith(text)


def test_a_plug_in_is_held_to_what_it_says_it_sees() -> None:
    spec = SPECS["pyramid"]
    check_honest("m:Sound", Sound, spec)
    with pytest.raises(
        ParaBenchError, match=r"head 'm:SecretCamera': sees says 'RGB' but .* `para-bench test-head m:SecretCamera` checks all"
    ):
        check_honest("m:SecretCamera", SecretCamera, spec)


def command(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["para-bench", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_the_command_says_pass_and_fail(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent)
    assert command(monkeypatch, "test-head", f"{__name__}:Sound", "--quick") == 0
    assert "all 12 rules kept" in capsys.readouterr().out
    assert command(monkeypatch, "test-head", f"{__name__}:Padded", "--quick") == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("FAIL")] == [
        "FAIL  padding     padded timesteps change neither the loss nor a gradient"
    ]
    assert lines[-1].endswith("1 rule broken")
    assert command(monkeypatch, "test-head", f"{__name__}:MisspeltSees") == 1
    assert "the other rules were not checked" in capsys.readouterr().out
