"""An exported data set as lerobot reads it, and what comes back of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from real_lerobot import SIZE, Lerobot, Work

from para_bench.data.augmentation import Augmentation
from para_bench.data.store import View, load
from para_bench.demonstrations.frames import FrameImages
from para_bench.envs.scenes import scene_from_dict
from para_bench.lerobot_data import features as f
from para_bench.types import from_dict

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the first test here makes what all look at, on a busy machine in minutes
READ = """
import json, logging, sys
class Told(logging.Handler):
    def emit(self, record):
        raise SystemExit(f"{record.levelname}: {record.getMessage()}")
logging.getLogger().addHandler(Told(logging.WARNING))
from lerobot.datasets.lerobot_dataset import LeRobotDataset
from lerobot.utils.feature_utils import dataset_to_policy_features
data = LeRobotDataset("para-bench/place", sys.argv[1], video_backend="pyav")
item = data[int(sys.argv[2])]
told = {name: value.tolist() for name, value in item.items() if hasattr(value, "tolist") and name != "observation.images.front"}
picture = (item["observation.images.front"].permute(1, 2, 0) * 255).round().int().tolist()
print(json.dumps({
    "inputs": {name: list(value.shape) for name, value in dataset_to_policy_features(data.meta.features).items()},
    "statistics": {name: list(stat["mean"].shape) for name, stat in data.meta.stats.items()},
    "item": told, "picture": picture, "task": item["task"], "length": len(data), "episodes": data.num_episodes, "fps": data.fps,
}))
"""


def test_lerobot_loads_it_without_a_warning_and_makes_inputs_of_picture_and_state_alone(lerobot: Lerobot, work: Work) -> None:
    found, scenes = json.loads(lerobot.code(READ, work.data, 7)), load(work.demos, scene_from_dict)
    views = json.loads((work.data / f.ABOUT).read_text())["views"]
    assert found["inputs"] == {f.IMAGE: [3, SIZE, SIZE], f.STATE: [6], f.ACTION: [6]}
    assert found["statistics"]["camera.front.intrinsics"] == [9]
    assert found["statistics"][f.IMAGE] == [3, 1, 1]
    count = sum(map(len, views))
    assert (found["episodes"], found["fps"]) == (count * scenes.stride, 4)
    assert found["task"] == "pick the box and put it on the plate"
    assert np.array(found["picture"]).std() > 10


def test_a_frame_is_the_demonstration_s(lerobot: Lerobot, work: Work) -> None:
    """The second frame of the first episode is the first demonstration's at its second waypoint, in the first view."""
    found, kept = json.loads(lerobot.code(READ, work.data, 1)), load(work.demos, scene_from_dict)
    views = from_dict(tuple[tuple[View, ...], ...], json.loads((work.data / f.ABOUT).read_text())["views"])
    frame, item = kept.stride, found["item"]
    np.testing.assert_allclose(item["label.waypoint"], kept.frames.actions[frame], atol=1e-6)  # lerobot's reader gives float32
    np.testing.assert_allclose(item[f.STATE][:3], kept.frames.gripper_pose[frame, :3], atol=1e-6)
    drawn = FrameImages(kept, SIZE, Augmentation(copies=0), 0).frame(frame, views[0][0])
    assert np.abs(np.array(found["picture"]) - drawn).mean() < 1  # another version of the renderer


def test_import_gives_back_the_same_files(lerobot: Lerobot, work: Work, tmp_path: Path) -> None:
    said = lerobot.ours("import-lerobot", work.data, "--out", tmp_path / "back").stdout
    assert "as they were exported" in said
    for name in ("scenes.jsonl", "meta.json"):
        assert (tmp_path / "back" / name).read_bytes() == (work.demos / name).read_bytes()
    with np.load(work.demos / "frames.npz") as before, np.load(tmp_path / "back/frames.npz") as after:
        for name in before.files:
            np.testing.assert_array_equal(before[name], after[name])
    assert (tmp_path / "back/views.json").exists()


def test_what_lerobot_s_own_tool_takes_away_is_gone_and_the_rest_comes_back(lerobot: Lerobot, work: Work, tmp_path: Path) -> None:
    kept = load(work.demos, scene_from_dict)
    views = json.loads((work.data / f.ABOUT).read_text())["views"]
    first = list(range(len(views[0]) * kept.stride))
    words = ["--repo_id=para-bench/place", f"--root={work.data}", f"--new_root={tmp_path / 'less'}", "--new_repo_id=para-bench/less"]
    lerobot("lerobot-edit-dataset", *words, "--operation.type=delete_episodes", f"--operation.episode_indices={first}")
    (tmp_path / "less" / f.ABOUT).write_bytes((work.data / f.ABOUT).read_bytes())  # lerobot's tool copies its own files alone
    said = lerobot.ours("import-lerobot", tmp_path / "less", "--out", tmp_path / "back").stdout
    assert "1 of those that were exported are no longer there" in said
    assert load(tmp_path / "back", scene_from_dict).scenes == kept.scenes[1:]


def test_with_video_it_is_smaller_and_comes_back_all_the_same(lerobot: Lerobot, work: Work, tmp_path: Path) -> None:
    lerobot.ours("export-lerobot", work.demos, "--out", tmp_path / "data", "--image-size", 64, "--video")
    assert list((tmp_path / "data/videos").rglob("*.mp4"))
    assert (tmp_path / "data/README.md").read_text().startswith("---\nlicense")
    assert "as they were exported" in lerobot.ours("import-lerobot", tmp_path / "data", "--out", tmp_path / "back").stdout
    again = lerobot.ours("export-lerobot", work.demos, "--out", tmp_path / "data", code=1)
    assert "is there already; allowed: a folder that is not there yet" in again.stderr
