"""The protocol that every action head keeps, and the base class of the built-in ones.

A head knows no simulator, no data set and no optimiser: features and labels in, a loss or an `ActionChunk` out.
"""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from para_bench.heads.config import HeadConfig
from para_bench.tensors import Batch, Features
from para_bench.types import ActionChunk, FeatureSpec, Observation

SEES = ("RGB", "RGB + calibration", "RGB-D + calibration", "depth + calibration")
"""What a head may be given beside the proprioception. The calibration is intrinsics, camera pose and the gripper's pixel."""


def sees_depth(head: object) -> bool:
    """Whether a head, or the class that makes it, is given depth maps."""
    return getattr(head, "sees", "").startswith(("RGB-D", "depth"))


@runtime_checkable
class HeadProtocol(Protocol):
    """What para-bench asks of a head."""

    sees: ClassVar[str]
    """What the head is given, printed in every table: one of SEES."""

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        """The scalar to minimise, and its parts by name. Timesteps where `batch.valid` is False must not change it."""
        ...

    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        """The next T waypoints for one observation (features with B = 1)."""
        ...


class Head(nn.Module):
    """Base class of the built-in heads."""

    sees: ClassVar[str] = "RGB"
    ensemble: ClassVar[float | None] = None
    """Decay of the weights by which overlapping chunks are averaged (rollouts/ensembling.py); None: only the newest chunk is executed."""

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__()
        self.spec, self.config = spec, config

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        raise NotImplementedError

    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        raise NotImplementedError


def masked_mean(values: Tensor, valid: Tensor) -> Tensor:
    """Mean of `values` (B, T, ...) over the timesteps that are `valid` (B, T)."""
    weight = valid.float().reshape(*valid.shape, *[1] * (values.ndim - 2)).expand_as(values)
    return (values * weight).sum() / weight.sum().clamp(min=1)
