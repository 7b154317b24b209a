"""A resolved run: names are refused in one line before anything is started, and every head gets its recipe from the same words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from para_bench.benchmarks.chosen import searched
from para_bench.benchmarks.profiles import DEFAULT_LEARNING_RATE, LEARNING_RATES, PROFILES, VIDEO_REGIMES
from para_bench.benchmarks.searched import read
from para_bench.benchmarks.splits import SPLITS, find_split
from para_bench.heads import HEADS
from para_bench.plugins import Plugin
from para_bench.remote.outside import outsides
from para_bench.rollouts import config as module
from para_bench.rollouts.config import RunConfig, strength
from para_bench.rollouts.policies import recipes
from para_bench.types import ParaBenchError, to_dict

BASE = RunConfig("id", ("para",), PROFILES["smoke"])
TRAINING = find_split("id").training


def test_names_that_are_there_are_fine() -> None:
    for split in SPLITS:
        replace(BASE, split=split, heads=(*HEADS, "oracle")).check()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"split": "nowhere"}, r"^split 'nowhere' is unknown; allowed: id, novel_view, .*"),
        (
            {"heads": ("para", "nobody")},
            r"^head 'nobody' is unknown; allowed: para, .*, oracle, noop, random, threshold, or module:Class.*$",
        ),
        ({"heads": ("no_such_module:Head",)}, r"^head 'no_such_module:Head' cannot be imported: ModuleNotFoundError: .*"),
        ({"heads": ("json:nothing",)}, r"^head 'json:nothing' cannot be imported: AttributeError: .*"),
        (
            {"split": "view_hemisphere", "cameras": 4},
            r"^--cameras is 4 with split view_hemisphere, which says its trainings' cameras",
        ),
        ({"split": "camera_diversity", "cameras": 4}, r"^--cameras is 4 with split camera_diversity, which says .* allowed: 1$"),
        ({"split": "room_diversity", "rooms": "each"}, r"^--rooms is each with split room_diversity, which says .* allowed: 1$"),
        ({"heads": ()}, r"^--head names none; allowed: one or more of para, .*"),
        ({"heads": ("json:__name__",)}, r"^head 'json:__name__' is a str; allowed: a class of heads$"),
    ],
)
def test_a_name_that_is_not_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ParaBenchError, match=words) as told:
        replace(BASE, **change).check()
    assert "\n" not in str(told.value)


def test_a_plug_in_may_not_have_the_name_of_a_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rows could not be told from the reference's, whether it was asked for or not."""
    monkeypatch.setattr(module, "REFERENCES", {**module.REFERENCES, "mine": object})
    monkeypatch.setattr(HEADS, "plugins", {"mine": Plugin("head", "mine", "a:B", "pack 1.0")})
    monkeypatch.setattr(HEADS, "check_names", lambda: None)
    with pytest.raises(ParaBenchError, match=r"^head 'mine' \(a:B of the package pack 1.0\) has the name of a reference; allowed: another"):
        BASE.check()


def test_import_paths_follow_the_table_and_each_is_trained_once() -> None:
    config = replace(BASE, heads=("json:loads", "oracle", "global_token", "para", "json:loads"))
    assert config.learned == ("para", "global_token", "json:loads")
    assert config.recipe("my.heads:Mine", 0, TRAINING).name == "my.heads-Mine-default-3-s0"


@pytest.mark.parametrize(("asked", "cuda", "device"), [("auto", True, "cuda"), ("auto", False, "cpu"), ("cpu", True, "cpu")])
def test_auto_takes_a_gpu_where_there_is_one(asked: str, cuda: bool, device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    assert replace(BASE, device=asked).torch_device == torch.device(device)


def test_the_rate_is_the_one_asked_for_or_the_one_that_the_search_found() -> None:
    def rate(head: str, **change: Any) -> float:
        return replace(BASE, **change).recipe(head, 0, TRAINING).train.learning_rate

    assert {head: rate(head, suite_version=1) for head in LEARNING_RATES} == LEARNING_RATES
    found = {row.head for row in read() if (row.suite_version, row.task) == (2, "place")}
    for head in found:
        cell = searched(2, "place", head, BASE.profile.demos)
        assert cell is not None
        recipe = replace(BASE, suite_version=2).recipe(head, 0, TRAINING)
        assert (rate(head, suite_version=2), recipe.augmentation) == (cell.learning_rate, replace(strength(cell.augmentation), copies=1))
    assert rate("mine:Head") == DEFAULT_LEARNING_RATE
    assert rate("para", learning_rate=0.5) == rate("mine:Head", learning_rate=0.5) == 0.5


def test_the_profile_says_how_much_and_a_training_set_may_say_otherwise() -> None:
    recipe = BASE.recipe("para", 3, TRAINING)
    profile = BASE.profile
    said = (recipe.demos, recipe.train_seed, recipe.train.steps, recipe.train.batch, recipe.augmentation.copies)
    assert said == (profile.demos, 3, profile.steps, profile.batch, profile.copies)
    assert BASE.suite_version == 2
    more = replace(recipe, demos=77, train=replace(recipe.train, steps=round(profile.steps * 77 / profile.demos)))  # as many epochs
    assert BASE.recipe("para", 3, replace(TRAINING, demos=77)) == more
    first = replace(BASE, suite_version=1)
    assert first.recipe("para", 3, replace(first.find_split().training, demos=77)).train.steps == profile.steps


def test_fine_tuning_takes_the_same_share_for_every_head() -> None:
    training = find_split("view_adaptation").trainings[1]
    for head in HEADS:
        recipe = BASE.recipe(head, 0, training)
        assert recipe.base == BASE.recipe(head, 0, find_split("view_adaptation").training)
        assert recipe.train.learning_rate == pytest.approx(0.3 * recipe.base.train.learning_rate)
        assert recipe.train.steps == recipe.base.train.steps // 4
        assert recipe.all_demos == recipe.base.demos + 5


def test_copies_can_keep_the_camera() -> None:
    usual, still = (replace(BASE, turns=turns).recipe("para", 0, TRAINING) for turns in (True, False))
    assert usual.augmentation.pan_deg > 0
    assert (still.augmentation.pan_deg, still.augmentation.roll_deg, still.augmentation.zoom) == (0, 0, 0)
    assert (still.augmentation.copies, still.augmentation.jitter) == (usual.augmentation.copies, usual.augmentation.jitter)


def test_the_regimes_of_the_video_backbone_share_demonstrations_and_differ_as_they_say() -> None:
    config = replace(BASE, split="video_backbone", profile=PROFILES["default"])
    found = dict(zip(("two_stage", "frozen", "joint"), dict.fromkeys(recipes(config, config.find_split())), strict=True))
    assert {(r.backbone, r.demos, r.training) for r in found.values()} == {("video", 20, found["joint"].training)}
    assert found["joint"].training == config.recipe("para", 0, TRAINING).training  # the demonstrations of every other split
    assert {name: (r.finetune, r.pretrained) for name, r in found.items()} == {
        "two_stage": (True, True),
        "frozen": (False, True),
        "joint": (True, False),
    }
    for name, recipe in found.items():
        part, share = VIDEO_REGIMES[name]
        assert (recipe.train.steps, recipe.train.backbone_share) == (round(part * 1600), share)
    assert found["two_stage"].backbone_steps == found["frozen"].backbone_steps > 0 == found["joint"].backbone_steps
    assert len({r.name for r in found.values()}) == 3
    given = replace(config, backbone_weights=Path("mine.safetensors"))  # nothing is made then
    assert {r.backbone_steps for r in recipes(given, given.find_split())} == {0}


def test_cameras_and_rooms_reach_every_training_that_does_not_say_its_own() -> None:
    config = replace(BASE, split="view_adaptation", cameras=16, rooms="each")
    config.check()
    own, adapted = [config.recipe("para", 0, training) for training in config.find_split().trainings]
    assert (own.training.cameras, own.training.rooms) == (16, "each")
    assert (adapted.training.cameras, adapted.training.rooms) == (1, "each")  # its camera is the one that it adapts to
    assert adapted.base == own
    assert own.name == "para-default-c16-reach-3-s0"
    replace(BASE, split="camera_diversity", rooms=4).check()


def test_training_seeds_are_numbered_through_the_demonstration_sets() -> None:
    config = replace(BASE, profile=replace(BASE.profile, seeds=2, demo_seeds=3), demo_seed=5)
    found = [config.recipe("para", seed, TRAINING) for seed in config.profile.trainings]
    assert [(r.train_seed, r.demo_seed) for r in found] == [(0, 5), (1, 5), (2, 6), (3, 6), (4, 7), (5, 7)]
    assert [r.demo_seed for r in (BASE.recipe("para", seed, TRAINING) for seed in range(4))] == [0, 0, 0, 0]
    split = config.find_split()
    assert len(set(recipes(config, split))) == 6 * len(split.trainings)


def test_heads_are_as_their_sources_have_them_from_version_2_on() -> None:
    found = {version: replace(BASE, suite_version=version).recipe("diffusion", 0, TRAINING).head_config.as_source for version in (1, 2)}
    assert found == {1: False, 2: True}


def test_policies_of_others_are_rows_beside_heads() -> None:
    policies = outsides(["mine:make", "openpi+ws://a:1"])
    config = replace(BASE, heads=("para", "oracle"), policies=policies)
    config.check()
    assert config.rows == ("para", "oracle", "mine:make", "openpi")
    replace(BASE, heads=(), policies=policies).check()


@pytest.mark.parametrize("name", ["para", "oracle", "act"])
def test_a_policy_may_not_have_the_name_of_another_row(name: str) -> None:
    with pytest.raises(ParaBenchError, match=f"^--policy-name is '{name}', the name of a head or a reference; allowed: another name$"):
        replace(BASE, policies=outsides(["openpi+ws://a:1"], [name])).check()


def test_the_runtime_of_features_is_a_recipe_s_where_they_are_frozen() -> None:
    asked = replace(BASE, feature_runtime="onnxruntime")
    assert asked.recipe("para", 0, TRAINING).feature_runtime == "onnxruntime"
    assert [each.recipe("para", 0, TRAINING).feature_runtime for each in (BASE, replace(asked, finetune=True))] == ["torch", "torch"]
    adapted = asked.recipe("para", 0, find_split("view_adaptation").trainings[-1])
    assert adapted.base is not None
    assert adapted.base.feature_runtime == "onnxruntime"


def test_config_json_of_torch_s_features_is_as_before_there_was_a_choice() -> None:
    """So that `merge` takes folders of before and after for what they are: of the same features."""
    assert "feature_runtime" not in to_dict(BASE)
    assert to_dict(replace(BASE, feature_runtime="onnxruntime"))["feature_runtime"] == "onnxruntime"
