"""Splits over what surrounds the task, and over the object itself."""

from __future__ import annotations

from para_bench.benchmarks.conditions import Condition, Split
from para_bench.envs.shifts import Shift, chain, identity, objects, rooms
from para_bench.envs.shifts.views import view_angle

DISTRACTORS = (0, 2, 4, 8)
COMBINED_ANGLES_DEG = (0, 15, 30)


def new_environment() -> Split:
    return Split(
        "new_environment",
        "trains in one room; tests in rooms with unseen table, floor, walls, light and clutter layout",
        (Condition("environment", "1", rooms.new_environment),),
    )


def lighting() -> Split:
    return _single("lighting", "1 to 3 lights at new places, with new strengths and tints, and another ambient level", rooms.lighting)


def texture() -> Split:
    return _single("texture", "new patterns and colours of table, floor and walls", rooms.texture)


def layout() -> Split:
    return _single("layout", "3 to 6 other props at other places around the workspace", rooms.layout)


def distractors() -> Split:
    return Split(
        "distractors",
        f"trains with none; tests with {', '.join(map(str, DISTRACTORS))} more props among object and plate, 24 to 44 mm wide",
        tuple(Condition("distractors", str(count), rooms.distractors(count)) for count in DISTRACTORS),
    )


def unseen_object() -> Split:
    return Split(
        "object",
        "trains with one red box; tests with an unseen colour, an unseen shape (cylinder, other box), or both",
        (
            Condition("object", "colour", objects.colour),
            Condition("object", "shape", objects.shape),
            Condition("object", "both", chain(objects.shape, objects.colour)),
        ),
    )


def combined() -> Split:
    """Camera x environment; the cell without either is the control."""
    cells: list[tuple[str, Shift]] = [
        (f"{angle}x{room}", chain(rooms.new_environment if room else identity, view_angle(angle)))
        for room in (0, 1)
        for angle in COMBINED_ANGLES_DEG
        if angle or room
    ]
    return Split(
        "combined",
        f"trains on the default camera in one room; tests at view angles {', '.join(map(str, COMBINED_ANGLES_DEG))} deg crossed with the "
        "training room (0) and unseen environments (1)",
        tuple(Condition("view_x_environment", level, shift) for level, shift in cells),
    )


def _single(name: str, what: str, shift: Shift) -> Split:
    return Split(name, f"trains in one room; tests there with {what}", (Condition(name, "1", shift),))
