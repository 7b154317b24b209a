"""`para-bench run`: what its options become, what it refuses, and what it leaves behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from para_bench import records
from para_bench.benchmarks.profiles import PROFILES
from para_bench.commands.run import Run
from para_bench.options import MachineOptions, PolicyOptions, SizeOptions, TrainingOptions
from para_bench.records import description
from para_bench.remote.keys import find_keys, from_text
from para_bench.tasks import find_task
from para_bench.types import ParaBenchError

CPU = MachineOptions(device="cpu")


def test_defaults_are_those_of_the_profile_and_options_take_their_place() -> None:
    assert Run(machine=CPU).resolve().profile == PROFILES["default"]
    found = Run(profile="smoke", size=SizeOptions(demos=7, copies=0), training=TrainingOptions(demo_seed=3), machine=CPU).resolve()
    assert (found.profile.demos, found.profile.copies, found.profile.episodes) == (7, 0, PROFILES["smoke"].episodes)
    assert (found.demo_seed, found.split, found.heads, found.device) == (3, "novel_view", ("para",), "cpu")


@pytest.mark.parametrize("split", ["id", "stack.id"])
def test_another_task_is_named_in_the_split_and_trains_on_its_own_demonstrations(split: str) -> None:
    found = Run(split=split, task="stack" if split == "id" else "place", machine=CPU).resolve()
    assert found.split == "stack.id"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"task": "fold"}, "task 'fold' is unknown; allowed: place, stack"),
        ({"robot": "hand"}, "robot 'hand' is unknown; allowed: so101"),
        ({"split": "nowhere"}, "split 'nowhere' is unknown; allowed: id, novel_view"),
        ({"profile": "huge"}, "profile 'huge' is unknown; allowed: smoke, default, paper"),
        ({"training": TrainingOptions(backbone="nothing")}, "'nothing'.*allowed: .*efficientnet_lite0"),
        ({"machine": MachineOptions(device="cuda:99")}, "--device is 'cuda:99'; allowed here: auto, cpu"),
        (
            {"head": ("oracle", "noop"), "training": TrainingOptions(learning_rate=0.1)},
            "^--learning-rate with oracle, noop alone, which trains nothing; allowed: with a head",
        ),
        ({"head": ("oracle",), "log": "wandb"}, "^--log with oracle alone"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_what_cannot_be_run_is_one_line_with_what_is_allowed(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ParaBenchError, match=message) as told:
        Run(**{"machine": CPU, **options}).resolve()
    assert len(str(told.value).splitlines()) == 1


def test_an_unknown_head_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match="head 'nobody' is unknown; allowed: para, "):
        Run(head=("nobody",), machine=MachineOptions(out=tmp_path / "runs", device="cpu"))()
    assert not (tmp_path / "runs").exists()


@pytest.mark.integration
def test_a_run_of_another_task_is_told_as_such(tiny) -> None:
    found = records.read(tiny.folder)
    assert {(r.task, r.split) for r in found} == {("stack", "stack.new_environment")}
    assert {r.head for r in found if r.success_at_end} == {"oracle"}
    assert {r.stage for r in found if r.head == "oracle"} == {"stack"}
    said = description.read(tiny.folder)
    assert said is not None
    assert (said.task, said.stages) == ("stack", find_task("stack").stages)
    assert json.loads((tiny.folder / "config.json").read_text())["split"] == tiny.folder.name
    assert "none/reach/grasp/lift/stack" in tiny.said
    assert [path.name.partition("-")[0] for path in sorted((tiny.out / "demonstrations").iterdir())] == ["stack.default"] * 2


@pytest.mark.integration
def test_a_finished_run_loads_neither_torch_nor_the_simulator(tiny, tmp_path: Path) -> None:
    """Its tables are printed again from what is there."""
    out = shutil.copytree(tiny.out, tmp_path / "runs")
    size = ["--profile", "smoke", "--demos", "1", "--episodes", "1", "--steps", "2", "--batch", "2", "--copies", "0", "--image-size", "64"]
    words = ["run", "--head", "para", "global_token", "--split", "stack.new_environment", *size, "--no-videos", "--out", str(out)]
    code = "import json, sys\nfrom para_bench.cli import main\nmain()\nprint(json.dumps(sorted(sys.modules)))"
    environment = {**os.environ, "PARA_BENCH_CACHE": str(tiny.out.parent / "cache")}
    before = (out / "stack.new_environment" / "episodes.jsonl").read_bytes()
    for _ in range(2):  # the first one may have to learn the hash of the backbone
        done = subprocess.run(
            [sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True, timeout=120, check=False
        )
    assert done.returncode == 0, done.stderr
    *said, modules = done.stdout.splitlines()
    assert {"torch", "torchvision", "timm", "mujoco"} & set(json.loads(modules)) == set()
    assert [line for line in said if "%" in line] == [line for line in tiny.said.splitlines() if "%" in line] != []
    assert (out / "stack.new_environment" / "episodes.jsonl").read_bytes() == before


def test_a_policy_of_others_takes_the_place_of_the_default_head_and_stands_beside_those_that_are_named() -> None:
    asked = PolicyOptions(("openpi+ws://127.0.0.1:1",), ("pi",), ("libero",), ("v1",), 3.0)
    found = Run(policies=asked, machine=CPU).resolve()
    assert (found.heads, found.rows) == ((), ("pi",))
    (policy,) = found.policies
    assert (policy.version, policy.timeout_s, from_text(policy.keys)) == ("v1", 3.0, find_keys("libero"))
    assert Run(head=("act",), policies=asked, machine=CPU).resolve().rows == ("act", "pi")
    assert Run(machine=CPU, replan_steps=4).resolve().replan_steps == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"policy": ("ws://x:1",)}, "^--policy is 'ws://x:1'; allowed: openpi"),
        ({"policy": ("mine:make",), "policy_keys": ("nothing",)}, "^--policy-keys nothing; allowed: aloha, droid"),
    ],
)
def test_what_is_wrong_about_a_policy_is_one_line(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ParaBenchError, match=message):
        Run(policies=PolicyOptions(**options), machine=CPU).resolve()


def test_a_server_that_is_not_there_is_told_before_anything_is_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("para_bench.remote.policy.FIRST_PATIENCE_S", 0.1)
    monkeypatch.setattr("para_bench.training.trained.trained", lambda *_: pytest.fail("trained"))
    machine = MachineOptions(out=tmp_path / "runs", device="cpu")
    with pytest.raises(ParaBenchError, match=r"^policy server openpi\+ws://127\.0\.0\.1:1 cannot be reached"):
        Run(head=("para",), policies=PolicyOptions(("openpi+ws://127.0.0.1:1",)), machine=machine)()
    assert not list((tmp_path / "runs").rglob("*.safetensors"))
