"""Splits over surroundings and the object: each changes what it names and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from para_bench.benchmarks.conditions import CONTROL, Split
from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.splits import rooms
from para_bench.envs.sampling import DEFAULT_CAMERA
from para_bench.geometry import view_angle_deg
from para_bench.sim.cameras import WORKSPACE_CENTRE

SURFACES = ("table", "floor", "walls")


def changed(split: Split, level: tuple[str, str]) -> set[str]:
    """Parts of the room that a condition changes in the first three scenes; all else stays."""
    found = set()
    for i in range(3):
        control, scene = (scene_of(split, condition, i) for condition in (CONTROL, split.condition(*level)))
        assert (scene.layout, scene.camera, scene.home) == (control.layout, control.camera, control.home)
        found |= {name for name in vars(control.room) if getattr(control.room, name) != getattr(scene.room, name)}
    return found


@pytest.mark.parametrize(
    ("split", "level", "parts"),
    [
        (rooms.lighting(), ("lighting", "1"), {"lights", "ambient"}),
        (rooms.texture(), ("texture", "1"), {*SURFACES}),
        (rooms.layout(), ("layout", "1"), {"clutter"}),
        (rooms.new_environment(), ("environment", "1"), {*SURFACES, "lights", "ambient", "clutter"}),
        (rooms.distractors(), ("distractors", "0"), set()),
        (rooms.distractors(), ("distractors", "8"), {"clutter"}),
    ],
    ids=lambda value: value.name if isinstance(value, Split) else None,
)
def test_a_split_changes_what_it_names(split: Split, level: tuple[str, str], parts: set[str]) -> None:
    assert changed(split, level) == parts


def test_so_many_distractors_as_the_level_says() -> None:
    split = rooms.distractors()
    counts = [len(scene_of(split, condition, 0).room.clutter) for condition in split.all_conditions]
    assert [count - counts[0] for count in counts[1:]] == [int(condition.level) for condition in split.conditions] == [0, 2, 4, 8]


def test_the_object_changes_colour_shape_or_both_and_stays_where_it_is() -> None:
    split = rooms.unseen_object()
    control = scene_of(split, CONTROL, 0).layout.object
    found = {c.level: scene_of(split, c, 0).layout.object for c in split.conditions}
    before = (control.shape, control.half_size)
    looks = {level: (thing.rgb != control.rgb, (thing.shape, thing.half_size) != before) for level, thing in found.items()}
    assert looks == {"colour": (True, False), "shape": (False, True), "both": (True, True)}
    assert {thing.xy for thing in found.values()} == {control.xy}


def test_combined_crosses_every_angle_with_every_room_but_the_control() -> None:
    split = rooms.combined()
    assert [c.level for c in split.conditions] == ["15x0", "30x0", "0x1", "15x1", "30x1"]
    for condition in split.conditions:
        angle, room = map(int, condition.level.split("x"))
        control, scene = scene_of(split, CONTROL, 0), scene_of(split, condition, 0)
        assert view_angle_deg(scene.camera, DEFAULT_CAMERA, WORKSPACE_CENTRE) == pytest.approx(angle, abs=0.01)
        assert (scene.room != control.room) == bool(room)
        assert replace(scene, camera=control.camera, room=control.room) == control
