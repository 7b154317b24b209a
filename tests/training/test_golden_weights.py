"""Weights that were trained before a change of the code are trained by it again: heads at the smoke profile, and tiny pre-trainings.

`python tests/training/test_golden_weights.py` writes golden_weights.json anew, after a change that is declared score-changing.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from para_bench.benchmarks.profiles import PROFILES
from para_bench.pretraining import multiview, video
from para_bench.pretraining.clips import Clips
from para_bench.pretraining.loop import Loop
from para_bench.pretraining.play import play
from para_bench.rollouts.config import RunConfig
from para_bench.training.saved import WEIGHTS
from para_bench.training.trained import trained

GOLDEN = Path(__file__).with_name("golden_weights.json")
HEADS, PRETRAININGS = ("para", "global_token", "diffusion"), ("multiview", "video")
CPU = torch.device("cpu")
TOLERANCE = 0.02
"""Of a tensor's norm, on another machine: AVX2 for AVX-512 and two threads for one moved these figures by up to 0.0023."""


def environment() -> dict[str, str]:
    """What the bits of a weight depend on beside our code."""
    packages = {name: version(name) for name in ("torch", "numpy", "timm", "torchvision", "mujoco")}
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    models = [line for line in lines if line.split("\t")[0] in ("vendor_id", "cpu family", "model", "model name")]
    processor = " ".join(line.partition(":")[2].strip() for line in models[:4]) or platform.processor()
    return {**packages, "instructions": torch.backends.cpu.get_cpu_capability(), "processor": processor}


def train_head(name: str, out: Path) -> Path:
    config = RunConfig("id", (name,), PROFILES["smoke"], 1)
    return trained(config.recipe(name, 0, config.find_split().training), out, CPU, progress=False) / WEIGHTS


def pretrain(name: str, out: Path) -> Path:
    path = out / f"{name}.safetensors"
    if name == "multiview":
        return multiview.pretrain(multiview.Settings(Loop(4, 1e-3, evaluations=2), batch=2, image_size=64), path, CPU, workers=0)
    clips = Clips(play(3), 32, progress=False)
    return video.pretrain(video.Settings(Loop(6, 1e-3, evaluations=2), batch=2, image_size=32), [clips], clips, path, CPU, progress=False)


def figures(path: Path) -> dict[str, list[float]]:
    """Of each tensor: size, norm, mean, and its first, middle and last entry."""
    found = {}
    for name, value in load_file(path).items():
        flat = value.double().flatten()
        entries = [flat[place].item() for place in (0, len(flat) // 2, len(flat) - 1)]
        found[name] = [len(flat), *(float(f"{number:.6g}") for number in (flat.norm().item(), flat.mean().item(), *entries))]
    return found


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One folder, so that the heads share demonstrations and features; one thread, as the golden weights were trained with."""
    folder, threads = tmp_path_factory.mktemp("golden"), torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARA_BENCH_CACHE", str(folder / "cache"))
        patch.setattr(multiview, "VALIDATION_WORLDS", 2)
        yield folder
    torch.set_num_threads(threads)


@pytest.mark.integration
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in ("para", "diffusion") else name for name in (*HEADS, *PRETRAININGS)]
)
def test_the_weights_are_those_of_the_code_before(name: str, out: Path) -> None:
    golden = json.loads(GOLDEN.read_text())
    made = train_head(name, out) if name in HEADS else pretrain(name, out)
    if environment() == golden["environment"]:
        assert digest(made) == golden["weights"][name]["sha256"]
    compare(figures(made), golden["weights"][name]["figures"])


def compare(found: dict[str, list[float]], expected: dict[str, list[float]]) -> None:
    assert list(found) == list(expected)
    for name, (size, norm, mean, *entries) in expected.items():
        assert found[name][0] == size, name
        scale = norm / np.sqrt(size) + 1e-6  # root mean square of the entries
        assert abs(found[name][1] - norm) <= TOLERANCE * norm + 1e-6, name
        assert abs(found[name][2] - mean) <= TOLERANCE * scale, name
        np.testing.assert_allclose(found[name][3:], entries, atol=10 * TOLERANCE * scale, rtol=TOLERANCE, err_msg=name)


def test_other_weights_are_told_apart() -> None:
    """The comparison that stands for the hash on another machine sees a tenth of a standard deviation."""
    figures_of = json.loads(GOLDEN.read_text())["weights"]["para"]["figures"]
    compare(figures_of, figures_of)
    name = next(name for name, row in figures_of.items() if row[0] > 1000)
    size, norm, *rest = figures_of[name]
    for changed in ([size + 1, norm, *rest], [size, 1.1 * norm, *rest], [size, norm, rest[0] + 0.1 * norm / size**0.5, *rest[1:]]):
        with pytest.raises(AssertionError):
            compare({**figures_of, name: changed}, figures_of)


def write(folder: Path) -> None:
    torch.set_num_threads(1)
    os.environ["PARA_BENCH_CACHE"] = str(folder / "cache")
    multiview.VALIDATION_WORLDS = 2
    found: dict[str, Any] = {}
    for name in (*HEADS, *PRETRAININGS):
        made = train_head(name, folder) if name in HEADS else pretrain(name, folder)
        rows = [f"    {json.dumps(tensor)}: {json.dumps(row)}" for tensor, row in figures(made).items()]
        found[name] = f'{{"sha256": "{digest(made)}", "figures": {{\n' + ",\n".join(rows) + "}}"
    weights = ",\n".join(f'  "{name}": {text}' for name, text in found.items())
    GOLDEN.write_text(f'{{"environment": {json.dumps(environment())},\n"weights": {{\n{weights}}}}}\n')


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        write(Path(made))
