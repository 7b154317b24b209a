"""`para-bench teleop`: demonstrations by a person at the keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from para_bench.options import DEMOS, SEED


@dataclass(frozen=True)
class Teleop:
    """Record demonstrations with the keyboard, in MuJoCo's viewer, for `run --demos-from`.

    A press is a step of 2 cm or 15 deg. Held keys do not repeat, and time stands still between presses. The mouse turns the view.
    A demonstration is saved as soon as the task has succeeded; the same command continues. On macOS: mjpython -m para_bench teleop.

    Up, down, left, right arrow: move as you see it.

    Page Up, Page Down: move up, down.

    Comma, period: turn the jaw.

    Enter: close or open the jaw.

    Space: wait 0.24 s.

    Slash: steps of 5 mm and 3 deg, or coarse again.

    Home: discard, and start the scene again. End: discard, next scene.

    Esc, or closing the window: quit.
    """

    n: Annotated[int, DEMOS] = 20
    """How many, with those that are in --out already."""
    out: Path = Path("recorded")
    """Folder for the demonstrations."""
    seed: Annotated[int, SEED] = 0
    """Which scenes: those of `demos --seed`, in their order."""
    task: str = "place"
    """What the robot has to do, see `para-bench list`."""
    robot: str = "so101"
    """Which arm does it, see `para-bench list`."""

    def __call__(self) -> None:
        from para_bench.benchmarks.conditions import DEFAULT_TRAINING
        from para_bench.benchmarks.scenes import training_scene
        from para_bench.benchmarks.versions import CURRENT, find_version
        from para_bench.demonstrations.recorded import RecordedFolder
        from para_bench.demonstrations.teleop import record
        from para_bench.robots import find_robot
        from para_bench.sim.window import Window
        from para_bench.tasks import find_task

        task, robot, version = find_task(self.task), find_robot(self.robot), find_version(CURRENT)
        window = Window("para-bench teleop", "`para-bench demos`, whose expert needs none")
        folder = RecordedFolder(self.out, task.name, robot.name, version.name)
        training = DEFAULT_TRAINING.on(task.name, robot.name).of(version)
        assert version.frame_s is not None, "demonstrations of this version have frames between waypoints"
        print(f"{task.about}: {len(folder.found)} of {self.n} demonstrations in {self.out}. Keys: in the window, and in --help.")
        scenes = (training_scene(training, index, self.seed, self.n) for index in range(10 * self.n))
        try:
            record(scenes, self.n, folder, window, version.frame_s, lambda line: print(line, flush=True))
        finally:
            window.close()
            if folder.found:
                on = "" if (self.task, self.robot) == ("place", "so101") else f" --task {self.task} --robot {self.robot}"
                print(f"{len(folder.found)} demonstrations in {self.out}. Train on them:")
                print(f"  para-bench run --head para --split novel_view{on} --demos-from {self.out} --out runs/recorded")
