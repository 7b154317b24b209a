"""Which checkpoint is meant by a head and a seed: exactly one, or a line that says which there are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from para_bench.report.checkpoints import find_folder, find_trained, recipe_of, weights_hash
from para_bench.types import ParaBenchError


@pytest.fixture
def checkpoint(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str, head: str = "para", seed: int = 0, training: str = "default") -> Path:
        folder = tmp_path / "checkpoints" / name
        folder.mkdir(parents=True)
        recipe = {"head": head, "train_seed": seed, "backbone": "lite0", "training": {"name": training}}
        (folder / "config.json").write_text(json.dumps({"state": {"recipe": recipe}, "format": 2}))
        (folder / "model.safetensors").write_text(name)
        return folder

    return make


def test_the_one_that_is_asked_for(checkpoint: Callable[..., Path], tmp_path: Path) -> None:
    one, two, other = checkpoint("a"), checkpoint("b", seed=1), checkpoint("c", training="left")
    assert find_trained(tmp_path, "para", 1) == two
    assert find_trained(tmp_path, "para", 0, "left") == other
    assert find_trained(one, "whatever", 7) == one
    assert recipe_of(two)["train_seed"] == 1


def test_one_code_with_two_names_has_two_folders_of_the_same_weights(checkpoint: Callable[..., Path], tmp_path: Path) -> None:
    folders = {head: checkpoint(name, head) for name, head in (("a", "mine:Head"), ("b", "short"), ("c", "again"))}
    for folder in folders.values():
        (folder / "model.safetensors").write_text("the same")
    digest = weights_hash(folders["short"])
    for head, folder in folders.items():
        assert find_folder(tmp_path, digest, head) == find_trained(tmp_path, head, 0) == folder
    assert find_folder(tmp_path, digest, "renamed") in folders.values()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("act", 0), r"^no checkpoint of head act, training seed 0 in .*; allowed: para \(seed 0\)$"),
        (("para", 0, "grid"), "training seed 0, training set grid in"),
        (("para", 0), r"^2 checkpoints of para, seed 0; allowed: one, as --training or as the folder "),
    ],
)
def test_none_or_several(arguments: tuple, words: str, checkpoint: Callable[..., Path], tmp_path: Path) -> None:
    checkpoint("a")
    checkpoint("b", training="left")
    with pytest.raises(ParaBenchError, match=words):
        find_trained(tmp_path, *arguments)


def test_no_results(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match="allowed: a results folder with its checkpoints"):
        find_trained(tmp_path, "para", 0)


@pytest.mark.parametrize("damage", ["{", "{}", '{"state": {"recipe": {"head": 3}}}'])
def test_a_damaged_one_is_told(damage: str, checkpoint: Callable[..., Path]) -> None:
    folder = checkpoint("a")
    (folder / "config.json").write_text(damage)
    with pytest.raises(ParaBenchError, match=r"config\.json is damaged"):
        recipe_of(folder)
