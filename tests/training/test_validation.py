"""The validation curve: centimetres from the demonstrated waypoints, on frames that are told as they were."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from para_bench.data.dataset import Windows, make_windows
from para_bench.data.store import Demonstrations
from para_bench.tensors import Features
from para_bench.training.validation import frame_observation, validation
from para_bench.types import Observation


@pytest.fixture
def data(demonstrations: Demonstrations) -> Windows:
    frames = demonstrations.frames
    cameras = [demonstrations.scenes[int(episode)].camera for episode in frames.episode]
    depth = np.arange(len(frames), dtype=np.float16)[:, None, None] * np.ones((1, 4, 4), np.float16)
    inputs = [np.arange(len(frames), dtype=np.float32)[:, None, None, None]]
    return make_windows(demonstrations, cameras, np.arange(len(frames)), inputs, depth)


class Near:
    """Knows the demonstrated waypoints, and misses them by `off` [m] in height; `past_end` where they are only repeated."""

    def __init__(self, data: Windows, off: float, past_end: float = 0.0) -> None:
        self.data, self.off, self.past_end = data, off, past_end
        self.seen: list[Observation] = []

    def features(self, inputs: list[torch.Tensor]) -> Features:
        return Features((inputs[0],))

    def loss(self, inputs: list[torch.Tensor], batch: object) -> tuple[torch.Tensor, dict[str, float]]:
        return torch.rand(()), {}  # as diffusion draws its noise

    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> np.ndarray:
        self.seen.append(observation)
        frame = int(features.maps[0].item())
        actions = self.data.batch.actions[frame].numpy().copy()
        actions[:, 2] += np.where(self.data.batch.valid[frame].numpy(), self.off, self.past_end)
        return actions


@pytest.mark.parametrize("off", [0.0, 0.02])
def test_the_error_is_the_distance_of_waypoints_that_were_demonstrated(off: float, demonstrations: Demonstrations, data: Windows) -> None:
    found = validation(demonstrations, data)(Near(data, off, past_end=9.0))  # type: ignore[arg-type]
    assert found["position_error_cm"] == pytest.approx(100 * off, abs=1e-4)


def test_a_frame_is_told_as_it_was(demonstrations: Demonstrations, data: Windows) -> None:
    learner = Near(data, 0.0)
    validation(demonstrations, data)(learner)  # type: ignore[arg-type]
    frames, asked = demonstrations.frames, range(0, len(data), 9)
    assert len(learner.seen) == len(asked)
    for seen, frame in zip(learner.seen, asked, strict=True):
        np.testing.assert_array_equal(seen.gripper_pose, frames.gripper_pose[frame])
        assert seen.camera == demonstrations.scenes[int(frames.episode[frame])].camera
        assert seen.depth is not None
        assert seen.depth[0, 0] == frame
    assert {int(frames.episode[frame]) for frame in asked} == {0, 1}
    assert frame_observation(demonstrations, 3).gripper_opening == float(frames.gripper_opening[3])


def test_every_point_of_the_curve_draws_the_same_noise_and_none_of_the_training_s(demonstrations: Demonstrations, data: Windows) -> None:
    measure, learner = validation(demonstrations, data), Near(data, 0.01)
    torch.manual_seed(3)
    before = torch.get_rng_state()
    first = measure(learner)  # type: ignore[arg-type]
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(4)
    assert measure(learner) == first  # type: ignore[arg-type]
