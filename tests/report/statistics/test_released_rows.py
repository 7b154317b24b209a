"""Rows of the released results (suite version 1) that the older test leaves open and the two-way model resolves; nothing is written."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from para_bench.report.statistics import seeds
from para_bench.report.statistics.families import ALPHA, holm
from para_bench.report.statistics.two_way import compare

pytestmark = pytest.mark.integration

RESULTS = Path(__file__).resolve().parents[3] / "results/v1/lite0_multiview"
Row = tuple[str, str, str, str, str]
"""Split, head, the head it is compared with, condition and level."""

VIEWS = [("id", "0"), *(("view_angle", str(angle)) for angle in (5, 10, 15, 20, 25, 30, 45)), ("view_grid", "all")]
RIVALS = ("act", "para_volume", "para_camera_yaw", "spatial_softmax", "global_token_camera", "global_token_plucker")


def families() -> list[list[Row]]:
    """The comparisons that the page of results declares."""
    views: list[list[Row]] = [
        [("novel_view", "para", rival, condition, level) for rival in rivals for condition, level in VIEWS]
        for rivals in (RIVALS[:3], RIVALS[3:])
    ]
    rooms = [("id", "id", "0"), ("new_environment", "id", "0"), ("new_environment", "environment", "1")]
    softmax: list[Row] = [(split, "spatial_softmax", "global_token", condition, level) for split, condition, level in rooms]
    halves: list[list[Row]] = [
        [
            (split, "para", rival, condition, level)
            for rival in RIVALS
            for condition, level in (("id", "0"), ("moved_together", half), ("placed_anew", half))
        ]
        for split, half in (("left_to_right", "right"), ("near_to_far", "far"))
    ]
    return [*views, softmax, *halves]


@cache
def table(split: str) -> dict[str, np.ndarray]:
    names = ["head", "condition", "level", "train_seed", "scene_index", "success_at_end"]
    read = pq.read_table(RESULTS / split / "episodes.parquet", columns=names)
    return {name: np.array(read[name].to_pylist()) for name in names}


def outcomes(split: str, head: str, condition: str, level: str) -> np.ndarray:
    """(S, C, N)."""
    data = table(split)
    chosen = (data["head"] == head) & (data["condition"] == condition) & ((data["level"] == level) | (level == "all"))
    numbers, scenes = data["train_seed"][chosen], data["scene_index"][chosen]
    success = data["success_at_end"][chosen]
    order = np.lexsort((data["level"][chosen], scenes, numbers))
    shape = len(set(numbers)), len(set(scenes)), -1
    return success[order].reshape(shape).swapaxes(1, 2)


def test_six_rows_of_93_are_resolved_and_none_is_lost() -> None:
    resolved, lost, rows = [], [], 0
    for family in families():
        pairs = [(outcomes(split, head, *key), outcomes(split, other, *key)) for split, head, other, *key in family]
        older, newer = holm([seeds.difference_p(*pair) for pair in pairs]), holm([compare(*pair).p for pair in pairs])
        rows += len(family)
        resolved += [row for row, old, new in zip(family, older, newer, strict=True) if new <= ALPHA < old]
        lost += [row for row, old, new in zip(family, older, newer, strict=True) if old <= ALPHA < new]
    assert rows == 93
    assert lost == []
    assert resolved == [
        ("novel_view", "para", "act", "view_angle", "20"),
        ("novel_view", "para", "act", "view_angle", "30"),
        ("novel_view", "para", "para_camera_yaw", "view_angle", "45"),
        ("id", "spatial_softmax", "global_token", "id", "0"),
        ("new_environment", "spatial_softmax", "global_token", "id", "0"),
        ("left_to_right", "para", "act", "id", "0"),
    ]
