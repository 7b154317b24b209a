"""Demonstrations on disk."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from para_bench.data.store import Demonstrations, Frames, load, save
from para_bench.envs.scenes import scene_from_dict
from para_bench.types import ACTION_SPEC, ParaBenchError, to_dict


@pytest.fixture
def saved(demonstrations: Demonstrations, tmp_path: Path) -> Path:
    save(demonstrations, tmp_path / "demos")
    return tmp_path / "demos"


def edit_meta(folder: Path, **changes: object) -> None:
    meta = json.loads((folder / "meta.json").read_text())
    (folder / "meta.json").write_text(json.dumps(meta | changes))


def test_demonstrations_come_back_bit_equal(saved: Path, demonstrations: Demonstrations) -> None:
    found = load(saved, scene_from_dict)
    assert found.scenes == demonstrations.scenes
    assert found.hash == demonstrations.hash
    for f in fields(Frames):
        a, b = getattr(found.frames, f.name), getattr(demonstrations.frames, f.name)
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)


def test_three_small_files(saved: Path, demonstrations: Demonstrations) -> None:
    assert sorted(path.name for path in saved.iterdir()) == ["frames.npz", "meta.json", "scenes.jsonl"]
    assert sum(path.stat().st_size for path in saved.iterdir()) < 50_000 * len(demonstrations.scenes)
    meta = json.loads((saved / "meta.json").read_text())
    assert meta["action_spec"] == ACTION_SPEC
    assert (meta["demonstrations"], meta["frames"]) == (2, len(demonstrations.frames))


@pytest.mark.parametrize("name", [f.name for f in fields(Frames)])
def test_hash_is_sensitive_to_every_array(demonstrations: Demonstrations, name: str) -> None:
    changed = getattr(demonstrations.frames, name).copy()
    changed.flat[-1] += 1
    assert replace(demonstrations, frames=replace(demonstrations.frames, **{name: changed})).hash != demonstrations.hash


def test_hash_is_sensitive_to_the_scenes_and_not_to_the_last_bit(demonstrations: Demonstrations) -> None:
    first, second = demonstrations.scenes
    assert replace(demonstrations, scenes=(second, first)).hash != demonstrations.hash
    qpos = demonstrations.frames.qpos
    nudged = np.nextafter(qpos, np.inf)
    assert replace(demonstrations, frames=replace(demonstrations.frames, qpos=nudged)).hash == demonstrations.hash


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"no demonstrations in .*; allowed: a folder written by"):
        load(tmp_path, scene_from_dict)


@pytest.mark.parametrize("name", ["frames.npz", "scenes.jsonl", "meta.json"])
@pytest.mark.parametrize("damage", ["cut off", "garbage", "empty", "missing", "an empty object"])
def test_damaged_files_are_told_in_one_line(saved: Path, name: str, damage: str) -> None:
    path = saved / name
    if damage == "missing":
        path.unlink()
    else:
        content = path.read_bytes()
        path.write_bytes(
            {"cut off": content[: len(content) // 2], "garbage": b"\xff\x00" * 50, "empty": b"", "an empty object": b"{}"}[damage]
        )
    with pytest.raises(ParaBenchError) as caught:
        load(saved, scene_from_dict)
    assert str(saved) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_another_action_spec_is_told_with_both_values(saved: Path) -> None:
    edit_meta(saved, action_spec="joint angles [rad]")
    with pytest.raises(ParaBenchError) as caught:
        load(saved, scene_from_dict)
    assert "joint angles [rad]" in str(caught.value)
    assert ACTION_SPEC in str(caught.value)


def test_files_of_two_sets_are_told_with_both_hashes(saved: Path, demonstrations: Demonstrations) -> None:
    lines = [json.dumps(to_dict(scene)) for scene in reversed(demonstrations.scenes)]
    (saved / "scenes.jsonl").write_text("\n".join(lines) + "\n")
    with pytest.raises(ParaBenchError, match=f"written as {demonstrations.hash}"):
        load(saved, scene_from_dict)


def test_saving_again_replaces(saved: Path, demonstrations: Demonstrations) -> None:
    frames = demonstrations.frames
    first = frames.episode == 0
    half = Demonstrations(demonstrations.scenes[:1], Frames(**{f.name: getattr(frames, f.name)[first] for f in fields(Frames)}))
    save(half, saved)
    assert load(saved, scene_from_dict).hash == half.hash
