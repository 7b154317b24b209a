"""Finding a checkpoint again by the hash that a record states."""

from __future__ import annotations

import hashlib
from pathlib import Path

from para_bench.policy import CONFIG, WEIGHTS
from para_bench.types import ParaBenchError

FOLDER = "checkpoints"


def weights_hash(folder: Path) -> str:
    """16 hex digits over the file of a checkpoint's weights, as records state them."""
    return hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()[:16]


def find_checkpoints(results: Path) -> dict[str, Path]:
    """Folders of the finished checkpoints beside a results folder, or beside the folder of one split, by the hash of their weights."""
    root = results if results.is_dir() else results.parent
    places = (root / FOLDER, root.parent / FOLDER)
    folders = [
        folder for place in places for folder in sorted(place.glob("*")) if (folder / CONFIG).exists() and (folder / WEIGHTS).exists()
    ]
    return {weights_hash(folder): folder for folder in folders}


def find_checkpoint(results: Path, digest: str) -> Path:
    """The folder of one checkpoint.

    Raises:
        ParaBenchError: it is not there.
    """
    found = find_checkpoints(results)
    if digest not in found:
        raise ParaBenchError(
            f"checkpoint {digest} is not in {results / FOLDER}; allowed: {', '.join(found) or 'a results folder with its checkpoints'}"
        )
    return found[digest]
