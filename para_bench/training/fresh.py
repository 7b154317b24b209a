"""The weights that a training starts from."""

from __future__ import annotations

from pathlib import Path

import torch

from para_bench.backbones.base import Backbone
from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.training.learner import Learner
from para_bench.training.saved import load_head


def fresh_learner(head: str, config: HeadConfig, backbone: Backbone, seed: int, base: Path | None) -> Learner:
    """A head with random weights, or with those of the checkpoint `base`; the backbone is trained with it unless it is frozen."""
    spec = backbone.spec
    with torch.random.fork_rng():
        torch.manual_seed(seed)  # initial weights; PyTorch's layers take no generator
        made = create_head(head, spec, config)
    if base:
        made.load_state_dict(load_head(base, spec)[0].state_dict())
    return Learner(made, None if backbone.frozen else backbone, spec.summary_dim > 0)
