"""What the calibration says about each cell of a map, as tensors."""

from __future__ import annotations

import torch
from torch import Tensor

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
