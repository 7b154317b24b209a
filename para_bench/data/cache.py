"""The cache directory: what may be deleted at any time and is then computed again."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from para_bench.records.documents import parse_json, read_bytes
from para_bench.types import ParaBenchError

FEATURES = "features"
"""Folder of the feature cache below the root."""
GRAPHS = "graphs"
"""Folder of exported backbones, one file each."""
NODES = "nodes"
"""Folder below the root in which a node of a cluster works for drivers on other machines."""
MANIFEST = "manifest.json"
"""File of each entry that says what it holds; written last."""


def cache_root() -> Path:
    """PARA_BENCH_CACHE, else `para-bench` below XDG_CACHE_HOME or ~/.cache (XDG Base Directory Specification)."""
    if root := os.environ.get("PARA_BENCH_CACHE"):
        return Path(root).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "para-bench"


@dataclass(frozen=True)
class CacheEntry:
    """One folder of the feature cache."""

    key: str
    backbone: str
    """Name and weight hash; "unfinished" where a build was cut off or is under way."""
    image_size: int
    """Side of the images [px]."""
    count: int
    """Images."""
    bytes: int
    """Size on disk."""
    created: str
    """ISO 8601, UTC."""


def list_cache(cache_dir: Path) -> list[CacheEntry]:
    """Entries of the feature cache, oldest first."""
    folders = [f for f in (cache_dir / FEATURES).glob("*") if f.is_dir()]
    return sorted((_entry(folder) for folder in folders), key=lambda entry: (entry.created, entry.key))


def clear_cache(cache_dir: Path) -> int:
    """Deletes the feature cache, unfinished entries too, exported backbones, and what drivers of a cluster left here.

    Returns:
        The bytes freed.
    """
    before = _bytes(cache_dir)
    for name in (FEATURES, GRAPHS, NODES):
        shutil.rmtree(cache_dir / name, ignore_errors=True)
    return before - _bytes(cache_dir)  # what may not be deleted is not freed


def _bytes(cache_dir: Path) -> int:
    """Size of all entries, exported backbones and files of nodes."""
    own = [path for name in (GRAPHS, NODES) for path in (cache_dir / name).rglob("*") if path.is_file()]
    return sum(entry.bytes for entry in list_cache(cache_dir)) + sum(path.stat().st_size for path in own)


def _entry(folder: Path) -> CacheEntry:
    """One entry; safe where another process writes or deletes the folder meanwhile."""
    size = 0
    for file in folder.glob("*"):
        try:
            size += file.stat().st_size
        except FileNotFoundError:
            continue
    try:
        if not (folder / MANIFEST).is_file():
            raise FileNotFoundError
        manifest = parse_json(read_bytes(folder / MANIFEST))
        spec = manifest["spec"]
        found = CacheEntry(folder.name, spec["backbone"], spec["image_size"], manifest["count"], size, manifest["created"])
        if [type(value) for value in (found.backbone, found.image_size, found.count, found.created)] != [str, int, int, str]:
            raise TypeError
        return found
    except (OSError, ParaBenchError, ValueError, KeyError, TypeError, RecursionError):
        modified = folder.stat().st_mtime if folder.exists() else 0.0
        return CacheEntry(folder.name, "unfinished", 0, 0, size, datetime.fromtimestamp(modified, UTC).isoformat(timespec="seconds"))
