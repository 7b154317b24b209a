"""Kept pictures: drawn once, and again where what is kept is damaged."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from para_bench.data.images import cached_depths, cached_images
from para_bench.tensors import DEPTH_SIZE
from para_bench.types import ParaBenchError

COUNT, SIZE = 70, 8  # more than one batch of 64


class Drawn:
    def __init__(self) -> None:
        self.calls: list[tuple[int, int]] = []

    def __call__(self, start: int, stop: int) -> np.ndarray:
        self.calls.append((start, stop))
        return np.broadcast_to(np.arange(start, stop, dtype=np.uint8)[:, None, None, None], (stop - start, SIZE, SIZE, 3))


def kept(folder: Path, draw: Callable[[int, int], np.ndarray]) -> np.ndarray:
    return cached_images(draw, COUNT, SIZE, "key", folder, progress=False)


def test_they_are_drawn_once_and_memory_mapped(tmp_path: Path) -> None:
    draw, again = Drawn(), Drawn()
    first, second = kept(tmp_path, draw), kept(tmp_path, again)
    assert (draw.calls, again.calls) == ([(0, 64), (64, 70)], [])
    for found in (first, second):
        assert isinstance(found, np.memmap)
        assert found.dtype == np.uint8
        assert found[:, 0, 0, 0].tolist() == list(range(COUNT))
    assert [path.name for path in (tmp_path / "images").iterdir()] == ["key.npy"]


def test_depths_are_kept_in_half_precision(tmp_path: Path) -> None:
    found = cached_depths(lambda i, j: np.full((j - i, DEPTH_SIZE, DEPTH_SIZE), 0.7, np.float32), 3, "key", tmp_path, progress=False)
    assert (found.dtype, found.shape) == (np.float16, (3, DEPTH_SIZE, DEPTH_SIZE))


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-5]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\x93NUMPY\x01\x00"),
        lambda path: path.write_text("no numbers"),
        lambda path: np.save(path, np.zeros((COUNT, SIZE, SIZE, 3), np.int8)),  # another type
        lambda path: np.save(path, np.zeros((COUNT, SIZE, SIZE), np.uint8)),
        lambda path: np.save(path, np.array([{}]), allow_pickle=True),
    ],
)
def test_a_damaged_file_is_told_and_drawn_again(damage: Callable[[Path], object], tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    kept(tmp_path, Drawn())
    damage(tmp_path / "images/key.npy")
    again = Drawn()
    assert kept(tmp_path, again)[:, 0, 0, 0].tolist() == list(range(COUNT))
    assert again.calls
    (told,) = [record.getMessage() for record in caplog.records]
    assert told.startswith(f"{tmp_path / 'images/key.npy'} is damaged (")
    assert "\n" not in told


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    os.mkfifo(tmp_path / "images/key.npy")
    with pytest.raises(ParaBenchError, match="is a pipe or a device; allowed: a file of the cache"):
        kept(tmp_path, Drawn())


def test_a_cache_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "images").write_text("a file of mine")
    with pytest.raises(ParaBenchError, match=r"^cannot write .*key.npy"):
        kept(tmp_path, Drawn())


def test_a_drawing_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match="images have shape"):
        kept(tmp_path, lambda i, j: np.zeros((1, 2, 3)))
    assert list((tmp_path / "images").iterdir()) == []
