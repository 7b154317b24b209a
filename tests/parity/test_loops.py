"""lerobot's policies in our loop are trained as our heads are."""

from __future__ import annotations

import copy

import torch
from torch import nn

from para_bench.optimisation.loop import TrainConfig, _average, schedule
from parity import loops


def test_constants_are_ours() -> None:
    found = TrainConfig(
        warmup=loops.WARMUP, weight_decay=loops.WEIGHT_DECAY, clip=loops.CLIP, ema_power=loops.EMA_POWER, ema_max=loops.EMA_MAX
    )
    assert found == TrainConfig()


def test_schedule_is_ours() -> None:
    for steps in (20, 1600):
        config = TrainConfig(steps=steps)
        assert [loops.our_share(step, steps) for step in range(steps)] == [schedule(step, config) for step in range(steps)]


def test_updates_are_ours() -> None:
    torch.manual_seed(0)  # any weights
    policy = nn.Linear(3, 2)
    other, config = copy.deepcopy(policy), TrainConfig(steps=5, learning_rate=1e-2)
    average, optimiser = copy.deepcopy(other), torch.optim.AdamW(other.parameters(), lr=1e-2, weight_decay=config.weight_decay)
    loop = loops.our_loop(policy, 1e-2, 5)
    for step in range(5):
        x = torch.randn(4, 3)
        policy(x).square().mean().backward()
        loop.step(policy, step)
        optimiser.param_groups[0]["lr"] = 1e-2 * schedule(step, config)  # as para_bench.optimisation.loop.train writes it
        optimiser.zero_grad()
        other(x).square().mean().backward()
        nn.utils.clip_grad_norm_(other.parameters(), config.clip)
        optimiser.step()
        _average(average, other, min(config.ema_max, 1 - (1 + step) ** -config.ema_power))
    assert loop.average is not None
    for mine, theirs in ((policy, other), (loop.average, average)):
        torch.testing.assert_close(mine.weight, theirs.weight, rtol=0, atol=0)
