"""Pictures kept on disk: images for training through the backbone, where features cannot be cached, and depth maps."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tqdm import tqdm

from para_bench.tensors import DEPTH_SIZE

IMAGES, DEPTHS = "images", "depths"
"""Folders below the cache root."""
_BATCH = 64


def cached_images(
    images: Callable[[int, int], np.ndarray], count: int, size: int, key: str, cache_dir: Path, progress: bool = True
) -> np.ndarray:
    """`count` images of `size` px, drawn once. Shape (count, size, size, 3), uint8, memory-mapped; `images(i, j)` draws i .. j - 1."""
    return _kept(images, (count, size, size, 3), np.uint8, cache_dir / IMAGES / f"{key}.npy", progress)


def cached_depths(depths: Callable[[int, int], np.ndarray], count: int, key: str, cache_dir: Path, progress: bool = True) -> np.ndarray:
    """The same for depth maps: (count, DEPTH_SIZE, DEPTH_SIZE), float16, which is half a millimetre at arm's length."""
    return _kept(depths, (count, DEPTH_SIZE, DEPTH_SIZE), np.float16, cache_dir / DEPTHS / f"{key}.npy", progress)


def _kept(draw: Callable[[int, int], np.ndarray], shape: tuple[int, ...], dtype: type, path: Path, progress: bool) -> np.ndarray:
    if path.exists():
        try:
            found = np.load(path, mmap_mode="r")
            if found.shape == shape:
                return found
        except (ValueError, OSError, EOFError):
            pass  # damaged: drawn again below
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.stem}-{uuid.uuid4().hex[:8]}.npy")
    try:
        kept = np.lib.format.open_memmap(partial, mode="w+", dtype=dtype, shape=shape)
        for start in tqdm(range(0, shape[0], _BATCH), desc=path.parent.name, disable=not progress):
            kept[start : start + _BATCH] = draw(start, min(start + _BATCH, shape[0]))
        kept.flush()
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return np.load(path, mmap_mode="r")
