"""The stages of a task that picks a thing and puts it somewhere, and its success, stated once."""

from __future__ import annotations

import numpy as np

from para_bench.sim.base import Knot
from para_bench.types import Layout

STAGES = ("none", "reach", "grasp", "lift", "place")
STILL_S = 0.5
"""How long the object has to rest [s]."""
AWAY_M = 0.03
"""Least distance of the gripper from the object's centre when released [m]."""
_REACH_M = 0.025
_LIFT_M = 0.01
_STILL_SPEED = (0.01, 0.3)  # m/s, rad/s


class PickAndPlaceProgress:
    """Follows one episode knot by knot.

    Success: the object was lifted by the jaw (pushing it to its place is not pick-and-place), is released, rests on `support` alone and
    above `floor_z` with its centre within `radius` of the target's, the gripper is away, and all of this has held for STILL_S with the
    object still.
    """

    def __init__(self, layout: Layout, support: str, radius: float, floor_z: float) -> None:
        """`support`: name of the geom that the object is to rest on; `radius` [m]; `floor_z` [m], below the object's resting centre."""
        self._layout, self._support, self._radius, self._floor_z = layout, support, radius, floor_z
        self._rest_height = layout.object.half_size[2]
        self._since: float | None = None
        self.stage = 0
        """Index into STAGES of the furthest stage reached."""
        self.success = False
        """Holds now."""
        self.success_once = False
        self.success_at_s: float | None = None
        self.path_m = 0.0
        """Way of the gripper so far [m]."""
        self._last_gripper: np.ndarray | None = None

    def update(self, knot: Knot) -> None:
        lifted = knot.object_position[2] > self._rest_height + _LIFT_M
        reached = np.linalg.norm(knot.gripper - knot.object_position) < _REACH_M
        if reached:
            self.stage = max(self.stage, 1)
        if knot.fingers_on_object == 2:
            self.stage = max(self.stage, 3 if lifted and not knot.object_on else 2)
        placed = self._placed(knot)
        if placed:
            self._since = knot.time_s if self._since is None else self._since
        else:
            self._since = None
        self.success = self._since is not None and knot.time_s - self._since >= STILL_S - 1e-9
        if self.success:
            self.stage = 4
            if not self.success_once:
                self.success_once, self.success_at_s = True, knot.time_s
        if self._last_gripper is not None:
            self.path_m += float(np.linalg.norm(knot.gripper - self._last_gripper))
        self._last_gripper = knot.gripper

    def _placed(self, knot: Knot) -> bool:
        off_centre = np.linalg.norm(knot.object_position[:2] - np.asarray(self._layout.target_xy))
        return bool(
            self.stage >= STAGES.index("lift")
            and knot.fingers_on_object == 0
            and knot.object_on == {self._support}
            and off_centre < self._radius
            and knot.object_position[2] > self._floor_z
            and np.linalg.norm(knot.gripper - knot.object_position) > AWAY_M
            and knot.object_speed[0] < _STILL_SPEED[0]
            and knot.object_speed[1] < _STILL_SPEED[1]
        )
