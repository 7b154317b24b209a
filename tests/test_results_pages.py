"""Pages that people write beside records say what the records say."""

from __future__ import annotations

import runpy
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]
DIVERSITY = ROOT / "results/camera_diversity"


@pytest.mark.parametrize(("tested", "words"), [("inside", "inside of the range"), ("beyond", "beyond it")])
def test_camera_diversity_counts(tested: str, words: str) -> None:
    rows = pd.read_csv(DIVERSITY / "tables.csv", dtype=str)
    para = rows[rows["head"] == "para"].set_index(["condition", "level"])["k"]
    counts = [para[f"cameras_{tested}", cameras] for cameras in ("1", "4", "16", "64")] + [para["cameras_each", tested]]
    assert f"| tested {words} | {' | '.join(counts)} |" in (DIVERSITY / "README.md").read_text()


def test_camera_diversity_verdicts_are_those_of_the_script() -> None:
    script = runpy.run_path(str(ROOT / "perf/cameras.py"))
    pairs = script["declared"]()
    assert len(pairs) == 20
    assert script["markdown"](script["outcomes"](DIVERSITY), pairs) in (DIVERSITY / "declared.md").read_text()
