"""HEADS: the action heads by name, in the order of every table's rows; those of installed packages follow the built-in ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from para_bench.plugins import PATH_FORM, Plugin, Rows, Table, is_path
from para_bench.types import FeatureSpec, ParaBenchError

if TYPE_CHECKING:  # torch loads when a head is made, so that naming the rows costs nothing
    from para_bench.heads.base import Head, HeadConfig

    HeadMaker = Callable[[FeatureSpec, HeadConfig], Head]
    """A class of heads, or a function that has the attribute `sees` too."""
else:
    HeadMaker = Callable

BUILTIN = {
    "para": "para_bench.heads.para:Para",
    "para_camera_yaw": "para_bench.heads.para_camera_yaw:ParaCameraYaw",
    "para_volume": "para_bench.heads.para_volume:ParaVolume",
    "heatmap_rgb": "para_bench.heads.heatmap_rgb:HeatmapRGB",
    "pixel_regression": "para_bench.heads.pixel_regression:PixelRegression",
    "pixel_regression_rgb": "para_bench.heads.pixel_regression_rgb:PixelRegressionRGB",
    "token_pixels": "para_bench.heads.token_pixels:TokenPixels",
    "global_token": "para_bench.heads.global_token:GlobalToken",
    "global_token_camera": "para_bench.heads.global_token_camera:GlobalTokenCamera",
    "global_token_plucker": "para_bench.heads.global_token_plucker:GlobalTokenPlucker",
    "average_pool": "para_bench.heads.average_pool:AveragePool",
    "spatial_softmax": "para_bench.heads.spatial_softmax:SpatialSoftmax",
    "act": "para_bench.heads.act:ACT",
    "diffusion": "para_bench.heads.diffusion:Diffusion",
    "diffusion_plucker": "para_bench.heads.diffusion_plucker:DiffusionPlucker",
    "affordance": "para_bench.heads.affordance:Affordance",
    "lift_splat": "para_bench.heads.lift_splat:LiftSplat",
    "rvt": "para_bench.heads.rvt:RVT",
    "point_cloud": "para_bench.heads.point_cloud:PointCloud",
}
"""Import paths of the built-in heads by name; each is imported when it is asked for."""


def _prepare(plugin: Plugin, found: Any) -> HeadMaker:
    if not callable(found):
        raise ParaBenchError(f"{plugin} is a {type(found).__name__}; allowed: a class of heads")
    return cast("HeadMaker", found)


HEADS: Table[HeadMaker] = Table("head", Rows(BUILTIN), _prepare)


def find_head(name: str) -> HeadMaker:
    """The class or function that makes a head, by its row in HEADS or its import path.

    Raises:
        ParaBenchError: unknown name, or a plug-in that cannot be imported.
    """
    if is_path(name):
        plugin = Plugin("head", name, name)
        return _prepare(plugin, plugin.load())
    return HEADS.find(name, f", or {PATH_FORM}")


def head_module(name: str) -> str:
    """The module that a head's import path names."""
    if name in HEADS.builtin:
        return BUILTIN[name].partition(":")[0]
    return (Plugin("head", name, name) if is_path(name) else HEADS.plugins[name]).module
