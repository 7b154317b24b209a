"""A policy of others is a row like any other: in tables, in comparisons with its fairness record, in replays, on the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from para_bench import records
from para_bench.benchmarks.profiles import PROFILES
from para_bench.commands.compare import Compare
from para_bench.commands.parts.shown_run import run_and_show
from para_bench.commands.replay import Replay
from para_bench.commands.site import Site
from para_bench.commands.table import Table
from para_bench.remote.outside import outsides
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.loading import outside_policy
from para_bench.rollouts.meeting import meet
from para_bench.types import ParaBenchError

pytestmark = pytest.mark.integration
CODE = """
import numpy as np
class Stay:
    sees = "RGB + calibration"
    def __call__(self, look):
        return np.tile([*look["gripper_pose"][:3], look["gripper_yaw"][0], OPENING], (12, 1))
"""


@pytest.fixture
def folder(import_folder: Path) -> Iterator[Path]:
    for name, opening in (("mine", "1.0"), ("other", "0.0")):
        (import_folder / f"{name}.py").write_text(CODE.replace("OPENING", opening))
    policies = outsides(["mine:Stay", "other:Stay"], ["mine", "other"], [], ["v1"])
    profile = replace(PROFILES["smoke"], episodes=2)
    run_and_show(RunConfig("id", (), profile, image_size=64, workers=1, out=import_folder / "runs", videos=False, policies=policies))
    yield import_folder
    for cached in (meet, outside_policy):
        cached.cache_clear()


def test_it_is_a_row_everywhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "mine against other" in (folder / "runs/id/table.md").read_text()
    assert [record.reason for record in records.read(folder / "runs/id") if record.head == "mine"] == ["never_closed"] * 2
    fairness = (folder / "runs/id/fairness.md").read_text()
    assert "| mine | 0 | RGB + calibration |" in fairness
    assert "inference on as its code likes, median of 20, task place" in fairness
    Table((folder / "runs",))()
    assert "| mine | 0 | RGB + calibration |" in capsys.readouterr().out
    Compare((folder / "runs",), head="mine", others=("other",), split=("id",))()
    said = capsys.readouterr().out
    assert "mine against other" in said
    assert "not recorded for both, so not held against each other: rates tried, backbone" in said
    Site((folder / "runs",), out=folder / "site")()
    assert "mine" in (folder / "site/index.html").read_text()


def test_an_episode_of_it_is_run_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    Replay(folder / "runs", "id/id/0/1/mine/0", out=folder / "film.gif", width=64)()
    assert "SAME" in capsys.readouterr().out
    config = folder / "runs/id/config.json"
    config.write_text(config.read_text().replace('"name": "mine"', '"name": "renamed"'))
    with pytest.raises(ParaBenchError, match=r"^the last run into this folder names no policy 'mine'; allowed: a run with its --policy"):
        Replay(folder / "runs", "id/id/0/1/mine/0", out=folder / "film.gif")()
