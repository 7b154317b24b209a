"""Checkpoints of every head: there and back, made for another spec, and damaged."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from para_bench.envs.env import TaskEnv
from para_bench.heads import HEADS
from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.rollouts.policy import LearnedPolicy
from para_bench.rollouts.rollout import rollout
from para_bench.tensors import Features
from para_bench.training.saved import CONFIG, WEIGHTS, HeadSpec, load_head, save_head
from para_bench.types import ActionChunk, FeatureSpec, HaltError, Observation, ParaBenchError, Scene

FEATURES = FeatureSpec("toy@01234567", 32, (4, 6), (8, 4))
CONFIG_ = HeadConfig(width=16, decode="argmax")


@pytest.fixture(params=list(HEADS))
def spec(request: pytest.FixtureRequest) -> HeadSpec:
    return HeadSpec(request.param, CONFIG_, FEATURES)


@pytest.fixture
def saved(spec: HeadSpec, tmp_path: Path) -> Path:
    torch.manual_seed(0)  # any weights
    save_head(tmp_path / "head", spec, create_head(spec.head, FEATURES, CONFIG_), {"steps": 5})
    return tmp_path / "head"


def observation(scene: Scene) -> Observation:
    image = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)  # any picture
    depth = np.full((32, 32), 0.7, np.float32)  # m; any
    return Observation(image, np.r_[0.2, 0, 0.05, 0.5, -0.5, 0.5, 0.5], 0.1, 1.0, scene.camera.resized(32), depth)


class ToyBackbone:
    """Stands in for a backbone: features that follow the image."""

    spec = FEATURES

    def __call__(self, images: torch.Tensor) -> Features:
        assert images.shape == (1, 3, 32, 32)
        assert 0 <= images.min() <= images.max() <= 1
        pooled = [torch.nn.functional.adaptive_avg_pool2d(images, size) for size in FEATURES.sizes]
        return Features(tuple(p[:, [0, 1, 2] * 2][:, :d] for p, d in zip(pooled, FEATURES.channels, strict=True)))


def test_a_head_comes_back_as_it_was(saved: Path, spec: HeadSpec) -> None:
    head, found = load_head(saved, FEATURES)
    assert found == spec
    torch.manual_seed(0)  # as in `saved`
    for key, value in create_head(spec.head, FEATURES, CONFIG_).state_dict().items():
        assert torch.equal(head.state_dict()[key], value)
    assert json.loads((saved / CONFIG).read_text())["steps"] == 5
    assert sorted(path.name for path in saved.iterdir()) == [CONFIG, WEIGHTS]


def test_a_loaded_head_predicts_what_it_did(saved: Path, spec: HeadSpec, scene: Scene) -> None:
    torch.manual_seed(0)  # as in `saved`
    before = create_head(spec.head, FEATURES, CONFIG_)
    after, _ = load_head(saved, FEATURES)
    chunks = []
    for head in (before, after):
        policy = LearnedPolicy(ToyBackbone(), head)  # type: ignore[arg-type]
        policy.begin(SimpleNamespace(image_size=64, scene=scene, steps=0), np.random.default_rng(3))  # type: ignore[arg-type]
        chunks.append(policy.act(observation(scene)).actions)
    np.testing.assert_array_equal(*chunks)


def test_depth_is_asked_for_exactly_by_heads_that_say_so(saved: Path, spec: HeadSpec, env: TaskEnv, scene: Scene) -> None:
    """Through the harness: what reaches the head in a rollout."""
    head, seen = load_head(saved, FEATURES)[0], []

    def predict(features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        seen.append(observation.depth)
        return ActionChunk(np.full((12, 5), np.nan))  # ends the episode

    head.predict = predict
    rollout(env, scene, LearnedPolicy(lambda images: Features((images,)), head), seed=0)  # type: ignore[arg-type]
    assert [depth is not None for depth in seen] == ["RGB-D" in head.sees or "depth" in head.sees]


def test_an_episode_depends_on_its_generator_alone(saved: Path, scene: Scene) -> None:
    policy = LearnedPolicy(ToyBackbone(), load_head(saved, FEATURES)[0])  # type: ignore[arg-type]
    runs = []
    for _ in range(2):  # the second one after others have drawn from the same policy
        policy.begin(SimpleNamespace(image_size=64, scene=scene, steps=0), np.random.default_rng(3))  # type: ignore[arg-type]
        runs.append([policy.act(observation(scene)).actions for _ in range(3)])
    np.testing.assert_array_equal(*runs)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"image_size": 64}, "64"),
        ({"backbone": "toy@ffffffff"}, "toy@ffffffff"),
        ({"channels": (4, 7)}, r"\(4, 7\)"),
        ({"summary_dim": 3}, "summary_dim=3"),
    ],
)
def test_features_of_another_spec_are_told_with_both_values(saved: Path, change: dict, named: str) -> None:
    with pytest.raises(ParaBenchError, match=f"made for features .*toy@01234567.*allowed here: .*{named}"):
        load_head(saved, replace(FEATURES, **change))


@pytest.mark.parametrize(("field", "value"), [("action_spec", "joint angles [rad]"), ("action_horizon", 16)])
def test_actions_of_another_spec_are_told_with_both_values(saved: Path, field: str, value: object) -> None:
    config = json.loads((saved / CONFIG).read_text())
    allowed = config["spec"][field]
    config["spec"][field] = value
    (saved / CONFIG).write_text(json.dumps(config))
    with pytest.raises(ParaBenchError) as caught:
        load_head(saved, FEATURES)
    assert str(value) in str(caught.value)
    assert str(allowed) in str(caught.value)


@pytest.mark.parametrize("damage", ["cut off", "garbage", "empty", "missing", "another head's"])
def test_damaged_weights_are_told_in_one_line(saved: Path, damage: str) -> None:
    path = saved / WEIGHTS
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "another head's":
        save_head(saved.parent / "other", HeadSpec("x", CONFIG_, FEATURES), torch.nn.Linear(2, 3), {})
        path.write_bytes((saved.parent / "other" / WEIGHTS).read_bytes())
    else:
        path.write_bytes({"cut off": content[:-100], "garbage": b"\x00" * 64, "empty": b""}[damage])
    with pytest.raises(ParaBenchError, match=WEIGHTS) as caught:
        load_head(saved, FEATURES)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"spec": {}}', '{"spec": 3}'])
def test_a_damaged_config_is_told_in_one_line(saved: Path, content: str) -> None:
    (saved / CONFIG).write_text(content)
    with pytest.raises(ParaBenchError, match=r"config.json is damaged") as caught:
        load_head(saved, FEATURES)
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_checkpoint_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match="no checkpoint in"):
        load_head(tmp_path, FEATURES)


def test_a_head_that_is_gone_is_told_with_the_known_ones(saved: Path) -> None:
    config = json.loads((saved / CONFIG).read_text())
    config["spec"]["head"] = "nonsense"
    (saved / CONFIG).write_text(json.dumps(config))
    with pytest.raises(ParaBenchError, match="'nonsense' is unknown"):
        load_head(saved, FEATURES)


def test_a_save_that_was_cut_off_is_no_checkpoint(spec: HeadSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("para_bench.training.saved.json.dumps", crash)  # between the weights and the config
    with pytest.raises(KeyboardInterrupt):
        save_head(tmp_path, spec, create_head(spec.head, FEATURES, CONFIG_), {})
    monkeypatch.undo()
    with pytest.raises(ParaBenchError, match="no checkpoint in"):
        load_head(tmp_path, FEATURES)


def test_images_that_are_not_square_are_refused_in_one_line(saved: Path, scene: Scene) -> None:
    backbone = ToyBackbone()
    backbone.image_size = 64  # type: ignore[attr-defined]
    policy, env = LearnedPolicy(backbone, load_head(saved, FEATURES)[0]), TaskEnv(image_size=(48, 64))  # type: ignore[arg-type]
    with pytest.raises(HaltError, match=r"^images are 48 x 64 px; allowed for heads: square ones, image_size=64$"):
        rollout(env, scene, policy, seed=0)
    env.close()
