"""Records that are written are read back equal, from both forms; damaged files are records or one line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import LAW

from para_bench import records
from para_bench.records import EpisodeRecord, current, description, parquet
from para_bench.records.current import Place, State
from para_bench.records.values import MOST_COUNT, MOST_LETTERS, MOST_SCENES
from para_bench.types import ParaBenchError, to_dict

names = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=MOST_LETTERS)
counts = st.integers(0, MOST_COUNT)
positive = st.floats(0, allow_infinity=False, allow_nan=False)
finite = st.floats(allow_infinity=False, allow_nan=False)
hashes = names | st.just("")


@st.composite
def episodes(draw: st.DrawFn) -> EpisodeRecord:
    once = draw(st.booleans())
    end = once and draw(st.booleans())
    return EpisodeRecord(
        success_once=once,
        success_at_end=end,
        strict_success=draw(st.none() | (st.booleans() if end else st.just(False))),
        **{name: draw(names) for name in ("stage", "reason", "suite_version", "split", "condition", "level", "scene_hash", "head")},
        **{name: draw(names) for name in ("config_hash", "task", "robot")},
        **{name: draw(hashes) for name in ("backbone", "checkpoint_hash", "policy_hash")},
        **{name: draw(counts) for name in ("steps", "demos", "clamped_waypoints")},
        **{name: draw(st.integers(0, MOST_SCENES - 1)) for name in ("scene_index", "train_seed")},
        **{name: draw(positive) for name in ("seconds", "sim_seconds")},
        **{name: draw(st.none() | positive) for name in ("grasp_error_m", "place_error_m")},
        extra=draw(st.dictionaries(names, finite, max_size=3)),
        replan_steps=draw(st.none() | st.integers(1, MOST_COUNT)),
        demo_seed=draw(st.none() | st.integers(0, 2**31 - 1)),
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=8), part, max_size=3),
    max_leaves=8,
)

pytestmark = pytest.mark.integration  # hundreds of examples each
FIELDS = tuple(EpisodeRecord.__dataclass_fields__)


def told(read: Any) -> Any:
    """What is read; None where it is refused in one line."""
    try:
        return read()
    except ParaBenchError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either is right
        assert "allowed: " in str(error)  # noqa: PT017
        return None


def distinct(found: list[EpisodeRecord]) -> list[EpisodeRecord]:
    return [replace(record, scene_index=index) for index, record in enumerate(found)]


@LAW
@given(st.lists(episodes(), max_size=4).map(distinct))
def test_records_come_back_equal_from_both_forms(tmp_path: Path, written: list[EpisodeRecord]) -> None:
    lines, packed = tmp_path / "episodes.jsonl", tmp_path / "episodes.parquet"
    lines.write_bytes(b"")
    for record in written:
        records.append(lines, record)
    assert records.read(lines) == written
    parquet.write(written, packed)
    assert parquet.read(packed) == written


@LAW
@given(episodes(), st.sampled_from(FIELDS), json_values | st.just(np.int64(3)) | st.just(object()) | st.just("\ud800") | st.just("a\nb"))
def test_a_record_is_written_and_read_or_refused(tmp_path: Path, record: EpisodeRecord, field: str, value: Any) -> None:
    """In both forms, and by both alike."""
    changed = replace(record, **{field: value})
    lines, packed = tmp_path / "one.jsonl", tmp_path / "one.parquet"
    lines.unlink(missing_ok=True)
    packed.unlink(missing_ok=True)
    as_line = told(lambda: (records.append(lines, changed), records.read(lines))[1])
    as_row = told(lambda: (parquet.write([changed], packed), parquet.read(packed))[1])
    assert as_line == as_row
    assert as_line in (None, [changed])
    assert as_line is not None or not lines.exists()
    assert as_line is not None or not packed.exists()


@LAW
@given(episodes(), st.sampled_from(FIELDS), json_values)
def test_any_value_in_a_line_is_a_record_or_one_line(tmp_path: Path, record: EpisodeRecord, field: str, value: Any) -> None:
    path = tmp_path / "line.jsonl"
    path.write_text(json.dumps(to_dict(record) | {field: value}) + "\n")
    found = told(lambda: records.read(path))
    if found is not None:
        assert to_dict(found[0])[field] == value
        assert type(to_dict(found[0])[field]) is type(value) or field in ("seconds", "sim_seconds", "grasp_error_m", "place_error_m")


@LAW
@given(episodes(), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4), st.integers(0, 10**6))
def test_damaged_lines_are_records_or_one_line(tmp_path: Path, record: EpisodeRecord, changes: list[tuple[int, int]], cut: int) -> None:
    path = tmp_path / "damaged.jsonl"
    path.write_bytes(b"")
    path.unlink()
    for index in range(2):
        records.append(path, replace(record, scene_index=index))
    content = bytearray(path.read_bytes())
    for place, byte in changes:
        content[place % len(content)] = byte
    path.write_bytes(content)
    told(lambda: records.read(path))
    path.write_bytes(content[: cut % len(content)])
    before = told(lambda: records.read(path))
    if before is not None:  # what can be read can be added to
        new = replace(record, scene_index=7)
        records.append(path, new)
        assert records.read(path) == [*before, new]


@LAW
@given(episodes(), st.sampled_from(FIELDS), st.sampled_from(["text", "list", "nan", "whole", "none", "flag", "gone", "time"]))
def test_a_table_of_other_columns_is_records_that_a_line_could_be_or_one_line(
    tmp_path: Path, record: EpisodeRecord, field: str, kind: str
) -> None:
    path = tmp_path / "table.parquet"
    parquet.write([record], path)
    table = pq.read_table(path)
    names = [name for name in table.column_names if name.split(".")[0] == field]
    values = {"text": "x", "list": [1], "nan": float("nan"), "whole": -3, "none": None, "flag": True, "time": datetime(2020, 1, 1)}
    for name in names:
        place = table.column_names.index(name)
        table = table.remove_column(place) if kind == "gone" else table.set_column(place, name, pa.array([values[kind]]))
    pq.write_table(table, path)
    found = told(lambda: parquet.read(path))
    if found is not None:
        line = tmp_path / "of table.jsonl"
        line.unlink(missing_ok=True)
        for each in found:
            records.append(line, each)
        assert records.read(line) == found


@pytest.mark.parametrize("field", ["success_once", "success_at_end"])
def test_a_row_that_contradicts_itself_is_refused(tmp_path: Path, record: Any, field: str) -> None:
    path = tmp_path / "table.parquet"
    parquet.write([record(success=True, strict_success=True)], path)
    table = pq.read_table(path)
    pq.write_table(table.set_column(table.column_names.index(field), field, pa.array([False])), path)
    with pytest.raises(ParaBenchError, match=r"row 1 is \w+ without success_\w+"):
        parquet.read(path)


@LAW
@given(
    st.lists(episodes(), min_size=1, max_size=2),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4),
    st.integers(0, 10**6),
)
def test_damaged_tables_are_records_or_one_line(
    tmp_path: Path, written: list[EpisodeRecord], changes: list[tuple[int, int]], cut: int
) -> None:
    path = tmp_path / "damaged.parquet"
    parquet.write(written, path)
    content = bytearray(path.read_bytes())
    for place, byte in changes:
        content[place % len(content)] = byte
    for damaged in (content, content[: cut % len(content)]):
        path.write_bytes(damaged)
        told(lambda: parquet.read(path))


places = st.builds(Place, names, st.integers(0, MOST_SCENES - 1), names, names)
states = st.builds(State, hashes, hashes, hashes)


@LAW
@given(st.dictionaries(places, states, max_size=5), st.dictionaries(places, states, max_size=5))
def test_what_is_current_comes_back(tmp_path: Path, first: dict[Place, State], second: dict[Place, State]) -> None:
    (tmp_path / current.FILE_NAME).unlink(missing_ok=True)
    current.mark(tmp_path, first)
    assert current.read(tmp_path) == first
    current.mark(tmp_path, second)
    assert current.read(tmp_path) == first | second


@LAW
@given(json_values | st.fixed_dictionaries({"format": st.just(1), "policies": json_values}))
def test_any_document_is_read_or_told_in_one_line(tmp_path: Path, value: Any) -> None:
    for name, read in ((current.FILE_NAME, current.read), (description.FILE_NAME, description.read)):
        (tmp_path / name).write_text(json.dumps(value))
        told(lambda read=read: read(tmp_path))


@LAW
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    for name, read in (
        (current.FILE_NAME, lambda: current.read(tmp_path)),
        (description.FILE_NAME, lambda: description.read(tmp_path)),
        ("any.jsonl", lambda: records.read(tmp_path / "any.jsonl")),
        ("any.parquet", lambda: parquet.read(tmp_path / "any.parquet")),
    ):
        (tmp_path / name).write_bytes(content)
        told(read)
        (tmp_path / name).unlink()
