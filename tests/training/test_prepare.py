"""What a training reads is made once, and shared by all that ask for the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch

from para_bench.data.augmentation import Augmentation
from para_bench.demonstrations.frames import FrameImages
from para_bench.training.prepare import prepare, read_inputs

CPU = torch.device("cpu")


@pytest.mark.integration
def test_what_is_there_is_read_and_not_made_again(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(*_: object) -> None:
        pytest.fail("made again")

    monkeypatch.setattr("para_bench.demonstrations.collect.collect", again)
    monkeypatch.setattr(FrameImages, "__call__", again)
    found = read_inputs(tiny.recipe, None, tiny.out, CPU, progress=False)
    assert found.found.scenes != found.held_out.scenes
    assert len(found.windows) == len(found.found.frames)
    other = replace(tiny.recipe, head="global_token", train_seed=4)  # shares all of it
    windows, held_out = prepare(other, tiny.out, CPU, progress=False)
    assert torch.equal(windows.batch.actions, found.windows.batch.actions)
    assert torch.equal(held_out.batch.actions, found.held_out_windows.batch.actions)
    with pytest.raises(pytest.fail.Exception):
        prepare(replace(other, demo_seed=1), tiny.out, CPU, progress=False)


@pytest.mark.integration
def test_copies_are_for_training_and_depth_for_heads_that_see_it(tiny: Any) -> None:
    recipe = replace(tiny.recipe, head="point_cloud", augmentation=Augmentation(copies=1))
    found = read_inputs(recipe, None, tiny.out, CPU, progress=False)
    assert len(found.windows) == 2 * len(found.found.frames)
    assert len(found.held_out_windows) == len(found.held_out.frames)  # the curve is of images as they were
    assert found.windows.batch.depth is not None
    assert found.held_out_windows.batch.depth is not None
    assert read_inputs(tiny.recipe, None, tiny.out, CPU, progress=False).windows.batch.depth is None


@pytest.mark.integration
def test_a_backbone_is_frozen_unless_the_recipe_trains_it(tiny: Any) -> None:
    recipes = (tiny.recipe, replace(tiny.recipe, finetune=True), replace(tiny.recipe, pretrained=False))
    frozen, tuned, scratch = (read_inputs(recipe, None, tiny.out, CPU, progress=False).backbone for recipe in recipes)
    assert (frozen.frozen, tuned.frozen) == (True, False)
    assert scratch.spec.backbone != frozen.spec.backbone  # its hash names the weights
