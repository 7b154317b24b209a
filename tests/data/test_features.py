"""The feature cache: hits, order, damage and races."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from para_bench.data.cache import cache_root, clear_cache, list_cache
from para_bench.data.features import cached_features
from para_bench.types import FeatureSpec, ParaBenchError

SPEC = FeatureSpec("toy@00000000", 8, (3, 2), (4, 2), summary_dim=5)
COUNT = 10


class Toy:
    """Features that tell from which image they come."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, int]] = []

    def images(self, start: int, stop: int) -> np.ndarray:
        self.calls.append((start, stop))
        return np.broadcast_to(np.arange(start, stop, dtype=np.uint8)[:, None, None, None], (stop - start, 8, 8, 3))

    @staticmethod
    def compute(images: np.ndarray) -> list[np.ndarray]:
        index = images[:, 0, 0, 0].astype(np.float32)
        tails = [(3, 4, 4), (2, 2, 2), (5,)]
        return [(k + 1) * np.broadcast_to(index.reshape(-1, *[1] * len(t)), (len(index), *t)) for k, t in enumerate(tails)]

    def cached(self, cache_dir: Path, images_key: str = "demos", spec: FeatureSpec = SPEC, batch_size: int = 4) -> list[np.ndarray]:
        return cached_features(spec, self.compute, self.images, COUNT, images_key, cache_dir, batch_size, progress=False)


def check(levels: list[np.ndarray]) -> None:
    assert [level.shape for level in levels] == [(COUNT, 3, 4, 4), (COUNT, 2, 2, 2), (COUNT, 5)]
    for k, level in enumerate(levels):
        assert level.dtype == np.float16
        np.testing.assert_array_equal(level.reshape(COUNT, -1).T, np.tile((k + 1) * np.arange(COUNT), (level[0].size, 1)))


def test_a_hit_computes_nothing_and_keeps_the_order(tmp_path):
    first, second = Toy(), Toy()
    check(first.cached(tmp_path))
    assert first.calls == [(0, 4), (4, 8), (8, 10)]
    levels = second.cached(tmp_path, batch_size=3)
    check(levels)
    assert second.calls == []
    assert all(isinstance(level, np.memmap) and not level.flags.writeable for level in levels)


@pytest.mark.parametrize("change", [{"images_key": "other"}, {"spec": FeatureSpec("toy@11111111", 8, (3, 2), (4, 2), 5)}])
def test_other_images_or_weights_are_another_entry(tmp_path, change):
    Toy().cached(tmp_path)
    other = Toy()
    other.cached(tmp_path, **change)
    assert other.calls
    assert len(list_cache(tmp_path)) == 2


def truncate(folder: Path) -> None:
    data = (folder / "level0.npy").read_bytes()
    (folder / "level0.npy").write_bytes(data[:-7])


def flip(folder: Path) -> None:
    data = bytearray((folder / "level1.npy").read_bytes())
    data[-3] ^= 1
    (folder / "level1.npy").write_bytes(data)


def lose(folder: Path) -> None:
    (folder / "level2.npy").unlink()


def scribble(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"files": [')


def rewrite(change: Callable[[dict], object]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        change(manifest)
        (folder / "manifest.json").write_text(json.dumps(manifest))

    return damage


def pipe(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")  # opened, it would be waited for without end


def pipe_of_numbers(folder: Path) -> None:
    (folder / "level1.npy").unlink()
    os.mkfifo(folder / "level1.npy")


def another_type(folder: Path) -> None:
    """Sound by its manifest, but not float16."""
    np.save(folder / "level2.npy", np.load(folder / "level2.npy").view(np.uint16))
    data = (folder / "level2.npy").read_bytes()
    rewrite(lambda manifest: manifest["files"][2].update(bytes=len(data), crc32=zlib.crc32(data)))(folder)


def a_file_instead(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("not a folder")


DAMAGES = [
    *(truncate, flip, lose, scribble, pipe, pipe_of_numbers, another_type, a_file_instead),
    lambda folder: (folder / "manifest.json").unlink(),
    lambda folder: (folder / "manifest.json").write_text("[]"),
    lambda folder: (folder / "manifest.json").write_text("3"),
    lambda folder: (folder / "manifest.json").write_bytes(b"\xff\xfe"),
    lambda folder: (folder / "manifest.json").write_text("[" * 100_000),
    lambda folder: (folder / "level0.npy").write_bytes(b""),
    rewrite(lambda manifest: manifest.update(files={})),
    rewrite(lambda manifest: manifest["files"].pop()),
    rewrite(lambda manifest: manifest.update(files=["a", "b", "c"])),
    rewrite(lambda manifest: manifest["files"][0].update(name="../../outside.npy")),
    rewrite(lambda manifest: manifest["files"][0].update(shape=[3])),
    rewrite(lambda manifest: manifest["files"][0].update(bytes="many")),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_told_once_and_repaired(tmp_path, caplog, damage):
    Toy().cached(tmp_path)
    (entry,) = (tmp_path / "features").iterdir()
    damage(entry)
    again, later = Toy(), Toy()
    check(again.cached(tmp_path))
    assert again.calls
    assert sum("damaged" in record.message for record in caplog.records) >= 1
    assert not any("\n" in record.getMessage() for record in caplog.records)
    caplog.clear()
    check(later.cached(tmp_path))
    assert later.calls == []
    assert not caplog.records
    assert list((tmp_path / "features").iterdir()) == [entry]


RACE = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_features import Toy, check
folder = Path(sys.argv[2])
class Slow(Toy):
    def images(self, start, stop):
        if start == 0:  # both are inside the build before either can finish
            (folder / sys.argv[3]).touch()
            while not ((folder / "a").exists() and (folder / "b").exists()):
                time.sleep(0.001)
        return super().images(start, stop)
toy = Slow()
check(toy.cached(folder))
assert toy.calls
"""


def test_two_processes_build_the_same_entry(tmp_path):
    here = str(Path(__file__).parent)
    runs = [subprocess.Popen([sys.executable, "-c", RACE, here, str(tmp_path), name]) for name in "ab"]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert len(list((tmp_path / "features").iterdir())) == 1
    third = Toy()
    check(third.cached(tmp_path))
    assert third.calls == []


def test_a_damaged_entry_of_the_winner_is_replaced(tmp_path):
    class Overtaken(Toy):
        def images(self, start: int, stop: int) -> np.ndarray:
            if start == 0:
                check(Toy().cached(tmp_path))  # another process finishes first,
                (entry,) = (p for p in (tmp_path / "features").iterdir() if not p.name.startswith("."))
                flip(entry)  # and its file is damaged
            return super().images(start, stop)

    check(Overtaken().cached(tmp_path))
    third = Toy()
    check(third.cached(tmp_path))
    assert third.calls == []


def test_a_failed_build_leaves_nothing(tmp_path):
    def compute(images: np.ndarray) -> list[np.ndarray]:
        return [1e6 * level for level in Toy.compute(images)]

    with pytest.raises(ParaBenchError, match="not finite in float16"):
        cached_features(SPEC, compute, Toy().images, COUNT, "demos", tmp_path, progress=False)
    with pytest.raises(ParaBenchError, match=r"shapes .*allowed by their spec: \[\(10, 3, 4, 4\)"):
        cached_features(SPEC, lambda images: Toy.compute(images)[:2], Toy().images, COUNT, "demos", tmp_path, progress=False)
    with pytest.raises(ParaBenchError, match="allowed: 1 or more"):
        cached_features(SPEC, compute, Toy().images, 0, "demos", tmp_path, progress=False)
    assert list((tmp_path / "features").iterdir()) == []


def test_too_small_a_disk_is_told_before_the_work(tmp_path):
    huge = FeatureSpec("toy@00000000", 8, (10**6,), (10**4,))
    with pytest.raises(ParaBenchError, match=r"need 2000000.00 GB, found .* GB free"):
        Toy().cached(tmp_path, spec=huge)


def test_list_and_clear(tmp_path):
    assert list_cache(tmp_path) == []
    Toy().cached(tmp_path)
    (tmp_path / "features" / ".cut-off").mkdir()
    (tmp_path / "features" / ".cut-off" / "level0.npy").write_bytes(b"123")
    (tmp_path / "kept").touch()
    done = next(e for e in list_cache(tmp_path) if e.backbone != "unfinished")
    assert (done.backbone, done.image_size, done.count) == ("toy@00000000", 8, COUNT)
    manifest = json.loads((tmp_path / "features" / done.key / "manifest.json").read_text())
    assert done.bytes > sum(file["bytes"] for file in manifest["files"])
    (tmp_path / "graphs").mkdir()
    (tmp_path / "graphs/exported.graph").write_bytes(b"abcd")
    assert clear_cache(tmp_path) == done.bytes + 3 + 4
    assert not (tmp_path / "graphs").exists()
    assert list_cache(tmp_path) == []
    assert (tmp_path / "kept").exists()


def test_cache_root(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    monkeypatch.setenv("PARA_BENCH_CACHE", "/p")
    assert cache_root() == Path("/p")
    monkeypatch.setenv("PARA_BENCH_CACHE", "")
    assert cache_root() == Path("/x/para-bench")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_root() == Path.home() / ".cache" / "para-bench"


@pytest.mark.parametrize("taken", ["", "features"])
def test_a_cache_whose_path_is_taken_by_a_file_is_one_line(tmp_path, taken):
    root = tmp_path / "cache"
    path = root / taken
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a file of mine")
    with pytest.raises(ParaBenchError, match=r"^cannot write to .*cache.*; allowed: a folder you may write to$"):
        Toy().cached(root)
    assert path.read_text() == "a file of mine"


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path, monkeypatch):
    class Full:
        def __init__(self, file):
            self._file = file

        def write(self, data):
            if self._file.tell() > 300:  # bytes: past the header
                raise OSError(28, "No space left on device")
            return self._file.write(data)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._file.close()

    real = Path.open
    monkeypatch.setattr(Path, "open", lambda path, *mode: Full(real(path, *mode)) if path.suffix == ".npy" else real(path, *mode))
    with pytest.raises(ParaBenchError, match=r"^cannot write .*npy \(No space left on device\); what was there before stays"):
        Toy().cached(tmp_path)
    assert list((tmp_path / "features").iterdir()) == []


def test_a_listing_stands_damaged_entries(tmp_path):
    for name, text in {"a": "[]", "b": '{"spec": {"backbone": {}, "image_size": 1}, "count": 1, "created": 3}', "c": "[" * 100_000}.items():
        (tmp_path / "features" / name).mkdir(parents=True)
        (tmp_path / "features" / name / "manifest.json").write_text(text)
    (tmp_path / "features/d").mkdir()
    os.mkfifo(tmp_path / "features/d/manifest.json")
    assert [entry.backbone for entry in list_cache(tmp_path)] == ["unfinished"] * 4
