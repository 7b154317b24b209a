"""Procedural textures: two colours mixed by a pattern, drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from para_bench.types import ParaBenchError, Surface

SIZE_PX = 256


def _noise(rng: np.random.Generator, cells_y: int, cells_x: int) -> np.ndarray:
    """Smooth periodic noise in [0, 1], shape (SIZE_PX, SIZE_PX), with about `cells` bumps along each axis."""
    spectrum = np.fft.fft2(rng.standard_normal((SIZE_PX, SIZE_PX)))
    fy, fx = np.fft.fftfreq(SIZE_PX, 1 / SIZE_PX)[:, None], np.fft.fftfreq(SIZE_PX, 1 / SIZE_PX)
    field = np.fft.ifft2(spectrum * np.exp(-((fy / cells_y) ** 2) - (fx / cells_x) ** 2)).real
    return (field - field.min()) / np.ptp(field)


def _plain(rng: np.random.Generator, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return 0.15 * rng.random((SIZE_PX, SIZE_PX))


def _checker(rng: np.random.Generator, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    count = 2 * rng.integers(2, 5)
    return ((np.floor(u * count) + np.floor(v * count)) % 2).astype(float)


def _stripes(rng: np.random.Generator, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    slope = rng.integers(0, 3)  # a whole number keeps the tile seamless
    return 0.5 + 0.5 * np.sin(2 * np.pi * (rng.integers(3, 9) * u + slope * v))


def _wood(rng: np.random.Generator, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.sin(2 * np.pi * (4 * u + 1.5 * _noise(rng, 1, 3))) * _noise(rng, 2, 60)


def _speckle(rng: np.random.Generator, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return (_noise(rng, 40, 40) > 0.6).astype(float)


def _clouds(rng: np.random.Generator, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return _noise(rng, 4, 4)


PATTERNS: dict[str, Callable[[np.random.Generator, np.ndarray, np.ndarray], np.ndarray]] = {
    "plain": _plain,
    "checker": _checker,
    "stripes": _stripes,
    "wood": _wood,
    "speckle": _speckle,
    "clouds": _clouds,
}
"""Name -> mixing weight in [0, 1], shape (SIZE_PX, SIZE_PX)."""


@lru_cache(maxsize=64)  # demonstrations of one room share its three surfaces
def draw(surface: Surface) -> np.ndarray:
    """Texture of a surface. Shape (SIZE_PX, SIZE_PX, 3), uint8."""
    if surface.pattern not in PATTERNS:
        raise ParaBenchError(f"surface pattern {surface.pattern!r} is unknown; allowed: {', '.join(PATTERNS)}")
    u, v = np.meshgrid(np.arange(SIZE_PX) / SIZE_PX, np.arange(SIZE_PX) / SIZE_PX)
    weight = PATTERNS[surface.pattern](np.random.default_rng(surface.seed), u, v)[..., None]
    mixed = (1 - weight) * np.asarray(surface.rgb) + weight * np.asarray(surface.rgb2)
    return (255 * np.clip(mixed, 0, 1)).astype(np.uint8)
