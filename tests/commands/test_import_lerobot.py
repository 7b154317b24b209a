"""`para-bench import-lerobot`: what it writes is what `demos` writes, and a run can train on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from exported_datasets import write_dataset

from para_bench.benchmarks.conditions import TrainingSet
from para_bench.commands.import_lerobot import ImportLerobot
from para_bench.data.store import load, save
from para_bench.demonstrations.collect import collect
from para_bench.demonstrations.seen import views_of
from para_bench.envs.scenes import scene_from_dict
from para_bench.types import Scene


@pytest.mark.integration
def test_the_folder_is_the_one_that_was_exported(scenes: list[Scene], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = collect(scenes[:2], frame_s=0.06)
    save(found, tmp_path / "demos", "2")
    ImportLerobot(write_dataset(found, tmp_path / "data"), tmp_path / "back")()
    assert "2 demonstrations" in (said := capsys.readouterr().out)
    assert "as they were exported" in said
    for name in ("scenes.jsonl", "meta.json"):
        assert (tmp_path / "back" / name).read_text() == (tmp_path / "demos" / name).read_text()
    assert load(tmp_path / "back", scene_from_dict).hash == found.hash
    assert not (tmp_path / "back/views.json").exists()


@pytest.mark.integration
def test_views_have_a_file_of_their_own_and_what_is_gone_is_told(
    scenes: list[Scene], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = collect(scenes[:2])
    found = replace(found, views=views_of(TrainingSet(cameras=2), found.scenes, 0))
    first = len(found.views[0])
    ImportLerobot(write_dataset(found, tmp_path / "data", leave_out=tuple(range(first))), tmp_path / "back")()
    assert "1 demonstrations" in (said := capsys.readouterr().out)
    assert "1 of those that were exported are no longer there" in said
    assert (tmp_path / "back/views.json").exists()
    assert load(tmp_path / "back", scene_from_dict).scenes == found.scenes[1:]
