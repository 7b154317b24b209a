"""Heads that break one rule each are told which, and how; nothing else is said of them."""

from __future__ import annotations

import random  # noqa: TID251 - what heads must not draw from
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from para_bench.cli import main
from para_bench.conformance import LEARNING, RULES, broken, check_honest
from para_bench.conformance.ambient import put_back, settings
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


class NaNWeights(Sound):
    def __init__(self, spec, config):
        super().__init__(spec, config)
        with torch.no_grad():
            next(self.mlp.parameters()).fill_(torch.nan)


class NaNPrediction(Sound):
    def predict(self, features, observation, generator):
        return ActionChunk(super().predict(features, observation, generator).actions * [np.nan, 1, 1, 1, 1])


class NaNLoss(Sound):
    def loss(self, features, batch):
        loss, parts = super().loss(features, batch)
        return loss * torch.nan, parts


class EightWaypoints(Sound):
    def predict(self, features, observation, generator):
        return ActionChunk(super().predict(features, observation, generator).actions[:8])


class WholeNumbers(Sound):
    def predict(self, features, observation, generator):
        return ActionChunk(super().predict(features, observation, generator).actions.astype(int))


class Lists(Sound):
    def predict(self, features, observation, generator):
        return ActionChunk(super().predict(features, observation, generator).actions.tolist())


class ListOfMaps(Sound):
    def predict(self, features, observation, generator):
        return ActionChunk(super().predict(features, observation, generator).actions, [0])


class Nothing(Sound):
    def predict(self, features, observation, generator): ...


class OldNoise(Sound):
    """Random numbers that no generator gives."""

    def predict(self, features, observation, generator):
        actions = super().predict(features, observation, generator).actions
        return ActionChunk(actions + 1e-3 * np.random.rand(12, 5) * [1, 1, 1, 1, 0])  # noqa: NPY002


class NoisyLoss(Sound):
    def loss(self, features, batch):
        loss, parts = super().loss(features, batch)
        return loss * (1 + random.random()), parts


class NoisyWeights(Sound):
    def __init__(self, spec, config):
        super().__init__(spec, config)
        self.register_buffer("offset", torch.from_numpy(np.random.rand(3)).float())  # noqa: NPY002


class WritesIntoFeatures(Sound):
    def predict(self, features, observation, generator):
        features.maps[1].mul_(2)
        return super().predict(features, observation, generator)


class WritesIntoBatch(Sound):
    def loss(self, features, batch):
        batch.state.add_(1)
        return super().loss(features, batch)


class WritesIntoObservation(Sound):
    def predict(self, features, observation, generator):
        observation.gripper_pose[:3] += 0.01
        return super().predict(features, observation, generator)


class ExitsWhenMade(Sound):
    def __init__(self, spec, config):
        sys.exit(0)


class ExitsInLoss(Sound):
    def loss(self, features, batch):
        sys.exit(0)


class ExitsInPredict(Sound):
    def predict(self, features, observation, generator):
        raise SystemExit


class ExitsWhenAsked(Sound):
    @property
    def loss(self):
        sys.exit(0)


class IndexOut(Sound):
    def loss(self, features, batch):
        return [][len(features.maps)]


class KeyMissing(Sound):
    def predict(self, features, observation, generator):
        return {}["waypoints"]


class NoSuchAttribute(Sound):
    def predict(self, features, observation, generator):
        return observation.waypoints


class EndlessLoss(Sound):
    def loss(self, features, batch):
        return self.loss(features, batch)


class HomeMadeError(BaseException):
    def __str__(self) -> str:
        raise ValueError("no words")


class RaisesItsOwn(Sound):
    def predict(self, features, observation, generator):
        raise HomeMadeError


class Warns(Sound):
    def loss(self, features, batch):
        raise UserWarning("\x1b[31mred\x1b[0m")  # as with -W error


class NeedsGradient(Sound):
    def predict(self, features, observation, generator):
        self.regress(features, self.look(observation)).sum().backward()
        return super().predict(features, observation, generator)

    def look(self, observation):
        from para_bench.tensors import observation_tensors

        return observation_tensors(observation, torch.device("cpu"))


class ForcesGradient(NeedsGradient):
    """Under no_grad it may; rollouts run under inference_mode."""

    def predict(self, features, observation, generator):
        with torch.enable_grad():
            return super().predict(features, observation, generator)


class Prints(Sound):
    def predict(self, features, observation, generator):
        print("looking\nmore")
        return super().predict(features, observation, generator)


class DoubleByDefault(Sound):
    def loss(self, features, batch):
        found = super().loss(features, batch)
        torch.set_default_dtype(torch.float64)
        return found


class TakesThreads(Sound):
    def __init__(self, spec, config):
        super().__init__(spec, config)
        torch.set_num_threads(torch.get_num_threads() + 1)


class MakesDeterministic(Sound):
    def __init__(self, spec, config):
        super().__init__(spec, config)
        torch.use_deterministic_algorithms(True)


class RecordsGradients(Sound):
    def predict(self, features, observation, generator):
        torch.set_grad_enabled(True)
        return super().predict(features, observation, generator)


class LooksElsewhere(Sound):
    def predict(self, features, observation, generator):
        sys.path.insert(0, "/somewhere/else")
        return super().predict(features, observation, generator)


class CannotBeCopied(Sound):
    def __init__(self, spec, config):
        super().__init__(spec, config)
        self.lock = threading.Lock()


class NoParameters(nn.Module):
    sees = "RGB"

    def __init__(self, spec, config):
        super().__init__()

    loss, predict = Sound.loss, Sound.predict


def no_module(spec, config):
    return []


no_module.sees = "RGB"  # type: ignore[attr-defined]


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
    (NaNWeights, "protocol", "its parameter mlp.0.weight is not finite when the head is made"),
    (NaNPrediction, "waypoints", "predict returned actions that are not finite"),
    (NaNLoss, "scalar", "loss returned nan of shape (); allowed: one finite number, shape ()"),
    (EightWaypoints, "waypoints", "predict returned actions of shape (8, 5); allowed: (12, 5)"),
    (WholeNumbers, "waypoints", "predict returned actions of type int64; allowed: floats"),
    (Lists, "waypoints", "predict raised AttributeError: 'list' object has no attribute 'ndim' (test_broken_heads.py:"),
    (ListOfMaps, "waypoints", "predict returned heatmaps in a list; allowed: a numpy array of floats"),
    (Nothing, "waypoints", "predict returned NoneType; allowed: an ActionChunk"),
    (OldNoise, "generator", "predict is not deterministic given its generator"),
    (NoisyLoss, "generator", "loss is not deterministic given torch's random numbers"),
    (NoisyWeights, "generator", "the first weights of offset are others each time; allowed: random numbers of torch alone"),
    (WritesIntoFeatures, "untouched", "it changes features.maps[1] in place; allowed: inputs that stay as they are"),
    (WritesIntoBatch, "untouched", "it changes batch.state in place"),
    (WritesIntoObservation, "untouched", "it changes observation.gripper_pose in place"),
    (ExitsWhenMade, "protocol", "it cannot be made from a FeatureSpec and a HeadConfig: SystemExit: 0 (test_broken_heads.py:"),
    (ExitsInLoss, "scalar", "loss raised SystemExit: 0 (test_broken_heads.py:"),
    (ExitsInPredict, "waypoints", "predict raised SystemExit (test_broken_heads.py:"),
    (ExitsWhenAsked, "protocol", "raised SystemExit: 0 (test_broken_heads.py:"),
    (IndexOut, "scalar", "loss raised IndexError: list index out of range (test_broken_heads.py:"),
    (KeyMissing, "waypoints", "predict raised KeyError: 'waypoints' (test_broken_heads.py:"),
    (
        NoSuchAttribute,
        "waypoints",
        "predict raised AttributeError: 'Observation' object has no attribute 'waypoints' (test_broken_heads.py:",
    ),
    (EndlessLoss, "scalar", "loss raised RecursionError: maximum recursion depth exceeded"),
    (RaisesItsOwn, "waypoints", "predict raised HomeMadeError (test_broken_heads.py:"),
    (Warns, "scalar", r"loss raised UserWarning: \x1b[31mred\x1b[0m (test_broken_heads.py:"),
    (NeedsGradient, "waypoints", "predict raised RuntimeError: element 0 of tensors does not require grad"),
    (ForcesGradient, "waypoints", "predict raised RuntimeError: "),
    (Prints, "quiet", "it writes to the terminal, 'looking'; allowed: nothing"),
    (DoubleByDefault, "settings", "it changes torch's default dtype; allowed: settings of the process that stay as they are"),
    (TakesThreads, "settings", "it changes torch's number of threads"),
    (MakesDeterministic, "settings", "it changes torch's deterministic algorithms"),
    (RecordsGradients, "settings", "it changes whether torch records gradients"),
    (LooksElsewhere, "settings", "it changes sys.path"),
    (
        CannotBeCopied,
        "protocol",
        "it cannot be copied: TypeError: cannot pickle '_thread.lock' object; allowed: a module for copy.deepcopy",
    ),
    (NoParameters, "protocol", "it has no parameters; allowed: a head that learns"),
    (no_module, "protocol", "it is a list; allowed: a torch.nn.Module"),
]
ALSO = {
    LossOfEach: {"labels"},
    NoisyLoss: {"padding"},
}
"""Further rules that stand on the one that is broken and say so in other words."""


def findings(head: type) -> dict[str, str]:
    found = {name: broken(rule, Subject(head, make_case(SPECS["pyramid"]))) for name, rule in RULES.items()}
    return {name: text for name, text in found.items() if text}


@pytest.mark.usefixtures("process_stays_as_it_was")
@pytest.mark.parametrize(("head", "rule", "text"), BROKEN, ids=[head.__name__ for head, *_ in BROKEN])
def test_the_rule_that_is_broken_is_told(head: type, rule: str, text: str) -> None:
    found = findings(head)
    assert next(iter(found)) == rule  # the first to speak
    assert text in found[rule]
    assert "\n" not in found[rule]
    if rule != next(iter(RULES)):  # the command stops at that one
        others = {name for name, words in found.items() if plain(words) != plain(found[rule])}
        assert others == ALSO.get(head, set()), found


def plain(words: str) -> str:
    """Without the line, which differs from call to call."""
    return words.partition(" (test_broken_heads.py:")[0]


@pytest.fixture
def process_stays_as_it_was() -> Iterator[None]:
    before, numbers = settings(), (torch.get_rng_state(), np.random.get_state()[1].tolist(), random.getstate())  # noqa: NPY002
    yield
    assert put_back(before) == []
    assert torch.equal(torch.get_rng_state(), numbers[0])
    assert (np.random.get_state()[1].tolist(), random.getstate()) == numbers[1:]  # noqa: NPY002


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
    assert "all 15 rules kept" in capsys.readouterr().out
    assert command(monkeypatch, "test-head", f"{__name__}:Padded", "--quick") == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("FAIL")] == [
        "FAIL  padding     padded timesteps change neither the loss nor a gradient"
    ]
    assert lines[-1].endswith("1 rule broken")
    assert command(monkeypatch, "test-head", f"{__name__}:MisspeltSees") == 1
    assert "the other rules were not checked" in capsys.readouterr().out


@pytest.mark.parametrize(
    "head",
    [
        *(EightWaypoints, NaNWeights, NaNPrediction, WholeNumbers, GlobalNoise, OldNoise, NoisyLoss, WritesIntoBatch),
        *(ExitsWhenMade, ExitsInLoss, DoubleByDefault, LossOfEach, CannotBeCopied, NoParameters),
    ],
    ids=lambda head: head.__name__,
)
def test_a_plug_in_is_refused_before_it_is_trained(head: type) -> None:
    with pytest.raises(ParaBenchError, match=r"^head 'm:X': .*`para-bench test-head m:X` checks all rules$"):
        check_honest("m:X", head, SPECS["pyramid"])


def test_no_memory_and_ctrl_c_are_not_the_head_s() -> None:
    class Stops(Sound):
        error: BaseException

        def loss(self, features, batch):
            raise self.error

    for error, told in (
        (KeyboardInterrupt(), KeyboardInterrupt),
        (MemoryError(), MemoryError),
        (torch.OutOfMemoryError("CUDA out of memory.\nmore"), MemoryError),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes."), MemoryError),
    ):
        Stops.error = error
        with pytest.raises(told):
            broken(RULES["scalar"], Subject(Stops, make_case(SPECS["pyramid"])))


def test_the_command_ends_with_1_where_a_head_ends_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent)
    for head in ("ExitsWhenMade", "ExitsWhenAsked", "ExitsInLoss", "ExitsInPredict"):
        assert command(monkeypatch, "test-head", f"{__name__}:{head}", "--quick") == 1
        assert "SystemExit" in capsys.readouterr().out
