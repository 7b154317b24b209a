from __future__ import annotations

from collections.abc import Callable

import pytest

from para_bench.report.roster import Condition
from para_bench.types import EpisodeRecord

Maker = Callable[..., EpisodeRecord]


def make_record(head: str = "para", condition: Condition = ("id", "0"), scene: int = 0, success: bool = True, **fields) -> EpisodeRecord:
    seed = fields.get("train_seed", 0)
    values = {
        "suite_version": "1",
        "split": "novel_view",
        "condition": condition[0],
        "level": condition[1],
        "scene_index": scene,
        "scene_hash": f"{condition[0]}-{condition[1]}-{scene}",
        "head": head,
        "backbone": "lite0",
        "train_seed": seed,
        "demos": 20,
        "success_once": success,
        "success_at_end": success,
        "stage": "place" if success else "reach",
        "reason": "success" if success else "missed_grasp",
        "steps": 24,
        "seconds": 1.5,
        "sim_seconds": 7.0,
        "grasp_error_m": 0.004 if success else 0.03,
        "place_error_m": 0.01,
        "checkpoint_hash": f"{head}-{seed}",
        "config_hash": "c",
    }
    return EpisodeRecord(**{**values, **fields})


@pytest.fixture
def record() -> Maker:
    """Makes one EpisodeRecord."""
    return make_record


@pytest.fixture
def episodes() -> Callable[..., list[EpisodeRecord]]:
    """Makes the records of one head, condition and training seed from a string of outcomes, "1101" for four scenes."""

    def make(head: str, condition: Condition, outcomes: str, **fields) -> list[EpisodeRecord]:
        return [make_record(head, condition, i, outcome == "1", **fields) for i, outcome in enumerate(outcomes)]

    return make
