"""Splits over what demonstrations are seen from: how many cameras, how many rooms."""

from __future__ import annotations

from typing import Literal

from para_bench.benchmarks.conditions import EACH, Condition, Diversity, Split, TrainingSet
from para_bench.envs.ranges import BEYOND_AZIMUTH_DEG, BEYOND_ELEVATION_DEG, BEYOND_PATTERNS, TRAINED, TRAINED_PATTERNS, Span
from para_bench.envs.shifts import Shift
from para_bench.envs.shifts.diversity import camera_beyond, camera_inside, room_beyond, room_inside
from para_bench.records.factors import Factor

COUNTS = (1, 4, 16, 64)


def camera_diversity() -> Split:
    low, high = BEYOND_ELEVATION_DEG
    return _diversity(
        "camera_diversity",
        f"trains on the same demonstrations seen from {_counts()} cameras, or from a new one each demonstration; the range of cameras is "
        f"azimuth {_text(TRAINED.azimuth_deg)} deg from the default, elevation {_text(TRAINED.elevation_deg)} deg, distance "
        f"{_text(TRAINED.distance_m)} m, roll {_text(TRAINED.roll_deg)} deg, aimed up to {100 * TRAINED.look_at_m[1]:g} cm off, field of "
        f"view {_text(TRAINED.fovy_deg)} deg; tests inside of the range, at least 2 deg from any training camera; tests beyond it, at "
        f"azimuth {_text(BEYOND_AZIMUTH_DEG)} deg to either side, or at elevation {_text(low)} or {_text(high)} deg",
        "cameras",
        camera_inside,
        camera_beyond,
    )


def room_diversity() -> Split:
    return _diversity(
        "room_diversity",
        f"trains on the same demonstrations seen in {_counts()} rooms, or in a new one each demonstration; the rooms are drawn "
        f"as in new_environment, with the patterns {', '.join(TRAINED_PATTERNS)}; tests in unseen rooms of these patterns, and beyond them "
        f"({', '.join(BEYOND_PATTERNS)})",
        "rooms",
        room_inside,
        room_beyond,
    )


def _diversity(name: str, about: str, what: Literal["cameras", "rooms"], inside: Shift, beyond: Shift) -> Split:
    """The control is the training with one camera in one room, tested there."""
    tests = {"inside": inside, "beyond": beyond}
    conditions = []
    for where, shift in tests.items():  # all trainings meet the same scenes
        same = (f"{what}_{where}", str(COUNTS[0]))
        conditions += [Condition(same[0], str(k), shift, training=_training(what, k), scenes_of=same) for k in COUNTS]
        conditions.append(Condition(f"{what}_each", where, shift, training=_training(what, EACH), scenes_of=same))
    curves = tuple(
        Factor(
            f"{what}_{where}",
            "curve",
            f"training {what}, tested {where} their range",
            pooled=False,
            logarithmic=True,
            figure=what,
            level_words={str(k): f"{k} {what if k > 1 else what[:-1]}, tested {where}" for k in COUNTS},
        )
        for where in tests
    )
    each = Factor(f"{what}_each", pooled=False, level_words={w: f"a new {what[:-1]} each demonstration, tested {w}" for w in tests})
    return Split(name, about, tuple(conditions), factors=(*curves, each))


def _training(what: Literal["cameras", "rooms"], count: Diversity) -> TrainingSet:
    return TrainingSet(cameras=count) if what == "cameras" else TrainingSet(rooms=count)


def _counts() -> str:
    return ", ".join(map(str, COUNTS))


def _text(span: Span) -> str:
    return f"{span[0]:g} to {span[1]:g}"
