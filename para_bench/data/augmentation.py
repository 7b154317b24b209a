"""Label-preserving changes of an image, the same for every head.

Photometric: colour jitter, hue, and a low-frequency colour field that stands for other light and backgrounds; all
keep an object's identity (no channel permutation). Geometric: turning and zooming the camera about its own centre is a homography,
so one image yields another calibrated view of the same training camera, exactly.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torchvision.transforms.v2 import functional as TF

from para_bench.data.config import Augmentation
from para_bench.geometry import homography, rays, turn
from para_bench.tensors import DEPTH_SIZE
from para_bench.types import Camera


def augment(image: np.ndarray, camera: Camera, turned: Camera, settings: Augmentation, rng: np.random.Generator) -> np.ndarray:
    """An image (H, W, 3) uint8 of `camera` as `turned` would have taken it, in other colours."""
    pixels = torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255
    pixels = _warp(pixels, homography(camera, turned))
    for adjust in (TF.adjust_brightness, TF.adjust_contrast, TF.adjust_saturation):
        pixels = adjust(pixels, float(rng.uniform(1 - settings.jitter, 1 + settings.jitter)))
    pixels = TF.adjust_hue(pixels, float(rng.uniform(-settings.hue, settings.hue)))
    coarse = torch.from_numpy(rng.random((1, 3, 5, 5), dtype=np.float32))
    colours = F.interpolate(coarse, size=pixels.shape[-2:], mode="bicubic", align_corners=False).clamp(0, 1)
    mask = F.interpolate(torch.from_numpy(rng.random((1, 1, 5, 5), dtype=np.float32)), size=pixels.shape[-2:], mode="bicubic")
    weight = float(rng.uniform(0, settings.field)) * mask.clamp(0, 1)
    pixels = (1 - weight) * pixels + weight * colours
    return (pixels[0].permute(1, 2, 0).clamp(0, 1) * 255).round().to(torch.uint8).numpy()


def random_turn(camera: Camera, settings: Augmentation, rng: np.random.Generator) -> Camera:
    """The camera turned and zoomed about its own centre."""
    yaw, pitch = rng.uniform(-settings.pan_deg, settings.pan_deg, 2)
    roll = rng.uniform(-settings.roll_deg, settings.roll_deg)
    return turn(camera, yaw, pitch, roll, camera.fovy_deg * rng.uniform(1 - settings.zoom, 1 + settings.zoom))


def turned_depth(depth: np.ndarray, camera: Camera, turned: Camera) -> np.ndarray:
    """A depth map (H, W) of `camera` as `turned` would have taken it, at DEPTH_SIZE; 0 where `camera` did not look.

    Both cameras share one centre, so the distance along a ray stays and the depth along the optical axis follows from it.
    """
    height, width = depth.shape
    pixels = np.stack(np.meshgrid(*[np.arange(DEPTH_SIZE) + 0.5] * 2), axis=-1)
    coarse = turned.resized(DEPTH_SIZE)
    source = np.concatenate([pixels, np.ones((*pixels.shape[:2], 1))], axis=-1) @ homography(camera, coarse).T
    source = source[..., :2] / source[..., 2:]
    column, row = np.floor(source).astype(int).transpose(2, 0, 1)
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    along_axis = np.linalg.norm(rays(source, camera), axis=-1) / np.linalg.norm(rays(pixels, coarse), axis=-1)
    return np.where(inside, depth[row.clip(0, height - 1), column.clip(0, width - 1)] * along_axis, 0).astype(np.float32)


def _warp(pixels: torch.Tensor, source_from_new: np.ndarray) -> torch.Tensor:
    """Draw (1, 3, H, W) again under a homography of pixels; what was never seen repeats the border."""
    height, width = pixels.shape[-2:]
    v, u = np.meshgrid(np.arange(height) + 0.5, np.arange(width) + 0.5, indexing="ij")
    source = np.stack([u, v, np.ones_like(u)], axis=-1) @ source_from_new.T
    grid = 2 * source[..., :2] / source[..., 2:] / [width, height] - 1
    return F.grid_sample(pixels, torch.from_numpy(grid.astype(np.float32))[None], padding_mode="border", align_corners=False)
