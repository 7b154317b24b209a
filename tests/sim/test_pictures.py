"""The picture alone goes through the webcam; its noise depends on the scene and the look."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import numpy as np
import pytest

from para_bench.benchmarks.splits.webcam import LEVELS
from para_bench.envs.env import TaskEnv
from para_bench.envs.scenes import expert_waypoints, simulation_of
from para_bench.sim.rendering import Renderer
from para_bench.types import Corruption, Scene

SAME = 2
"""Levels of 255 by which two drawings of one state may differ (tests/sim/test_rendering.py)."""
EVERY = {kind: Corruption(kind, amounts[1]) for kind, amounts in LEVELS.items()}


def looks(scene: Scene, size: int | tuple[int, int] = 64, steps: int = 3) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Pictures and `qpos` before each of the expert's first waypoints."""
    env, images, states = TaskEnv(image_size=size), [], []
    env.start(scene)
    for action in expert_waypoints(scene)[:steps]:
        images.append(env.image())
        states.append(env.simulation.data.qpos.copy())
        env.advance(action)
    env.close()
    return images, states


@pytest.mark.parametrize("kind", list(EVERY))
def test_the_picture_alone_changes(scene: Scene, kind: str) -> None:
    spoilt = replace(scene, corruption=EVERY[kind])
    (clean, states), (seen, others) = looks(scene), looks(spoilt)
    for one, other in zip(states, others, strict=True):
        np.testing.assert_array_equal(one, other)
    assert all((one != other).any() for one, other in zip(clean, seen, strict=True))
    env, plain = TaskEnv(image_size=64, depth=True), TaskEnv(image_size=64, depth=True)
    env.start(spoilt)
    plain.start(scene)
    found, wanted = env.observe(), plain.observe()
    assert found.camera == wanted.camera
    assert (found.image.shape, found.image.dtype) == (wanted.image.shape, np.uint8)
    for name in ("gripper_pose", "gripper_yaw", "gripper_opening", "depth"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))
    np.testing.assert_array_equal(env.geoms(), plain.geoms())
    env.close()
    plain.close()


@pytest.mark.parametrize("kind", list(EVERY))
def test_a_picture_hangs_on_scene_and_look_alone(scene: Scene, kind: str) -> None:
    """Drawn twice, by another environment, or by a copy in mid-episode: the same bytes."""
    spoilt = replace(scene, corruption=EVERY[kind])
    (first, _), (again, _) = looks(spoilt), looks(spoilt)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)
    env = TaskEnv(image_size=64)
    env.start(spoilt)
    env.advance(expert_waypoints(spoilt)[0])
    other = pickle.loads(pickle.dumps(copy.deepcopy(env)))
    np.testing.assert_array_equal(env.image(), env.image())
    np.testing.assert_array_equal(env.image(), other.image())
    np.testing.assert_array_equal(env.image(), first[1])
    env.close()
    other.close()


def test_noise_is_another_in_every_look_and_scene(scenes: list[Scene]) -> None:
    def noise(scene: Scene) -> list[np.ndarray]:
        clean, spoilt = looks(scene)[0], looks(replace(scene, corruption=EVERY["noise"]))[0]
        return [(one.astype(int) - other).ravel() for one, other in zip(spoilt, clean, strict=True)]

    patterns = [*noise(scenes[0])[:2], noise(scenes[1])[0]]
    assert np.abs(np.corrcoef(patterns) - np.eye(3)).max() < 0.2  # clipping at black and white correlates a little


@pytest.mark.parametrize("size", [64, 128, (96, 128)])
def test_the_middle_of_a_wide_picture_is_the_plain_one(scene: Scene, size: int | tuple[int, int]) -> None:
    simulation = simulation_of(scene)
    plain, wide = Renderer(simulation.model, size), Renderer(simulation.model, size, 10)
    one, other = plain.rgb(simulation.data), wide.rgb(simulation.data)[10:-10, 10:-10]
    assert one.shape == other.shape
    assert np.mean(np.abs(one.astype(int) - other).max(axis=-1) > SAME) < 0.01  # an edge may fall on the other side of a pixel's middle
    plain.close()
    wide.close()
