"""SPLITS: what is trained on and what is tested, by name, in the order of every table; those of installed packages follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from para_bench.benchmarks.conditions import DEFAULT_ROBOT, DEFAULT_TASK, Condition, Split, name_on
from para_bench.benchmarks.descriptions import describe
from para_bench.benchmarks.foreign import check_factors, checked_shift
from para_bench.benchmarks.splits import diversity as diversity_splits
from para_bench.benchmarks.splits import events as event_splits
from para_bench.benchmarks.splits import positions as position_splits
from para_bench.benchmarks.splits import rooms as scene_splits
from para_bench.benchmarks.splits import video as video_splits
from para_bench.benchmarks.splits import views as view_splits
from para_bench.benchmarks.splits import webcam as webcam_splits
from para_bench.benchmarks.versions import CURRENT, FIRST, VERSIONS, find_version
from para_bench.envs.shifts import Shift
from para_bench.envs.shifts.rooms import new_environment
from para_bench.envs.shifts.views import view_angle
from para_bench.plugins import Plugin, Table
from para_bench.records.description import check
from para_bench.records.values import WrongValueError
from para_bench.robots import ROBOTS, find_robot
from para_bench.tasks import TASKS, find_task
from para_bench.text import meant, printable
from para_bench.types import ParaBenchError

VALIDATION = Split(
    "validation",
    "apart from every test scene, for choosing settings: in distribution (para-bench tune), from other views and in other rooms "
    "(perf/ablation.py)",
    (
        *(Condition("view_angle", str(angle), view_angle(angle)) for angle in (15, 25)),
        Condition("environment", "1", new_environment),
    ),
    stream="validation",
)
"""Where settings are chosen; never reported as a result."""
_FOLDERS = ("demonstrations", "checkpoints", "kept")
"""What lies beside the folders of splits in --out."""


def _prepare(plugin: Plugin, found: Any) -> Split:
    split = plugin.fence("making it", found) if callable(found) else found
    if not isinstance(split, Split) or split.name != plugin.name:
        what = f"gives a split named {split.name!r}" if isinstance(split, Split) else f"gives a {type(split).__name__}"
        raise ParaBenchError(f"{plugin} {what}; allowed: a Split named {plugin.name!r}, or a function that returns it")
    try:
        conditions = tuple(replace(condition, shift=_checked(plugin, condition.shift)) for condition in split.conditions)
        split = replace(split, conditions=conditions, also_under=tuple(_checked(plugin, shift) for shift in split.also_under))
        check(describe(split))
        check_factors(split)
    except WrongValueError as error:
        raise ParaBenchError(f"{plugin} describes itself wrongly: {error}") from None
    except (AttributeError, TypeError, ValueError) as error:
        told = f"{plugin} is no split ({type(error).__name__}: {error})"
        raise ParaBenchError(f"{printable(told)}; allowed: a Split of Conditions and Factors") from None
    return split


def _checked(plugin: Plugin, shift: Shift) -> Shift:
    return checked_shift(plugin.fence.around("a shift", shift), str(plugin))


_BUILTIN: dict[str, Split] = {
    split.name: split
    for split in (
        Split("id", "in distribution: new object and plate positions, the training room and camera", ()),
        view_splits.novel_view(),
        view_splits.view_hemisphere(),
        view_splits.view_adaptation(),
        position_splits.left_to_right(),
        position_splits.near_to_far(),
        scene_splits.new_environment(),
        scene_splits.lighting(),
        scene_splits.texture(),
        scene_splits.distractors(),
        scene_splits.layout(),
        scene_splits.unseen_object(),
        view_splits.camera_intrinsics(),
        view_splits.calibration(),
        position_splits.data_efficiency(),
        scene_splits.combined(),
        video_splits.video_backbone(),
        diversity_splits.camera_diversity(),
        diversity_splits.room_diversity(),
        scene_splits.look_alikes(),
        event_splits.disturbed(),
        event_splits.seen_late(),
        webcam_splits.webcam(),
    )
}
SPLITS: Table[Split] = Table("split", _BUILTIN, _prepare, reserved=(VALIDATION.name, *_FOLDERS))


SECOND: dict[str, Split] = {split.name: split for split in (view_splits.novel_view_2(), scene_splits.unseen_object_alone())}
"""Rows that are another split in suite version 2 than in version 1."""


def split_names(version: int = CURRENT) -> tuple[str, ...]:
    """Of a version of the suite, in the order of tables; those of installed packages follow."""
    return (*find_version(version).splits, *SPLITS.plugins)


def split_row(name: str, version: int = CURRENT) -> Split:
    """The split of one of `split_names`, with the task and robot of its row."""
    found = SECOND[name] if version != FIRST.number and name in SECOND else SPLITS[name]
    return found.of(find_version(version))


def find_split(name: str, task: str = DEFAULT_TASK, robot: str = DEFAULT_ROBOT, version: int = CURRENT) -> Split:
    """A split by name, "novel_view" or, of another task, "stack.novel_view", as a version of the suite has it.

    Raises:
        ParaBenchError: unknown name, task, robot or version.
    """
    names = (*find_version(version).splits, VALIDATION.name)
    if name == VALIDATION.name:
        return VALIDATION.on(find_task(task).name, find_robot(robot).name).of(find_version(version))
    if name in names or name in SPLITS.plugins:
        return split_row(name, version).on(find_task(task).name, find_robot(robot).name)
    where, dot, rest = name.partition(".")
    for known in TASKS if dot else ():
        for arm in ROBOTS:
            if name_on("", known, arm) == f"{where}." and (rest in names or rest in SPLITS.plugins):
                return find_split(rest, known, arm, version)
    plain = rest if where in TASKS else name
    held = [number for number, other in VERSIONS.items() if plain in other.splits and plain not in names]
    found = f"is not in suite version {version} but in {held[0]}" if held else "is unknown"
    allowed = f"{', '.join(split_names(version))}, with TASK. before it for another task"
    raise ParaBenchError(f"split {name!r} {found}; allowed: {allowed}{'' if held else meant(plain, split_names(version))}")


def known_split(name: str, version: int | str = CURRENT) -> Split | None:
    """The same; None for a split that a version of the suite does not have, and for a version that there is not."""
    try:
        return find_split(name, version=find_version(version).number)
    except ParaBenchError:
        return None
