"""Pictures kept on disk: images for training through the backbone, where features cannot be cached, and depth maps."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np

from para_bench.bars import Bar
from para_bench.files import check_regular, writing
from para_bench.tensors import DEPTH_SIZE
from para_bench.types import ParaBenchError

IMAGES, DEPTHS = "images", "depths"
"""Folders below the cache root."""
_BATCH = 64

logger = logging.getLogger(__name__)


def cached_images(
    images: Callable[[int, int], np.ndarray], count: int, size: int, key: str, cache_dir: Path, progress: bool = True
) -> np.ndarray:
    """`count` images of `size` px, drawn once. Shape (count, size, size, 3), uint8, memory-mapped; `images(i, j)` draws i .. j - 1."""
    return _kept(images, (count, size, size, 3), np.uint8, cache_dir / IMAGES / f"{key}.npy", progress)


def cached_depths(depths: Callable[[int, int], np.ndarray], count: int, key: str, cache_dir: Path, progress: bool = True) -> np.ndarray:
    """The same for depth maps: (count, DEPTH_SIZE, DEPTH_SIZE), float16, whose step is half a millimetre at arm's length."""
    return _kept(depths, (count, DEPTH_SIZE, DEPTH_SIZE), np.float16, cache_dir / DEPTHS / f"{key}.npy", progress)


def _kept(draw: Callable[[int, int], np.ndarray], shape: tuple[int, ...], dtype: type, path: Path, progress: bool) -> np.ndarray:
    """The file's array; drawn where there is none, and again, with a warning, where it is damaged.

    Raises:
        ParaBenchError: the file cannot be written, or something else has its path.
    """
    if check_regular(path, "a file of the cache, or nothing (move it away)").exists():
        try:
            return _open(path, shape, dtype)
        except (ValueError, OSError, EOFError) as error:
            logger.warning("%s is damaged (%s); it is drawn again", path, str(error).partition("\n")[0])
    bar = Bar(range(0, shape[0], _BATCH), desc=path.parent.name, disable=not progress)
    with writing(path) as partial, partial.open("wb") as file:  # not memory-mapped: a full disk would kill the process
        np.lib.format.write_array_header_1_0(file, {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": shape})
        for start in bar:
            found = np.ascontiguousarray(draw(start, min(start + _BATCH, shape[0])), dtype=dtype)
            if found.shape != (min(_BATCH, shape[0] - start), *shape[1:]):
                raise ParaBenchError(f"{path.parent.name} have shape {found.shape}; allowed: {(min(_BATCH, shape[0] - start), *shape[1:])}")
            file.write(found.data)
    return _open(path, shape, dtype)


def _open(path: Path, shape: tuple[int, ...], dtype: type) -> np.ndarray:
    found = np.load(path, mmap_mode="r")
    if not isinstance(found, np.ndarray) or found.shape != shape or found.dtype != dtype:
        raise ValueError(f"another array than {np.dtype(dtype)} of shape {shape}")
    return found
