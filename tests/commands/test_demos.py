"""`para-bench demos`: the demonstrations that `run` trains on, of any task, and pictures of them."""

from __future__ import annotations

import json
from pathlib import Path

import imageio.v2 as imageio
import numpy as np
import pytest

from para_bench.benchmarks.conditions import DEFAULT_TRAINING
from para_bench.benchmarks.scenes import training_scene
from para_bench.benchmarks.versions import VERSIONS
from para_bench.commands.demos import SHEET_FRAMES, Demos
from para_bench.data.store import load
from para_bench.envs.scenes import scene_from_dict
from para_bench.options import SeenOptions
from para_bench.types import ParaBenchError


@pytest.mark.integration
@pytest.mark.parametrize(("task", "seed"), [("place", 1), ("stack", 0)])
def test_they_are_those_of_the_training_set_of_the_task(task: str, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Demos(n=2, out=tmp_path / "demos", seed=seed, task=task, image_size=64)()
    found = load(tmp_path / "demos", scene_from_dict)
    training = DEFAULT_TRAINING.on(task, "so101").of(VERSIONS[2])
    assert list(found.scenes) == [training_scene(training, i, seed, 2) for i in range(2)]
    assert {scene.task for scene in found.scenes} == {task}
    assert f"2 demonstrations ({len(found.frames)} frames, all successful)" in capsys.readouterr().out
    assert imageio.imread(tmp_path / "demos" / "contact_sheet.png").shape == (2 * 66, SHEET_FRAMES * 66, 3)
    assert len(imageio.mimread(tmp_path / "demos" / "demonstrations.mp4", memtest=False)) == len(found.at_waypoints().frames)


@pytest.mark.integration
def test_pictures_are_of_the_cameras_and_rooms_asked_for(tmp_path: Path) -> None:
    Demos(n=2, out=tmp_path / "plain", image_size=64)()
    Demos(n=2, out=tmp_path / "many", image_size=64, training_views=SeenOptions(cameras=4, rooms="each"))()
    assert load(tmp_path / "many", scene_from_dict).hash == load(tmp_path / "plain", scene_from_dict).hash  # the states
    views = json.loads((tmp_path / "many" / "views.json").read_text())
    assert [len(each) for each in views] == [1, 1]
    assert not (tmp_path / "plain" / "views.json").exists()
    sheets = [imageio.imread(tmp_path / name / "contact_sheet.png") for name in ("plain", "many")]
    assert np.abs(np.subtract(*sheets, dtype=int)).mean() > 5


@pytest.mark.integration
def test_other_demonstrations_are_not_written_over_and_views_do_not_outlive_theirs(tmp_path: Path) -> None:
    Demos(n=1, out=tmp_path, image_size=64, training_views=SeenOptions(cameras=2))()
    before = {name: (tmp_path / name).read_bytes() for name in ("frames.npz", "scenes.jsonl", "meta.json", "views.json")}
    with pytest.raises(ParaBenchError, match="holds other demonstrations; allowed: another --out, or delete them first"):
        Demos(n=1, out=tmp_path, image_size=64, seed=1)()
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    Demos(n=1, out=tmp_path, image_size=64)()
    assert not (tmp_path / "views.json").exists()


@pytest.mark.parametrize(("options", "message"), [({"task": "fold"}, "allowed: place, stack"), ({"robot": "hand"}, "allowed: so101")])
def test_an_unknown_name_is_told_with_the_allowed_ones(options: dict, message: str, tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=message):
        Demos(n=1, out=tmp_path / "demos", **options)()
