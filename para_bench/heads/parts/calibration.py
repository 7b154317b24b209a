"""What the calibration says about each cell of a map, as tensors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from para_bench.tensors import Look


def cell_rays(look: Look, size: int) -> Tensor:
    """World directions through the cell centres of a map, scaled so that one unit is one metre of depth. Shape (B, size * size, 3)."""
    centre = (torch.arange(size, device=look.state.device) + 0.5) / size
    v, u = torch.meshgrid(centre, centre, indexing="ij")
    focal = look.intrinsics[:, 0, 0, None]
    local = [(u.flatten() - 0.5) / focal, (v.flatten() - 0.5) / focal, torch.ones(len(focal), size * size, device=focal.device)]
    return torch.stack(local, dim=-1) @ look.world_from_camera[:, :3, :3].transpose(1, 2)


def plucker_rays(look: Look, size: int) -> Tensor:
    """Pluecker coordinates (direction, origin x direction [m]) of the rays of all cells in world. Shape (B, size * size, 6)."""
    direction = cell_rays(look, size)
    direction = direction / direction.norm(dim=-1, keepdim=True)
    origin = look.world_from_camera[:, None, :3, 3].expand_as(direction)
    return torch.cat([direction, torch.linalg.cross(origin, direction)], dim=-1)


class RayEncoding(nn.Module):
    """Pluecker rays of a map's cells, encoded by a small network, to be added to the cells' features.

    Source: "Know your camera" (arXiv 2510.02268), which encodes ray maps with a small CNN beside a pretrained backbone.
    """

    def __init__(self, width: int, hidden: int = 32) -> None:
        super().__init__()
        self.encode = nn.Sequential(nn.Linear(6, hidden), nn.GELU(), nn.Linear(hidden, width))

    def forward(self, look: Look, size: int) -> Tensor:
        """Shape (B, size * size, width)."""
        return self.encode(plucker_rays(look, size))
