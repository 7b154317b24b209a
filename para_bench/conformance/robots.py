"""What every robot keeps: the rules that `tests/conformance` runs over ROBOTS."""

from __future__ import annotations

from collections.abc import Callable

import mujoco
import numpy as np

from para_bench.conformance.subject import BrokenRuleError
from para_bench.geometry import jaw_yaw, wrap_yaw
from para_bench.sim.base import Robot, UnreachableError

Rule = Callable[[Robot], None]
"""Raises BrokenRuleError with what it found; its docstring completes "A robot ..."."""
SAMPLES = 500
NEAR_M, NEAR_RAD = 1e-6, 1e-6
"""Tolerances for a solution in closed form: round-off."""


def names(robot: Robot) -> None:
    """names the joints, servos, fingers and site of its own file, the arm's first"""
    model = robot.mount().compile()
    found = [model.joint(i).name for i in range(model.njnt)]
    count = len(robot.joints)
    if found[:count] != list(robot.joints) or len(found) != count + len(robot.fingers):
        raise BrokenRuleError(f"joints are {found}; allowed: {', '.join(robot.joints)}, then one a finger")
    if model.nu != len(found) or [model.actuator(i).name for i in range(count)] != list(robot.joints):
        raise BrokenRuleError(f"{model.nu} servos; allowed: one a joint, in the order of the joints and with their names")
    for name in robot.fingers:
        if mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_GEOM, name) < 0:
            raise BrokenRuleError(f"no geom {name}; allowed: one of the name of each finger")
    if mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_SITE, robot.gripper_site) < 0:
        raise BrokenRuleError(f"no site {robot.gripper_site}; allowed: one at the tool centre point")


def inverse(robot: Robot) -> None:
    """reaches where it says it does: the arm at the joint angles of `solve` has its gripper there, within its limits"""
    model = robot.mount().compile()
    data, limits = mujoco.MjData(model), model.jnt_range[: len(robot.joints)]
    positions, yaws = _targets(robot)
    reachable = robot.reachable(positions)
    if reachable.mean() < 0.05:
        raise BrokenRuleError(f"{reachable.mean():.0%} of its workspace is reachable; allowed: 5 % or more")
    site = model.site(robot.gripper_site).id
    for position, yaw in zip(positions[reachable], yaws[reachable], strict=True):
        joints = robot.solve(position[None], np.array([yaw]))[0]
        if not np.all((joints >= limits[:, 0] - NEAR_RAD) & (joints <= limits[:, 1] + NEAR_RAD)):
            raise BrokenRuleError(f"joint angles {joints.round(3).tolist()} for {position.round(3).tolist()}; allowed: within the limits")
        data.qpos[: len(joints)] = joints
        mujoco.mj_kinematics(model, data)
        off = np.linalg.norm(data.site_xpos[site] - position)
        if off > NEAR_M:
            raise BrokenRuleError(f"solve puts the gripper {1000 * off:.2g} mm from {position.round(3).tolist()}; allowed: there")
        rotation = data.site_xmat[site].reshape(3, 3)
        # A tool that leans has no jaw direction in the plane to round-off; straight down it has.
        if rotation[2, 0] < -1 + 1e-9 and abs(float(wrap_yaw(jaw_yaw(rotation) - yaw))) > 1e-4:
            raise BrokenRuleError(f"the jaw closes along {jaw_yaw(rotation):.3f} rad instead of {yaw:.3f}")


def refuses(robot: Robot) -> None:
    """says that it cannot reach what `reachable` denies, and reaches its home"""
    positions, yaws = _targets(robot)
    for position, yaw in list(zip(positions, yaws, strict=True))[:50]:
        try:
            robot.solve(position[None], np.array([yaw]))
            solved = True
        except UnreachableError:
            solved = False
        if solved != bool(robot.reachable(position[None])[0]):
            raise BrokenRuleError(f"solve and reachable disagree about {position.round(3).tolist()}")
    home = np.array(robot.home[:3])
    if not robot.reachable(home[None])[0] or not np.all((home >= robot.actions.low) & (home <= robot.actions.high)):
        raise BrokenRuleError(f"home is {robot.home}; allowed: within its workspace and its reach")


def jaw(robot: Robot) -> None:
    """opens its jaw as wide as it says"""
    model = robot.mount().compile()
    data, count = mujoco.MjData(model), len(robot.joints)
    data.qpos[:count] = robot.solve(np.array([robot.home[:3]]), np.array([robot.home[3]]))[0]
    data.qpos[count:] = robot.finger_travel
    mujoco.mj_kinematics(model, data)
    axis = data.site(robot.gripper_site).xmat.reshape(3, 3)[:, 1]
    centre = data.site(robot.gripper_site).xpos
    inner = [abs(float((data.geom(name).xpos - centre) @ axis)) - model.geom(name).size[1] for name in robot.fingers]
    if abs(sum(inner) - robot.jaw_width) > 1e-4:  # a tenth of a millimetre
        raise BrokenRuleError(f"the open fingers are {1000 * sum(inner):.1f} mm apart; allowed: jaw_width, {1000 * robot.jaw_width:.1f} mm")


def _targets(robot: Robot) -> tuple[np.ndarray, np.ndarray]:
    """Positions (SAMPLES, 3) [m] all over the workspace, and jaw yaws (SAMPLES,) [rad]."""
    rng = np.random.default_rng(5)
    return rng.uniform(robot.actions.low, robot.actions.high, (SAMPLES, 3)), rng.uniform(-np.pi / 2, np.pi / 2, SAMPLES)


RULES: dict[str, Rule] = {rule.__name__: rule for rule in (names, inverse, refuses, jaw)}
