"""Worlds, and the shift of look-alikes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from para_bench.envs.fair import problems
from para_bench.envs.sampling import CROWDED, PLAIN, UNSEEN, WORLDS, sample_scene
from para_bench.envs.shifts import shifted
from para_bench.envs.shifts.look_alikes import look_alikes
from para_bench.envs.shifts.rooms import distractors
from para_bench.envs.shifts.views import view_angle
from para_bench.tasks import TASKS
from para_bench.types import ParaBenchError


def test_an_unknown_world_is_refused() -> None:
    with pytest.raises(ParaBenchError, match="world 'full' is unknown; allowed: plain, crowded, unseen"):
        sample_scene(np.random.default_rng(0), world="full")


@pytest.mark.integration
@pytest.mark.parametrize("task", TASKS)
def test_worlds_differ_in_look_alikes_alone(task: str) -> None:
    scenes = {world: sample_scene(np.random.default_rng([9, 0]), task=task, world=world) for world in WORLDS}
    assert not scenes[PLAIN].layout.others
    colours = {world: {other.rgb for other in scene.layout.others} - set(scene.layout.colours.values()) for world, scene in scenes.items()}
    assert colours[CROWDED]
    assert colours[UNSEEN]
    if task != "wipe":  # its look-alikes bear the dark marks in both worlds
        assert not colours[CROWDED] & colours[UNSEEN]


@pytest.mark.integration
@pytest.mark.parametrize("task", TASKS)
def test_the_shift_keeps_object_and_target(task: str) -> None:
    scene = sample_scene(np.random.default_rng([9, 1]), task=task, world=CROWDED)
    found = shifted(look_alikes(unseen=True), scene, np.random.default_rng(0))
    assert replace(found.layout, others=()) == replace(scene.layout, others=())
    assert found.layout.others != scene.layout.others
    assert problems(found) == []
    assert found == shifted(look_alikes(unseen=True), scene, np.random.default_rng(0))


@pytest.mark.integration
@pytest.mark.parametrize("shift", [view_angle(30), distractors(4)], ids=["view_angle", "distractors"])
def test_other_shifts_find_fair_crowded_scenes(shift) -> None:
    for task in TASKS:
        scene = sample_scene(np.random.default_rng([9, 2]), task=task, world=CROWDED)
        assert shifted(shift, scene, np.random.default_rng(0)).layout == scene.layout
