"""SPLITS: what is trained on and what is tested, by name, in the order of every table; those of installed packages follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from para_bench.benchmarks.conditions import Condition, Split
from para_bench.benchmarks.splits import positions as position_splits
from para_bench.benchmarks.splits import rooms as scene_splits
from para_bench.benchmarks.splits import video as video_splits
from para_bench.benchmarks.splits import views as view_splits
from para_bench.envs.shifts.rooms import new_environment
from para_bench.envs.shifts.views import view_angle
from para_bench.plugins import Plugin, Table
from para_bench.types import ParaBenchError

VALIDATION = Split(
    "validation",
    "apart from every test scene, for choosing settings: in distribution (perf/tuning.py), from other views and in other rooms "
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
    if len(split.trainings) > 1:  # tables tell policies apart by split, head and training seed, but for report.roster's built-in list
        raise ParaBenchError(f"{plugin} trains on {len(split.trainings)} sets of demonstrations; allowed: one for all of its conditions")
    conditions = tuple(replace(condition, shift=plugin.fence.around("a shift", condition.shift)) for condition in split.conditions)
    return replace(split, conditions=conditions)


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
    )
}
SPLITS: Table[Split] = Table("split", _BUILTIN, _prepare, reserved=(VALIDATION.name, *_FOLDERS))


def find_split(name: str) -> Split:
    """A split by name.

    Raises:
        ParaBenchError: unknown name.
    """
    if name == VALIDATION.name:
        return VALIDATION
    if name not in SPLITS:
        raise ParaBenchError(f"split {name!r} is unknown; allowed: {', '.join(SPLITS)}")
    return SPLITS[name]
