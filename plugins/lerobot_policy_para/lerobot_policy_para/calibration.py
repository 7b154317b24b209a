"""Calibration of a batch: told where the policy acts; where it is trained, looked up in the data set, since lerobot's processors drop it.

The camera need not be one of para-bench: any intrinsics, pictures of any aspect.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow
import torch
from pyarrow import parquet
from torch import Tensor


class Calibration(NamedTuple):
    """Of a batch of pictures."""

    intrinsics: Tensor
    """Shape (B, 3, 3), pixels of a picture with sides 1, as `tensors.Look` has them."""
    world_from_camera: Tensor
    """Shape (B, 4, 4)."""

    def row(self, index: int) -> Calibration:
        return Calibration(self.intrinsics[index : index + 1], self.world_from_camera[index : index + 1])

    def project(self, points: Tensor) -> Tensor:
        """World points (B, ..., 3) [m] -> shares of the picture's sides (B, ..., 2)."""
        shape = points.shape
        local = (points.reshape(shape[0], -1, 3) - self.world_from_camera[:, None, :3, 3]) @ self.world_from_camera[:, :3, :3]
        seen = local @ self.intrinsics.transpose(1, 2)
        depth = seen[..., 2:]
        return (seen[..., :2] / torch.where(depth.abs() < 1e-9, 1e-9, depth)).reshape(*shape[:-1], 2)

    def lift(self, places: np.ndarray, heights: np.ndarray) -> np.ndarray:
        """Shares of the picture (T, 2), heights z (T,) [m] -> world points (T, 3), of the first row; nan where a ray does not go down."""
        pose = self.world_from_camera[0].double().cpu().numpy()
        pixels = np.concatenate([places, np.ones((len(places), 1))], 1)
        rays = pixels @ np.linalg.inv(self.intrinsics[0].double().cpu().numpy()).T @ pose[:3, :3].T
        with np.errstate(divide="ignore", invalid="ignore"):
            depth = (heights - pose[2, 3]) / rays[:, 2]
        return pose[:3, 3] + rays * np.where(depth > 0, depth, np.nan)[:, None]


def calibration_of(intrinsics: Tensor, world_from_camera: Tensor, width: int, height: int) -> Calibration:
    """From flat or square matrices: (B, 9) or (B, 3, 3) [px of a picture of width x height], (B, 16) or (B, 4, 4)."""
    sides = intrinsics.new_tensor([[1 / width], [1 / height], [1.0]])
    return Calibration(intrinsics.float().reshape(-1, 3, 3) * sides, world_from_camera.float().reshape(-1, 4, 4))


class Lookup:
    """The calibration of every frame of a data set, by its index."""

    def __init__(self, root: Path, keys: tuple[str, str]) -> None:
        """Raises ValueError where the data set has none."""
        files = sorted((root / "data").glob("*/*.parquet"))
        try:
            table = pyarrow.concat_tables([parquet.read_table(file, columns=["index", *keys]) for file in files])
            order = np.argsort(table["index"].to_numpy())
            rows = [np.array(table[key].to_pylist(), np.float32)[order] for key in keys]
        except (KeyError, ValueError, pyarrow.ArrowException) as error:
            raise ValueError(f"the data set in {root} has no calibration ({error}); allowed: with columns {', '.join(keys)}") from error
        self._index = table["index"].to_numpy()[order]
        self._intrinsics, self._poses = (torch.from_numpy(row) for row in rows)

    def __call__(self, index: Tensor) -> tuple[Tensor, Tensor]:
        """Intrinsics (B, 9) and poses (B, 16) of frames (B,), on their device."""
        where = np.searchsorted(self._index, index.reshape(-1).cpu().numpy())
        return self._intrinsics[where].to(index.device), self._poses[where].to(index.device)


def told(batch: dict[str, Any], keys: tuple[str, str]) -> tuple[Tensor, Tensor] | None:
    """What an environment or a robot says with the observation; None where it says nothing."""
    for before in ("observation.", ""):
        names = [f"{before}{key}" for key in keys]
        if all(name in batch for name in names):
            intrinsics, pose = (torch.as_tensor(batch[name]) for name in names)
            return intrinsics, pose
    return None
