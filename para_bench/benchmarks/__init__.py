"""SPLITS: what is trained on and what is tested, by name, in the order of every table."""

from __future__ import annotations

from para_bench.benchmarks import position_splits, scene_splits, view_splits
from para_bench.benchmarks.conditions import Split
from para_bench.types import ParaBenchError

SPLITS: dict[str, Split] = {
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
    )
}

VALIDATION = Split(
    "validation", "in distribution, apart from every test scene: for choosing settings (perf/tuning.py)", (), stream="validation"
)
"""Where settings are chosen; never reported as a result."""


def find_split(name: str) -> Split:
    """A split by name.

    Raises:
        ParaBenchError: unknown name.
    """
    if name not in SPLITS and name != VALIDATION.name:
        raise ParaBenchError(f"split {name!r} is unknown; allowed: {', '.join(SPLITS)}")
    return SPLITS.get(name, VALIDATION)
