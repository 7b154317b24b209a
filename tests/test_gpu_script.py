"""perf/gpu.py where no GPU is at hand: two devices that are the same train the same weights, and a difference is told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from perf_scripts import PERF, script


@pytest.mark.parametrize(
    ("same", "loss", "weights", "holds"),
    [(True, (1.0, 1.01), 0.01, True), (False, (1.0, 1.0), 0.0, False), (True, (1.0, 1.1), 0.0, False), (True, (1.0, 1.0), 0.1, False)],
)
def test_a_difference_is_told(same: bool, loss: tuple[float, float], weights: float, holds: bool) -> None:
    row = script("gpu").Row
    assert row("run", "para", same, loss, weights, (1.0, 1.0)).holds is holds


@pytest.mark.slow
def test_a_device_is_like_itself(tmp_path: Path) -> None:
    words = ["--devices", "cpu", "cpu", "--only", "run", "--out", str(tmp_path / "gpu.json")]
    done = subprocess.run([sys.executable, str(PERF / "gpu.py"), *words], capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = json.loads((tmp_path / "gpu.json").read_text())["rows"]
    assert {row["checkpoint"].partition("-")[0] for row in rows} == {"para", "global_token", "diffusion"}
    assert all(row["weights"] == 0 and row["loss"][0] == row["loss"][1] for row in rows)
