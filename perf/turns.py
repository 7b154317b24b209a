"""What the turned copies of the augmentation do to the labels: how far they move the object, and how near they bring training to a test.

    python perf/turns.py

First table: where the object seems to lie in a turned copy to whoever reads it with the camera of the frame. Second: share of the test
scenes of a half-to-half split whose grasp or place pixel lies within a cell of the finest feature map of one that training shows.
Draws the copies of training itself; no picture is drawn and nothing is trained.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import tyro
from rich.console import Console
from rich.table import Table

from para_bench.benchmarks.scenes import test_scene, training_scene
from para_bench.benchmarks.splits import find_split
from para_bench.data.augmentation import Augmentation, random_turn
from para_bench.envs.scenes import expert_waypoints
from para_bench.geometry import lift, project
from para_bench.types import ACTIONS, Camera, Scene

CELL_PX = 8.0
"""224 px over 28 cells."""
LABELS = {"grasp": 8, "place": 22}
"""Index of the expert's waypoint that closes the jaw, and of the one that opens it."""
LENGTH = 29
"""Of the expert's waypoints."""


@dataclass(frozen=True)
class Args:
    demos: int = 20
    scenes: int = 100
    splits: tuple[str, ...] = ("left_to_right", "near_to_far")


def main(args: Args) -> None:
    moved, console = displacements(args.demos), Console(soft_wrap=True)
    off, most = np.quantile(moved, (0.5, 0.9))
    console.print(f"object in a turned copy, read with the frame's camera: {off:.1f} cm off in the median, {most:.1f} in 9 of 10 at most")
    console.print(
        f"share of {args.scenes} test scenes within {CELL_PX:g} px of a label of {args.demos} demonstrations, and of them or their copies"
    )
    table = Table("split", "label", "demonstrations %", "with copies %", "median distance px")
    for name in args.splits:
        for label, index in LABELS.items():
            table.add_row(name, label, *nearness(name, index, args))
    console.print(table)


def cameras(frame: int, camera: Camera) -> list[Camera]:
    """The frame's own and those of its copies, drawn as `demonstrations` draws them."""
    settings = Augmentation()
    return [camera, *(random_turn(camera, settings, np.random.default_rng([0, frame, copy])) for copy in range(1, settings.copies + 1))]


def displacements(demos: int) -> np.ndarray:
    """Distance [cm] on the table between the object and where it seems to be, over all copies of all frames."""
    found = []
    for episode in range(demos):
        scene = training_scene(find_split("id", version=1).training, episode, 0, demos)
        point = expert_waypoints(scene)[LABELS["grasp"], :3]
        for frame in range(episode * LENGTH, (episode + 1) * LENGTH):
            own, *copies = cameras(frame, _camera(scene))
            seen = [lift(project(point, turned)[0], point[2], own) for turned in copies]
            found += [100 * float(np.linalg.norm(seems - point)) for seems in seen]
    return np.array(found)


def nearness(name: str, index: int, args: Args) -> tuple[str, str, str]:
    """Percent of test scenes near a label of the frames, and of frames or copies; the median distance [px] to the latter."""
    split = find_split(name, version=1)
    condition = next(c for c in split.conditions if c.factor == "moved_together")
    frames, copies = [], []
    for episode in range(args.demos):
        scene = training_scene(split.training, episode, 0, args.demos)
        way = expert_waypoints(scene)[index, :3]
        for t in range(max(0, index - ACTIONS.horizon + 1), index + 1):  # the frames whose chunk holds the waypoint
            first, *others = [project(way, camera)[0] for camera in cameras(episode * LENGTH + t, _camera(scene))]
            frames.append(first)
            copies += others
    tests = [test_scene(split, condition, i) for i in range(args.scenes)]
    wanted = np.array([project(expert_waypoints(scene)[index, :3], _camera(scene))[0] for scene in tests])
    near, nearer = (_distance(wanted, np.array(shown)) for shown in (frames, frames + copies))
    return f"{100 * (near < CELL_PX).mean():.0f}", f"{100 * (nearer < CELL_PX).mean():.0f}", f"{np.median(nearer):.1f}"


def _distance(wanted: np.ndarray, shown: np.ndarray) -> np.ndarray:
    return np.linalg.norm(wanted[:, None] - shown[None], axis=-1).min(axis=1)


def _camera(scene: Scene) -> Camera:
    return scene.camera.resized(224)


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
