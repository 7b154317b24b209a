"""Features of a frozen backbone, computed once per set of images and kept on disk as memory-mapped float16."""

from __future__ import annotations

import io
import json
import logging
import shutil
import uuid
import zlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from para_bench.bars import Bar
from para_bench.data.cache import FEATURES, MANIFEST
from para_bench.data.checked import damaged
from para_bench.files import make_folder, write_json, writing
from para_bench.text import printable
from para_bench.types import FeatureSpec, ParaBenchError, content_hash

FORMAT = 1
"""Layout of an entry; part of its key, so that another layout is another entry."""

logger = logging.getLogger(__name__)


def cached_features(
    spec: FeatureSpec,
    compute: Callable[[np.ndarray], Sequence[np.ndarray]],
    images: Callable[[int, int], np.ndarray],
    count: int,
    images_key: str,
    cache_dir: Path,
    batch_size: int = 32,
    progress: bool = True,
) -> list[np.ndarray]:
    """Features of `count` images: from the cache, or computed and then kept there.

    Processes may ask for the same features at once: each computes them, the first to finish publishes, all read its files.

    Args:
        spec: What `compute` returns; its weight hash is part of the key.
        compute: Images (B, H, W, 3) uint8 to maps (B, D, H', W') as `spec` lists them, then the summary (B, D) if it has one.
        images: `images(i, j)` gives images i .. j - 1, shape (j - i, H, W, 3), uint8; called in ascending order, not at all on a hit.
        images_key: Names the content of the images: demonstrations, augmentation, size.
        cache_dir: Root of the cache (`para_bench.data.cache.cache_root()`).

    Returns:
        Read-only float16 arrays (count, D, H', W'), then (count, D) for the summary; row i belongs to image i.

    Raises:
        ParaBenchError: No images, `compute` returns other shapes than `spec` says or values beyond float16, or the disk is too small.
    """
    if count < 1:
        raise ParaBenchError(f"features of {count} images asked for, allowed: 1 or more")
    key = content_hash({"format": FORMAT, "spec": spec.key, "images": images_key, "count": count})
    entry = cache_dir / FEATURES / key
    shapes = _shapes(spec, count)
    found = _open(entry, shapes)
    if found is not None:
        return found
    make_folder(entry.parent)
    needed, free = 2 * sum(int(np.prod(shape)) for shape in shapes), shutil.disk_usage(entry.parent).free
    if needed > free:
        raise ParaBenchError(f"features of {count} images need {needed / 1e9:.2f} GB, found {free / 1e9:.2f} GB free in {entry.parent}")
    building = entry.parent / f".{key}-{uuid.uuid4().hex[:8]}"
    make_folder(building)
    try:
        files = _write(building, shapes, compute, images, batch_size, progress)
        manifest = {"spec": spec.key, "images": images_key, "count": count, "files": files}
        manifest["created"] = datetime.now(UTC).isoformat(timespec="seconds")
        write_json(building / MANIFEST, manifest, indent=1)
        return _publish(building, entry, shapes)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _shapes(spec: FeatureSpec, count: int) -> list[tuple[int, ...]]:
    maps: list[tuple[int, ...]] = [(count, d, size, size) for d, size in zip(spec.channels, spec.sizes, strict=True)]
    return maps + ([(count, spec.summary_dim)] if spec.summary_dim else [])


def _write(
    folder: Path,
    shapes: list[tuple[int, ...]],
    compute: Callable[[np.ndarray], Sequence[np.ndarray]],
    images: Callable[[int, int], np.ndarray],
    batch_size: int,
    progress: bool,
) -> list[dict[str, Any]]:
    """Writes level0.npy, level1.npy, ... batch by batch. Returns name, shape, bytes and crc32 of each."""
    headers = [_header(shape) for shape in shapes]
    names, sizes, sums = list(map(_name, range(len(shapes)))), [len(h) for h in headers], [zlib.crc32(h) for h in headers]
    count = shapes[0][0]
    with ExitStack() as stack:
        open_files = [stack.enter_context(stack.enter_context(writing(folder / name)).open("wb")) for name in names]
        for file, header in zip(open_files, headers, strict=True):
            file.write(header)
        for start in Bar(range(0, count, batch_size), desc="features", unit="batch", disable=not progress):
            stop = min(start + batch_size, count)
            levels = compute(images(start, stop))
            found = [tuple(level.shape) for level in levels]
            allowed = [(stop - start, *shape[1:]) for shape in shapes]
            if found != allowed:
                raise ParaBenchError(f"features have shapes {found}, allowed by their spec: {allowed}")
            for i, level in enumerate(levels):
                with np.errstate(over="ignore"):  # refused below
                    half = np.ascontiguousarray(level, dtype="<f2")
                if not np.isfinite(half).all():
                    raise ParaBenchError(f"features of level {i}, images {start} to {stop - 1}, hold values that are not finite in float16")
                open_files[i].write(half.data)
                sizes[i] += half.nbytes
                sums[i] = zlib.crc32(half.data, sums[i])
    return [
        {"name": name, "shape": list(shape), "bytes": size, "crc32": crc}
        for name, shape, size, crc in zip(names, shapes, sizes, sums, strict=True)
    ]


def _header(shape: tuple[int, ...]) -> bytes:
    """Start of an .npy file of this shape."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<f2", "fortran_order": False, "shape": shape})
    return file.getvalue()


def _publish(building: Path, entry: Path, shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    """Renames the finished folder to `entry`, unless another process was first with a sound one."""
    while True:
        own = _map(building, len(shapes))  # before the rename: the files stay readable whatever another process does to the entry
        try:
            building.rename(entry)
            return own
        except OSError as error:
            if not entry.exists():
                raise ParaBenchError(f"cannot write {entry} ({error.strerror}); allowed: a cache that you may write to") from error
        if (found := _open(entry, shapes)) is not None:
            return found
        try:
            aside = entry.with_name(f".{entry.name}-{uuid.uuid4().hex[:8]}")
            entry.rename(aside)
        except FileNotFoundError:  # another process moved it away
            continue
        except OSError as error:
            raise ParaBenchError(f"cannot replace {entry} ({error.strerror}); allowed: a cache that you may write to") from error
        if aside.is_dir():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.unlink(missing_ok=True)


def _open(entry: Path, shapes: list[tuple[int, ...]]) -> list[np.ndarray] | None:
    """The arrays of an entry; None where there is none, or (with a warning) where a file is damaged."""
    try:
        if not entry.exists():
            return None
        if not (entry / MANIFEST).is_file():
            raise ValueError(f"{MANIFEST} is no file")
        files = json.loads((entry / MANIFEST).read_text())["files"]
        if [tuple(file["shape"]) for file in files] != shapes:
            raise ValueError(f"shapes {[file['shape'] for file in files]}, expected {shapes}")
        for level, file in enumerate(files):
            if file["name"] != _name(level) or not (entry / _name(level)).is_file():
                raise ValueError(f"{_name(level)} is no file of it")
            if (size := (entry / file["name"]).stat().st_size) != file["bytes"]:
                raise ValueError(f"{file['name']} has {size} bytes, expected {file['bytes']}")
        if name := damaged(entry, {file["name"]: file["crc32"] for file in files}):
            raise ValueError(f"{name} does not match its checksum")
        found = _map(entry, len(shapes))
        if [(level.dtype, level.shape) for level in found] != [(np.dtype("<f2"), shape) for shape in shapes]:
            raise ValueError(f"arrays of {[str(level.dtype) for level in found]}, expected float16")
        return found
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = printable(str(error).partition("\n")[0])
        logger.warning("cached features in %s are damaged (%s); they are computed again", entry, why or type(error).__name__)
        return None


def _map(folder: Path, levels: int) -> list[np.ndarray]:
    return [np.load(folder / _name(level), mmap_mode="r") for level in range(levels)]


def _name(level: int) -> str:
    return f"level{level}.npy"
