"""Frozen backbones, computed by the runtime that is asked for."""

from __future__ import annotations

import logging
from pathlib import Path

from para_bench.backbones.base import Backbone
from para_bench.backbones.create import create_backbone
from para_bench.backbones.runtimes import PACKAGES, TORCH, UnfitError
from para_bench.data.cache import GRAPHS, cache_root

logger = logging.getLogger(__name__)


def frozen_backbone(name: str, image_size: int, weights: Path | None = None, pretrained: bool = True, runtime: str = TORCH) -> Backbone:
    """As `create_backbone`, computed by a row of RUNTIMES.

    Raises:
        ParaBenchError: as `create_backbone`, or the runtime cannot compute it here.
    """
    backbone = create_backbone(name, image_size, weights, pretrained)
    if runtime == TORCH:
        return backbone
    from para_bench.backbones.onnx_backbone import OnnxBackbone

    try:
        return OnnxBackbone(backbone, cache_root() / GRAPHS)
    except UnfitError as error:
        packages = " ".join(PACKAGES)
        raise UnfitError(f"{runtime} cannot compute {name} here: {error}; allowed: torch, or after `pip install {packages}`") from error


def fitting_backbone(name: str, image_size: int, weights: Path | None = None, pretrained: bool = True, runtime: str = TORCH) -> Backbone:
    """As `frozen_backbone`, but computed by torch, with a line in the log, where `runtime` cannot compute it."""
    try:
        return frozen_backbone(name, image_size, weights, pretrained, runtime)
    except UnfitError as error:
        logger.warning("%s; torch computes it", str(error).partition("; allowed")[0])
        return create_backbone(name, image_size, weights, pretrained)
