"""Splits that move the camera, change its lens, or lie about either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from para_bench.benchmarks.conditions import DEFAULT_TRAINING, Condition, Split, TrainingSet, Views
from para_bench.envs.sampling import CAMERA_DISTANCE_M, CAMERA_ELEVATION_DEG, DEFAULT_CAMERA
from para_bench.envs.shifts.views import (
    azimuth_angle,
    camera_distance,
    camera_roll,
    elevation_angle,
    field_of_view,
    look_at_offset,
    mirrored_view,
    told_rotation,
    told_translation,
    view_angle,
    view_at,
)
from para_bench.records.factors import Axis, Factor
from para_bench.sim.cameras import default_camera_pose
from para_bench.types import Camera

VIEW_ANGLES_DEG = (5, 10, 15, 20, 25, 30, 45)
AZIMUTH_DEG = (15, 30, 45)
ELEVATION_DEG = (-20, -10, 10, 20)
DISTANCE_M = (0.6, 1.0)
ROLL_DEG = (15, 30)
LOOK_AT_CM = (3, 6)
"""Further off the workspace leaves the picture."""
ONE_IN_FOUR = (0, 4)
"""Scenes of the conditions that change one number of the camera: all 13 of them cost as much as three levels of the view angle."""
GRID_CELLS = 8
GRID_HALF_DEG = 17.5
"""Azimuth and elevation offsets span +- this; the corners then lie 23 deg from the default view, so every cell is within 25 deg."""
LEFT_VIEWS = Views(azimuth_deg=(5.0, 45.0), elevation_deg=(-10.0, 10.0))
ADAPTED_VIEW = Views(azimuth_deg=(30.0, 30.0))
ADAPTATION_DEMOS = 5
TESTED_VIEWS = (
    f"tests from {VIEW_ANGLES_DEG[0]} to {VIEW_ANGLES_DEG[-1]} deg away in any direction, and on an {GRID_CELLS}x{GRID_CELLS} grid of "
    f"azimuth x elevation within +-{GRID_HALF_DEG} deg each"
)
FOVY_DEG = (30, 36, 48, 54, 60)
TOLD_WRONG_DEG = (0, 0.5, 1, 2, 5)
TOLD_WRONG_CM = (0, 0.5, 1, 2)


def novel_view() -> Split:
    angles = (Condition("view_angle", str(angle), view_angle(angle)) for angle in VIEW_ANGLES_DEG)
    return Split(
        "novel_view",
        f"trains on the default camera only, augmented copies turned and zoomed about its centre; {TESTED_VIEWS}",
        (*angles, *_grid()),
        also_from=_border_cameras(),
        factors=(
            Factor("view_angle", "curve", "angle from the training view", "deg"),
            Factor(
                "view_grid",
                "map",
                unit="deg",
                axes=(
                    Axis("azimuth from the training view", -GRID_HALF_DEG, GRID_HALF_DEG),
                    Axis("elevation", -GRID_HALF_DEG, GRID_HALF_DEG),
                ),
            ),
        ),
    )


def novel_view_2() -> Split:
    """Of suite version 2: azimuth and elevation apart, and the other numbers of a camera one by one."""
    first = novel_view()
    others = (
        *(Condition("azimuth", str(angle), azimuth_angle(angle), ONE_IN_FOUR) for angle in AZIMUTH_DEG),
        *(Condition("elevation", str(angle), elevation_angle(angle), ONE_IN_FOUR) for angle in ELEVATION_DEG),
        *(Condition("distance", f"{distance:g}", camera_distance(distance), ONE_IN_FOUR) for distance in DISTANCE_M),
        *(Condition("roll", str(angle), camera_roll(angle), ONE_IN_FOUR) for angle in ROLL_DEG),
        *(Condition("look_at", str(offset), look_at_offset(offset / 100), ONE_IN_FOUR) for offset in LOOK_AT_CM),
    )
    angles = tuple(condition for condition in first.conditions if condition.factor == "view_angle")
    return replace(
        first,
        about="trains on the default camera unless --cameras gives more; the copies of some heads are turned and zoomed about its centre "
        f"(the fairness record says whose); {TESTED_VIEWS}; tests azimuth ({_list(AZIMUTH_DEG)} deg to either side) and elevation "
        f"({_list(ELEVATION_DEG)} deg) apart; tests distance ({_list(DISTANCE_M)} m in place of {CAMERA_DISTANCE_M:g}), roll "
        f"({_list(ROLL_DEG)} deg either way) and aim ({_list(LOOK_AT_CM)} cm off); each of these is tested on one scene in four",
        conditions=(*angles, *others, *_grid()),
        also_under=(*(elevation_angle(angle) for angle in ELEVATION_DEG), *(camera_distance(distance) for distance in DISTANCE_M)),
        factors=(
            *first.factors,
            Factor("azimuth", "curve", "azimuth from the training view", "deg", pooled=False),
            Factor("elevation", "curve", "elevation from the training view", "deg", pooled=False),
            Factor("distance", "curve", "distance of the camera", "m", pooled=False, control_at=CAMERA_DISTANCE_M),
            Factor("roll", "curve", "roll of the camera", "deg", pooled=False),
            Factor(
                "look_at",
                "curve",
                "offset of the point that the camera looks at",
                "cm",
                pooled=False,
                level_words={str(offset): f"aimed {offset} cm off" for offset in LOOK_AT_CM},
            ),
        ),
    )


def view_hemisphere() -> Split:
    (near, far), (low, high) = LEFT_VIEWS.azimuth_deg, LEFT_VIEWS.elevation_deg
    return Split(
        "view_hemisphere",
        f"trains on cameras on the arm's left, a new one each demonstration (azimuth {near:g} to {far:g} deg, elevation {low:g} to "
        f"{high:g} deg from the default); tests on the right, mirrored",
        (Condition("hemisphere", "right", mirrored_view),),
        training=TrainingSet("left_views", views=LEFT_VIEWS),
        views=LEFT_VIEWS,
        also_under=(mirrored_view,),
    )


def view_adaptation() -> Split:
    view, azimuth = view_at(ADAPTED_VIEW.azimuth_deg[0], 0), ADAPTED_VIEW.azimuth_deg[0]
    words = {"0": "before fine-tuning", str(ADAPTATION_DEMOS): f"after {ADAPTATION_DEMOS} demonstrations"}
    adapted = TrainingSet("adapted_view", views=ADAPTED_VIEW, demos=ADAPTATION_DEMOS, adapts=DEFAULT_TRAINING)
    return Split(
        "view_adaptation",
        f"trains on the default camera, then fine-tunes with {ADAPTATION_DEMOS} demonstrations seen from azimuth {azimuth:g} deg; tests "
        "there before (0) and after",
        (Condition("adaptation", "0", view), Condition("adaptation", str(ADAPTATION_DEMOS), view, training=adapted)),
        also_under=(view,),
        factors=(Factor("adaptation", pooled=False, level_words=words),),  # before and after are no doses of one thing
    )


def camera_intrinsics() -> Split:
    return Split(
        "camera_intrinsics",
        f"trains with a field of view of {DEFAULT_CAMERA.fovy_deg:g} deg; tests with "
        f"{', '.join(map(str, FOVY_DEG))} deg, which the policy is given",
        tuple(Condition("fovy", str(fovy), field_of_view(fovy)) for fovy in FOVY_DEG),
        also_under=(field_of_view(min(FOVY_DEG)),),
        factors=(Factor("fovy", title="field of view", unit="deg", control_at=DEFAULT_CAMERA.fovy_deg),),
    )


def calibration() -> Split:
    turned = (Condition("calibration_rotation", f"{angle:g}", told_rotation(angle)) for angle in TOLD_WRONG_DEG)
    shifted = (Condition("calibration_translation", f"{cm:g}", told_translation(cm / 100)) for cm in TOLD_WRONG_CM)
    return Split(
        "calibration",
        f"trains with a right calibration; in tests the image is right and the calibration given to the policy is wrong by "
        f"{', '.join(map(str, TOLD_WRONG_DEG))} deg about any axis or by {', '.join(map(str, TOLD_WRONG_CM))} cm in any direction",
        (*turned, *shifted),
        factors=(
            Factor("calibration_rotation", "curve", "rotation error of the calibration", "deg", pooled=False, figure="calibration"),
            Factor("calibration_translation", "curve", "translation error of the calibration", "cm", pooled=False, figure="calibration"),
        ),
    )


def _list(levels: Sequence[float]) -> str:
    return ", ".join(f"{level:g}" for level in levels)


def _grid() -> tuple[Condition, ...]:
    offsets = np.linspace(-GRID_HALF_DEG, GRID_HALF_DEG, GRID_CELLS)
    cells = [(a, e) for a in range(GRID_CELLS) for e in range(GRID_CELLS)]
    # A stride that shares no factor with 64 spreads the first scenes over the whole map instead of its first rows.
    return tuple(
        Condition("view_grid", f"a{a}e{e}", view_at(float(offsets[a]), float(offsets[e])), share=((i * 37) % len(cells), len(cells)))
        for i, (a, e) in enumerate(cells)
    )


def _border_cameras() -> tuple[Camera, ...]:
    """The corners and the middles of the sides of the view grid."""
    places = [(a, e) for a in (-1, 0, 1) for e in (-1, 0, 1) if (a, e) != (0, 0)]
    poses = [default_camera_pose(CAMERA_DISTANCE_M, GRID_HALF_DEG * a, CAMERA_ELEVATION_DEG + GRID_HALF_DEG * e) for a, e in places]
    return tuple(Camera(*pose, fovy_deg=DEFAULT_CAMERA.fovy_deg) for pose in poses)
