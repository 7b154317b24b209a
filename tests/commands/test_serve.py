"""`para-bench serve`: outcomes are the checkpoint's, bit for bit, on both protocols; it ends cleanly and listens where it is told."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from para_bench import records
from para_bench.commands.run import Run
from para_bench.commands.serve import PRESETS, Serve
from para_bench.heads.base import SEES
from para_bench.options import MachineOptions, PolicyOptions, SizeOptions, TrainingOptions
from para_bench.records.description import CONTROL
from para_bench.remote.keys import presets
from para_bench.types import ParaBenchError

pytestmark = pytest.mark.integration
MAIN = "from para_bench.cli import main; main()"


@pytest.fixture
def serving(tiny: Any) -> Iterator[Callable[..., tuple[subprocess.Popen, str]]]:
    """Starts the command; returns its process and what it says first."""
    started: list[subprocess.Popen] = []

    def start(*words: str) -> tuple[subprocess.Popen, str]:
        command = [sys.executable, "-c", MAIN, "serve", str(tiny.out), "--port", "0", *words]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "openpi+ws://" in line, process.communicate(timeout=10)[1]
        return process, line

    yield start
    for process in started:
        process.kill()
        process.communicate()


def addresses(line: str) -> list[str]:
    return re.findall(r"(?:openpi|vla-eval)\+ws://\S+", line)


def test_episodes_through_the_server_are_those_of_the_checkpoint(tiny: Any, serving: Callable, tmp_path: Path) -> None:
    process, line = serving("--head", "para")
    assert len(addresses(line)) == 2
    Run(
        policies=PolicyOptions(tuple(addresses(line)), ("by_openpi", "by_vla_eval")),
        split="new_environment",
        task="stack",
        profile="smoke",
        size=SizeOptions(episodes=1),
        training=TrainingOptions(image_size=64),
        machine=MachineOptions(workers=1, out=tmp_path, device="cpu"),
        videos=False,
    )()
    own = ("head", "seconds", "checkpoint_hash", "policy_hash", "backbone", "demos")

    def outcomes(folder: Path, head: str) -> list[dict[str, Any]]:
        found = [vars(record) for record in records.read(folder) if record.head == head]
        return [{name: value for name, value in record.items() if name not in own} for record in found]

    wanted = outcomes(tiny.folder, "para")
    assert {(record["condition"], record["level"]) for record in wanted} > {CONTROL}
    for head in ("by_openpi", "by_vla_eval"):
        assert outcomes(tmp_path / tiny.folder.name, head) == wanted
    process.send_signal(signal.SIGINT)
    said, wrong = process.communicate(timeout=20)
    assert process.returncode == 0, wrong
    assert re.search(r"^stopped after \d+ looks$", said, re.MULTILINE)
    assert wrong == ""


def test_noise_is_that_of_the_episode(tiny: Any, serving: Callable) -> None:
    """Of the served policy as of one in this process, look after look, though two clients ask in turn."""
    from types import SimpleNamespace
    from typing import cast

    import numpy as np

    from para_bench.remote.outside import outsides
    from para_bench.remote.policy import RemotePolicy
    from para_bench.report.checkpoints import find_trained, recipe_of
    from para_bench.rollouts.meeting import first_look
    from para_bench.rollouts.policy import load_policy

    _, line = serving("--head", "global_token")
    env = cast(Any, SimpleNamespace(task_description="stack", image_size=64))
    one, other = (RemotePolicy(outside, 12) for outside in outsides(addresses(line)))
    folder = find_trained(tiny.out, "global_token", 0)
    mine, look = load_policy(folder, recipe_of(folder)["backbone"], 64), first_look(64)
    look = replace(look, depth=None)
    for policy in (mine, one, other):
        policy.begin(env, np.random.default_rng(5))
    for _ in range(2):
        actions = [policy.act(look).actions for policy in (mine, one, other)]
        np.testing.assert_allclose(actions[1], actions[0], atol=1e-5)  # this process may have another number of threads
        np.testing.assert_array_equal(actions[1], actions[2])


@pytest.mark.parametrize("options", [{"head": "act"}, {"seed": 3}, {"training": "left"}])
def test_one_checkpoint_is_not_chosen_by_its_head(tiny: Any, options: dict[str, Any]) -> None:
    (folder,) = (tiny.out / "checkpoints").glob("global_token*")
    with pytest.raises(
        ParaBenchError, match=f"^--{next(iter(options))} with .*global_token.*, which is one checkpoint; allowed: without it"
    ):
        Serve(folder, **options)()


def test_another_machine_s_address_is_warned_of(serving: Callable) -> None:
    process, line = serving("--host", "0.0.0.0")
    assert "0.0.0.0:" in line
    process.send_signal(signal.SIGTERM)
    _, wrong = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "WARNING: 0.0.0.0 is reached from other machines, and anybody there may use it" in wrong


def test_every_head_has_a_preset_that_gives_it_what_it_sees() -> None:
    assert {*PRESETS} == {*SEES}
    assert {*PRESETS.values()} <= {*presets()}
