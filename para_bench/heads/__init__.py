"""HEADS: the action heads by name, in the order of every table's rows."""

from __future__ import annotations

from collections.abc import Callable

from para_bench.heads.act import ACT
from para_bench.heads.affordance import Affordance
from para_bench.heads.base import Head, HeadConfig
from para_bench.heads.diffusion import Diffusion
from para_bench.heads.diffusion_plucker import DiffusionPlucker
from para_bench.heads.global_token import GlobalToken
from para_bench.heads.global_token_camera import GlobalTokenCamera
from para_bench.heads.global_token_plucker import GlobalTokenPlucker
from para_bench.heads.lift_splat import LiftSplat
from para_bench.heads.para import Para
from para_bench.heads.para_volume import ParaVolume
from para_bench.heads.point_cloud import PointCloud
from para_bench.heads.rvt import RVT
from para_bench.heads.spatial_softmax import SpatialSoftmax
from para_bench.types import FeatureSpec, ParaBenchError

HEADS: dict[str, Callable[[FeatureSpec, HeadConfig], Head]] = {
    "para": Para,
    "para_volume": ParaVolume,
    "global_token": GlobalToken,
    "global_token_camera": GlobalTokenCamera,
    "global_token_plucker": GlobalTokenPlucker,
    "spatial_softmax": SpatialSoftmax,
    "act": ACT,
    "diffusion": Diffusion,
    "diffusion_plucker": DiffusionPlucker,
    "affordance": Affordance,
    "lift_splat": LiftSplat,
    "rvt": RVT,
    "point_cloud": PointCloud,
}


def create_head(name: str, spec: FeatureSpec, config: HeadConfig) -> Head:
    """A head with fresh weights.

    Raises:
        ParaBenchError: unknown name.
    """
    if name not in HEADS:
        raise ParaBenchError(f"head {name!r} is unknown; allowed: {', '.join(HEADS)}")
    return HEADS[name](spec, config)
