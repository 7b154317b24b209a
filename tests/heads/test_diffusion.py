"""Diffusion: sampling finds what a perfect denoiser knows, and stays in the workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from para_bench.conformance.cases import SPECS, Case
from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.heads.diffusion import Diffusion, held
from para_bench.tensors import encode_actions
from para_bench.types import ACTIONS, to_dict


@pytest.mark.parametrize("as_source", [False, True])
@pytest.mark.parametrize("where", [(0.2, 0.05, 0.03), (0.06, -0.24, 0.15)])  # where objects stand, and at the workspace's edge
def test_sampling_finds_what_a_perfect_denoiser_knows(pyramid_case: Case, where: tuple[float, float, float], as_source: bool) -> None:
    head = create_head("diffusion", pyramid_case.spec, HeadConfig(as_source=as_source))
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


def test_a_chunk_is_held_at_its_last_waypoint() -> None:
    chunk = torch.arange(12.0).reshape(2, 3, 2)
    valid = torch.tensor([[True, True, False], [True, True, True]])
    found = held(chunk, valid)
    assert found.tolist() == [[[0, 1], [2, 3], [2, 3]], chunk[1].tolist()]


@pytest.mark.parametrize("name", ["diffusion", "diffusion_plucker", "point_cloud"])
def test_the_padded_end_is_trained_on_as_in_the_source_alone(name: str, make_case: Callable[..., Case]) -> None:
    """Two batches that differ in how long their chunks are valid, of labels that go on as the last valid one: one loss in the source's
    way, two in version 1's."""
    case = make_case(SPECS["pyramid"])
    valid = case.batch.valid.clone()
    valid[:, valid.shape[1] // 2 :] = False
    encoded = held(case.batch.encoded, valid)
    losses = {}
    for as_source in (False, True):
        torch.manual_seed(0)  # any weights
        head = create_head(name, case.spec, HeadConfig(as_source=as_source))
        found = []
        for mask in (valid, torch.ones_like(valid)):
            torch.manual_seed(1)  # the same noise
            found.append(head.loss(case.features, replace(case.batch, encoded=encoded, valid=mask))[0].item())
        losses[as_source] = found
    assert losses[True][0] == losses[True][1]
    assert losses[False][0] != losses[False][1]


def test_released_checkpoints_keep_their_names() -> None:
    assert to_dict(HeadConfig()) == {"width": 64, "decode": "subcell"}
    assert to_dict(HeadConfig(as_source=True))["as_source"] is True
