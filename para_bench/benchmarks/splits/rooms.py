"""Splits over what surrounds the task, and over the object itself."""

from __future__ import annotations

from dataclasses import replace

from para_bench.benchmarks.conditions import Condition, Split, TrainingSet
from para_bench.benchmarks.versions import SECOND
from para_bench.envs.sampling import PLAIN
from para_bench.envs.shifts import Shift, chain, identity, objects, rooms
from para_bench.envs.shifts import look_alikes as shifts
from para_bench.envs.shifts.views import view_angle
from para_bench.records.factors import Factor

DISTRACTORS = (0, 2, 4, 8)
COMBINED_ANGLES_DEG = (0, 15, 30)


def new_environment() -> Split:
    return Split(
        "new_environment",
        "trains in one room; tests in rooms with unseen table, floor, walls, light and clutter layout",
        (Condition("environment", "1", rooms.new_environment),),
        factors=(Factor("environment", level_words={"1": "unseen environment"}),),
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
        factors=(Factor("object", level_words={"colour": "unseen colour", "shape": "unseen shape", "both": "unseen shape and colour"}),),
    )


def unseen_object_alone() -> Split:
    """Of suite version 2. Among look-alikes the object is told by its colour, shape and size together; one of another colour or shape is
    any of them, so nobody could tell which one is meant. Training and control are without look-alikes too: they differ in the object alone.
    """
    split = unseen_object()
    about = f"{split.about}; all of it is without look-alikes, among which nobody could tell an object of another colour or shape"
    alone = TrainingSet("alone", suite_version=SECOND.number, world=PLAIN)
    return replace(split, about=about, suite_version=SECOND.number, world=PLAIN, training=alone)


def look_alikes() -> Split:
    return Split(
        "look_alikes",
        "trains among look-alikes of object and target (other shapes and sizes in their colours, their shapes in blue, teal and pink); "
        "tests among unseen ones (domes, crosses, other two-tone things, and violet, charcoal and green)",
        (Condition("look_alikes", "unseen", shifts.look_alikes(unseen=True)),),
        factors=(Factor("look_alikes", level_words={"unseen": "unseen look-alikes"}),),
    )


def combined() -> Split:
    """Camera x environment; the cell without either is the control."""
    cells: list[tuple[str, Shift]] = [
        (f"{angle}x{room}", chain(rooms.new_environment if room else identity, view_angle(angle)))
        for room in (0, 1)
        for angle in COMBINED_ANGLES_DEG
        if angle or room
    ]
    words = {f"{angle}x{room}": f"{angle} deg, {('training', 'unseen')[room]} room" for room in (0, 1) for angle in COMBINED_ANGLES_DEG}
    return Split(
        "combined",
        f"trains on the default camera in one room; tests at view angles {', '.join(map(str, COMBINED_ANGLES_DEG))} deg crossed with the "
        "training room (0) and unseen environments (1)",
        tuple(Condition("view_x_environment", level, shift) for level, shift in cells),
        factors=(Factor("view_x_environment", level_words={level: words[level] for level, _ in cells}),),
    )


def _single(name: str, what: str, shift: Shift) -> Split:
    named = Factor(name, level_words={"1": f"unseen {name}"})
    return Split(name, f"trains in one room; tests there with {what}", (Condition(name, "1", shift),), factors=(named,))
