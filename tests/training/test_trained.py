"""From a recipe to its checkpoint: trained once, continued where it was cut off, started from its base."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from para_bench.data.dataset import Windows
from para_bench.training.saved import CONFIG, WEIGHTS
from para_bench.training.start import find_checkpoint
from para_bench.training.trained import _changed, trained

CPU = torch.device("cpu")


def batches(tiny: Any, monkeypatch: pytest.MonkeyPatch, stop_at: int | None = None) -> list[int]:
    """Gets a number for each batch of training that is taken from now on; an interrupt comes instead of the one at `stop_at`."""
    taken, take, size = list[int](), Windows.take, tiny.recipe.train.batch

    def counted(self: Windows, index: np.ndarray) -> Any:
        if len(index) == size:
            if len(taken) == stop_at:
                raise KeyboardInterrupt
            taken.append(len(taken))
        return take(self, index)

    monkeypatch.setattr(Windows, "take", counted)
    return taken


@pytest.mark.integration
def test_a_checkpoint_is_trained_once(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = batches(tiny, monkeypatch)
    before = (tiny.folder / WEIGHTS).stat().st_mtime_ns
    assert trained(tiny.recipe, tiny.out, CPU, progress=False) == tiny.folder == find_checkpoint(tiny.recipe, tiny.out)
    assert (taken, (tiny.folder / WEIGHTS).stat().st_mtime_ns) == ([], before)
    assert find_checkpoint(replace(tiny.recipe, train_seed=1), tiny.out) is None
    assert find_checkpoint(tiny.recipe, tiny.out / "elsewhere") is None


@pytest.mark.integration
def test_a_training_that_was_cut_off_continues_to_the_same_weights(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = replace(tiny.recipe, train_seed=1, train=replace(tiny.recipe.train, steps=4))
    monkeypatch.setattr("para_bench.optimisation.loop.SAVE_SECONDS", -1)  # a state after every step
    with monkeypatch.context() as patch:
        taken = batches(tiny, patch, stop_at=3)
        with pytest.raises(KeyboardInterrupt):
            trained(recipe, tiny.out, CPU, progress=False)
        assert find_checkpoint(recipe, tiny.out) is None
    with monkeypatch.context() as patch:
        taken = batches(tiny, patch)
        folder = trained(recipe, tiny.out, CPU, progress=False)
    assert len(taken) == 1 + 1  # the last step, and one more batch whose operations are counted
    assert sorted(path.name for path in folder.iterdir()) == [CONFIG, "curve.csv", WEIGHTS]
    kept = (folder / WEIGHTS).read_bytes()
    (folder / CONFIG).unlink()  # without it there is no checkpoint: trained from the start
    assert trained(recipe, tiny.out, CPU, progress=False) == folder
    assert (folder / WEIGHTS).read_bytes() == kept


@pytest.mark.integration
def test_the_checkpoint_that_it_starts_from_is_trained_first(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    still = replace(tiny.recipe.train, learning_rate=1e-12)
    recipe = replace(tiny.recipe, train_seed=2, base=tiny.recipe, train=still)
    assert find_checkpoint(recipe, tiny.out) is None
    tuned = load_file(trained(recipe, tiny.out, CPU, progress=False) / WEIGHTS)
    for name, value in load_file(tiny.folder / WEIGHTS).items():
        torch.testing.assert_close(tuned[name], value, atol=1e-6, rtol=1e-4)
    missing = replace(recipe, base=replace(tiny.recipe, train_seed=3))
    assert find_checkpoint(missing, tiny.out) is None
    trained(missing, tiny.out, CPU, progress=False)
    assert missing.base is not None
    base = find_checkpoint(missing.base, tiny.out)
    assert base is not None
    assert find_checkpoint(missing, tiny.out) is not None
    (base / CONFIG).unlink()  # of one whose base is gone, nothing can be said
    assert find_checkpoint(missing, tiny.out) is None


@pytest.mark.integration
@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('{"state": {"suite_version": "0"}}', "suite_version 0 -> 1"),
        ("{}", "by code that left no record of its state"),
        ("[]", "by code that left no record of its state"),
        ('{"state": 3}', "by code that left no record of its state"),
        ("[" * 100_000, "by code that left no record of its state"),
    ],
    ids=["older", "nothing", "list", "number", "deep"],
)
def test_why_it_is_trained_again_is_told(config: str, words: str, tiny: Any) -> None:
    """By whatever lies beside it, which decides nothing."""
    recipe = replace(tiny.recipe, train_seed=9)
    older = tiny.out / "checkpoints" / f"{recipe.name}-older"
    older.mkdir(exist_ok=True)
    (older / CONFIG).write_text(config)
    assert _changed(tiny.out / "checkpoints" / f"{recipe.name}-now", recipe, {"suite_version": "1"}).startswith(words)
