"""HEADS: the action heads by name, in the order of every table's rows; those of installed packages follow the built-in ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from torch import nn

from para_bench.heads.act import ACT
from para_bench.heads.affordance import Affordance
from para_bench.heads.average_pool import AveragePool
from para_bench.heads.base import Head, HeadConfig
from para_bench.heads.diffusion import Diffusion
from para_bench.heads.diffusion_plucker import DiffusionPlucker
from para_bench.heads.global_token import GlobalToken
from para_bench.heads.global_token_camera import GlobalTokenCamera
from para_bench.heads.global_token_plucker import GlobalTokenPlucker
from para_bench.heads.heatmap_rgb import HeatmapRGB
from para_bench.heads.lift_splat import LiftSplat
from para_bench.heads.para import Para
from para_bench.heads.para_camera_yaw import ParaCameraYaw
from para_bench.heads.para_volume import ParaVolume
from para_bench.heads.pixel_regression import PixelRegression
from para_bench.heads.pixel_regression_rgb import PixelRegressionRGB
from para_bench.heads.point_cloud import PointCloud
from para_bench.heads.rvt import RVT
from para_bench.heads.spatial_softmax import SpatialSoftmax
from para_bench.heads.token_pixels import TokenPixels
from para_bench.plugins import PATH_FORM, Plugin, Table, is_path
from para_bench.types import FeatureSpec, ParaBenchError

HeadMaker = Callable[[FeatureSpec, HeadConfig], Head]
"""A class of heads, or a function with its `sees`."""


def _prepare(plugin: Plugin, found: Any) -> HeadMaker:
    if not callable(found):
        raise ParaBenchError(f"{plugin} is a {type(found).__name__}; allowed: a class of heads")
    return cast(HeadMaker, found)


_BUILTIN: dict[str, HeadMaker] = {
    "para": Para,
    "para_camera_yaw": ParaCameraYaw,
    "para_volume": ParaVolume,
    "heatmap_rgb": HeatmapRGB,
    "pixel_regression": PixelRegression,
    "pixel_regression_rgb": PixelRegressionRGB,
    "token_pixels": TokenPixels,
    "global_token": GlobalToken,
    "global_token_camera": GlobalTokenCamera,
    "global_token_plucker": GlobalTokenPlucker,
    "average_pool": AveragePool,
    "spatial_softmax": SpatialSoftmax,
    "act": ACT,
    "diffusion": Diffusion,
    "diffusion_plucker": DiffusionPlucker,
    "affordance": Affordance,
    "lift_splat": LiftSplat,
    "rvt": RVT,
    "point_cloud": PointCloud,
}
HEADS: Table[HeadMaker] = Table("head", _BUILTIN, _prepare)


def find_head(name: str) -> HeadMaker:
    """What makes the head of a name: a row of HEADS, or an import path.

    Raises:
        ParaBenchError: unknown name, or a plug-in that cannot be imported.
    """
    if is_path(name):
        plugin = Plugin("head", name, name)
        return _prepare(plugin, plugin.load())
    if name not in HEADS:
        raise ParaBenchError(f"head {name!r} is unknown; allowed: {', '.join(HEADS)}, or {PATH_FORM}")
    return HEADS[name]


def head_module(name: str) -> str:
    """The module that a head is named in."""
    if name in HEADS.builtin:
        return HEADS[name].__module__
    return (Plugin("head", name, name) if is_path(name) else HEADS.plugins[name]).module


def create_head(name: str, spec: FeatureSpec, config: HeadConfig) -> Head:
    """A head with fresh weights.

    Raises:
        ParaBenchError: as `find_head`, or a plug-in that cannot make it.
    """
    make = find_head(name)
    if name in HEADS.builtin:
        return make(spec, config)
    plugin = Plugin("head", name, name) if is_path(name) else HEADS.plugins[name]
    head = plugin.fence("making it", make, spec, config)
    if not isinstance(head, nn.Module):
        raise ParaBenchError(f"{plugin} makes a {type(head).__name__}; allowed: a torch.nn.Module")
    return cast(Head, head)
