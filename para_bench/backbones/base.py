"""The one backbone module: a timm model between images in [0, 1] and a pyramid of feature maps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import timm
import torch
import torch.nn.functional as F
from timm.models import group_parameters
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from para_bench.backbones import video_unet  # noqa: F401 - registers our own models with timm
from para_bench.backbones.folding import fold_batch_norm
from para_bench.backbones.rows import BackboneRow
from para_bench.backbones.weights import load_asset, load_file, load_hub, load_package, weights_hash
from para_bench.plugins import Fence
from para_bench.tensors import Features
from para_bench.types import FeatureSpec, ParaBenchError

CPU_CHUNK_PX = 2 * 448 * 448
"""Pixels that a frozen backbone takes at once on a CPU: beyond it memory is mapped afresh for every layer, and images/s halve."""


class Backbone(nn.Module):
    """A timm model as a feature extractor for square images of one size.

    An `image_size` that is no multiple of the patch (ViT) or of the coarsest stride (convnet) is resized to the nearest one first
    (bilinear, antialiased), so that the cells of each map tile the image exactly.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, name: str, model: Any, image_size: int, wanted: Sequence[int]) -> None:
        """Takes over `model`, a timm model that carries its weights; a convnet gives its maps of the strides `wanted` [px]."""
        super().__init__()
        self.name = name
        self.image_size = image_size
        self.frozen = False
        self.fence: Fence | None = None
        strides = [info["reduction"] for info in model.feature_info]
        self._is_vit = len(set(strides)) == 1
        if self._is_vit:
            self._indices = [len(strides) // 2 - 1, len(strides) - 1]
        else:
            self._indices = [i for i, stride in enumerate(strides) if stride in wanted]
        if not self._indices or not hasattr(model, "forward_intermediates"):
            raise ParaBenchError(f"{name} gives maps of strides {strides}, allowed: a ViT, or some of the strides {tuple(wanted)}")
        step = strides[self._indices[-1]]
        self._side = max(1, round(image_size / step)) * step
        config = model.pretrained_cfg
        self.register_buffer("mean", torch.tensor(config["mean"]).view(3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(config["std"]).view(3, 1, 1), persistent=False)
        self._has_summary = self._is_vit and getattr(model, "cls_token", None) is not None
        model.prune_intermediate_layers(self._indices, prune_norm=False)
        self._hash = weights_hash(model)  # before the resampling of position embeddings, which rounds differently on each machine
        if hasattr(model, "set_input_size"):
            model.set_input_size(img_size=(self._side, self._side))
        self._loaded_hash = weights_hash(model)
        self.model = model if self._is_vit else model.to(memory_format=torch.channels_last)
        self.eval()
        with torch.no_grad():
            maps, summary = self(torch.zeros(1, 3, image_size, image_size))
        self._channels, self._sizes = tuple(m.shape[1] for m in maps), tuple(m.shape[2] for m in maps)
        self._summary_dim = 0 if summary is None else summary.shape[1]

    @property
    def spec(self) -> FeatureSpec:
        return FeatureSpec(f"{self.name}@{self._hash[:8]}", self.image_size, self._channels, self._sizes, self._summary_dim)

    def forward(self, images: Tensor) -> Features:
        """Extracts features.

        Args:
            images: Shape (B, 3, image_size, image_size), RGB in [0, 1].
        """
        if images.shape[1:] != (3, self.image_size, self.image_size):
            raise ParaBenchError(f"images have shape {tuple(images.shape)}, allowed: (B, 3, {self.image_size}, {self.image_size})")
        chunk = max(1, CPU_CHUNK_PX // self._side**2)
        if not self.frozen or images.device.type != "cpu" or len(images) <= chunk:
            return self._forward(images)
        parts = [self._forward(part) for part in images.split(chunk)]
        maps = tuple(torch.cat(level) for level in zip(*(part.maps for part in parts), strict=True))
        return Features(maps, torch.cat([part.summary for part in parts if part.summary is not None]) if self._has_summary else None)

    def _forward(self, images: Tensor) -> Features:
        if self._side != self.image_size:
            images = F.interpolate(images, size=(self._side, self._side), mode="bilinear", antialias=True)
        images = (images - self.mean) / self.std
        if self.fence is not None:  # a plug-in's model
            return self.fence("forward", self._levels, images)
        return self._levels(images)

    def _levels(self, images: Tensor) -> Features:
        if not self._is_vit:
            images = images.contiguous(memory_format=torch.channels_last)
            return Features(tuple(self.model.forward_intermediates(images, self._indices, stop_early=True, intermediates_only=True)))
        levels = self.model.forward_intermediates(
            images, self._indices, return_prefix_tokens=self._has_summary, norm=True, intermediates_only=True
        )
        if not self._has_summary:
            return Features(tuple(levels))
        return Features(tuple(spatial for spatial, _ in levels), levels[-1][1][:, 0])

    @torch.inference_mode()
    def extract(self, images: np.ndarray) -> list[np.ndarray]:
        """Features as the cache keeps them.

        Args:
            images: Shape (B, H, W, 3), uint8.

        Returns:
            float16 maps, then the summary (B, D) where there is one.
        """
        if not self.frozen:
            raise ParaBenchError(f"{self.name} is being fine-tuned, allowed: freeze() before its features are kept")
        batch = torch.from_numpy(np.ascontiguousarray(images)).to(self.mean.device).permute(0, 3, 1, 2).float() / 255
        maps, summary = self(batch)
        return [level.half().contiguous().cpu().numpy() for level in (*maps, *([] if summary is None else [summary]))]

    def freeze(self) -> Backbone:
        """For inference: no gradients, batch norm folded away. Fine-tuned weights change the hash in `spec`. Returns self."""
        if not self.frozen:
            if (tuned := weights_hash(self.model)) != self._loaded_hash:
                self._hash = tuned
            self.frozen = True
            self.eval().requires_grad_(False)
            if not self._is_vit:
                self.model = fold_batch_norm(self.model, self._indices, self._side)
        return self

    def complete_state(self, row: BackboneRow) -> dict[str, Tensor]:
        """Weights of the whole timm model, as `create_backbone(weights=FILE)` reads them; layers that give no map are random."""
        if self.frozen:
            raise ParaBenchError(f"{self.name} is frozen and its batch norm folded away, allowed: create_backbone(..., frozen=False)")
        return _blank_model(row).state_dict() | self.model.state_dict()

    def train(self, mode: bool = True) -> Backbone:
        """As nn.Module, but a frozen backbone stays in eval mode and batch norm never updates its statistics."""
        super().train(mode and not self.frozen)
        for module in self.modules():
            if isinstance(module, _BatchNorm):
                module.eval()
        return self

    def parameter_groups(self, lr: float, freeze_stages: int = 0) -> list[dict[str, Any]]:
        """Optimiser groups by stage, stem first; the first `freeze_stages` get no gradient and no group.

        Returns:
            Rows with `params`, `lr` and `name` ("stage3").
        """
        if self.frozen:
            raise ParaBenchError(f"{self.name} is frozen, allowed: create_backbone(..., frozen=False)")
        by_stage = group_parameters(self.model, self.model.group_matcher(coarse=True))
        parameters = dict(self.model.named_parameters())
        stages = [[parameters[key] for key in keys] for _, keys in sorted(by_stage.items())]
        if not 0 <= freeze_stages <= len(stages):
            raise ParaBenchError(f"freeze_stages is {freeze_stages}, allowed for {self.name}: 0 .. {len(stages)}")
        for i, stage in enumerate(stages):
            for parameter in stage:
                parameter.requires_grad_(i >= freeze_stages)
        return [{"params": stage, "lr": lr, "name": f"stage{i}"} for i, stage in enumerate(stages) if i >= freeze_stages]


def build_backbone(name: str, row: BackboneRow, image_size: int, weights: Path | None, pretrained: bool) -> Backbone:
    """See `para_bench.backbones.create.create_backbone`."""
    model = _blank_model(row)
    if weights is not None:
        load_file(model, Path(weights), name)
    elif pretrained and row.package is not None:
        load_package(model, row.package, name)
    elif pretrained and row.asset is not None:
        load_asset(model, row.asset, name)
    elif pretrained and row.made_by is not None:
        raise ParaBenchError(f"weights of {name} are trained here: run `{row.made_by}`, then give its file as --backbone-weights")
    elif pretrained:
        load_hub(model, name)
    return Backbone(name, model, image_size, row.strides)


def _blank_model(row: BackboneRow) -> Any:
    """Random weights, the same on every call, that leave the caller's generator alone."""
    if ":" not in row.timm_name and not timm.is_model(row.timm_name.partition(".")[0]):
        raise ParaBenchError(f"timm has no model {row.timm_name!r}; allowed: a name of timm.list_models()")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return timm.create_model(row.timm_name, pretrained=False)
