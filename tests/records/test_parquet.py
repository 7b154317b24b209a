from __future__ import annotations

from pathlib import Path

import pytest

from para_bench import records
from para_bench.records import parquet
from para_bench.types import ParaBenchError


def some(record) -> list:
    return [
        record(scene=i, success=bool(i % 2), grasp_error_m=None if i == 3 else 0.1 / 3, extra={} if i == 1 else {"jerk": i / 7})
        for i in range(5)
    ]


def test_round_trip(tmp_path: Path, record) -> None:
    parquet.write(some(record), tmp_path / parquet.FILE_NAME)
    assert parquet.read(tmp_path / parquet.FILE_NAME) == some(record)  # to the last bit of every number


def test_nothing_is_a_file_too(tmp_path: Path) -> None:
    parquet.write([], tmp_path / parquet.FILE_NAME)
    assert parquet.read(tmp_path / parquet.FILE_NAME) == []


@pytest.mark.parametrize("kept", [0, 30, -1])
def test_damage_is_refused(tmp_path: Path, record, kept: int) -> None:
    file = tmp_path / parquet.FILE_NAME
    parquet.write(some(record), file)
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(ParaBenchError, match=r"episodes\.parquet: not episode records"):
        records.read(tmp_path)
