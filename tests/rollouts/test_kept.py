"""A kept checkpoint is rolled out where it lies, under its own training seed, and once."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.records import current, read
from para_bench.report.checkpoints import weights_hash
from para_bench.rollouts import episodes
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.kept import roll_out_kept
from para_bench.rollouts.lock import output_lock
from para_bench.training.saved import WEIGHTS
from para_bench.types import ParaBenchError


@pytest.fixture
def kept(trained: RunConfig, tmp_path: Path) -> Path:
    (source,) = (trained.out / "checkpoints").iterdir()
    return Path(shutil.copytree(source, tmp_path / "baselines/para"))


@pytest.mark.integration
def test_it_is_rolled_out_with_nothing_trained(trained: RunConfig, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = replace(trained, out=tmp_path / "out", heads=())
    folder = roll_out_kept(config, {"para": (5, kept)}, demos=64)
    assert folder == tmp_path / "out/kept/id"
    found = read(folder)
    assert [(r.head, r.train_seed, r.demos, r.scene_index) for r in found] == [("para", 5, 64, index) for index in range(2)]
    assert {r.checkpoint_hash for r in found} == {weights_hash(kept)}
    assert not (tmp_path / "out/checkpoints").exists()
    assert {place.train_seed for place in current.read(folder)} == {5}
    monkeypatch.setattr(episodes, "run_job", lambda job: pytest.fail("rolled out again"))
    assert read(roll_out_kept(config, {"para": (5, kept)}, demos=64)) == found


def test_another_run_on_the_folder_is_not_joined(trained: RunConfig, kept: Path, tmp_path: Path) -> None:
    with output_lock(tmp_path / "out"), pytest.raises(ParaBenchError, match="another para-bench is writing"):
        roll_out_kept(replace(trained, out=tmp_path / "out"), {"para": (5, kept)}, demos=64)
    assert not (tmp_path / "out/kept").exists()


def test_one_that_is_gone_is_told(trained: RunConfig, kept: Path, tmp_path: Path) -> None:
    (kept / WEIGHTS).unlink()
    with pytest.raises(ParaBenchError, match=rf"there is no file {kept / WEIGHTS}; allowed: one that exists"):
        roll_out_kept(replace(trained, out=tmp_path / "out"), {"para": (5, kept)}, demos=64)
