"""The plug-ins themselves: the environment's slots and numbers, and `para` there against `para` here."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from real_lerobot import SIZE, Lerobot, Work

from para_bench.benchmarks.env import SplitEnv

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
ENVIRONMENT = """
import json, sys
import numpy as np
from lerobot.envs.configs import EnvConfig
from lerobot.envs.utils import NEW_ROLLOUT_OPTION, env_to_policy_features
from lerobot.utils.import_utils import register_third_party_plugins

def main():
    register_third_party_plugins()
    config = EnvConfig.get_choice_class("para_bench")(task="place/novel_view", image_size=int(sys.argv[1]))
    every = config.create_envs(1)
    one = EnvConfig.get_choice_class("para_bench")(task="place/novel_view/15", image_size=int(sys.argv[1]))
    slots = {kind: one.create_envs(2, use_async_envs=kind)["view_angle/15"][0] for kind in (False, True)}
    looks = {}
    for kind, vector in slots.items():
        seen, _ = vector.reset(seed=[0, 1], options={NEW_ROLLOUT_OPTION: True})
        seen, *_ = vector.step(np.stack([seen["agent_pos"], seen["agent_pos"]])[0].astype(np.float32))
        looks[kind] = seen
        words, most = vector.call("task_description"), vector.call("_max_episode_steps")
    same = all(np.array_equal(looks[False][name], looks[True][name]) for name in looks[False] if name != "pixels")
    same &= np.array_equal(looks[False]["pixels"]["front"], looks[True]["pixels"]["front"])
    features = {name: list(feature.shape) for name, feature in env_to_policy_features(one).items()}
    print(json.dumps({
        "groups": list(every), "kinds": [type(vector).__name__ for vector in slots.values()], "same": bool(same), "task": words[0],
        "most": most[0], "features": features, "position": looks[False]["agent_pos"][1].tolist(),
        "camera": looks[False]["camera.front.world_from_camera"][1].tolist(),
    }))
    for vector in slots.values():
        vector.close()
    for name in ("place", "place/novel_view/1000", "place/no_split/15", "fold/id"):
        try:
            EnvConfig.get_choice_class("para_bench")(task=name).create_envs(1)
        except Exception as error:
            print(type(error).__name__, str(error).replace(chr(10), " "))

if __name__ == "__main__":
    main()
"""
POLICY = """
import json, sys
from dataclasses import replace
import numpy as np
import torch
from lerobot.datasets.factory import resolve_delta_timestamps
from lerobot.datasets.lerobot_dataset import LeRobotDataset
from lerobot.configs.policies import PreTrainedConfig
from lerobot.policies.factory import make_policy
from lerobot.utils.import_utils import register_third_party_plugins
from torch.utils.data import default_collate

register_third_party_plugins()
from para_bench.data.dataset import chunks_of, make_windows
from para_bench.data.store import load
from para_bench.lerobot_data.features import SCENE, TIMESTEP, VIEW, ABOUT
from para_bench.lerobot_data.importing import import_dataset
from para_bench.envs.scenes import scene_from_dict
from para_bench.geometry import lift
from para_bench.tensors import Features, encode_state
from para_bench.types import Observation

root, size = sys.argv[1], int(sys.argv[2])
config = PreTrainedConfig.get_choice_class("para")(device="cpu", image_size=size, push_to_hub=False)
meta = LeRobotDataset("a/b", root, video_backend="pyav").meta
data = LeRobotDataset("a/b", root, delta_timestamps=resolve_delta_timestamps(config, meta), video_backend="pyav")
torch.manual_seed(0)
policy = make_policy(config, ds_meta=data.meta)
chosen = [0, 40, len(data) - 3, len(data) - 1]
batch = default_collate([data[index] for index in chosen])

# The same windows from our own store: frame and camera of each.
mine = import_dataset(__import__("pathlib").Path(root)).demonstrations
frames = mine.frames
where, cameras = [], []
for row in range(len(chosen)):
    scene, step = int(batch[SCENE][row]), int(batch[TIMESTEP][row])
    where.append(int(np.flatnonzero((frames.episode == scene) & (frames.timestep == step))[0]))
    view = mine.views[scene][int(batch[VIEW][row])] if mine.views else None
    cameras.append((view.camera if view else mine.scenes[scene].camera).resized(size))
windows = make_windows(mine, cameras, np.array(where), [np.zeros(len(where))]).batch
features = policy._features(batch)
policy.eval()
theirs, _ = policy.forward(batch)
ours, _ = policy.head.loss(features, windows)
valid = (windows.valid == ~batch["action_is_pad"]).all()

chunks = policy.predict_action_chunk(batch).double().numpy()
apart = 0.0
for row, camera in enumerate(cameras):
    pose, yaw, opening = frames.gripper_pose[where[row]], frames.gripper_yaw[where[row]], frames.gripper_opening[where[row]]
    seen = Observation(np.zeros((size, size, 3), np.uint8), pose, float(yaw), float(opening), camera)
    own = policy.head.predict(features.row(row), seen, torch.Generator()).actions
    apart = max(apart, float(np.abs(chunks[row][:, :3] - own[:, :3]).max()), float(np.abs(chunks[row][:, 5] - own[:, 4]).max()))
    apart = max(apart, float(np.abs(np.sin(np.arctan2(chunks[row][:, 3], chunks[row][:, 4]) / 2 - own[:, 3])).max()))

told = {name: value for name, value in batch.items() if name != "index" and not name.startswith("camera.")}  # as processors leave it
try:
    policy.predict_action_chunk(told)
    refused = ""
except ValueError as error:
    refused = str(error)
told["observation.camera.front.intrinsics"] = batch["camera.front.intrinsics"]
told["observation.camera.front.world_from_camera"] = batch["camera.front.world_from_camera"]
again = float((policy.predict_action_chunk(told) - torch.from_numpy(chunks)).abs().max())
print(json.dumps({"theirs": theirs.item(), "ours": ours.item(), "valid": bool(valid), "apart": apart, "again": again, "refused": refused}))
"""


def test_slots_of_the_environment_are_the_scenes_of_their_seeds(lerobot: Lerobot, tmp_path: Path) -> None:
    program = tmp_path / "program.py"  # a file: forkserver imports it again
    program.write_text(ENVIRONMENT)
    first, *told = lerobot.apart("python", program, SIZE).strip().splitlines()
    found = json.loads(first)
    env = SplitEnv(split="novel_view", condition="view_angle", level="15", suite_version=2, image_size=SIZE)
    env.reset(seed=1)
    assert found["kinds"] == ["SyncVectorEnv", "AsyncVectorEnv"]
    assert found["same"]
    assert env.split is not None
    assert found["groups"] == ["/".join(condition.key) for condition in env.split.all_conditions]
    assert (found["task"], found["most"]) == (env.task_description, env.task.max_steps)
    assert found["features"] == {"action": [6], "observation.state": [6], "observation.images.front": [3, SIZE, SIZE]}
    assert found["camera"] == pytest.approx(env.scene.camera.world_from_camera.ravel(), abs=1e-6)
    assert found["position"][:3] == pytest.approx(env.scene.home[:3], abs=0.01)  # it was told to stay
    assert [line.split()[0] for line in told] == ["ParaBenchError"] * 4
    assert "allowed: TASK/SPLIT" in told[0]
    assert "allowed: id/0, view_angle/5" in told[1]


def test_para_there_is_para_here(lerobot: Lerobot, work: Work) -> None:
    """Loss of the same windows, and chunks of the same features and weights."""
    found = json.loads(lerobot("-c", work.data, SIZE, program=POLICY).stdout.strip().splitlines()[-1])
    assert found["valid"]
    assert found["theirs"] == pytest.approx(found["ours"], rel=1e-4)
    assert found["apart"] < 1e-4  # float32 of the data set
    assert found["again"] < 1e-6
    assert "allowed: observations with observation.camera.front.intrinsics" in found["refused"]


def test_a_training_that_was_cut_off_goes_on(lerobot: Lerobot, work: Work, tmp_path: Path) -> None:
    """lerobot loads the processors of a checkpoint otherwise than it makes them."""
    shutil.copytree(work.folder / "trained_para", tmp_path / "it", symlinks=True)
    config = tmp_path / "it/checkpoints/last/pretrained_model/train_config.json"
    lerobot("lerobot-train", f"--config_path={config}", "--resume=true", "--steps=3", f"--output_dir={tmp_path / 'it'}", folder=work.folder)
    assert json.loads((tmp_path / "it/checkpoints/last/training_state/training_step.json").read_text())["step"] == 3
