"""Images kept on disk for training through the backbone, where features cannot be cached."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tqdm import tqdm

IMAGES = "images"
"""Folder of kept images below the cache root."""
_BATCH = 64


def cached_images(
    images: Callable[[int, int], np.ndarray], count: int, size: int, key: str, cache_dir: Path, progress: bool = True
) -> np.ndarray:
    """`count` images of `size` px, drawn once. Shape (count, size, size, 3), uint8, memory-mapped; `images(i, j)` draws i .. j - 1."""
    path, shape = cache_dir / IMAGES / f"{key}.npy", (count, size, size, 3)
    if path.exists():
        try:
            found = np.load(path, mmap_mode="r")
            if found.shape == shape:
                return found
        except (ValueError, OSError, EOFError):
            pass  # damaged: drawn again below
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{key}-{uuid.uuid4().hex[:8]}.npy")
    try:
        kept = np.lib.format.open_memmap(partial, mode="w+", dtype=np.uint8, shape=shape)
        for start in tqdm(range(0, count, _BATCH), desc="images", disable=not progress):
            kept[start : start + _BATCH] = images(start, min(start + _BATCH, count))
        kept.flush()
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return np.load(path, mmap_mode="r")
