"""Names in records, written in words."""

from __future__ import annotations

from collections.abc import Sequence

from para_bench.records.description import Description
from para_bench.report.roster import ConditionKey

CONTROL_WORDS = "no shift (control)"
MEASURES = {
    "clamped_waypoints": "waypoints out of reach, driven as far as the arm reaches",
    "disturbed": "was disturbed",
    "grasp_calibration_m": "grasp error that a wrong calibration explains [m]",
    "grasp_dz_m": "grasp height above where it should be [m]",
    "grasp_height_m": "height of the grasp [m]",
    "grasp_horizontal_m": "grasp error over the table [m]",
    "grasp_place_m": "grasp error against where the head placed it [m]",
    "grasp_plane_m": "grasp error in the image plane, at the object [m]",
    "grasp_px": "grasp error in the image [px]",
    "grasp_yaw_deg": "yaw error at the grasp [deg]",
    "object_x_m": "object, away from the arm [m]",
    "object_y_m": "object, to the left of the arm [m]",
    "path_m": "path of the gripper [m]",
    "success_s": "first success after [s]",
    "target_x_m": "target, away from the arm [m]",
    "target_y_m": "target, to the left of the arm [m]",
}
"""Keys of `extra`; other keys are shown with spaces for underscores."""


def plain(name: str) -> str:
    """ "left_to_right" -> "left to right"."""
    return name.replace("_", " ")


def of_split(name: str) -> str:
    """ "novel view"; "in distribution" for `id`; with another task before it "stack, novel view"."""
    task, _, split = name.rpartition(".")
    words = "in distribution" if split == "id" else plain(split)
    return f"{plain(task)}, {words}" if task else words


def of_condition(description: Description, condition: ConditionKey) -> str:
    """ "view angle 25 deg", "aimed 6 cm off"; the control by that name."""
    if condition == description.control:
        return CONTROL_WORDS
    factor = description.factor(condition[0])
    return f"{plain(factor.name)}, cell {condition[1]}" if factor.kind == "map" else factor.words(condition[1])


def of_levels(description: Description, levels: Sequence[ConditionKey]) -> str:
    """Name of one condition, or of several pooled levels of a factor."""
    if len(levels) == 1:
        return of_condition(description, levels[0])
    return f"{plain(levels[0][0])}, {len(levels)} levels pooled"
