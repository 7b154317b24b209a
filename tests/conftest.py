"""Scenes, demonstrations and records that many tests start from."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from para_bench.data.store import Demonstrations
from para_bench.demonstrations.collect import collect
from para_bench.envs.env import TaskEnv
from para_bench.envs.fair import problems
from para_bench.envs.sampling import Placement, sample_scene
from para_bench.envs.shifts import Shift, identity, shifted
from para_bench.envs.shifts.diversity import camera_beyond, camera_inside, room_beyond, room_inside
from para_bench.envs.shifts.objects import colour, shape
from para_bench.envs.shifts.positions import placed
from para_bench.envs.shifts.rooms import distractors, layout, lighting, new_environment, texture
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
from para_bench.envs.shifts.webcam import corrupted
from para_bench.heads import HEADS
from para_bench.records import EpisodeRecord
from para_bench.report.roster import ConditionKey
from para_bench.tasks.place import PlaceLayout
from para_bench.types import Camera, Light, Prop, Room, Scene, Surface

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as `nohup` and `&` of a script start it; programs that tests start inherit that
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _small_numbers(request: pytest.FixtureRequest) -> None:
    """Property tests draw numbers that a training in this process has made it round to zero."""
    if hasattr(getattr(request, "function", None), "hypothesis") and "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)


@pytest.fixture(scope="session")
def literal_scene() -> Scene:
    """A scene of plain numbers, so that a test of hashes does not depend on the sampler."""
    thing = Prop("box", (0.0125, 0.021, 0.016), (0.8, 0.15, 0.12), (0.2, -0.05), 0.6)
    return Scene(
        layout=PlaceLayout(thing, target_xy=(0.2, 0.08), target_radius=0.045, target_rgb=(0.92, 0.92, 0.94)),
        camera=Camera((0.7, 0.0, 0.55), (0.271251, 0.653011, 0.653011, 0.271251), 42.0),
        room=Room(
            table=Surface("wood", (0.55, 0.42, 0.30), (0.45, 0.33, 0.22), seed=1),
            floor=Surface("plain", (0.5, 0.5, 0.5), (0.4, 0.4, 0.4), seed=2),
            walls=Surface("plain", (0.8, 0.78, 0.7), (0.75, 0.73, 0.65), seed=3),
            lights=(Light((0.6, 0.5, 1.4), (0.55, 0.55, 0.55), shadow=True),),
            ambient=0.35,
            clutter=(Prop("cylinder", (0.025, 0.025, 0.045), (0.2, 0.45, 0.3), (0.02, 0.27)),),
        ),
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
def env() -> Iterator[TaskEnv]:
    """Small images: nothing but what is tested costs time."""
    env = TaskEnv(image_size=64)
    yield env
    env.close()


SHIFTS: dict[str, Shift] = {
    "id": identity,
    "view_angle 5": view_angle(5),
    "view_angle 25": view_angle(25),
    "view_angle 45": view_angle(45),
    "view_at 25 -25": view_at(25, -25),
    "azimuth 30": azimuth_angle(30),
    "elevation -20": elevation_angle(-20),
    "distance 0.6": camera_distance(0.6),
    "roll 30": camera_roll(30),
    "look_at 6 cm": look_at_offset(0.06),
    "camera inside": camera_inside,
    "camera beyond": camera_beyond,
    "room inside": room_inside,
    "room beyond": room_beyond,
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
    "webcam noise": corrupted("noise", 0.12),
    "webcam lens": corrupted("lens_distortion", -0.2286),
}
LEAVE_NOTHING_TO_CHANCE = ("view_at 25 -25", "elevation -20", "distance 0.6", "fovy 30", "mirrored_view")
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


Maker = Callable[..., EpisodeRecord]


def make_record(head: str = "para", condition: ConditionKey = ("id", "0"), scene: int = 0, success: bool = True, **fields) -> EpisodeRecord:
    seed = fields.get("train_seed", 0)
    values = {
        "suite_version": "1",
        "split": "novel_view",
        "condition": condition[0],
        "level": condition[1],
        "scene_index": scene,
        "scene_hash": f"{condition[0]}-{condition[1]}-{scene}",
        "head": head,
        "backbone": "lite0",
        "train_seed": seed,
        "demos": 20,
        "success_once": success,
        "success_at_end": success,
        "stage": ("stack" if fields.get("split", "").startswith("stack.") else "place") if success else "reach",
        "reason": "success" if success else "missed_grasp",
        "steps": 24,
        "seconds": 1.5,
        "sim_seconds": 7.0,
        "grasp_error_m": 0.004 if success else 0.03,
        "place_error_m": 0.01,
        "checkpoint_hash": f"{head}-{seed}",
        "config_hash": "c",
    }
    return EpisodeRecord(**{**values, **fields})


@pytest.fixture
def record() -> Maker:
    """Makes one EpisodeRecord."""
    return make_record


@pytest.fixture
def episodes() -> Callable[..., list[EpisodeRecord]]:
    """Makes the records of one head, condition and training seed from a string of outcomes, "1101" for four scenes."""

    def make(head: str, condition: ConditionKey, outcomes: str, **fields) -> list[EpisodeRecord]:
        return [make_record(head, condition, i, outcome == "1", **fields) for i, outcome in enumerate(outcomes)]

    return make


@pytest.fixture
def import_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, on sys.path for this test alone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    _ = HEADS.plugins  # looked up once a process: without what a test puts into this folder
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]
