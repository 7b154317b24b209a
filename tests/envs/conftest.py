"""The shifts under test, by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from para_bench.envs.sampling import Placement, sample_scene
from para_bench.envs.shifts import Shift, identity, shifted
from para_bench.envs.shifts.objects import colour, shape
from para_bench.envs.shifts.positions import placed
from para_bench.envs.shifts.rooms import distractors, layout, lighting, new_environment, texture
from para_bench.envs.shifts.views import field_of_view, mirrored_view, told_rotation, told_translation, view_angle, view_at
from para_bench.envs.validity import problems
from para_bench.types import Scene

SHIFTS: dict[str, Shift] = {
    "id": identity,
    "view_angle 5": view_angle(5),
    "view_angle 25": view_angle(25),
    "view_angle 45": view_angle(45),
    "view_at 25 -25": view_at(25, -25),
    "new_environment": new_environment,
    "lighting": lighting,
    "texture": texture,
    "layout": layout,
    "distractors 8": distractors(8),
    "object colour": colour,
    "object shape": shape,
    "fovy 30": field_of_view(30),
    "mirrored_view": mirrored_view,
    "placed anew": placed(Placement()),
    "told_rotation 5": told_rotation(5),
    "told_translation 2 cm": told_translation(0.02),
}
LEAVE_NOTHING_TO_CHANCE = ("view_at 25 -25", "fovy 30", "mirrored_view")
SceneOf = Callable[[str, int], Scene]


@pytest.fixture(scope="session", params=list(SHIFTS))
def shift_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def scene_of() -> SceneOf:
    """Scene `index` under a shift; each index has a random stream of its own."""

    def make(name: str, index: int) -> Scene:
        rng = np.random.default_rng([11, index])  # any seed
        scene = sample_scene(rng)
        while name in LEAVE_NOTHING_TO_CHANCE and problems(SHIFTS[name](scene, rng)):
            scene = sample_scene(rng)  # the shift cannot be drawn again, the scene can: as in splits (`also_under`)
        return shifted(SHIFTS[name], scene, rng)

    return make
