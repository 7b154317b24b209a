from __future__ import annotations

from pathlib import Path

import pytest

from para_bench import records
from para_bench.types import ParaBenchError


def test_round_trip(tmp_path: Path, record) -> None:
    file = tmp_path / "new" / "episodes.jsonl"
    written = [record(scene=i, success=bool(i % 2), grasp_error_m=None if i == 3 else 0.01, extra={"jerk": 0.5}) for i in range(5)]
    for one in written:
        records.append(file, one)
    assert records.read(file) == written
    assert file.read_bytes().count(b"\n") == 5


def test_folders_are_searched_in_order(tmp_path: Path, record) -> None:
    for name in ("b", "a/deep"):
        records.append(tmp_path / name / "episodes.jsonl", record(head=name))
    (tmp_path / "a" / "other.jsonl").write_text("not a record\n")
    assert [r.head for r in records.read(tmp_path)] == ["a/deep", "b"]
    assert [r.head for r in records.read(tmp_path / "b", tmp_path / "a")] == ["b", "a/deep"]


def test_first_of_duplicates_counts(tmp_path: Path, record) -> None:
    file = tmp_path / "episodes.jsonl"
    for seconds in (1.0, 2.0):
        records.append(file, record(seconds=seconds))
    records.append(file, record(success=False, checkpoint_hash="retrained"))
    assert [(r.success_at_end, r.seconds) for r in records.read(file, tmp_path)] == [(True, 1.0), (False, 1.5)]


@pytest.mark.parametrize("kept", [1, 40, -2])
def test_killed_while_writing(tmp_path: Path, record, kept: int) -> None:
    file = tmp_path / "episodes.jsonl"
    records.append(file, record(scene=0))
    whole = file.read_bytes()
    records.append(file, record(scene=1))
    line = file.read_bytes()[len(whole) :]
    file.write_bytes(whole + line[:kept])
    assert [r.scene_index for r in records.read(file)] == [0]
    records.append(file, record(scene=2))
    assert [r.scene_index for r in records.read(file)] == [0, 2]
    assert file.read_bytes().startswith(whole + b"{")


def test_killed_before_the_newline_only(tmp_path: Path, record) -> None:
    file = tmp_path / "episodes.jsonl"
    records.append(file, record(scene=0))
    file.write_bytes(file.read_bytes()[:-1])
    assert len(records.read(file)) == 1
    records.append(file, record(scene=1))
    assert [r.scene_index for r in records.read(file)] == [0, 1]


def test_killed_in_the_first_line(tmp_path: Path, record) -> None:
    file = tmp_path / "episodes.jsonl"
    file.write_bytes(b'{"suite_ver')
    assert records.read(file) == []
    records.append(file, record(scene=4))
    assert [r.scene_index for r in records.read(file)] == [4]


@pytest.mark.parametrize("damage", [b'{"suite_version": "1", "spl\n', b"[1, 2]\n", b'{"suite_version": "1"}\n', b"\xff\x00\n"])
def test_corrupt_line_names_file_and_line(tmp_path: Path, record, damage: bytes) -> None:
    file = tmp_path / "episodes.jsonl"
    records.append(file, record(scene=0))
    file.write_bytes(file.read_bytes() + damage)
    records.append(file, record(scene=1))
    with pytest.raises(ParaBenchError, match=r"episodes\.jsonl:2: not an episode record"):
        records.read(file)


def test_missing_path(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match="no records at"):
        records.read(tmp_path / "nowhere")
    assert records.read(tmp_path) == []


def test_other_code_makes_another_episode(tmp_path: Path, record) -> None:
    """A re-run after a change of the code must not hide behind the lines from before it."""
    file = tmp_path / "episodes.jsonl"
    for code, success in (("before", True), ("after", False)):
        records.append(file, record(success=success, config_hash=code))
    assert [r.success_at_end for r in records.read(file)] == [True, False]
