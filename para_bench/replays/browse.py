"""Scenes in MuJoCo's window, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from para_bench.demonstrations.keys import ESCAPE, PAGE_DOWN, PAGE_UP
from para_bench.demonstrations.teleop import Screen
from para_bench.envs.env import TaskEnv
from para_bench.replays.moments import show
from para_bench.types import Scene

HELP = (("Page Down", "next scene"), ("Page Up", "previous scene"), ("]", "the webcam"), ("Esc", "quit"))


def browse(scenes: Sequence[tuple[str, Callable[[], Scene]]], screen: Screen) -> None:
    """Show scenes until the person quits; after the last comes the first.

    Args:
        scenes: What each is called, and a function that makes it.
        screen: The window.
    """
    env, index, moves = TaskEnv(render_mode=None), 0, {PAGE_DOWN: 1, PAGE_UP: -1}
    while True:
        name, make = scenes[index % len(scenes)]
        when = show(env, make())
        screen.open(env.simulation, (("scene", f"{name}{when}"), ("task", env.task_description), *HELP))
        step = 0
        while not step:
            keys = screen.pressed()
            if keys is None or ESCAPE in keys:
                return
            step = sum(moves.get(key, 0) for key in keys)
        index += step
