"""A frozen backbone whose maps ONNX Runtime computes on the CPU, with as many threads as torch is set to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from para_bench.backbones.base import Backbone
from para_bench.backbones.graphs import INPUT, graph_of, open_graph
from para_bench.backbones.runtimes import ONNXRUNTIME, UnfitError, features_name, missing_packages
from para_bench.tensors import Features
from para_bench.threads import spins
from para_bench.types import FeatureSpec

CHUNK_PX = 2 * 224 * 224
"""Pixels that it takes at once: more images make each slower at 224 px, fewer at 64 px (`perf/features.py`)."""


class OnnxBackbone(Backbone):
    """Keeps the module and weights of the backbone that it was made from, so that they can be counted; the graph computes."""

    def __init__(self, eager: Backbone, folder: Path) -> None:
        """Takes over `eager`, which is frozen; its graph lies in `folder`, or will.

        Raises:
            UnfitError: ONNX Runtime cannot compute its features here.
            ParaBenchError: the folder cannot be written.
        """
        if missing := missing_packages():
            raise UnfitError(f"{' and '.join(missing)} not installed")
        if eager.fence is not None:
            raise UnfitError(f"{eager.name} is of another package, whose code is kept apart")
        nn.Module.__init__(self)
        self.__dict__.update(eager.__dict__)
        self._folder, self._threads = folder, 0
        self._session: Any = None
        self._open()

    @property
    def spec(self) -> FeatureSpec:
        eager = super().spec
        return replace(eager, backbone=features_name(eager.backbone, ONNXRUNTIME))

    def forward(self, images: Tensor) -> Features:
        """As `Backbone.forward`, on any device; the maps are on that of the images."""
        parts = [super(OnnxBackbone, self).forward(part) for part in images.split(max(1, CHUNK_PX // self._side**2))]
        if len(parts) == 1:
            return parts[0]
        maps = tuple(torch.cat(level) for level in zip(*(part.maps for part in parts), strict=True))
        return Features(maps, torch.cat([part.summary for part in parts if part.summary is not None]) if self._has_summary else None)

    def _levels(self, images: Tensor) -> Features:
        self._open()
        found = self._session.run(None, {INPUT: images.cpu().contiguous().numpy()})
        levels = [torch.from_numpy(level).to(images.device) for level in found]
        return Features(tuple(levels[:-1]), levels[-1]) if self._has_summary else Features(tuple(levels))

    def _open(self) -> None:
        """Open a session with as many threads as torch has now."""
        if self._session is None or self._threads != torch.get_num_threads():
            self._threads = torch.get_num_threads()
            self._session = open_graph(graph_of(self, self._folder), self._threads, spins())

    def __getstate__(self) -> dict[str, Any]:
        """A copy, and another process, open a session of their own."""
        return {**self.__dict__, "_session": None}
