"""Checkpoints on disk: written whole, and read strictly."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from para_bench.heads.base import Head, HeadConfig
from para_bench.heads.create import create_head
from para_bench.optimisation.resume import STATE
from para_bench.training import saved
from para_bench.training.saved import CONFIG, WEIGHTS, HeadSpec, load_head, save_head
from para_bench.types import FeatureSpec, ParaBenchError

SPEC = HeadSpec("para", HeadConfig(width=8), FeatureSpec("toy@01234567", 32, (4,), (8,)))


def head(poison: float = 0.0) -> Head:
    torch.manual_seed(0)  # any weights
    made = create_head(SPEC.head, SPEC.features, SPEC.head_config)
    with torch.no_grad():
        next(made.parameters()).flatten()[0] += poison
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_head(tmp_path / "head", SPEC, head(), {"steps": 5})
    return tmp_path / "head"


def config(change: Callable[[dict], object]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        found = json.loads((folder / CONFIG).read_text())
        change(found)
        (folder / CONFIG).write_text(json.dumps(found))

    return damage


def weights(change: Callable[[dict[str, torch.Tensor]], object]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        found = load_file(folder / WEIGHTS)
        change(found)
        save_file(found, folder / WEIGHTS)

    return damage


def poison(value: float) -> Callable[[dict[str, torch.Tensor]], None]:
    def change(found: dict[str, torch.Tensor]) -> None:
        found["heatmap.weight"].flatten()[3] = value

    return change


def pipe(name: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).unlink()
        os.mkfifo(folder / name)

    return damage


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a list": (lambda folder: (folder / CONFIG).write_text("[]"), "config.json is damaged"),
    "a number": (lambda folder: (folder / CONFIG).write_text("3"), "config.json is damaged"),
    "no text": (lambda folder: (folder / CONFIG).write_bytes(b"\xff\xfe"), "config.json is damaged"),
    "deep": (lambda folder: (folder / CONFIG).write_text("[" * 100_000), "config.json is damaged"),
    "a width in words": (config(lambda found: found["spec"]["head_config"].update(width="8")), "config.json is damaged"),
    "a broken width": (config(lambda found: found["spec"]["head_config"].update(width=8.5)), "config.json is damaged"),
    "a head that is a number": (config(lambda found: found["spec"].update(head=3)), "config.json is damaged"),
    "a horizon in words": (config(lambda found: found["spec"].update(action_horizon="12")), "config.json is damaged"),
    "channels in words": (config(lambda found: found["spec"]["features"].update(channels="4")), "config.json is damaged"),
    "nan": (weights(poison(torch.nan)), "heatmap.weight is not finite; allowed: finite numbers .delete the folder to train again"),
    "inf": (weights(poison(torch.inf)), "heatmap.weight is not finite"),
    "another type": (
        weights(lambda found: found.update({"heatmap.weight": found["heatmap.weight"].double()})),
        "is torch.float64, allowed",
    ),
    "a tensor less": (weights(lambda found: found.pop("heatmap.weight")), "model.safetensors is damaged"),
    "a tensor more": (weights(lambda found: found.update(more=torch.zeros(1))), "model.safetensors is damaged"),
    "another shape": (weights(lambda found: found.update({"heatmap.bias": torch.zeros(3)})), "model.safetensors is damaged"),
    "a pipe for config": (pipe(CONFIG), "is a pipe or a device"),
    "a pipe for weights": (pipe(WEIGHTS), "is a pipe or a device"),
}


@pytest.mark.parametrize("name", list(DAMAGES))
def test_a_damaged_checkpoint_is_told_in_one_line(name: str, folder: Path) -> None:
    damage, words = DAMAGES[name]
    damage(folder)
    with pytest.raises(ParaBenchError, match=words) as told:
        load_head(folder, SPEC.features)
    assert "\n" not in str(told.value)


def test_weights_that_are_not_finite_are_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"^trained weights of para: .* is not finite; allowed: finite numbers"):
        save_head(tmp_path, SPEC, head(torch.nan), {})
    assert list(tmp_path.iterdir()) == []


def test_the_state_of_the_training_goes_when_the_weights_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / STATE).write_bytes(b"state")

    def full(_: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)")

    monkeypatch.setattr(saved, "save_file", full)
    with pytest.raises(ParaBenchError, match=r"^cannot write .*model.safetensors \(.*No space left on device"):
        save_head(tmp_path, SPEC, head(), {})
    assert [path.name for path in tmp_path.iterdir()] == [STATE]
    monkeypatch.undo()
    save_head(tmp_path, SPEC, head(), {})
    assert sorted(path.name for path in tmp_path.iterdir()) == [CONFIG, WEIGHTS]
