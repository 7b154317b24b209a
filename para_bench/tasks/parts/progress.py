"""The stages of a task that picks a thing and puts it somewhere, and its success, stated once."""

from __future__ import annotations

import numpy as np

from para_bench.geometry import length
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


class GraspProgress:
    """Follows one episode knot by knot up to the lift; a subclass says when it is done, and how long that must hold."""

    holds_s = 0.0
    """How long `_done` has to hold for success [s]."""
    last = len(STAGES) - 1
    """Index of the last stage, which is success."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._rest_height = layout.object.half_size[2]
        self._since: float | None = None
        self.stage = 0
        """Index into the task's stages of the furthest stage reached."""
        self.success = False
        """Whether the task is done now."""
        self.strict = False
        """Whether it is done now within the narrower tolerance."""
        self.success_once = False
        self.success_at_s: float | None = None
        self.path_m = 0.0
        """Length of the gripper's path so far [m]."""
        self._last_gripper: np.ndarray | None = None

    def update(self, knot: Knot) -> None:
        lifted = knot.object_position[2] > self._rest_height + _LIFT_M
        reached = length(knot.gripper - knot.object_position) < _REACH_M
        if reached:
            self.stage = max(self.stage, 1)
        if knot.fingers_on_object == 2:
            self.stage = max(self.stage, 3 if lifted and not knot.object_on else 2)
        if self._done(knot):
            self._since = knot.time_s if self._since is None else self._since
        else:
            self._since = None
        self.success = self._since is not None and knot.time_s - self._since >= self.holds_s - 1e-9
        self.strict = self.success and self._strictly(knot)
        if self.success:
            self.stage = self.last
            if not self.success_once:
                self.success_once, self.success_at_s = True, knot.time_s
        if self._last_gripper is not None:
            self.path_m += length(knot.gripper - self._last_gripper)
        self._last_gripper = knot.gripper

    def _done(self, knot: Knot) -> bool:
        raise NotImplementedError

    def _strictly(self, knot: Knot) -> bool:
        """Whether a knot at which the task is done is within the narrower tolerance."""
        raise NotImplementedError


class PickAndPlaceProgress(GraspProgress):
    """Success: the object was lifted by the jaw (pushing it to its place is not pick-and-place), is released, rests on `support` alone
    and above `floor_z` with its centre within `radius` of the target's, the gripper is away, and all of this has held for STILL_S with
    the object still.
    """

    holds_s = STILL_S

    def __init__(
        self, layout: Layout, support: str, radius: float, floor_z: float, strict_m: float, beside: frozenset[str] = frozenset()
    ) -> None:
        """`support`: name of the geom that the object is to rest on; `radius` [m]; `floor_z` [m], below the object's resting centre.

        `strict_m`: radius of strict success [m]; `beside`: geoms that the object may touch as well.
        """
        super().__init__(layout)
        self._support, self._radius, self._floor_z, self._strict_m, self._beside = support, radius, floor_z, strict_m, beside

    def _done(self, knot: Knot) -> bool:
        return bool(
            self.stage >= STAGES.index("lift")
            and knot.fingers_on_object == 0
            and knot.object_on - self._beside == {self._support}
            and self._off_centre(knot) < self._radius
            and knot.object_position[2] > self._floor_z
            and length(knot.gripper - knot.object_position) > AWAY_M
            and knot.object_speed[0] < _STILL_SPEED[0]
            and knot.object_speed[1] < _STILL_SPEED[1]
        )

    def _strictly(self, knot: Knot) -> bool:
        return self._off_centre(knot) < self._strict_m

    def _off_centre(self, knot: Knot) -> float:
        return length(knot.object_position[:2] - np.asarray(self._layout.target_xy))
