"""The slot takes the object in its direction alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import sample_scene
from para_bench.envs.scenes import expert_waypoints
from para_bench.records import Outcome
from para_bench.rollouts.rollout import rollout
from para_bench.sim.base import Knot
from para_bench.sim.executor import KNOT_S
from para_bench.tasks import find_task
from para_bench.tasks.insert import CLEARANCE_M, FLOOR_M, RADIUS_M, STRICT_DEG, STRICT_M, YAW_DEG
from para_bench.tasks.parts.progress import STILL_S
from para_bench.types import ACTIONS, ActionChunk, Scene

CARRY = 13
"""Waypoint at which the object is lifted and the way to the slot begins."""


class Changed:
    """The expert's waypoints, from the carrying on turned and shifted."""

    looks = sees_depth = False

    def __init__(self, turn_deg: float = 0.0, dx: float = 0.0) -> None:
        self.turn, self.dx = np.radians(turn_deg), dx

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        self.env, self.actions = env, expert_waypoints(env.scene).copy()
        self.actions[CARRY:, 0] += self.dx
        self.actions[CARRY:, 3] += self.turn

    def act(self, observation) -> ActionChunk:
        return ActionChunk(self.actions[np.minimum(self.env.steps + np.arange(ACTIONS.horizon), len(self.actions) - 1)])


@pytest.fixture(scope="module")
def scene() -> Scene:
    return sample_scene(np.random.default_rng([8, 1]), task="insert")  # any fair scene


def result(scene: Scene, policy: Changed) -> Outcome:
    return rollout(TaskEnv(image_size=64), scene, policy, 0)


@pytest.mark.integration
def test_the_expert_inserts(scene: Scene) -> None:
    outcome = result(scene, Changed())
    assert outcome.reason == "success"
    assert outcome.place_error_m < STRICT_M
    assert outcome.extra["place_yaw_deg"] < STRICT_DEG


@pytest.mark.integration
@pytest.mark.parametrize("turn_deg", [-20, 20, 90])
def test_a_wrong_direction_does_not_fit(scene: Scene, turn_deg: float) -> None:
    assert result(scene, Changed(turn_deg=turn_deg)).reason == "wrong_turn"


@pytest.mark.integration
def test_a_wrong_place_does_not_fit(scene: Scene) -> None:
    assert result(scene, Changed(dx=0.02)).reason != "success"


@pytest.fixture
def inserted(scene: Scene) -> Knot:
    """At rest in the slot, touching a wall."""
    position = np.array([*scene.layout.target_xy, FLOOR_M + scene.layout.object.half_size[2]])
    away = position + np.array([0, 0, 0.055])
    return Knot(0.0, away, position, (0.0, 0.0), 0, frozenset({"target", "target/1"}), object_yaw=scene.layout.target_yaw + np.pi)


def follow(scene: Scene, knot: Knot):
    """Progress after a lift and a second of `knot`."""
    progress = find_task("insert").progress(scene)
    high = np.array([*scene.layout.object.xy, 0.06])
    progress.update(Knot(-KNOT_S, high, high, (0.0, 0.0), 2, frozenset()))
    for index in range(round(STILL_S / KNOT_S) + 2):
        progress.update(replace(knot, time_s=index * KNOT_S))
    return progress


def test_half_a_turn_and_a_wall_are_allowed(scene: Scene, inserted: Knot) -> None:
    progress = follow(scene, inserted)
    assert progress.success
    assert progress.strict


@pytest.mark.parametrize(
    ("turn_deg", "off_m", "success", "strict"),
    [
        (STRICT_DEG - 0.1, 0.0, True, True),
        (STRICT_DEG + 0.1, 0.0, True, False),
        (YAW_DEG + 0.1, 0.0, False, False),
        (0.0, STRICT_M + 1e-4, True, False),
        (0.0, RADIUS_M + 1e-4, False, False),
    ],
)
def test_yaw_and_place_decide(scene: Scene, inserted: Knot, turn_deg: float, off_m: float, success: bool, strict: bool) -> None:
    moved = replace(
        inserted,
        object_yaw=inserted.object_yaw + np.radians(turn_deg),
        object_position=inserted.object_position + np.array([off_m, 0, 0]),
    )
    progress = follow(scene, moved)
    assert (progress.success, progress.strict) == (success, strict)


def test_on_a_wall_or_on_the_table_is_no_success(scene: Scene, inserted: Knot) -> None:
    for on in ({"target/1"}, {"table"}, {"target", "table"}, {"target", "other0"}):
        assert not follow(scene, replace(inserted, object_on=frozenset(on))).success_once


def test_the_slot_is_narrower_than_success() -> None:
    """What lies in the slot is a success: the walls, not the rule, are the task."""
    assert CLEARANCE_M < RADIUS_M
