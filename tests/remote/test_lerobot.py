"""What is asked of a checkpoint of lerobot before it is loaded, and how it is given a look. With lerobot itself: tests/with_lerobot."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from para_bench.remote import lerobot as module
from para_bench.remote.keys import find_keys
from para_bench.remote.local import LocalPolicy
from para_bench.remote.looks import Look, sees, told
from para_bench.remote.outside import Outside
from para_bench.types import Observation, ParaBenchError

IMAGE, STATE = "observation.images.front", "observation.state"
CALIBRATION = ("observation.camera.front.intrinsics", "observation.camera.front.world_from_camera")


@pytest.mark.skipif(importlib.util.find_spec("lerobot") is not None, reason="lerobot is installed here")
def test_without_lerobot_it_is_told_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ParaBenchError, match=r"^lerobot cannot be imported here .*; allowed: pip install 'para-bench\[lerobot\]'"):
        LocalPolicy(Outside("lerobot", f"lerobot:{tmp_path}", "v"), 12)


def test_a_folder_that_is_no_checkpoint(tmp_path: Path) -> None:
    for where in (str(tmp_path), "no_such_folder", "three/parts/long"):
        with pytest.raises(ParaBenchError, match=r"has no config\.json; allowed: a folder that lerobot's save_pretrained"):
            module._folder(where)


def test_the_hub_is_asked_for_a_name_and_what_it_says_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def snapshot_download(name: str, **_: Any) -> str:
        asked.append(name)
        raise OSError("offline\nand more")

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    with pytest.raises(ParaBenchError, match=r"^policy lerobot:lab/act cannot be had \(OSError: offline\); allowed: a folder") as told_line:
        module._folder("lab/act")
    assert asked == ["lab/act"]
    assert "\n" not in str(told_line.value)


def test_it_is_given_what_its_configuration_names_and_the_task() -> None:
    keys = find_keys("lerobot")
    plain = module._taken(keys, (IMAGE, STATE), "x")
    assert set(plain.observation) == {IMAGE, STATE, "task"}
    assert sees(plain.observation) == "RGB"
    assert sees(module._taken(keys, (IMAGE, STATE, *CALIBRATION), "x").observation) == "RGB + calibration"
    with pytest.raises(ParaBenchError, match=r"takes observation.images.top; allowed: observation.images.front, .*--policy-keys"):
        module._taken(keys, (IMAGE, "observation.images.top"), "x")


def test_a_policy_with_chunks_looks_when_it_is_told_to() -> None:
    config = SimpleNamespace(n_obs_steps=1, chunk_size=20, n_action_steps=20, temporal_ensemble_coeff=None)
    module._look_every(config, 12, "x")
    assert config.n_action_steps == 12
    config.chunk_size = 8
    with pytest.raises(ParaBenchError, match=r"predicts chunks of 8; allowed: --replan-steps 8 or fewer$"):
        module._look_every(config, 12, "x")


@pytest.mark.parametrize("settings", [{"n_obs_steps": 2}, {"n_obs_steps": 1, "temporal_ensemble_coeff": 0.01}])
def test_a_policy_with_a_memory_looks_at_every_waypoint(settings: dict[str, Any]) -> None:
    config = SimpleNamespace(chunk_size=20, n_action_steps=8, **settings)
    with pytest.raises(ParaBenchError, match=r"has to look at every waypoint; allowed: --replan-steps 1$"):
        module._look_every(config, 12, "x")
    module._look_every(config, 1, "x")
    assert config.n_action_steps == 8


def test_a_look_becomes_a_batch_of_one(look: Observation) -> None:
    given = {name: module._tensor(name, value) for name, value in told(find_keys("lerobot").observation, Look(look, "pick it")).items()}
    assert {name: tuple(value.shape) for name, value in given.items() if name != "task"} == {
        IMAGE: (1, 3, 64, 64),
        STATE: (1, 6),
        CALIBRATION[0]: (1, 9),
        CALIBRATION[1]: (1, 16),
    }
    assert given["task"] == ["pick it"]
    np.testing.assert_allclose(given[IMAGE][0].permute(1, 2, 0).numpy(), look.image / 255, atol=1e-6)
    np.testing.assert_allclose(given[CALIBRATION[1]].reshape(4, 4).numpy(), look.camera.world_from_camera, atol=1e-6)


def test_the_version_is_what_lies_in_the_folder_but_not_how_it_was_trained(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"abc")
    first = module._digest(tmp_path)
    (tmp_path / "train_config.json").write_text("{}")
    assert module._digest(tmp_path) == first
    (tmp_path / "policy_preprocessor.json").write_text("{}")
    second = module._digest(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"abd")
    assert len({first, second, module._digest(tmp_path)}) == 3
