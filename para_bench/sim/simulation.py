"""The physics of one episode: a compiled scene and its state."""

from __future__ import annotations

import copy

import mujoco
import numpy as np

from para_bench.geometry import jaw_yaw, length
from para_bench.sim.base import OBJECT, Knot, Robot, Task
from para_bench.sim.build import TABLE, TIMESTEP_S, build, camera_quat
from para_bench.types import Camera, Scene


class Simulation:
    """One compiled scene and its state."""

    def __init__(self, scene: Scene, task: Task, robot: Robot) -> None:
        self.scene, self.robot = scene, robot
        self.model = build(scene, task, robot)
        self.data = mujoco.MjData(self.model)
        self._gripper = self.model.site(robot.gripper_site).id
        self._object = self.model.geom(OBJECT).id
        self._object_body = self.model.body(OBJECT).id
        self._finger_geoms = {self.model.geom(name).id for name in robot.fingers}
        self._object_qpos, self._object_dofs = (int(adr[0]) for adr in (self.model.joint(OBJECT).qposadr, self.model.joint(OBJECT).dofadr))
        self._geom_names = [self.model.geom(i).name for i in range(self.model.ngeom)]
        self._still: Simulation | None = None
        self._arm = slice(len(robot.joints))
        self._fingers = slice(len(robot.joints), len(robot.joints) + len(robot.fingers))
        self.reset()

    def reset(self) -> None:
        """Arm at the scene's home with an open jaw, object where the scene puts it."""
        mujoco.mj_resetData(self.model, self.data)
        *position, yaw = self.scene.home
        joints = self.robot.solve(np.array([position]), np.array([yaw]))[0]
        self.data.qpos[self._arm] = self.data.ctrl[self._arm] = joints
        self.data.qpos[self._fingers] = self.data.ctrl[self._fingers] = self.robot.finger_travel
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
        return jaw_yaw(self.data.site_xmat[self._gripper].reshape(3, 3))

    @property
    def gripper_opening(self) -> float:
        """In [0, 1], 1 is fully open."""
        return float(np.clip(self.data.qpos[self._fingers].mean() / self.robot.finger_travel, 0, 1))

    @property
    def object_pose(self) -> np.ndarray:
        """World pose (7,) of the object's centre: x y z [m], quaternion wxyz."""
        return self.data.qpos[self._object_qpos : self._object_qpos + 7].copy()

    def set_qpos(self, qpos: np.ndarray) -> None:
        """Put the scene into a stored state (nq,), to draw it."""
        self.data.qpos[:] = qpos
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_comPos(self.model, self.data)
        mujoco.mj_camlight(self.model, self.data)

    def look_from(self, camera: Camera) -> None:
        """Move the camera of the images, from the next `set_qpos` on; the scene itself keeps its own."""
        index = self.model.camera("main").id
        self.model.cam_pos[index], self.model.cam_quat[index] = camera.position, camera_quat(camera)
        self.model.cam_fovy[index] = camera.fovy_deg

    def at(self, qpos: np.ndarray) -> Simulation:
        """The scene standing still in a state (nq,), to be seen: poses and pictures are of that one instant. Valid until the next call."""
        if self._still is None:
            self._still = copy.copy(self)
            self._still.data = mujoco.MjData(self.model)
        self._still.set_qpos(qpos)
        return self._still

    def move_object(self, xy: tuple[float, float], yaw: float) -> bool:
        """Put the object at rest elsewhere on its support. Where a finger or another thing is in the way, nothing moves: False.

        Args:
            xy: Its centre, world [m].
            yaw: Its rotation about world z [rad].
        """
        before, there = self.copy_of_data(), self.knot()
        q, v = self._object_qpos, self._object_dofs
        self.data.qpos[q : q + 2] = xy
        self.data.qpos[q + 3 : q + 7] = np.cos(yaw / 2), 0.0, 0.0, np.sin(yaw / 2)
        self.data.qvel[v : v + 6] = 0.0
        mujoco.mj_forward(self.model, self.data)
        now = self.knot()
        if there.fingers_on_object or now.fingers_on_object or not now.object_on <= there.object_on | {TABLE}:
            self.load_data(before)
            return False
        return True

    def copy_of_data(self) -> mujoco.MjData:
        """All of the state, with the derived poses: `mj_step` leaves them one step behind `qpos`, and images are drawn from them."""
        return copy.copy(self.data)

    def load_data(self, data: mujoco.MjData) -> None:
        """Go back to such a copy, of this simulation or of another one of the same scene."""
        mujoco.mj_copyData(self.data, self.model, data)

    def drive(self, joints: np.ndarray, opening: float, seconds: float) -> None:
        """Command joint angles (joints,) [rad] and an opening in [0, 1], and let time pass."""
        self.data.ctrl[self._arm] = joints
        self.data.ctrl[self._fingers] = opening * self.robot.finger_travel
        mujoco.mj_step(self.model, self.data, nstep=round(seconds / TIMESTEP_S))

    @property
    def commanded_joints(self) -> np.ndarray:
        """Joint angles (joints,) [rad] that the servos are to reach."""
        return self.data.ctrl[self._arm]

    def knot(self) -> Knot:
        """The present state as the success rule sees it."""
        others = {a + b - self._object for a, b in self.data.contact.geom.tolist() if self._object in (a, b)}
        rotation = self.data.xmat[self._object_body]
        velocity = self.data.qvel[self._object_dofs : self._object_dofs + 6]
        return Knot(
            time_s=float(self.data.time),
            gripper=self.data.site_xpos[self._gripper].copy(),
            object_position=self.data.xpos[self._object_body].copy(),
            object_speed=(length(velocity[:3]), length(velocity[3:])),
            fingers_on_object=len(others & self._finger_geoms),
            object_on=frozenset(self._geom_names[g] for g in others - self._finger_geoms),
            object_yaw=float(np.arctan2(rotation[3], rotation[0])),
            qpos=self.data.qpos.copy(),
        )
