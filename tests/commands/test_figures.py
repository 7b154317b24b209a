"""`para-bench figures`: draws what the records allow, says what they lack, refuses before it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench import records
from para_bench.commands.figures import Figures
from para_bench.types import ParaBenchError


def test_results_without_a_control_are_refused(tmp_path: Path, record) -> None:
    for head in ("para", "oracle"):
        one = record(head, ("environment", "1"), split="new_environment")
        records.append(tmp_path / "some" / "new_environment" / records.FILE_NAME, one)
    with pytest.raises(ParaBenchError, match=r"control is \('id', '0'\)"):
        Figures((tmp_path / "some",), out=tmp_path / "figures")()
    assert not (tmp_path / "figures").exists()


def test_a_missing_episode_is_refused(tmp_path: Path, record) -> None:
    for scene in (0, 2):
        records.append(tmp_path / "some" / "id" / records.FILE_NAME, record(scene=scene, split="id"))
    with pytest.raises(ParaBenchError, match="episodes missing"):
        Figures((tmp_path / "some",), out=tmp_path / "figures")()
    assert not (tmp_path / "figures").exists()


@pytest.mark.integration
def test_a_run_of_another_task_is_drawn(tiny, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Figures((tiny.out,), out=tmp_path / "figures", heads=("para", "oracle"))()
    said = capsys.readouterr().out.splitlines()
    made = {path.stem for path in (tmp_path / "figures").glob("*.pdf")}
    assert made == {"success_by_split", "table_top_stack.new_environment", "reasons", "cost"}
    assert made == {path.stem for path in (tmp_path / "figures").glob("*.png")}
    skipped = {line.partition(":")[0] for line in said if ": skipped, needs" in line}
    assert skipped == {"factorial", "view_angle", "view_grid", "curves", "paper"}


def test_one_column_has_files_of_its_own(tmp_path: Path, record) -> None:
    for scene in range(2):
        records.append(tmp_path / "some" / "id" / records.FILE_NAME, record(scene=scene, split="id"))
    for columns in ("1", "2"):
        Figures((tmp_path / "some",), out=tmp_path / "figures", columns=columns)()
    assert {path.name for path in (tmp_path / "figures").glob("reasons*.pdf")} == {"reasons.pdf", "reasons_one_column.pdf"}
