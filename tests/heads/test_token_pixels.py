"""One vector that states pixels: places in the picture come out as the waypoints, and nothing is read at a place."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from para_bench.heads.base import HeadConfig
from para_bench.heads.parts.readout import bins_of
from para_bench.heads.token_pixels import TokenPixels
from para_bench.types import ACTIONS, FeatureSpec

SPEC = FeatureSpec("toy@01234567", 224, (4,), (28,))


@pytest.fixture
def head() -> TokenPixels:
    torch.manual_seed(0)  # any weights
    return TokenPixels(SPEC, HeadConfig(width=8)).eval()


def test_labels_come_out_as_the_waypoints(head: TokenPixels, scene, make_case) -> None:
    case = make_case(SPEC, count=1, camera=scene.camera.resized(224))
    actions = case.batch.actions[:1]
    head.mlp.forward = lambda _: 2 * case.batch.action_pixels[:1] - 1
    head.readout.forward = lambda *_: {
        name: bins_of(ACTIONS)[name].encode(actions[..., ACTIONS.names.index(name)]).log() for name in head.readout.names
    }
    off = np.abs(head.predict(case.one(0), case.observations[0], torch.Generator()).actions - actions[0].numpy())
    assert np.linalg.norm(off[:, :3], axis=1).max() < 1e-3  # m
    assert head.loss(case.features, case.batch)[1]["pixel"] == pytest.approx(0, abs=1e-5)


def test_places_stay_in_the_picture(head: TokenPixels, make_case) -> None:
    """A place far above it would be lifted to the horizon."""
    case, far = make_case(SPEC, count=1), []
    for value in (-9.0, 9.0):
        head.mlp.forward = lambda _, value=value: torch.full((1, 12, 2), value)
        far.append(head.predict(case.one(0), case.observations[0], torch.Generator()).actions[:, :3])
    assert np.isfinite(far).all()
    assert np.abs(far).max() < 2  # m, conformance's room


def test_the_vector_is_all_that_is_read(head: TokenPixels, make_case) -> None:
    """Two windows with the same vector and state give the same places and bins, whatever their maps."""
    case = make_case(SPEC, count=2)
    state = case.batch.state[:1].expand(2, -1)
    token = head.pool(type(case.features)((head.trunk(case.features, case.batch),)), case.batch)
    assert token.shape == (2, 16)
    head.pool.forward = lambda *_: token[:1].expand(2, -1)
    places, logits = head.read(case.features, type(case.batch)(**{**vars(case.batch), "state": state}))
    torch.testing.assert_close(places[0], places[1])
    for value in logits.values():
        torch.testing.assert_close(value[0], value[1])


def test_timesteps_differ_by_their_own_layers_alone(head: TokenPixels, make_case) -> None:
    case, seen = make_case(SPEC, count=2), []
    head.readout.register_forward_pre_hook(lambda _, args: seen.append(args[0]))
    head.read(case.features, case.batch)
    assert seen[0].shape == (2, ACTIONS.horizon, 8)
    assert torch.equal(seen[0], seen[0][:, :1].expand_as(seen[0]))
