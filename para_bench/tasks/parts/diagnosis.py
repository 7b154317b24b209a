"""Why an episode went as it did: where the jaw first closed against where it should have, and what became of the object."""

from __future__ import annotations

import numpy as np

from para_bench.geometry import lift, project, wrap_yaw
from para_bench.sim.base import Episode
from para_bench.tasks.parts.motion import grasp_pose
from para_bench.tasks.parts.progress import STAGES
from para_bench.types import Prop

REASONS = (
    "wrong_place",
    "wrong_height",
    "wrong_yaw",
    "never_closed",
    "not_grasped",
    "not_lifted",
    "dropped",
    "misplaced",
    "not_released",
    "undone",
)
"""Reason codes, in the order of the task."""
WRONG_PLACE_M, WRONG_HEIGHT_M, WRONG_YAW_DEG = 0.015, 0.012, 40.0
"""Least errors at the closing of the jaw that count as the reason of a failed grasp. A jaw 58 mm wide over an object of
25 x 72 x 32 mm forgives about as much."""


class GraspDiagnosis:
    """Watches one episode; asked before every waypoint and at the end."""

    def __init__(self, episode: Episode, looks: bool) -> None:
        """`looks`: whether the policy sees images; else pixel errors are left out."""
        self._episode, self._looks, self._opening = episode, looks, 1.0
        self._grasp: dict[str, float] = {}
        self._held_at_release: bool | None = None
        self.grasp_error_m: float | None = None
        """Horizontal distance from where the object stood before the jaw came to where the gripper was when it first closed [m]."""

    def before(self, action: np.ndarray) -> None:
        """A finite waypoint (5,) is about to be executed."""
        opens = self._opening < 0.5 <= action[4]
        if opens and self._episode.progress.stage >= STAGES.index("lift") and self._held_at_release is None:
            self._held_at_release = self._episode.simulation.knot().fingers_on_object > 0

    def after(self, action: np.ndarray) -> None:
        """The waypoint (5,) was executed."""
        if action[4] < 0.5 <= self._opening and self.grasp_error_m is None:
            reached = self._episode.simulation.gripper_pose[:2]
            self.grasp_error_m = float(np.linalg.norm(reached - np.asarray(standing(self._episode).xy)))
            self._grasp = grasp_errors(self._episode, action) | (image_errors(self._episode, action) if self._looks else {})
        self._opening = action[4]

    @property
    def place_error_m(self) -> float:
        """Horizontal distance from the target's centre to the object now [m]."""
        now = self._episode.simulation.object_pose[:2]
        return float(np.linalg.norm(now - np.asarray(self._episode.scene.layout.target_xy)))

    @property
    def measures(self) -> dict[str, float]:
        """For `Outcome.extra`: errors of the first grasp (see the functions below), `path_m`, `success_s`, and where things stood [m]."""
        progress, layout = self._episode.progress, self._episode.scene.layout
        found = {"path_m": progress.path_m, **self._grasp}
        if progress.success_at_s is not None:
            found["success_s"] = progress.success_at_s
        (found["object_x_m"], found["object_y_m"]), (found["target_x_m"], found["target_y_m"]) = layout.object.xy, layout.target_xy
        return {name: round(float(value), 5) for name, value in found.items() if np.isfinite(value)}

    @property
    def reason(self) -> str:
        """Reason code of an episode that ran to its end without success."""
        stage = STAGES[self._episode.progress.stage]
        if stage in ("none", "reach", "grasp"):
            return self._failed_grasp("not_lifted" if stage == "grasp" else "not_grasped")
        if stage == "lift":
            if self._held_at_release is None:
                return "not_released" if self._episode.simulation.knot().fingers_on_object else "dropped"
            return "misplaced" if self._held_at_release else "dropped"
        return "undone"

    def _failed_grasp(self, otherwise: str) -> str:
        if not self._grasp:
            return "never_closed"
        # A point too high on the right ray, or straight above the object: in both cases the height alone is wrong.
        horizontal = self._grasp["grasp_horizontal_m"]
        if not min(horizontal, self._grasp.get("grasp_place_m", horizontal)) <= WRONG_PLACE_M:
            return "wrong_place"
        if abs(self._grasp["grasp_dz_m"]) > WRONG_HEIGHT_M:
            return "wrong_height"
        return "wrong_yaw" if self._grasp["grasp_yaw_deg"] > WRONG_YAW_DEG else otherwise


def standing(episode: Episode) -> Prop:
    """The object where it stands before the jaw comes."""
    return episode.scene.moved_object if episode.disturbed else episode.scene.layout.object


def grasp_errors(episode: Episode, action: np.ndarray) -> dict[str, float]:
    """How far the waypoint (5,) that closes the jaw lies from the expert's grasp, in world.

    Returns:
        `grasp_horizontal_m`; `grasp_dz_m`, positive is too high; `grasp_yaw_deg` in [0, 90].
    """
    thing = standing(episode)
    right, yaw = grasp_pose(thing)
    turn = 0.0 if thing.shape == "cylinder" else abs(float(wrap_yaw(action[3] - yaw)))
    return {
        "grasp_horizontal_m": float(np.linalg.norm(action[:2] - right[:2])),
        "grasp_dz_m": float(action[2] - right[2]),
        "grasp_yaw_deg": float(np.degrees(turn)),
    }


def image_errors(episode: Episode, action: np.ndarray) -> dict[str, float]:
    """The same error, split into the part that lies in the image and the part that lies in the height.

    The head's point p is seen at a pixel of the camera whose calibration it was given. Lifting this pixel to the right height gives
    the part of the error that lies in the image. The way from there to p along the ray is the part that lies in the height. The part
    due to a wrong calibration is stated on its own.

    Returns:
        `grasp_px` [px of the policy's image], `grasp_plane_m`, `grasp_height_m`, `grasp_calibration_m`, and `grasp_place_m` (image and
        calibration together; equal to `grasp_plane_m` where the calibration is right).
    """
    right = grasp_pose(standing(episode))[0]
    told, true = episode.told_camera, episode.scene.camera.resized(episode.image_size)
    pixel, wanted = project(action[:3], told)[0], project(right, true)[0]
    meant, seen = lift(pixel, right[2], told), lift(pixel, right[2], true)
    return {
        "grasp_px": float(np.linalg.norm(pixel - wanted)),
        "grasp_plane_m": float(np.linalg.norm(seen - right)),
        "grasp_height_m": float(np.linalg.norm(action[:3] - meant)),
        "grasp_calibration_m": float(np.linalg.norm(meant - seen)),
        "grasp_place_m": float(np.linalg.norm(meant - right)),
    }
