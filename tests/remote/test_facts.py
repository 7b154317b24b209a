"""The fairness record of a checkpoint of lerobot, from its configuration, its training's and the data set that it was trained on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from torch import nn

from para_bench.lerobot_data.features import ABOUT
from para_bench.remote.facts import facts_of
from para_bench.report.fairness.facts import checked
from para_bench.types import ParaBenchError


@dataclass
class Config:
    vision_backbone: str = "resnet18"
    chunk_size: int = 12
    device: str = "cpu"
    pretrained_path: str = "/home/me/x"
    input_features: dict[str, Any] = field(default_factory=dict)
    type = "act"


def test_what_is_known_is_stated(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / ABOUT).parent.mkdir(parents=True)
    (data / ABOUT).write_text(json.dumps({"scenes": [1, 2, 3], "hash": "0123456789abcdef", "image_size": 64, "views": [[0, 1], [0]]}))
    training = {
        "steps": 100,
        "batch_size": 8,
        "optimizer": {"type": "adamw", "lr": 1e-5, "betas": [0.9, 0.99]},
        "dataset": {"root": str(data)},
    }
    (tmp_path / "train_config.json").write_text(json.dumps(training))
    found = facts_of(tmp_path, Config(), nn.Linear(3, 2))
    assert found == {
        "all_parameters": 8,
        "backbone": "resnet18",
        "learning_rate": 1e-5,
        "steps": 100,
        "batch": 8,
        "optimiser": {"type": "adamw"},
        "settings": {"type": "act", "vision_backbone": "resnet18", "chunk_size": 12},
        "training_code": "lerobot",
        "demonstrations": 3,
        "demonstrations_hash": "0123456789abcdef",
        "image_px": 64,
        "cameras": "2",
        "rooms": "1",
    }
    assert checked(found) == found


def test_what_is_not_known_is_left_out(tmp_path: Path) -> None:
    found = facts_of(tmp_path, Config(), nn.Linear(3, 2))
    assert set(found) == {"all_parameters", "backbone", "settings", "training_code"}
    (tmp_path / "train_config.json").write_text(json.dumps({"steps": "many", "optimizer": None, "dataset": {"root": "/nowhere"}}))
    assert facts_of(tmp_path, Config(), nn.Linear(3, 2)) == found
    (tmp_path / "train_config.json").write_text("[")
    with pytest.raises(ParaBenchError, match=r"train_config\.json is damaged"):
        facts_of(tmp_path, Config(), nn.Linear(3, 2))
