"""Where a training starts: known without collecting or training, and only once what it starts from is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from para_bench.training.made_weights import weights_path
from para_bench.training.saved import BACKBONE_WEIGHTS
from para_bench.training.start import start_of

pytestmark = pytest.mark.integration


def test_a_finished_training_is_found(tiny: Any) -> None:
    start = start_of(tiny.recipe, None, tiny.out)
    assert start is not None
    assert (start.folder, start.done, start.base, start.weights, start.made_here) == (tiny.folder, True, None, None, False)
    other = start_of(replace(tiny.recipe, train_seed=8), None, tiny.out)
    assert other is not None
    assert not other.done
    assert other.state != start.state


def test_a_tuned_backbone_is_that_of_the_checkpoint_before(tiny: Any, tmp_path: Path) -> None:
    recipe = replace(tiny.recipe, base=tiny.recipe)
    frozen = start_of(recipe, tmp_path, tiny.out)
    assert frozen is not None
    assert (frozen.base, frozen.weights) == (tmp_path, None)
    with pytest.raises(Exception, match=BACKBONE_WEIGHTS):
        start_of(replace(recipe, finetune=True), tmp_path, tiny.out)  # the folder holds none


def test_weights_that_are_made_here_come_first(tiny: Any, tmp_path: Path) -> None:
    recipe = replace(tiny.recipe, backbone="video", backbone_steps=1)
    assert weights_path(recipe, tmp_path) is not None
    assert start_of(recipe, None, tmp_path) is None
    scratch = start_of(replace(recipe, pretrained=False), None, tmp_path)
    assert scratch is not None
    assert not scratch.made_here
