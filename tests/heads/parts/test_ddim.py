"""Our schedule and sampling against `diffusers`, from which Diffusion Policy takes both."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler

from para_bench.heads.diffusion import TEST_STEPS, TRAIN_STEPS
from para_bench.heads.parts.ddim import leading, sample, spread, squared_cosine


def scheduler(target: str) -> DDIMScheduler:
    """As configured by Diffusion Policy (config/train_diffusion_unet_real_image_workspace.yaml), with our number of steps at test."""
    found = DDIMScheduler(
        num_train_timesteps=TRAIN_STEPS,
        beta_schedule="squaredcos_cap_v2",
        clip_sample=True,
        set_alpha_to_one=True,
        steps_offset=0,
        prediction_type={"noise": "epsilon"}.get(target, target),
    )
    found.set_timesteps(TEST_STEPS)
    return found


def denoise(x: torch.Tensor, step: torch.Tensor) -> torch.Tensor:
    """Any smooth function of both that runs into the clipping."""
    return 2 * torch.sin(3 * x + step / 10)


def test_schedule_and_steps_are_those_of_diffusers() -> None:
    source = scheduler("noise")
    np.testing.assert_allclose(squared_cosine(TRAIN_STEPS), source.alphas_cumprod.numpy(), rtol=1e-4)  # theirs are float32
    assert leading(TRAIN_STEPS, TEST_STEPS).tolist() == source.timesteps.tolist()
    assert spread(TRAIN_STEPS, TEST_STEPS).tolist() == [99, 88, 77, 66, 55, 44, 33, 22, 11, 0]


@pytest.mark.parametrize("target", ["noise", "sample"])
def test_samples_are_those_of_diffusers(target: Literal["noise", "sample"]) -> None:
    source = scheduler(target)
    start = torch.randn(2, 12, 7, generator=torch.Generator().manual_seed(0))  # any seed
    wanted = start
    for step in source.timesteps:
        wanted = source.step(denoise(wanted, step), int(step), wanted).prev_sample  # type: ignore[union-attr]
    kept = torch.from_numpy(squared_cosine(TRAIN_STEPS)).float()
    found = sample(denoise, start, kept, leading(TRAIN_STEPS, TEST_STEPS), target, noise_of_clipped=False)
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-3)  # theirs and our float32, through ten steps of a steep function
    for steps, clipped in ((spread(TRAIN_STEPS, TEST_STEPS), False), (leading(TRAIN_STEPS, TEST_STEPS), True)):
        assert (sample(denoise, start, kept, steps, target, clipped) - wanted).abs().max() > 0.05  # what version 1 did otherwise
