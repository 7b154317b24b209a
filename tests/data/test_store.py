"""Demonstrations on disk."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from para_bench.data.store import Demonstrations, Frames, load, save
from para_bench.envs.scenes import scene_from_dict
from para_bench.types import ACTIONS, ParaBenchError, to_dict


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
    assert meta["action_spec"] == ACTIONS.text
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
    assert ACTIONS.text in str(caught.value)


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


def edited(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Frames], Frames]:
    return lambda frames: replace(frames, **{name: change(getattr(frames, name).copy())})


def put(where: object, value: float) -> Callable[[np.ndarray], np.ndarray]:
    def change(array: np.ndarray) -> np.ndarray:
        array[where] = value
        return array

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        *[(edited(f.name, lambda array: array[:-1]), "of shape") for f in fields(Frames) if f.name != "episode"],
        *[(edited(f.name, lambda array: array[..., None]), "of shape") for f in fields(Frames)],
        *[(edited(f.name, lambda array: array.astype(str)), "allowed: ") for f in fields(Frames)],
        *[(edited(name, lambda array: array.astype(float)), "allowed: whole numbers") for name in ("episode", "timestep")],
        (edited("qpos", lambda array: array[:, 0]), "qpos is float64 of shape"),
        (edited("actions", put((3, 0), np.nan)), "actions holds numbers that are not finite"),
        (edited("gripper_pose", put((0, 0), np.inf)), "gripper_pose holds numbers that are not finite"),
        (edited("episode", put(0, 1)), "episodes are not 0 to 1 in order"),
        (edited("episode", put(-1, 2)), "episodes are not 0 to 1 in order"),
        (edited("episode", put(slice(None), 0)), "episodes are not 0 to 1 in order"),
        (edited("timestep", put(0, -1)), "a timestep is negative"),
    ],
)
def test_frames_that_are_none_are_told(
    change: Callable[[Frames], Frames], words: str, demonstrations: Demonstrations, tmp_path: Path
) -> None:
    """Whatever the hash says: it is over what was written."""
    frames = change(demonstrations.frames)
    try:
        save(replace(demonstrations, frames=frames), tmp_path)
    except TypeError:  # words cannot be rounded: no hash
        save(demonstrations, tmp_path)
        np.savez_compressed(tmp_path / "frames.npz", **{f.name: getattr(frames, f.name) for f in fields(Frames)})
    with pytest.raises(ParaBenchError, match=rf"are damaged \(.*{words}.*; delete the folder") as told:
        load(tmp_path, scene_from_dict)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("changes", [{"frames": 3}, {"demonstrations": "2"}, {"hash": None}])
def test_a_count_that_is_not_so_is_told(changes: dict, saved: Path) -> None:
    edit_meta(saved, **changes)
    with pytest.raises(ParaBenchError, match="delete the folder to make them again"):
        load(saved, scene_from_dict)


@pytest.mark.parametrize("name", ["frames.npz", "scenes.jsonl", "meta.json"])
def test_a_pipe_is_refused(name: str, saved: Path) -> None:
    (saved / name).unlink()
    os.mkfifo(saved / name)
    with pytest.raises(ParaBenchError, match="is a pipe or a device; allowed: a file of demonstrations"):
        load(saved, scene_from_dict)


def test_a_folder_that_cannot_be_written_is_one_line(demonstrations: Demonstrations, tmp_path: Path) -> None:
    (tmp_path / "demos").write_text("a file of mine")
    with pytest.raises(ParaBenchError, match=r"^cannot write .*demos"):
        save(demonstrations, tmp_path / "demos")
