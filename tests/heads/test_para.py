"""What the decoding of both forms of PARA loses: nothing, where the logits hold the labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from para_bench.envs.shifts.views import view_angle
from para_bench.heads.base import HeadConfig
from para_bench.heads.para import Para
from para_bench.heads.para_volume import ParaVolume
from para_bench.heads.parts.grid import splat
from para_bench.heads.parts.readout import bins_of
from para_bench.types import ACTIONS, FeatureSpec

SPEC = FeatureSpec("toy@01234567", 224, (4,), (28,))
"""The grid of the default profile: 28 cells of 8 px."""


@pytest.fixture(params=[Para, ParaVolume])
def kind(request: pytest.FixtureRequest) -> type[Para]:
    return request.param


def labels_of(head: Para, case) -> torch.Tensor:
    """Heatmap logits (1, T * layers, 28, 28) of the first window."""
    pixels = splat(case.batch.action_pixels[:1], 28)
    if isinstance(head, ParaVolume):
        height = bins_of(ACTIONS)["z"].encode(case.batch.actions[:1, :, 2])
        return (height[..., None, None] * pixels[:, :, None]).log().flatten(1, 2)
    return pixels.log()


def with_labels(head: Para, case) -> Para:
    """A head whose logits are the labels of the first window, whatever it is shown."""
    actions = case.batch.actions[:1]
    head.trunk.forward = lambda *_: torch.zeros(1, head.config.width, 28, 28)
    head.heatmap.forward = lambda _: labels_of(head, case)
    head.readout.forward = lambda *_: {
        name: bins_of(ACTIONS)[name].encode(actions[..., ACTIONS.names.index(name)]).log() for name in head.reads
    }
    return head


def error(head: Para, case) -> np.ndarray:
    chunk = head.predict(case.one(0), case.observations[0], torch.Generator())
    return np.abs(chunk.actions - case.batch.actions[0].numpy())


@pytest.mark.parametrize("angle", [0, 25, 45])
@pytest.mark.parametrize("seed", range(3))  # any waypoints
def test_labels_in_the_logits_come_out_as_the_waypoints(kind: type[Para], scene, make_case, angle: float, seed: int) -> None:
    camera = view_angle(angle)(scene, np.random.default_rng(seed)).camera.resized(224)
    case = make_case(SPEC, count=1, seed=seed, camera=camera)
    assert (
        (case.batch.action_pixels > 0.02) & (case.batch.action_pixels < 0.98)
    ).all()  # past the outermost cell centres nothing is told apart
    head = with_labels(kind(SPEC, HeadConfig(width=8)), case)
    off = error(head, case)
    assert np.linalg.norm(off[:, :3], axis=1).max() < 1e-3  # m
    assert (np.minimum(off[:, 3], np.pi - off[:, 3]) < 1e-3).all()  # rad
    assert off[:, 4].max() < 1e-3


def test_argmax_loses_half_a_cell_at_most(kind: type[Para], scene, make_case) -> None:
    camera = scene.camera.resized(224)
    case = make_case(SPEC, count=1, camera=camera)
    head = with_labels(kind(SPEC, HeadConfig(width=8, decode="argmax")), case)
    off = np.linalg.norm(error(head, case)[:, :3], axis=1)
    assert 1e-3 < off.max() < 0.035  # m: half a diagonal of 8 px at 0.8 m, stretched by the slope, and half a height bin


def test_the_told_calibration_decides_the_lift(kind: type[Para], scene, make_case) -> None:
    case = make_case(SPEC, count=1, camera=scene.camera.resized(224))
    wrong = replace(case.observations[0], camera=replace(case.observations[0].camera, fovy_deg=50.0))
    head = with_labels(kind(SPEC, HeadConfig(width=8)), case)
    moved = head.predict(case.one(0), wrong, torch.Generator()).actions
    assert np.linalg.norm(moved[:, :2] - case.batch.actions[0, :, :2].numpy(), axis=1).max() > 0.01  # m


def test_waypoints_out_of_the_picture_teach_nothing(kind: type[Para], make_case) -> None:
    case = make_case(SPEC, count=2)
    head = kind(SPEC, HeadConfig(width=8))
    outside = case.batch.action_pixels + torch.tensor([2.0, 0.0])
    loss, _ = head.loss(case.features, replace(case.batch, action_pixels=outside))
    assert loss.item() == 0


def test_heatmaps_show_where_the_waypoints_are(kind: type[Para], scene, make_case) -> None:
    case = make_case(SPEC, count=1, camera=scene.camera.resized(224))
    head = with_labels(kind(SPEC, HeadConfig(width=8)), case)
    chunk = head.predict(case.one(0), case.observations[0], torch.Generator())
    assert chunk.heatmaps is not None
    row, column = np.unravel_index(chunk.heatmaps.reshape(12, -1).argmax(1), (28, 28))
    expected = case.batch.action_pixels[0].numpy() * 28 - 0.5
    assert (np.abs(np.stack([column, row], axis=1) - expected) <= 0.5 + 1e-4).all()  # cells; float32
