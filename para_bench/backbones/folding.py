"""Batch norm folded into the convolution before it, for inference."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

FOLD_TOLERANCE = 1e-3
"""Largest change of a map, relative to the map's largest value; float32 rounding over 50 layers stays near 1e-5."""


def fold_batch_norm(model: Any, indices: list[int], side: int) -> Any:
    """A folded copy of `model`, or `model` itself where there is nothing to fold or where folding changes its maps.

    Args:
        model: A timm model in eval mode.
        indices: Its intermediates to compare.
        side: Input size [px].
    """
    images = torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(0))  # any images will do
    images = images.to(next(model.parameters()).device).contiguous(memory_format=torch.channels_last)
    folded = copy.deepcopy(model)
    with torch.no_grad():
        expected = model.forward_intermediates(images, indices, intermediates_only=True)
        for conv_name, norm_name in _conv_norm_pairs(folded, images, indices):
            conv, norm = folded.get_submodule(conv_name), folded.get_submodule(norm_name)
            if not isinstance(norm, nn.BatchNorm2d):  # folded already: shared by two convolutions
                return model
            folded.set_submodule(conv_name, fuse_conv_bn_eval(conv, norm))
            folded.set_submodule(norm_name, getattr(norm, "act", None) or nn.Identity())  # timm's BatchNormAct2d carries its activation
        folded = folded.requires_grad_(False).to(memory_format=torch.channels_last)
        found = folded.forward_intermediates(images, indices, intermediates_only=True)
    same = all((a - b).abs().max() <= FOLD_TOLERANCE * a.abs().max() for a, b in zip(expected, found, strict=True))
    return folded if same else model


def _conv_norm_pairs(model: Any, images: Tensor, indices: list[int]) -> list[tuple[str, str]]:
    """Names of each convolution and of the batch norm that reads its output, seen in one forward pass."""
    produced: list[tuple[str, Tensor]] = []
    pairs: list[tuple[str, str]] = []

    def after_conv(name: str) -> Callable[[nn.Module, Any, Tensor], None]:
        return lambda _module, _inputs, output: produced.append((name, output))

    def before_norm(name: str) -> Callable[[nn.Module, Any], None]:
        return lambda _module, inputs: pairs.extend((conv, name) for conv, output in produced if output is inputs[0])

    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.Conv2d):
            handles.append(module.register_forward_hook(after_conv(name)))
        elif isinstance(module, nn.BatchNorm2d):
            handles.append(module.register_forward_pre_hook(before_norm(name)))
    model.forward_intermediates(images, indices, intermediates_only=True)
    for handle in handles:
        handle.remove()
    return list(dict.fromkeys(pairs))
