from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from para_bench.report.fairness.checkpoint import About

KEPT = Path(__file__).parents[3] / "results/v1/baselines/ci/para/config.json"
"""Written by a training run, so that what is read is what is written."""


@pytest.fixture
def config() -> dict[str, Any]:
    return json.loads(KEPT.read_text())


@pytest.fixture
def heads() -> dict[str, About]:
    """`para` was searched for and sees the calibration; `act` was not."""
    return {"para": About("RGB + calibration", "0.0003, 0.003 (20 demos)", 0.003), "act": About("RGB")}


@pytest.fixture
def trained(tmp_path: Path, config: dict[str, Any]) -> Callable[..., Path]:
    """Makes the folder of a checkpoint below tmp_path/checkpoints; `change` edits its configuration."""

    def make(name: str, change: Callable[[dict], object] = lambda config: None) -> Path:
        folder, own = tmp_path / "checkpoints" / name, copy.deepcopy(config)
        folder.mkdir(parents=True)
        change(own)
        (folder / "config.json").write_text(json.dumps(own))
        (folder / "model.safetensors").write_bytes(name.encode())
        return folder

    return make
