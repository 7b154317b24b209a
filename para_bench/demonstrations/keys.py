"""The keys of the window of `para-bench teleop`, and the commanded waypoint after each press."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from para_bench.geometry import wrap_yaw
from para_bench.types import ActionSpec


@dataclass(frozen=True)
class Key:
    """One key; its number is GLFW's (glfw3.h)."""

    name: str
    moves: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """Steps away from the viewer, to the left, up, and turns of the jaw."""


UP, DOWN, LEFT, RIGHT, PAGE_UP, PAGE_DOWN, COMMA, PERIOD = 265, 264, 263, 262, 266, 267, 44, 46
ENTER, SPACE, SLASH, HOME, END, ESCAPE = 257, 32, 47, 268, 269, 256
KEYS: Mapping[int, Key] = {
    UP: Key("up arrow", (1, 0, 0, 0)),
    DOWN: Key("down arrow", (-1, 0, 0, 0)),
    LEFT: Key("left arrow", (0, 1, 0, 0)),
    RIGHT: Key("right arrow", (0, -1, 0, 0)),
    PAGE_UP: Key("Page Up", (0, 0, 1, 0)),
    PAGE_DOWN: Key("Page Down", (0, 0, -1, 0)),
    COMMA: Key(",", (0, 0, 0, 1)),
    PERIOD: Key(".", (0, 0, 0, -1)),
    ENTER: Key("Enter"),
    SPACE: Key("Space"),
    SLASH: Key("/"),
    HOME: Key("Home"),
    END: Key("End"),
    ESCAPE: Key("Esc"),
}
"""Keys that MuJoCo's viewer uses for nothing else: nearly every letter and digit switches a part of its picture."""
HELP = (
    ("arrows", "move as you see it"),
    ("Page Up, Down", "up, down"),
    (", .", "turn the jaw"),
    ("Enter", "close or open it"),
    ("Space", "wait"),
    ("/", "fine or coarse steps"),
    ("Home", "start again"),
    ("End", "next scene"),
    ("Esc", "quit"),
)
"""What the window says about the keys."""
COARSE, FINE = (0.02, np.radians(15)), (0.005, np.radians(3))
"""What one press moves [m] and turns [rad]."""


class Target:
    """The commanded waypoint (5,), as in ActionSpec."""

    def __init__(self, start: np.ndarray, actions: ActionSpec) -> None:
        self.action, self._actions = start.copy(), actions
        self.fine = False

    def press(self, key: int, azimuth_deg: float) -> bool:
        """Apply one key press. Returns whether simulated time advances with it.

        Args:
            key: Number of the key; one that is not in KEYS does nothing.
            azimuth_deg: In which direction the window looks, 0 is along x; arrows move as they are seen, along the nearest axis.
        """
        if key == SLASH:
            self.fine = not self.fine
        if key == ENTER:
            self.action[4] = 1.0 - round(self.action[4])
        moves = KEYS[key].moves if key in KEYS else (0.0, 0.0, 0.0, 0.0)
        metres, radians = FINE if self.fine else COARSE
        angle = np.pi / 2 * round(azimuth_deg / 90)
        ahead, left = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
        self.action[:2] += metres * (moves[0] * ahead + moves[1] * left)
        self.action[2] += metres * moves[2]
        self.action[:3] = np.clip(self.action[:3], self._actions.low, self._actions.high)
        self.action[3] = wrap_yaw(self.action[3] + radians * moves[3])
        return key in (ENTER, SPACE) or any(moves)
