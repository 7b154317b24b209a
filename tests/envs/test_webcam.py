"""Shifts of the picture alone."""

from __future__ import annotations

import numpy as np

from para_bench.envs.fair import problems
from para_bench.envs.shifts import physics_hash, shifted
from para_bench.envs.shifts.webcam import corrupted
from para_bench.types import Corruption, Scene


def test_nothing_but_the_corruption_changes(scene: Scene) -> None:
    rng = np.random.default_rng(0)  # any seed
    found = shifted(corrupted("blur", 4), scene, rng)
    assert found.corruption == Corruption("blur", 4)
    assert physics_hash(found) == physics_hash(scene)
    assert (found.camera, found.told_camera, found.layout, found.room) == (scene.camera, scene.told_camera, scene.layout, scene.room)
    assert problems(found) == []


def test_either_way_draws_both_signs(scene: Scene) -> None:
    shift = corrupted("exposure", 1.0, either_way=True)
    found = [shift(scene, np.random.default_rng(seed)).corruption for seed in range(20)]  # any seeds: both signs but for 1 in 500,000
    assert {each.amount for each in found if each} == {-1.0, 1.0}
    assert all(
        corrupted("exposure", 1.0)(scene, np.random.default_rng(seed)).corruption == Corruption("exposure", 1.0) for seed in range(5)
    )
