"""Scenes and demonstrations that many tests start from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from para_bench.data.store import Demonstrations
from para_bench.demonstrations import collect
from para_bench.envs.pick_place import PickPlace
from para_bench.envs.sampling import sample_scene
from para_bench.types import Camera, Light, Prop, Scene, Surface


@pytest.fixture(scope="session")
def literal_scene() -> Scene:
    """A scene of plain numbers, so that a test of hashes does not hang on the sampler."""
    return Scene(
        object=Prop("box", (0.0125, 0.021, 0.016), (0.8, 0.15, 0.12), (0.2, -0.05), 0.6),
        target_xy=(0.2, 0.08),
        target_radius=0.045,
        target_rgb=(0.92, 0.92, 0.94),
        camera=Camera((0.7, 0.0, 0.55), (0.27, 0.65, 0.65, 0.27), 42.0),
        table=Surface("wood", (0.55, 0.42, 0.30), (0.45, 0.33, 0.22), seed=1),
        floor=Surface("plain", (0.5, 0.5, 0.5), (0.4, 0.4, 0.4), seed=2),
        walls=Surface("plain", (0.8, 0.78, 0.7), (0.75, 0.73, 0.65), seed=3),
        lights=(Light((0.6, 0.5, 1.4), (0.55, 0.55, 0.55), shadow=True),),
        ambient=0.35,
        clutter=(Prop("cylinder", (0.025, 0.025, 0.045), (0.2, 0.45, 0.3), (0.02, 0.27)),),
        home=(0.16, 0.0, 0.1, 0.0),
    )


@pytest.fixture(scope="session")
def scenes() -> list[Scene]:
    """Twenty fair scenes of the training distribution."""
    return [sample_scene(np.random.default_rng([7, i])) for i in range(20)]  # any seed: each scene has a stream of its own


@pytest.fixture(scope="session")
def scene(scenes: list[Scene]) -> Scene:
    return scenes[0]


@pytest.fixture(scope="session")
def demonstrations(scenes: list[Scene]) -> Demonstrations:
    return collect(scenes[:2])


@pytest.fixture
def env() -> Iterator[PickPlace]:
    """Small images: nothing but what is tested costs time."""
    env = PickPlace(image_size=64)
    yield env
    env.close()
