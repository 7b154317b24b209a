"""A record is what it has to be, or it is refused with its line, its field, what was found and what is allowed."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from para_bench import records
from para_bench.records import EpisodeRecord, parquet
from para_bench.records.fields import FIELDS
from para_bench.types import ParaBenchError, to_dict

NAN, INFINITY = float("nan"), float("inf")
WRONG = [
    ("success_at_end", "false"),
    ("success_at_end", 1),
    ("success_once", None),
    ("train_seed", 0.5),
    ("train_seed", "0"),
    ("train_seed", True),
    ("train_seed", -1),
    ("scene_index", -1),
    ("scene_index", 10**18),
    ("scene_index", 2.0),
    ("scene_index", [0]),
    ("demos", "20"),
    ("demos", -20),
    ("steps", None),
    ("replan_steps", 0),
    ("replan_steps", "12"),
    ("seconds", NAN),
    ("seconds", INFINITY),
    ("seconds", -1.0),
    ("seconds", True),
    ("seconds", "1.5"),
    ("seconds", 10**400),
    ("sim_seconds", None),
    ("grasp_error_m", "0.1"),
    ("grasp_error_m", -INFINITY),
    ("place_error_m", []),
    ("stage", 3),
    ("stage", ""),
    ("stage", ["lift"]),
    ("reason", None),
    ("reason", "\x1b[31m"),
    ("head", ["para"]),
    ("head", ""),
    ("head", "two\nlines"),
    ("head", "\u202egnp"),
    ("split", "x" * 201),
    ("split", {"a": 1}),
    ("condition", 7),
    ("level", 25),
    ("level", None),
    ("suite_version", 1),
    ("backbone", None),
    ("backbone", 0),
    ("checkpoint_hash", False),
    ("config_hash", ""),
    ("scene_hash", 12),
    ("task", ""),
    ("robot", 5),
    ("policy_hash", None),
    ("extra", []),
    ("extra", None),
    ("extra", {"": 1.0}),
    ("extra", {"\x07": 1.0}),
    ("extra", {"path_m": "long"}),
    ("extra", {"path_m": NAN}),
    ("extra", {"path_m": True}),
    ("extra", {"path_m": None}),
    ("extra", {"path_m": {"x": 1}}),
]


def test_every_field_is_checked() -> None:
    assert set(FIELDS) == set(EpisodeRecord.__dataclass_fields__)


@pytest.mark.parametrize(("field", "value"), WRONG, ids=lambda value: repr(value)[:24])
@pytest.mark.parametrize("end", ["\n", ""])
def test_a_wrong_value_is_refused(tmp_path: Path, record, field: str, value: object, end: str) -> None:
    file = tmp_path / "episodes.jsonl"
    records.append(file, record(scene=5))
    with file.open("a") as lines:
        lines.write(json.dumps(to_dict(record()) | {field: value}) + end)
    with pytest.raises(ParaBenchError, match=rf"episodes\.jsonl:2: not an episode record: {field}") as told:
        records.read(tmp_path)
    message = str(told.value)
    assert "allowed: " in message
    assert message.isprintable()
    assert len(message) < 400


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"extra": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
        b'{"steps": ' + b"9" * 10_000 + b"}",
        b"null",
        b"3",
        b"\xff\xfe{}",
        b'{"success_at_end": true, "success_at_end": false}',
    ],
    ids=["deep list", "deep object", "long number", "null", "number", "no UTF-8", "key twice"],
)
def test_a_wrong_line_is_one_line(tmp_path: Path, record, line: bytes) -> None:
    file = tmp_path / "episodes.jsonl"
    file.write_bytes(line + b"\n")
    with pytest.raises(ParaBenchError, match=r"episodes\.jsonl:1: not an episode record") as told:
        records.read(file)
    assert str(told.value).isprintable()
    assert len(str(told.value)) < 500


def test_older_records_and_whole_numbers_are_read(tmp_path: Path, record) -> None:
    value = to_dict(record(scene=1))
    for name in ("task", "robot", "policy_hash", "replan_steps", "extra"):
        value.pop(name, None)
    (tmp_path / "episodes.jsonl").write_text(json.dumps(value | {"seconds": 2, "grasp_error_m": None}) + "\n")
    (found,) = records.read(tmp_path)
    assert (found.seconds, found.grasp_error_m, found.task, found.replan_steps, found.extra) == (2.0, None, "place", None, {})


def test_what_could_not_be_read_is_not_written(tmp_path: Path, record) -> None:
    for wrong in (record(extra={"path_m": NAN}), record(head="a\x00b"), record(scene=-1)):
        with pytest.raises(ParaBenchError, match="not written"):
            records.append(tmp_path / "episodes.jsonl", wrong)
    assert not (tmp_path / "episodes.jsonl").exists()


def column(name: str, values: list, kind: pa.DataType | None = None):
    def change(table: pa.Table) -> pa.Table:
        return table.drop_columns([name] if name in table.column_names else []).append_column(name, pa.array(values, kind))

    return change


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("success_at_end", ["true", "false"], None),
        ("success_at_end", [1, 0], None),
        ("success_at_end", [True, None], None),
        ("train_seed", [0.0, 0.5], None),
        ("train_seed", ["0", "0"], None),
        ("scene_index", [0, -1], None),
        ("scene_index", [0, None], None),
        ("scene_index", [True, False], None),
        ("seconds", [1.0, INFINITY], None),
        ("seconds", [1.0, NAN], None),
        ("head", ["para", None], None),
        ("head", ["para", "a\nb"], None),
        ("head", [b"para", b"para"], None),
        ("split", [["id"], ["id"]], None),
        ("extra.path_m", ["1", "2"], None),
        ("extra.path_m", [1.0, NAN], None),
        ("extra.", [1.0, 2.0], None),
        ("extra.\x1b[2J", [1.0, 2.0], None),
    ],
)
def test_packed_values_are_checked_too(tmp_path: Path, record, name: str, values: list, kind) -> None:
    file = tmp_path / parquet.FILE_NAME
    parquet.write([record(scene=0), record(scene=1)], file)
    pq.write_table(column(name, values, kind)(pq.read_table(file)), file)
    with pytest.raises(ParaBenchError, match=r"episodes\.parquet: not episode records") as told:
        records.read(tmp_path)
    assert str(told.value).isprintable()


def test_packing_keeps_whole_numbers_that_some_records_lack(tmp_path: Path, record) -> None:
    found = [record(scene=0), record(scene=1, replan_steps=6, policy_hash="ab", task="stack")]
    parquet.write(found, tmp_path / parquet.FILE_NAME)
    assert records.read(tmp_path) == found


def test_records_of_one_episode_agree(tmp_path: Path, record) -> None:
    one = record(extra={"path_m": 1.0})
    records.append(tmp_path / "a/episodes.jsonl", one)
    records.append(tmp_path / "b/episodes.jsonl", replace(one, seconds=9.0))
    assert records.read(tmp_path) == [one]
    for change in ({"success_at_end": False}, {"reason": "dropped"}, {"scene_hash": "other"}, {"extra": {}}, {"grasp_error_m": None}):
        (tmp_path / "c").mkdir(exist_ok=True)
        parquet.write([replace(one, **change)], tmp_path / "c/episodes.parquet")
        with pytest.raises(ParaBenchError, match=rf"a/episodes\.jsonl:1 and .*c/episodes\.parquet:1 contradict .*{next(iter(change))}"):
            records.read(tmp_path)


def test_other_decoding_is_another_policy(tmp_path: Path, record) -> None:
    for policy in ("subcell", "argmax"):
        records.append(tmp_path / "episodes.jsonl", record(policy_hash=policy, success=policy == "subcell"))
    assert [r.success_at_end for r in records.read(tmp_path)] == [True, False]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", ["episodes.jsonl", "episodes.parquet"])
def test_what_never_ends_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    os.mkfifo(tmp_path / name)
    for path in (tmp_path, tmp_path / name):
        with pytest.raises(ParaBenchError, match="named pipe; allowed: a regular file"):
            records.read(path)
    with pytest.raises(ParaBenchError, match="a device; allowed: a regular file"):
        records.read("/dev/zero")
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to("/dev/zero")
    with pytest.raises(ParaBenchError, match="a device"):
        records.read(tmp_path)
    (tmp_path / name).unlink()
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)  # paths of sockets are short
        server.bind(name)
        with pytest.raises(ParaBenchError, match="a socket"):
            records.read(tmp_path)
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    with pytest.raises(ParaBenchError, match="a folder"):
        records.read(tmp_path)
