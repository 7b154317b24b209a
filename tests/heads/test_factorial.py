"""Heads of the factorial: neighbours have the same trunk, read-outs and parameters, up to the one factor in which they differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor

from para_bench.conformance.cases import SPECS, Case
from para_bench.heads.base import Head, HeadConfig
from para_bench.heads.create import create_head
from para_bench.heads.para import Para
from para_bench.heads.parts.readout import BinReadout
from para_bench.heads.parts.trunk import SpatialTrunk
from para_bench.heads.pixel_regression import PixelRegression
from para_bench.tensors import STATE_DIM

CONFIG = HeadConfig(width=16)
LIFT, MAP = {"trunk.gripper"}, {"ground"}
HEATMAP, VECTOR = {"heatmap"}, {"pool", "mlp", "narrow"}


class Pair(NamedTuple):
    first: str
    second: str
    column: str
    only_first: set[str]
    """Parameters, or modules by the start of their names, that the first alone has."""
    only_second: set[str]


PAIRS = (
    Pair("para", "heatmap_rgb", "camera", LIFT, MAP),
    Pair("pixel_regression", "pixel_regression_rgb", "camera", LIFT, MAP),
    Pair("para", "pixel_regression", "loss", set(), set()),
    Pair("heatmap_rgb", "pixel_regression_rgb", "loss", set(), set()),
    Pair("pixel_regression", "token_pixels", "reads", HEATMAP, VECTOR),
    Pair("global_token_plucker", "global_token", "camera", {"pool.tokens.rays"}, set()),
    Pair("global_token_camera", "global_token", "camera", set(), set()),
)


def make(name: str, spec: str = "pyramid") -> Head:
    torch.manual_seed(3)  # any weights
    return create_head(name, SPECS[spec], CONFIG).eval()


def shapes(head: Head) -> dict[str, tuple[int, ...]]:
    return {name: tuple(value.shape) for name, value in head.named_parameters()}


def belongs(name: str, modules: set[str]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def share_weights(source: Head, head: Head) -> None:
    """All that both have, taken from the first."""
    given = {name: value for name, value in source.state_dict().items() if name in head.state_dict()}
    head.load_state_dict(given, strict=False)


def parts(head: Head, case: Case) -> dict[str, float]:
    return head.loss(case.features, case.batch)[1]


@pytest.mark.parametrize("spec", list(SPECS))
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.first}-{pair.second}")
def test_parameters_are_the_same_up_to_the_factor(pair: Pair, spec: str) -> None:
    first, second = shapes(make(pair.first, spec)), shapes(make(pair.second, spec))
    assert all(belongs(name, pair.only_first) for name in first.keys() - second.keys())
    assert all(belongs(name, pair.only_second) for name in second.keys() - first.keys())
    for modules, names in ((pair.only_first, first.keys() - second.keys()), (pair.only_second, second.keys() - first.keys())):
        assert all(any(belongs(name, {module}) for name in names) for module in modules)  # none is named in vain
    other = {name for name in first.keys() & second.keys() if first[name] != second[name]}
    # In the camera's frame the state holds the focal length, too.
    assert other == ({"pool.state.weight"} if "global_token_camera" in pair else set())
    if other:
        assert (first["pool.state.weight"][1], second["pool.state.weight"][1]) == (STATE_DIM + 1, STATE_DIM)


def test_the_two_that_share_all_parameters_start_from_the_same_weights() -> None:
    for first, second in (("para", "pixel_regression"), ("heatmap_rgb", "pixel_regression_rgb")):
        one, other = make(first).state_dict(), make(second).state_dict()
        assert list(one) == list(other)
        assert all(torch.equal(value, other[name]) for name, value in one.items())


@pytest.mark.parametrize("pair", PAIRS[:5], ids=lambda pair: f"{pair.first}-{pair.second}")
def test_trunks_and_read_outs_are_the_same_modules(pair: Pair, pyramid_case: Case) -> None:
    first, second = make(pair.first), make(pair.second)
    for name, kind in (("trunk", SpatialTrunk), ("readout", BinReadout)):
        assert type(getattr(first, name)) is type(getattr(second, name)) is kind
        assert _layers(getattr(first, name)) == _layers(getattr(second, name))
    assert first.readout.names == second.readout.names == ("z", "yaw", "opening")


@pytest.mark.parametrize("pair", PAIRS[:5], ids=lambda pair: f"{pair.first}-{pair.second}")
def test_with_the_same_weights_trunks_give_the_same_maps(pair: Pair, pyramid_case: Case) -> None:
    first, second = make(pair.first), make(pair.second)
    share_weights(first, second)
    maps = [head.trunk(pyramid_case.features, pyramid_case.batch) for head in (first, second)]
    if pair.column == "camera":
        assert not torch.equal(*maps)
        with torch.no_grad():
            first.trunk.gripper.zero_()  # all of the calibration that a trunk sees
        maps[0] = first.trunk(pyramid_case.features, pyramid_case.batch)
    torch.testing.assert_close(*maps, rtol=0, atol=0)


@pytest.mark.parametrize(("first", "second"), [("para", "pixel_regression"), ("heatmap_rgb", "pixel_regression_rgb")])
def test_the_loss_is_another_at_the_place_alone(first: str, second: str, pyramid_case: Case) -> None:
    one, other = parts(make(first), pyramid_case), parts(make(second), pyramid_case)
    assert one.keys() == other.keys()
    assert {name for name in one if one[name] != other[name]} == {"pixel"}


@pytest.mark.parametrize(("first", "second"), [("para", "heatmap_rgb"), ("pixel_regression", "pixel_regression_rgb")])
def test_without_the_camera_the_loss_has_a_map_more_and_is_the_same_otherwise(first: str, second: str, pyramid_case: Case) -> None:
    told, untold = make(first), make(second)
    share_weights(told, untold)
    with torch.no_grad():
        told.trunk.gripper.zero_()
    one, other = parts(told, pyramid_case), parts(untold, pyramid_case)
    assert other.keys() - one.keys() == {"ground"}
    assert {name: other[name] for name in one} == one


@pytest.mark.parametrize(("first", "second"), [("para", "heatmap_rgb"), ("pixel_regression", "pixel_regression_rgb")])
def test_without_the_camera_a_chunk_is_another_in_x_and_y_alone(first: str, second: str, pyramid_case: Case) -> None:
    told, untold = make(first), make(second)
    share_weights(told, untold)
    with torch.no_grad():
        told.trunk.gripper.zero_()
    chunks = [head.predict(pyramid_case.one(0), pyramid_case.observations[0], torch.Generator()) for head in (told, untold)]
    assert chunks[0].heatmaps is not None
    assert chunks[1].heatmaps is not None
    np.testing.assert_array_equal(chunks[0].heatmaps, chunks[1].heatmaps)
    np.testing.assert_allclose(chunks[0].actions[:, 2:], chunks[1].actions[:, 2:], atol=1e-12)  # the height goes through the lift and back
    assert np.abs(chunks[0].actions[:, :2] - chunks[1].actions[:, :2]).max() > 1e-3  # m


def test_one_vector_read_as_if_it_lay_at_every_pixel_gives_the_same_read_outs(pyramid_case: Case) -> None:
    """`token_pixels` differs from `pixel_regression` in what it reads: with the same feature everywhere the read-outs agree."""
    at_pixel, one_vector = make("pixel_regression"), make("token_pixels")
    share_weights(at_pixel, one_vector)
    width, count = CONFIG.width, len(pyramid_case.batch.state)
    vector = torch.randn(count, width, generator=torch.Generator().manual_seed(0))
    _replace(at_pixel.trunk, lambda *_: vector[:, :, None, None].expand(-1, -1, 14, 14))
    _replace(one_vector.narrow, lambda _: vector)
    one, other = parts(at_pixel, pyramid_case), parts(one_vector, pyramid_case)
    assert one.keys() == other.keys()
    for name in ("z", "yaw", "opening"):
        assert other[name] == pytest.approx(one[name], rel=1e-5)  # bilinear weights sum to 1 in float32


def test_kinds() -> None:
    """What follows from the classes: one implementation of the loss, of the read-outs and of the prediction for all four at the pixel."""
    for name in ("heatmap_rgb", "pixel_regression", "pixel_regression_rgb"):
        kind = type(make(name))
        assert (kind.loss, kind.predict) == (Para.loss, Para.predict)
    assert type(make("pixel_regression_rgb")).find is PixelRegression.find


def _layers(module: torch.nn.Module) -> list[str]:
    return [f"{name}: {layer}" for name, layer in module.named_modules() if name]


def _replace(module: torch.nn.Module, forward: Callable[..., Tensor]) -> None:
    module.forward = forward  # type: ignore[method-assign]
