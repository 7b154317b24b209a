"""What a checkpoint is called: another name for all that decides its weights, the same for all that does not."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from para_bench.backbones.runtimes import ONNXRUNTIME, features_name
from para_bench.benchmarks.conditions import TrainingSet
from para_bench.data.augmentation import Augmentation
from para_bench.heads import HEADS
from para_bench.heads.base import HeadConfig
from para_bench.optimisation.loop import TrainConfig
from para_bench.training.recipe import Recipe
from para_bench.types import FeatureSpec, content_hash

SPEC = FeatureSpec("toy@01234567", 32, (4, 6), (8, 4))
BASE = Recipe("para", 0, 3)
OTHER: dict[str, Any] = {
    "head": "global_token",
    "train_seed": 1,
    "demos": 4,
    "training": TrainingSet(grid=True),
    "base": Recipe("para", 0, 2),
    "demo_seed": 1,
    "backbone": "efficientnet_lite0",
    "image_size": 96,
    "head_config": HeadConfig(width=32),
    "augmentation": Augmentation(copies=9),
    "train": TrainConfig(steps=1999),
    "finetune": True,
    "pretrained": False,
    "backbone_steps": 7,
}
"""For every field, a value that trains other weights."""


def folder(recipe: Recipe, spec: FeatureSpec = SPEC) -> str:
    return recipe.folder(spec, Path("out")).name


def test_every_field_decides() -> None:
    assert [field.name for field in fields(Recipe)] == [*OTHER, "feature_runtime"]
    names = [folder(BASE), *(folder(replace(BASE, **{field: value})) for field, value in OTHER.items())]
    assert len(set(names)) == len(names)
    assert folder(replace(BASE)) == names[0]


def test_the_features_decide() -> None:
    specs = (SPEC, *(replace(SPEC, **change) for change in ({"backbone": "toy@ffffffff"}, {"image_size": 64}, {"summary_dim": 3})))
    assert len({folder(BASE, spec) for spec in specs}) == len(specs)


def test_the_runtime_that_was_asked_for_does_not_decide_but_the_one_that_computes_does() -> None:
    asked = replace(BASE, feature_runtime=ONNXRUNTIME)
    assert folder(asked) == folder(BASE)
    assert folder(replace(BASE, train_seed=1, base=asked)) == folder(replace(BASE, train_seed=1, base=BASE))
    computed = replace(SPEC, backbone=features_name(SPEC.backbone, ONNXRUNTIME))
    assert folder(BASE, computed) != folder(BASE)
    assert {"backbones/onnx_backbone.py", "backbones/graphs.py"} == set(BASE.state(computed)["sources"]) - set(BASE.state(SPEC)["sources"])


@pytest.mark.parametrize(
    ("recipe", "settings"),
    [(Recipe("para", 0, 20), "c7aba18178a5a6a6"), (Recipe("para", 1, 5, base=Recipe("para", 1, 20)), "3f739d996cbb362c")],
)
def test_settings_of_trainings_from_before_there_was_a_choice_keep_their_names(recipe: Recipe, settings: str) -> None:
    """The digits are those of the commit before: checkpoints of torch are told by the same settings as then."""
    spec = FeatureSpec("efficientnet_lite0@200c829f", 224, (40, 112, 320), (28, 14, 7))
    assert content_hash(spec.key) == "d24816de57b7dce9"
    assert content_hash({name: value for name, value in recipe.state(spec).items() if name != "sources"}) == settings


def test_neither_the_decoding_nor_the_output_folder_decides() -> None:
    """Nor the decoding of the checkpoint that fine-tuning starts from."""
    other, tuned = replace(BASE, head_config=HeadConfig(decode="argmax")), replace(BASE, train_seed=1)
    assert other != BASE
    assert folder(other) == folder(BASE)
    assert folder(replace(tuned, base=other)) == folder(replace(tuned, base=BASE)) != folder(tuned)
    assert BASE.folder(SPEC, Path("a")).relative_to("a") == BASE.folder(SPEC, Path("b")).relative_to("b")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({}, "para-default-3-s0"),
        ({"train_seed": 2, "demos": 7}, "para-default-7-s2"),
        ({"backbone": "efficientnet_lite0"}, "para-default-3-efficientnet_lite0-s0"),
        ({"backbone": "timm:resnet18", "finetune": True}, "para-default-3-timm-resnet18-tuned-s0"),
        ({"pretrained": False, "finetune": True}, "para-default-3-tuned-scratch-s0"),
        ({"head": "my.heads:Mine"}, "my.heads-Mine-default-3-s0"),
        ({"head": "../../etc:Head", "backbone": "timm:a/../b"}, "-..-etc-Head-default-3-timm-a-..-b-s0"),
    ],
)
def test_its_name_is_for_people_and_one_part_of_a_path(change: dict[str, Any], name: str) -> None:
    recipe = replace(BASE, **change)
    assert recipe.name == name
    assert Path(recipe.name).name == recipe.name


def test_all_demonstrations_count() -> None:
    assert replace(BASE, demos=5, base=replace(BASE, base=Recipe("para", 0, 20))).all_demos == 5 + 3 + 20


def test_what_is_built_in_knows_nothing_of_plug_ins() -> None:
    """Or all checkpoints and records that there are would be made again."""
    for head in HEADS.builtin:
        found = Recipe(head, 0, 3).state(SPEC)["sources"]
        assert not {"heads/__init__.py", "plugins.py"} & set(found)
        assert not any(name.startswith(("plugin/", "conformance/")) for name in found)
