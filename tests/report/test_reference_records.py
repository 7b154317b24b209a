"""The tables in results/ say what the records beside them hold, counted without the package."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.splits import find_split

RESULTS = Path(__file__).parents[2] / "results"
FILES = sorted(RESULTS.rglob("episodes.parquet"))


def test_there_are_reference_records() -> None:
    assert FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:-1]))
def test_the_committed_table_counts_the_records(file: Path) -> None:
    episodes = pd.read_parquet(file)
    table = pd.read_csv(file.parents[1] / "tables.csv", dtype={"level": str})
    table = table[(table["split"] == file.parent.name) & (table["levels"] == 1)]
    assert len(table)
    for row in table.to_dict("records"):
        same = (episodes["head"] == row["head"]) & (episodes["condition"] == row["condition"]) & (episodes["level"] == row["level"])
        assert (row["k"], row["n"]) == (episodes[same]["success_at_end"].sum(), same.sum()), row


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:-1]))
def test_the_records_are_of_the_scenes_that_a_run_has_now(file: Path) -> None:
    """So that `compare` takes a user's records beside these."""
    last = pd.read_parquet(file).iloc[-1]
    split = find_split(last["split"], version=int(last["suite_version"]))
    assert scene_of(split, split.condition(last["condition"], last["level"]), last["scene_index"]).hash == last["scene_hash"]
