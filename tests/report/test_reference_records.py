"""The records in results/ still give the tables that lie beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.report import tables
from para_bench.report.inventory import CONTROL, take

FOLDERS = sorted(path.parent for path in (Path(__file__).parents[2] / "results").glob("*/episodes.jsonl"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_committed_table_is_that_of_the_records(folder: Path) -> None:
    (result,) = take([folder])
    made = tables.to_csv(tables.roster_table(result.roster, CONTROL, pool=()))
    # In any order: that of the rows is the suite's, which records alone do not know.
    assert sorted(made.splitlines()) == sorted((folder / "table.csv").read_text().splitlines())
