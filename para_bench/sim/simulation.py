"""The physics of one episode and its executor: gripper waypoints in, joint servos and contacts inside."""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np

from para_bench.geometry import wrap_yaw
from para_bench.robots import so101 as robot
from para_bench.sim.build import TIMESTEP_S, build
from para_bench.types import ACTION_DIM, ParaBenchError, Scene

KNOT_S = 0.02
"""Time between two joint targets [s]; the straight line between two waypoints is cut into such knots."""
WAYPOINT_S = 0.24
"""Time that one waypoint takes [s], more where the speed limit asks for it."""
MAX_SPEED = 0.25
"""Speed limit of the commanded gripper [m/s]."""
MAX_TURN = 4.0
"""Speed limit of the commanded yaw [rad/s]."""


class BadActionError(ParaBenchError):
    """An action that is no number or has the wrong shape."""


@dataclass
class Knot:
    """What the success rule sees every KNOT_S."""

    time_s: float
    gripper: np.ndarray
    """World position (3,) [m]."""
    object_position: np.ndarray
    """World position of the object's centre (3,) [m]."""
    object_speed: tuple[float, float]
    """Linear [m/s] and angular [rad/s]."""
    fingers_on_object: int
    """0, 1 or 2 fingers touch it."""
    object_on: frozenset[str]
    """Names of the fixed geoms that the object touches."""


class Simulation:
    """One compiled scene and its state."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.model = build(scene)
        self.data = mujoco.MjData(self.model)
        self._gripper = self.model.site("gripper").id
        self._object = self.model.geom("object").id
        self._object_body = self.model.body("object").id
        self._fingers = {self.model.geom("finger_left").id, self.model.geom("finger_right").id}
        self._object_dofs = int(self.model.joint("object").dofadr[0])
        self.reset()

    def reset(self) -> None:
        """Arm at the scene's home with an open jaw, object where the scene puts it."""
        mujoco.mj_resetData(self.model, self.data)
        *position, yaw = self.scene.home
        joints = robot.solve(np.array([position]), np.array([yaw]))[0]
        self.data.qpos[:5] = self.data.ctrl[:5] = joints
        self.data.qpos[5:7] = self.data.ctrl[5:7] = robot.FINGER_TRAVEL
        self._command = np.array([*position, yaw, 1.0])
        mujoco.mj_forward(self.model, self.data)

    @property
    def gripper_pose(self) -> np.ndarray:
        """World pose (7,): x y z [m], quaternion wxyz."""
        quat = np.empty(4)
        mujoco.mju_mat2Quat(quat, self.data.site_xmat[self._gripper])
        return np.concatenate([self.data.site_xpos[self._gripper], quat])

    @property
    def gripper_yaw(self) -> float:
        """Direction in which the jaw closes [rad], in [-pi/2, pi/2)."""
        return robot.jaw_yaw(self.data.site_xmat[self._gripper].reshape(3, 3))

    @property
    def gripper_opening(self) -> float:
        """In [0, 1], 1 is fully open."""
        return float(np.clip(self.data.qpos[5:7].mean() / robot.FINGER_TRAVEL, 0, 1))

    @property
    def object_pose(self) -> np.ndarray:
        """World pose (7,) of the object's centre: x y z [m], quaternion wxyz."""
        return self.data.qpos[7:14].copy()

    def set_qpos(self, qpos: np.ndarray) -> None:
        """Put the scene into a stored state (nq,), to draw it."""
        self.data.qpos[:] = qpos
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_comPos(self.model, self.data)
        mujoco.mj_camlight(self.model, self.data)

    def execute(self, action: np.ndarray) -> list[Knot]:
        """Drive the gripper straight to one waypoint (5,) and return what happened at every knot on the way.

        The whole line is checked first, so an unreachable waypoint moves nothing.

        Raises:
            BadActionError: nan, infinity or a wrong shape.
            UnreachableError: a point of the line is out of the arm's reach.
        """
        action = np.asarray(action, float)
        if action.shape != (ACTION_DIM,) or not np.isfinite(action).all():
            raise BadActionError(f"action is {action.tolist()}; allowed: {ACTION_DIM} finite numbers")
        start, opening = self._command, float(np.clip(action[4], 0, 1))
        turn = float(wrap_yaw(action[3] - start[3]))
        length = np.linalg.norm(action[:3] - start[:3])
        seconds = max(WAYPOINT_S, length / MAX_SPEED, abs(turn) / MAX_TURN)
        count = int(np.ceil(seconds / KNOT_S - 1e-9))
        part = np.arange(1, count + 1)[:, None] / count
        joints = robot.solve(start[:3] + part * (action[:3] - start[:3]), start[3] + part[:, 0] * turn, float(self.data.ctrl[4]))
        self._command = np.array([*action[:3], start[3] + turn, opening])
        return [self._advance(target, opening) for target in joints]

    def _advance(self, joints: np.ndarray, opening: float) -> Knot:
        self.data.ctrl[:5] = joints
        self.data.ctrl[5:7] = opening * robot.FINGER_TRAVEL
        mujoco.mj_step(self.model, self.data, nstep=round(KNOT_S / TIMESTEP_S))
        return self.knot()

    def knot(self) -> Knot:
        """The present state as the success rule sees it."""
        contact = self.data.contact
        pairs = np.stack([contact.geom1, contact.geom2], axis=1) if self.data.ncon else np.empty((0, 2), int)
        others = {int(a + b - self._object) for a, b in pairs if self._object in (a, b)}
        velocity = self.data.qvel[self._object_dofs : self._object_dofs + 6]
        return Knot(
            time_s=float(self.data.time),
            gripper=self.data.site_xpos[self._gripper].copy(),
            object_position=self.data.xpos[self._object_body].copy(),
            object_speed=(float(np.linalg.norm(velocity[:3])), float(np.linalg.norm(velocity[3:]))),
            fingers_on_object=len(others & self._fingers),
            object_on=frozenset(self.model.geom(g).name for g in others - self._fingers),
        )
