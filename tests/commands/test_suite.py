"""`para-bench suite`: the plan of a suite, of some of its splits, and names that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.commands import suite
from para_bench.commands.parts import suite_run
from para_bench.options import MachineOptions
from para_bench.types import ParaBenchError


def test_a_plan_runs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite.Suite("headline", ("novel_view", "id"), MachineOptions(workers=2, out=tmp_path / "runs", device="cpu"), plan=True, timing=False)()
    said = capsys.readouterr().out
    cells = [[word.strip() for word in line.split("│")[1:-1]] for line in said.splitlines() if line.startswith("│")]
    # three heads with three seeds share their trainings; references are rolled out once
    assert cells == [["trainings", "0", "9"], ["episodes id", "0", "1200"], ["episodes novel_view", "0", str(12 * (8 * 100 + 100))]]
    assert not (tmp_path / "runs").exists()


def test_options_reach_the_suite(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = []
    monkeypatch.setattr(suite_run, "run_suite", lambda *words: asked.append(words))
    machine = MachineOptions(out=tmp_path)
    suite.Suite("ci", ("combined",), machine, trainings_at_once=3)()
    assert asked == [("ci", machine, ("combined",), 3, 2, None)]


@pytest.mark.parametrize(
    ("name", "splits", "message"),
    [("night", (), "suite 'night' is unknown; allowed: smoke, ci"), ("ci", ("id",), "split 'id' is not in the suite; allowed: combined")],
)
def test_unknown_names_are_told_with_the_allowed_ones(name: str, splits: tuple[str, ...], message: str, tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=message):
        suite.Suite(name, splits, MachineOptions(out=tmp_path / "runs", device="cpu"), plan=True, timing=False)()
