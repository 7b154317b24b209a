"""Time and disk that demonstrations need, stated or refused before anything is started."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tqdm import tqdm

from para_bench.data.cache import cache_root, list_cache
from para_bench.training.recipe import Recipe
from para_bench.training.start import find_checkpoint
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


def refuse_too_large(trainings: Sequence[Recipe], out: Path, weights: Path | None = None) -> None:
    """Print how long collecting the demonstrations of a whole plan will take.

    Args:
        trainings: Of the plan. Where all of them are too large, those that are finished do not count.
        out: Root of the results.
        weights: File of the backbone's weights.

    Raises:
        ParaBenchError: the cache cannot be written, or its disk cannot hold their features.
    """
    if not trainings:
        return
    root = cache_root()
    if not _is_writable(root) and any(find_checkpoint(recipe, out, weights) is None for recipe in trainings):
        raise ParaBenchError(f"the cache {root} cannot be written; allowed: PARA_BENCH_CACHE that names a folder you may write to")
    room = free_bytes() + sum(entry.bytes for entry in list_cache(root))  # what is kept there already may be theirs
    if _features_bytes(trainings) > 2 * room:  # twice, since this is an estimate
        trainings = [recipe for recipe in trainings if find_checkpoint(recipe, out, weights) is None]
    demos, needed = _demos(trainings), _features_bytes(trainings)
    if needed > 2 * room:
        raise ParaBenchError(
            f"{demos} demonstrations and their copies need about {needed / 1e9:.0f} GB of features and {demos * COLLECT_S / 3600:.1f} h, "
            f"found {free_bytes() / 1e9:.0f} GB free in {_existing(root)}; allowed: fewer demonstrations, copies or splits, or "
            "PARA_BENCH_CACHE on a larger disk"
        )
    say_collecting(demos)


def free_bytes() -> int:
    """Of the disk of the cache."""
    return shutil.disk_usage(_existing(cache_root())).free


def inputs(trainings: Iterable[Recipe]) -> list[Recipe]:
    """One recipe of each set of features or images that is kept."""
    sets = {(r.training, r.demos, r.demo_seed, r.backbone, r.finetune, r.image_size, r.augmentation, r.pretrained): r for r in trainings}
    return list(sets.values())


def _features_bytes(trainings: Sequence[Recipe]) -> float:
    kept = (r.demos * (1 + r.augmentation.copies) * (r.image_size / 224) ** 2 for r in inputs(trainings))
    return FEATURES_MB * 1e6 * sum(kept)


def _demos(trainings: Sequence[Recipe]) -> int:
    return sum(demos for _, _, demos in {(recipe.training, recipe.demo_seed, recipe.demos) for recipe in trainings})


def _is_writable(root: Path) -> bool:
    found = _existing(root)
    return found.is_dir() and os.access(found, os.W_OK | os.X_OK)


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return path if path.exists() or path == path.parent else _existing(path.parent)
