"""The loop of `para-bench teleop`: keys in, waypoints out, one scene after the other. Simulated time advances with key presses alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from para_bench.demonstrations.keys import END, ESCAPE, HELP, HOME, Target
from para_bench.demonstrations.recorded import RecordedFolder
from para_bench.demonstrations.recording import Recording
from para_bench.envs.env import TaskEnv
from para_bench.sim.base import Knot
from para_bench.sim.simulation import Simulation
from para_bench.types import Scene

CUT_OFF = "stopped"
"""How a scene ends beside "success" and "next scene": the person quits."""


class Screen(Protocol):
    """What the loop asks of a window."""

    def open(self, simulation: Simulation, texts: Sequence[tuple[str, str]]) -> None:
        """Show a new scene, and two columns of text: what it is, and what each key does."""
        ...

    def pressed(self) -> list[int] | None:
        """Keys since the last call, after waiting for one; None where the window was closed."""
        ...

    @property
    def azimuth_deg(self) -> float:
        """In which direction the window looks, 0 is along x."""
        ...

    def play(self, knots: Sequence[Knot]) -> None:
        """Show the motion at its own speed."""
        ...


def record(scenes: Iterable[Scene], count: int, folder: RecordedFolder, screen: Screen, frame_s: float, say: Callable[[str], None]) -> None:
    """Record demonstrations until there are `count` in the folder, the scenes run out or the person quits.

    Args:
        scenes: In their order; those that the folder has a demonstration of are left out.
        count: Demonstrations, with those that were recorded before.
        folder: Takes each as soon as it has succeeded.
        screen: The window.
        frame_s: Time between two frames [s].
        say: Prints one line.
    """
    done, env = {scene.hash for one in folder.found for scene in one.scenes}, TaskEnv(render_mode=None)
    for scene in scenes:
        if len(folder.found) >= count:
            return
        if scene.hash in done:
            continue
        number = f"{len(folder.found) + 1} of {count}"
        ending, recording = _one(env, scene, screen, frame_s, number)
        if ending == "success":
            folder.add(one := recording.demonstration())
            say(f"demonstration {number}: success, {len(one.frames) * frame_s:.1f} s, saved")
        else:
            say(f"demonstration {number}: {ending}, not saved")
        if ending == CUT_OFF:
            return


def _one(env: TaskEnv, scene: Scene, screen: Screen, frame_s: float, number: str) -> tuple[str, Recording]:
    """Record one scene, started again as often as asked for. Returns how it ended, and the last recording."""
    while True:
        recording = Recording(env, scene, frame_s)
        target = Target(recording.command, env.robot.actions)
        screen.open(env.simulation, (("demonstration", number), ("task", env.task_description), *HELP))
        while (keys := screen.pressed()) is not None and ESCAPE not in keys:
            if HOME in keys or END in keys:
                break
            takes_time = [target.press(key, screen.azimuth_deg) for key in keys]
            if any(takes_time):
                screen.play(recording.advance(target.action))
                target.action[:4] = recording.command[:4]
            if recording.success:
                return "success", recording
        if keys is None or ESCAPE in keys:
            return CUT_OFF, recording
        if END in keys:
            return "next scene", recording
