"""The point cloud of a depth map."""

from __future__ import annotations

import torch
from torch import Tensor

from para_bench.heads.parts.calibration import cell_rays
from para_bench.tensors import DEPTH_SIZE, Look
from para_bench.types import ParaBenchError


def cloud(look: Look) -> tuple[Tensor, Tensor]:
    """World points (B, N, 3) [m] of all depth cells in reading order, and whether their depth is known (B, N). N = DEPTH_SIZE ** 2.

    Raises:
        ParaBenchError: the look has no depth.
    """
    if look.depth is None:
        raise ParaBenchError("depth is None; allowed for a head that sees depth: a depth map, as from TaskEnv(depth=True)")
    depth = look.depth.flatten(1).float()
    return look.world_from_camera[:, None, :3, 3] + cell_rays(look, DEPTH_SIZE) * depth[..., None], depth > 0


def thin(points: Tensor, kept: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """`count` of the kept points, evenly spaced in their order: (B, N, 3), (B, N) -> (B, count, 3), and whether any was kept (B,).

    Points repeat where fewer are kept; where none is, they are meaningless.
    """
    rank = kept.long().cumsum(1)
    total = rank[:, -1:]
    wanted = torch.arange(count, device=points.device) * total // count + 1
    index = torch.searchsorted(rank, wanted).clamp(max=points.shape[1] - 1)
    return points.gather(1, index[..., None].expand(-1, -1, 3)), total[:, 0] > 0
