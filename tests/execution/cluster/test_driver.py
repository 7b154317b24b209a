"""A run whose cells are tasks: the same records as on one machine, found again, and what does not fit is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from para_bench.commands.run import Run
from para_bench.execution.cluster.driver import Driver
from para_bench.execution.cluster.tasks import Tasks
from para_bench.options import ExecutorOptions, MachineOptions, SizeOptions, TrainingOptions
from para_bench.types import ParaBenchError


def lines(path: Path) -> list[bytes]:
    return sorted(re.sub(rb'"seconds":[^,]+,', b"", path.read_bytes()).splitlines())


def files(out: Path) -> dict[str, bytes]:
    kept = ("model.safetensors", "scenes.jsonl", "frames.npz", "meta.json")
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.name in kept}


@pytest.mark.integration
@pytest.mark.parametrize("split", ["id", "view_adaptation"])  # the second has trainings that start from others
def test_records_are_those_of_one_machine(
    split: str, fake_ray: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(out: str, executor: str) -> Path:
        monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / f"cache of {executor}"))
        size, training = SizeOptions(demos=1, episodes=1, steps=2, batch=2, copies=0), TrainingOptions(image_size=64)
        machine = MachineOptions(workers=1, out=tmp_path / out, device="cpu")
        how = {"size": size, "training": training, "machine": machine, "videos": False, "cluster": ExecutorOptions(executor)}  # pyright: ignore[reportArgumentType]
        Run(("para", "global_token"), split, profile="smoke", **how)()
        return tmp_path / out

    here, there = run("here", "local"), run("there", "ray")
    said = capsys.readouterr().out
    assert lines(there / split / "episodes.jsonl") == lines(here / split / "episodes.jsonl") != []
    assert files(there) == files(here)
    assert not fake_ray.connected
    tasks, before = len(fake_ray._objects), (there / split / "episodes.jsonl").read_bytes()
    run("there", "ray")  # finds everything
    assert len(fake_ray._objects) == tasks
    assert (there / split / "episodes.jsonl").read_bytes() == before
    rates = [line for line in said.splitlines() if "%" in line]
    assert [line for line in capsys.readouterr().out.splitlines() if "%" in line] == rates[len(rates) // 2 :] != []
    assert {path.name for path in (fake_ray.cache / "nodes").iterdir()} == {"checkpoints"}


def test_devices_are_those_of_the_cluster(fake_ray: Any) -> None:
    driver = Driver(Tasks(fake_ray))
    assert driver._device("auto") == driver._device("cpu") == "cpu"
    with pytest.raises(ParaBenchError, match="--device is 'cuda' on a cluster of 0 GPUs; allowed there: auto, cpu"):
        driver._device("cuda")
    fake_ray.resources["GPU"] = 2.0
    assert driver._device("auto") == driver._device("cuda") == "cuda"
    with pytest.raises(ParaBenchError, match="--device is 'cuda:1' on a cluster of 2 GPUs; allowed there: auto, cpu, cuda"):
        driver._device("cuda:1")


def test_a_checkpoint_of_another_name_is_refused(fake_ray: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from para_bench.benchmarks.profiles import PROFILES
    from para_bench.execution.cluster import driver as module
    from para_bench.rollouts.config import RunConfig
    from para_bench.training.recipe import Recipe

    monkeypatch.setattr(module, "train_cell", other_code)
    monkeypatch.setattr(module, "prepare_cell", nothing)
    run = RunConfig("id", ("para",), PROFILES["smoke"], out=tmp_path, device="cpu")
    with pytest.raises(ParaBenchError, match="a node trained para-of-another-code; allowed: para-"):
        Driver(Tasks(fake_ray)).train([Recipe("para", 0, 3)], run)
    assert not (tmp_path / "checkpoints").exists()


def other_code(cell: Any, fetch: Any) -> Any:
    return "para-of-another-code", {"config.json": b"{}"}


def nothing(cell: Any, fetch: Any) -> Any:
    return {}
