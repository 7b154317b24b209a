"""What demonstrations were seen from, and whether test views and test rooms are kept apart from that, in words."""

from __future__ import annotations

from para_bench.benchmarks.scenes import test_scene
from para_bench.envs.ranges import TRAINED
from para_bench.rollouts.config import RunConfig


def seen_from(config: RunConfig) -> str:
    """A paragraph for below a table; empty where no head is trained, or on the default camera and in the default room alone."""
    counts = {"camera": config.cameras, "room": config.rooms}
    several = {thing: count for thing, count in counts.items() if count != 1}
    if not several or not config.learned:
        return ""
    said = f"Demonstrations are seen {' and '.join(_words(thing, count) for thing, count in several.items())}."
    split = config.find_split()
    scenes = [test_scene(split, condition, 0) for condition in split.all_conditions]
    if "camera" in several and len({str(scene.camera) for scene in scenes}) > 1:
        (left, right), (low, high) = TRAINED.azimuth_deg, TRAINED.elevation_deg
        said += (
            f" Test views of {split.name} are not kept apart from the training cameras, which stand at azimuth {left:g} to {right:g} deg "
            f"and elevation {low:g} to {high:g} deg: views in that range are not new. Split camera_diversity keeps them apart."
        )
    if "room" in several and len({str(scene.room) for scene in scenes}) > 1:
        said += f" Test rooms of {split.name} have patterns that training rooms have too. Split room_diversity keeps some patterns apart."
    return said


def _words(thing: str, count: int | str) -> str:
    where = "from" if thing == "camera" else "in"
    return f"{where} a new {thing} for each" if count == "each" else f"{where} {count} {thing}s"
