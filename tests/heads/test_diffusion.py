"""Diffusion: sampling finds what a perfect denoiser knows, and stays in the workspace."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from para_bench.conformance.cases import Case
from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.heads.diffusion import Diffusion
from para_bench.tensors import encode_actions
from para_bench.types import ACTIONS


@pytest.mark.parametrize("where", [(0.2, 0.05, 0.03), (0.06, -0.24, 0.15)])  # where objects stand, and at the workspace's edge
def test_sampling_finds_what_a_perfect_denoiser_knows(pyramid_case: Case, where: tuple[float, float, float]) -> None:
    head = create_head("diffusion", pyramid_case.spec, HeadConfig())
    assert isinstance(head, Diffusion)
    action = np.array([*where, 0.4, 1.0])
    wanted = torch.from_numpy(encode_actions(action))

    def denoise(x: Tensor, step: Tensor, token: Tensor) -> Tensor:
        kept = head.kept[step][:, None, None]
        return (x - kept.sqrt() * wanted) / (1 - kept).sqrt()

    head.denoise.forward = denoise  # type: ignore[method-assign]
    chunk = head.predict(pyramid_case.features.row(0), pyramid_case.observations[0], torch.Generator().manual_seed(0))
    np.testing.assert_allclose(chunk.actions, np.tile(action, (ACTIONS.horizon, 1)), atol=2e-3)


def test_samples_stay_in_the_workspace(pyramid_case: Case) -> None:
    torch.manual_seed(0)  # any weights
    head = create_head("diffusion", pyramid_case.spec, HeadConfig())
    head.denoise.forward = lambda x, step, token: -50 * torch.ones_like(x)  # type: ignore[method-assign]
    chunk = head.predict(pyramid_case.features.row(0), pyramid_case.observations[0], torch.Generator().manual_seed(0))
    np.testing.assert_allclose(chunk.actions[:, :3], np.tile(ACTIONS.high, (ACTIONS.horizon, 1)), atol=1e-4)
    assert (chunk.actions[:, :3] >= ACTIONS.low).all()
