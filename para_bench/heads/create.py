"""From a head's name to the head."""

from __future__ import annotations

from typing import cast

from torch import nn

from para_bench.heads import HEADS, find_head
from para_bench.heads.base import Head, HeadConfig
from para_bench.plugins import Plugin, is_path
from para_bench.types import FeatureSpec, ParaBenchError


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
    return cast("Head", head)
