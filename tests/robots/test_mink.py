"""The closed-form inverse kinematics against mink, an independent differential one."""

from __future__ import annotations

from importlib import resources

import mujoco
import numpy as np
import pytest

from para_bench.robots import so101 as robot

mink = pytest.importorskip("mink", reason="mink is a development dependency")
pytestmark = pytest.mark.integration

STEPS = 300
"""Newton-like steps of mink; most targets need under 30."""
TARGETS = 25


def target_pose(position: np.ndarray, yaw: float) -> np.ndarray:
    """World pose (4, 4) of a gripper that points straight down and closes along `yaw`."""
    down, closing = np.array([0, 0, -1.0]), np.array([np.cos(yaw), np.sin(yaw), 0])
    pose = np.eye(4)
    pose[:3, :3] = np.stack([down, closing, np.cross(down, closing)], axis=1)
    pose[:3, 3] = position
    return pose


def solve_with_mink(model: mujoco.MjModel, start: np.ndarray, pose: np.ndarray) -> np.ndarray:
    """Joint angles (5,) from `start` (5,), by steps of a quadratic programme within the joint limits."""
    configuration = mink.Configuration(model)
    configuration.update(np.r_[start, 0, 0])
    task = mink.FrameTask("gripper", "site", position_cost=1.0, orientation_cost=1.0)
    task.set_target(mink.SE3.from_matrix(pose))
    for _ in range(STEPS):
        velocity = mink.solve_ik(configuration, [task], 1.0, "daqp", damping=1e-6, limits=[mink.ConfigurationLimit(model)])
        configuration.integrate_inplace(velocity, 0.5)  # half steps: full ones overshoot far from the target
        if np.linalg.norm(velocity) < 1e-10:
            break
    return configuration.q[:5]


def test_both_find_the_same_joint_angles() -> None:
    model = mujoco.MjModel.from_xml_string(resources.files("para_bench").joinpath("assets/arm.xml").read_text())
    rng = np.random.default_rng(5)  # any seed
    for _ in range(TARGETS):
        position, yaw = rng.uniform([0.13, -0.12, 0.016], [0.22, 0.12, 0.06]), rng.uniform(-np.pi / 2, np.pi / 2)
        ours = robot.solve(position[None], np.array([yaw]))[0]
        start = robot.solve(np.array([[0.17, 0.0, 0.04]]), np.array([yaw]))[0]  # another place: mink has the whole way to go
        # The jaw is symmetric, and the limits of the roll leave mink a way to one of the two poses at least.
        found = [solve_with_mink(model, start, target_pose(position, turned)) for turned in (yaw, yaw + np.pi)]
        apart = np.array(found) - ours
        apart[:, 4] = (apart[:, 4] + np.pi / 2) % np.pi - np.pi / 2
        assert np.abs(apart).max(axis=1).min() < 1e-4, (position, yaw)  # rad; mink stops at its damping
