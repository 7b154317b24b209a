"""The pictures of the feature report: scenes from the training camera, and again from other views and in another room."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import sample_scene
from para_bench.envs.shifts import Shift, shifted
from para_bench.envs.shifts.rooms import new_environment
from para_bench.envs.shifts.views import view_angle
from para_bench.pretraining.correspondence import TASK, Pair, View, follow, look, some

ANGLES_DEG = (5, 15, 25, 35, 45, 60)
CONDITIONS: dict[tuple[str, str], Shift] = {("view_angle", str(angle)): view_angle(angle) for angle in ANGLES_DEG} | {
    ("new_environment", "0"): new_environment
}
"""How the second picture differs from the first."""
OF_TASK, ELSEWHERE = 32, 64
"""Pixels taken on the object, as many on the plate, and on everything else (table, arm, clutter, walls), at most."""


def pairs(index: int, size: int) -> Iterator[tuple[tuple[str, str], Pair]]:
    """Scene `index`, beside itself under each of CONDITIONS: scenes apart from training, validation and test scenes."""
    rng = np.random.default_rng([zlib.crc32(b"features"), index])
    env = TaskEnv(image_size=size)
    scene = sample_scene(rng)
    first = look(env, scene)
    chosen = _choose(first, rng)
    for condition, shift in CONDITIONS.items():
        # In another room only what belongs to the task is the same surface.
        kept = chosen if condition[0] == "view_angle" else chosen[np.isin(first.names(chosen), TASK)]
        yield condition, follow(first, look(env, shifted(shift, scene, rng)), kept)
    env.close()


def _choose(view: View, rng: np.random.Generator) -> np.ndarray:
    """Pixel centres to follow. Shape (N, 2)."""
    masks = [(view.geom == name, OF_TASK) for name in TASK] + [(~np.isin(view.geom, ["", *TASK]), ELSEWHERE)]
    return np.concatenate([some(mask, most, rng) for mask, most in masks])
