"""What a look is said to cost: measured once, through the policy that is rolled out, and never a reason to fail."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from para_bench.backbones.create import create_backbone
from para_bench.benchmarks.conditions import DEFAULT_TRAINING
from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.remote.failures import ServerError
from para_bench.remote.outside import outsides
from para_bench.report.fairness.checkpoint import INFERENCE
from para_bench.rollouts import inference
from para_bench.rollouts.inference import look_ms, measure, measure_outside
from para_bench.rollouts.policy import LearnedPolicy
from para_bench.training.saved import HeadSpec, save_head
from para_bench.types import ActionChunk, Observation

SIZE = 64
"""Small images: what is tested is the bookkeeping, not the speed."""


@pytest.mark.integration
def test_a_checkpoint_is_measured_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backbone = create_backbone("efficientnet_lite0", SIZE)
    config = HeadConfig()
    save_head(tmp_path, HeadSpec("global_token", config, backbone.spec), create_head("global_token", backbone.spec, config), {})
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    measure(tmp_path, "efficientnet_lite0", SIZE)
    found = json.loads((tmp_path / INFERENCE).read_text())
    assert 0 < found["inference_ms"] < 10_000
    assert "1 thread" in found["inference_on"]
    assert torch.get_num_threads() == 2
    torch.set_num_threads(threads)
    monkeypatch.setattr(inference, "look_ms", lambda *_: pytest.fail("measured again"))
    measure(tmp_path, "efficientnet_lite0", SIZE)
    assert json.loads((tmp_path / INFERENCE).read_text()) == found


def test_no_checkpoint_to_look_with_leaves_nothing(tmp_path: Path) -> None:
    measure(tmp_path, "efficientnet_lite0", SIZE)
    assert not (tmp_path / INFERENCE).exists()


class Slow(LearnedPolicy):
    """Each look takes 5 ms, the first ones 40."""

    looks, sees_depth = True, True

    def __init__(self) -> None:
        self.seen: list[Observation | None] = []

    def begin(self, env: object, rng: np.random.Generator) -> None: ...

    def act(self, observation: Observation | None) -> ActionChunk:
        time.sleep(0.04 if len(self.seen) < inference.WARM else 0.005)
        self.seen.append(observation)
        return ActionChunk(np.zeros((12, 5)))


@pytest.mark.integration
def test_the_time_is_that_of_looks_after_warming_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "WARM", 6)  # more than half of all, so that they would be the median
    monkeypatch.setattr(inference, "LOOKS", 5)
    policy = Slow()
    # A sleep may last longer on a busy machine, but not as long as the first looks.
    assert 5 <= look_ms(policy, SIZE, clock=time.perf_counter) < 35
    assert len(policy.seen) == inference.WARM + inference.LOOKS
    assert policy.seen[0] is not None
    assert policy.seen[0].image.shape == (SIZE, SIZE, 3)
    assert look_ms(Slow(), SIZE) < 5  # of CPU time, of which a sleep needs none
    assert policy.seen[0].depth is not None  # it asks for depth


@pytest.mark.integration
def test_a_look_is_measured_on_the_task_that_is_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "LOOKS", 2)
    tasks = []

    class Asked(Slow):
        def begin(self, env: Any, rng: np.random.Generator) -> None:
            tasks.append(env.task.name)

    monkeypatch.setattr(inference, "outside_policy", lambda *_: Asked())
    outside = outsides(["openpi+ws://127.0.0.1:8000"])[0]
    found = measure_outside(outside, SIZE, 12, DEFAULT_TRAINING.on("stack", "so101"))
    assert tasks == ["stack"]
    assert found["inference_ms"] >= 5
    assert found["inference_on"] == "openpi server, there and back, median of 2, task stack"


def test_a_server_that_has_gone_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise ServerError("it is gone")

    monkeypatch.setattr(inference, "outside_policy", gone)
    assert measure_outside(outsides(["openpi+ws://a:1"])[0], SIZE, 12, DEFAULT_TRAINING) == {}
