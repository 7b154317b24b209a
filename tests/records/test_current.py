"""Which policy of a folder is current is written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.records.current import FILE_NAME, Place, State, mark, read
from para_bench.types import ParaBenchError

A, B = State("weights a", "policy a", "run"), State("weights b", "policy b", "run")


def test_the_last_mark_of_a_place_counts_and_other_places_stay(tmp_path: Path) -> None:
    assert read(tmp_path) == {}
    control, shifted = Place("para", 0, "id", "0"), Place("para", 0, "view_angle", "5")
    mark(tmp_path, {control: A, shifted: A, Place("act", 1, "id", "0"): A})
    mark(tmp_path, {control: B})
    assert read(tmp_path) == {control: B, shifted: A, Place("act", 1, "id", "0"): A}
    mark(tmp_path, {control: A})
    assert read(tmp_path)[control] == A


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2, "policies": []}', '{"format": 1, "policies": [{"head": "para"}]}'])
def test_a_damaged_file_is_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(ParaBenchError, match=r"current\.json") as told:
        read(tmp_path)
    assert "\n" not in str(told.value)
