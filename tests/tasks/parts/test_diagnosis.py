"""Grasp errors and reason codes, each from a policy that fails in exactly one way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from para_bench.benchmarks.conditions import CONTROL
from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.splits import SPLITS
from para_bench.envs.env import TaskEnv
from para_bench.envs.scenes import expert_waypoints
from para_bench.envs.shifts.views import told_rotation
from para_bench.records import Outcome
from para_bench.rollouts.rollout import rollout
from para_bench.types import ACTIONS, ActionChunk, Scene

OPEN_ABOVE_TARGET, LENGTH = 14, 29
"""Waypoint of the expert at which it hangs still over the plate, and the number of its waypoints."""


class Script:
    """The expert's waypoints, changed by one function."""

    looks, sees_depth = True, False

    def __init__(self, change) -> None:
        self.change = change

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        self.env, self.actions = env, self.change(expert_waypoints(env.scene).copy())

    def act(self, observation) -> ActionChunk:
        index = np.minimum(self.env.steps + np.arange(ACTIONS.horizon), len(self.actions) - 1)
        return ActionChunk(self.actions[index])


@pytest.fixture(scope="module")
def scene() -> Scene:
    return scene_of(SPLITS["id"], CONTROL, 3)


def run(scene: Scene, change) -> Outcome:
    return rollout(TaskEnv(image_size=64), scene, Script(change), 0)


def shifted(dx: float = 0, dy: float = 0, dz: float = 0, yaw: float = 0):
    def change(actions: np.ndarray) -> np.ndarray:
        return actions + np.array([dx, dy, dz, yaw, 0])

    return change


def test_the_expert_has_no_error(scene: Scene) -> None:
    outcome = run(scene, lambda actions: actions)
    assert outcome.reason == "success"
    errors = outcome.extra
    for name in ("grasp_px", "grasp_plane_m", "grasp_height_m", "grasp_calibration_m", "grasp_place_m", "grasp_yaw_deg"):
        assert errors[name] == pytest.approx(0, abs=1e-4)
    assert 0 < errors["success_s"] <= outcome.sim_seconds
    assert (errors["object_x_m"], errors["object_y_m"]) == pytest.approx(scene.layout.object.xy, abs=1e-5)


def test_errors_are_split_into_image_height_and_yaw(scene: Scene) -> None:
    sideways = run(scene, shifted(dy=0.03)).extra
    assert sideways["grasp_plane_m"] == pytest.approx(0.03, abs=1e-4)
    assert sideways["grasp_height_m"] == pytest.approx(0, abs=1e-4)
    turned = run(scene, shifted(yaw=np.radians(40))).extra
    assert turned["grasp_yaw_deg"] == pytest.approx(40, abs=0.1)
    assert turned["grasp_plane_m"] == pytest.approx(0, abs=1e-4)

    def up_the_ray(actions: np.ndarray) -> np.ndarray:
        """Along the camera's ray through each waypoint: the pixel stays, the height grows by 2 cm."""
        ray = np.asarray(scene.camera.position) - actions[:, :3]
        actions[:, :3] += 0.02 * ray / ray[:, 2:]
        return actions

    high = run(scene, up_the_ray).extra
    assert high["grasp_px"] == pytest.approx(0, abs=0.01)
    assert high["grasp_plane_m"] == pytest.approx(0, abs=1e-4)
    assert high["grasp_height_m"] > 0.02


def test_a_wrong_calibration_is_told_apart(scene: Scene) -> None:
    lied_to = told_rotation(5)(scene, np.random.default_rng(0))  # any axis
    errors = run(lied_to, lambda actions: actions).extra
    assert errors["grasp_calibration_m"] > 0.01  # 5 deg at 0.75 m
    assert errors["grasp_place_m"] == pytest.approx(0, abs=1e-4)  # the expert does not look


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("wrong_place", shifted(dy=0.04)),
        ("wrong_height", shifted(dz=0.03)),
        ("never_closed", lambda actions: np.c_[actions[:, :4], np.ones(len(actions))]),
        ("not_lifted", lambda actions: actions[:10]),
        ("not_released", lambda actions: actions[:18]),
        ("dropped", lambda actions: drop(actions)),
        ("misplaced", lambda actions: let_go_early(actions)),
    ],
)
def test_reason_names_what_went_wrong(scene: Scene, reason: str, change) -> None:
    assert run(scene, change).reason == reason


@pytest.mark.parametrize(("turn_deg", "reason"), [(0, "success"), (30, "success"), (60, "wrong_yaw"), (90, "wrong_yaw")])
def test_yaw_decides(scene: Scene, turn_deg: float, reason: str) -> None:
    assert {run(scene, shifted(yaw=sign * np.radians(turn_deg))).reason for sign in (-1, 1)} == {reason}


def let_go_early(actions: np.ndarray) -> np.ndarray:
    """Opens over the table, on the way to the plate."""
    actions[OPEN_ABOVE_TARGET:, :3], actions[OPEN_ABOVE_TARGET:, 4] = actions[OPEN_ABOVE_TARGET - 1, :3], 1
    return actions


def drop(actions: np.ndarray) -> np.ndarray:
    """The jaw gives way a little (0.45 still counts as closed), so that the object slips out of it."""
    actions[OPEN_ABOVE_TARGET:, :3], actions[OPEN_ABOVE_TARGET:, 4] = actions[OPEN_ABOVE_TARGET - 1, :3], 0.49
    return actions


def test_bad_actions_have_their_own_reason(scene: Scene) -> None:
    assert run(scene, lambda actions: actions * np.nan).reason == "bad_action"
    assert run(scene, shifted(dx=1.0)).reason == "unreachable"
    assert replace(run(scene, shifted(dx=1.0)), extra={}).steps == 0
