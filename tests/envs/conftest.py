"""The shifts under test, by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from para_bench.envs.sampling import sample_scene
from para_bench.envs.shifts import Shift, identity, new_environment, shifted, view_angle, view_at
from para_bench.types import Scene

SHIFTS: dict[str, Shift] = {
    "id": identity,
    "view_angle 5": view_angle(5),
    "view_angle 25": view_angle(25),
    "view_angle 45": view_angle(45),
    "view_at 25 -25": view_at(25, -25),
    "new_environment": new_environment,
}
SceneOf = Callable[[str, int], Scene]


@pytest.fixture(scope="session", params=list(SHIFTS))
def shift_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def scene_of() -> SceneOf:
    """Scene `index` under a shift; each index has a random stream of its own.

    A view that leaves nothing to chance cannot be drawn again, so its scenes have to be fair from there too.
    """

    rng = np.random.default_rng(0)  # any scene: this view is the same for all
    fixed = {"view_at 25 -25": SHIFTS["view_at 25 -25"](sample_scene(rng), rng).camera}

    def make(name: str, index: int) -> Scene:
        rng = np.random.default_rng([11, index])  # any seed
        also_from = [fixed[name]] if name in fixed else []
        return shifted(SHIFTS[name], sample_scene(rng, also_from=also_from), rng)

    return make
