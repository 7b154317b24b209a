"""The success rule, fed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from para_bench.sim.base import Knot
from para_bench.sim.executor import KNOT_S
from para_bench.tasks import find_task
from para_bench.tasks.parts.progress import AWAY_M, STAGES, STILL_S, PickAndPlaceProgress
from para_bench.tasks.place import PLATE_HALF_HEIGHT
from para_bench.types import Scene

COUNT = round(STILL_S / KNOT_S) + 2
"""Knots that last longer than STILL_S."""
UP = np.array([0, 0, 1.0])


@pytest.fixture
def placed(literal_scene: Scene) -> Knot:
    """All is well: released on the middle of the plate, at rest, the gripper above."""
    position = np.array([*literal_scene.layout.target_xy, 2 * PLATE_HALF_HEIGHT + literal_scene.layout.object.half_size[2]])
    return Knot(
        time_s=0.0,
        gripper=position + 0.055 * UP,
        object_position=position,
        object_speed=(0.0, 0.0),
        fingers_on_object=0,
        object_on=frozenset({"target_top"}),
    )


def follow(scene: Scene, *knots: Knot, lifted: bool = True) -> PickAndPlaceProgress:
    """Progress after `knots`, at first in the jaw above the table unless not `lifted`."""
    progress = find_task("place").progress(scene)
    held = np.array([*scene.layout.object.xy, scene.layout.object.half_size[2] + 0.03])
    if lifted:
        progress.update(Knot(-KNOT_S, held, held, (0.0, 0.0), 2, frozenset()))
    for index, knot in enumerate(knots):
        progress.update(replace(knot, time_s=index * KNOT_S))
    return progress


def test_a_placed_object_is_a_success(literal_scene: Scene, placed: Knot) -> None:
    progress = follow(literal_scene, *[placed] * COUNT)
    assert progress.success
    assert progress.success_once
    assert STAGES[progress.stage] == "place"
    assert progress.success_at_s == pytest.approx(STILL_S)


def test_an_object_that_was_only_pushed_there_is_no_success(literal_scene: Scene, placed: Knot) -> None:
    assert not follow(literal_scene, *[placed] * COUNT, lifted=False).success_once


def test_it_takes_half_a_second(literal_scene: Scene, placed: Knot) -> None:
    assert not follow(literal_scene, *[placed] * (COUNT - 2)).success  # one knot short
    assert follow(literal_scene, *[placed] * (COUNT - 1)).success


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"object_speed": (0.02, 0.0)}, id="released but sliding"),
        pytest.param({"object_speed": (0.0, 1.0)}, id="released but turning"),
        pytest.param({"object_on": frozenset({"table"})}, id="on the table"),
        pytest.param({"object_on": frozenset({"target_top", "table"})}, id="on the plate's edge and the table"),
        pytest.param({"object_on": frozenset({"target_top", "clutter0"})}, id="leaning on clutter"),
        pytest.param({"object_on": frozenset()}, id="in the air"),
        pytest.param({"fingers_on_object": 2}, id="still held"),
        pytest.param({"fingers_on_object": 2, "object_on": frozenset()}, id="held over the plate"),
        pytest.param({"fingers_on_object": 1}, id="one finger touches"),
    ],
)
def test_every_condition_counts(literal_scene: Scene, placed: Knot, change: dict) -> None:
    progress = follow(literal_scene, *[replace(placed, **change)] * 2 * COUNT)
    assert not progress.success
    assert not progress.success_once
    assert STAGES[progress.stage] != "place"


@pytest.mark.parametrize("field", ["object_position", "gripper"])
def test_places_count(literal_scene: Scene, placed: Knot, field: str) -> None:
    moved = {
        "object_position": placed.object_position
        + (literal_scene.layout.target_radius + 0.002) * np.eye(3)[0],  # its centre is over the edge
        "gripper": placed.object_position + (AWAY_M - 0.002) * UP,  # not away
    }[field]
    assert not follow(literal_scene, *[replace(placed, **{field: moved})] * COUNT).success_once


def test_an_interruption_starts_the_clock_again(literal_scene: Scene, placed: Knot) -> None:
    moving = replace(placed, object_speed=(0.05, 0.0))
    almost = [placed] * (COUNT - 3)
    assert not follow(literal_scene, *almost, moving, *almost).success_once
    assert follow(literal_scene, *almost, moving, *[placed] * COUNT).success


def test_success_that_is_lost_was_a_success_once(literal_scene: Scene, placed: Knot) -> None:
    progress = follow(literal_scene, *[placed] * COUNT, replace(placed, object_on=frozenset({"table"})))
    assert progress.success_once
    assert not progress.success
    assert progress.success_at_s == pytest.approx(STILL_S)


def test_stages_are_the_furthest_reached(literal_scene: Scene, placed: Knot) -> None:
    low = np.array([*literal_scene.layout.object.xy, literal_scene.layout.object.half_size[2]])
    away = replace(placed, object_position=low, gripper=low + 0.06 * UP, object_on=frozenset({"table"}))
    near = replace(away, gripper=low)
    grasped = replace(near, fingers_on_object=2)
    lifted = replace(grasped, gripper=low + 0.03 * UP, object_position=low + 0.03 * UP, object_on=frozenset())
    knots = [away, near, grasped, lifted, away]
    assert [STAGES[follow(literal_scene, *knots[: n + 1], lifted=False).stage] for n in range(5)] == [
        "none",
        "reach",
        "grasp",
        "lift",
        "lift",
    ]


def test_raising_the_object_against_something_is_no_lift(literal_scene: Scene, placed: Knot) -> None:
    high = placed.object_position + 0.03 * UP
    pinned = replace(placed, object_position=high, gripper=high, fingers_on_object=2, object_on=frozenset({"clutter0"}))
    assert STAGES[follow(literal_scene, pinned, lifted=False).stage] == "grasp"


def test_path_is_the_way_of_the_gripper(literal_scene: Scene, placed: Knot) -> None:
    knots = [replace(placed, gripper=np.array([0.01 * i, 0, 0.1])) for i in range(6)]
    assert follow(literal_scene, *knots, lifted=False).path_m == pytest.approx(0.05)
