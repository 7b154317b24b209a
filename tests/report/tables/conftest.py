"""Records of suite version 2: two demonstration sets of two training seeds each, with doses of a shift."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.records.factors import Factor
from para_bench.report.rollcall import call
from para_bench.report.roster import Expected, Roster

ID, DOSES = ("id", "0"), (("view_angle", "15"), ("view_angle", "30"))
SCENES, SETS, SEEDS = 40, 3, 2
RATES = {"para": (0.95, 0.85, 0.35), "act": (0.45, 0.3, 0.1), "token": (0.05, 0.03, 0.0)}
SECOND = Description("novel_view", suite_version="2", factors=(Factor("view_angle", "curve", unit="deg"),))


@pytest.fixture(scope="session")
def second_records() -> list[EpisodeRecord]:
    from conftest import make_record

    rng, found = np.random.default_rng(0), []  # any seed
    for head, rates in RATES.items():
        for training in range(SETS * SEEDS):
            for condition, rate in zip((ID, *DOSES), rates, strict=True):
                for scene in range(SCENES):
                    success = bool(rng.random() < rate)
                    known = {"strict_success": success and scene % 2 == 0, "clamped_waypoints": scene % 3, "demo_seed": training // SEEDS}
                    closes = {"grasp_error_m": 0.004 if success else 0.03, "extra": {"grasp_yaw_deg": 3.0 if success else 40.0}}
                    missing = {"grasp_error_m": None, "extra": {}} if scene == 0 else {}
                    given = {"suite_version": "2", "train_seed": training, **known, **closes, **missing}
                    found.append(make_record(head, condition, scene, success, **given))
    return found


@pytest.fixture
def second_expected() -> Expected:
    return Expected(dict.fromkeys(RATES, range(SETS * SEEDS)), dict.fromkeys((ID, *DOSES), SCENES), SECOND)


@pytest.fixture
def second_roster(second_records: list[EpisodeRecord], second_expected: Expected) -> Roster:
    return call(second_records, second_expected)


Change = Callable[..., list[EpisodeRecord]]
