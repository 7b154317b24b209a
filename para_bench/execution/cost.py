"""Time and disk that demonstrations need, stated or refused before anything is started."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tqdm import tqdm

from para_bench.data.cache import cache_root
from para_bench.rollouts.config import RunConfig
from para_bench.types import ParaBenchError

COLLECT_S = 0.15
"""Collecting one demonstration on one core, about."""
FEATURES_MB = 4.0
"""Cached features or images of one demonstration and copy at 224 px, about; they grow with the area of the image."""
SAID_FROM_S = 120.0
"""Collecting that takes longer is announced."""


def say_collecting(demos: int) -> None:
    """One line on standard error where collecting will take minutes."""
    seconds = demos * COLLECT_S
    if seconds >= SAID_FROM_S:
        hours = f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.0f} min"
        tqdm.write(f"{demos} demonstrations take about {hours} to collect, once", file=sys.stderr)


def refuse_too_large(config: RunConfig) -> None:
    """Print how long collecting the demonstrations will take.

    Raises:
        ParaBenchError: the disk of the cache cannot hold their features.
    """
    if not config.learned:
        return
    profile = config.profile
    demos = max(training.count(profile.demos) for training in config.find_split().trainings)
    needed = demos * (1 + profile.copies) * FEATURES_MB * (config.image_size / 224) ** 2 * 1e6
    root = _existing(cache_root())
    free = shutil.disk_usage(root).free
    if needed > 2 * free:  # twice, since this is an estimate
        hours = demos * COLLECT_S / 3600
        raise ParaBenchError(
            f"{demos} demonstrations with {profile.copies} copies need about {needed / 1e9:.0f} GB of features and {hours:.1f} h, "
            f"found {free / 1e9:.0f} GB free in {root}; allowed: fewer --demos or --copies, or PARA_BENCH_CACHE on a larger disk"
        )
    say_collecting(demos)


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return path if path.exists() or path == path.parent else _existing(path.parent)
