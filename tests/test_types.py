"""What goes to disk comes back unchanged, and names that are hashes tell every difference."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from para_bench.envs.scenes import scene_from_dict
from para_bench.records import EpisodeRecord
from para_bench.types import PATTERNS, SHAPES, ActionChunk, Camera, Corruption, ParaBenchError, Scene, content_hash, from_dict, to_dict

RECORD = EpisodeRecord(
    suite_version="1",
    split="novel_view",
    condition="view_angle",
    level="25",
    scene_index=3,
    scene_hash="0123456789abcdef",
    head="para",
    backbone="efficientnet_lite0@01234567",
    train_seed=1,
    demos=20,
    success_once=True,
    success_at_end=False,
    stage="place",
    reason="left_the_plate",
    steps=31,
    seconds=0.75,
    sim_seconds=7.5,
    grasp_error_m=0.004,
    place_error_m=None,
    checkpoint_hash="aa",
    config_hash="bb",
    extra={"path_m": 1.25},
)


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(to_dict(value), allow_nan=False))


def leaves(value: Any, path: tuple = ()) -> list[tuple]:
    """Paths of all leaves of nested lists and dicts."""
    if isinstance(value, dict | list | tuple):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return [leaf for key, item in pairs for leaf in leaves(item, (*path, key))]
    return [path]


def changed(value: Any, path: tuple) -> Any:
    """A copy with another leaf at `path`."""
    if path:
        copy = dict(value) if isinstance(value, dict) else list(value)
        copy[path[0]] = changed(value[path[0]], path[1:])
        return copy
    if value is None:
        return to_dict(Camera((1.0, 0.0, 1.0), (1.0, 0.0, 0.0, 0.0), 30.0))
    for names in (SHAPES, PATTERNS):
        if value in names:
            return names[(names.index(value) + 1) % len(names)]
    if isinstance(value, bool | str):
        return not value if isinstance(value, bool) else f"{value}x"
    return value + (1e-5 if isinstance(value, float) else 1)  # colours stay below 1, quaternions of length 1


def test_scene_goes_through_json(literal_scene: Scene) -> None:
    again = scene_from_dict(through_json(literal_scene))
    assert again == literal_scene
    assert again.hash == literal_scene.hash


def test_scene_with_a_wrong_calibration_goes_through_json(literal_scene: Scene) -> None:
    values = through_json(literal_scene) | {"told_camera": to_dict(literal_scene.camera)}
    scene = scene_from_dict(values)
    assert scene.told_camera == literal_scene.camera
    assert scene_from_dict(through_json(scene)) == scene


def test_scene_with_a_corruption_goes_through_json(literal_scene: Scene) -> None:
    scene = replace(literal_scene, corruption=Corruption("jpeg", 18))
    assert scene_from_dict(through_json(scene)) == scene
    assert scene.hash != literal_scene.hash
    assert "corruption" not in to_dict(literal_scene)


def test_sampled_scenes_hold_plain_numbers(scenes: list[Scene]) -> None:
    """A numpy number inside would write other JSON, or none."""
    for scene in scenes:
        assert scene_from_dict(through_json(scene)) == scene
        values = to_dict(scene)
        for path in leaves(values):
            leaf = values
            for key in path:
                leaf = leaf[key]
            assert type(leaf) in (int, float, str, bool, type(None)), path


def test_scene_hash_is_the_released_one(literal_scene: Scene) -> None:
    """Old records name their scenes by this hash: if this line has to change, released records lose their scenes."""
    camera = copy.copy(literal_scene.camera)
    object.__setattr__(camera, "quat_wxyz", (0.27, 0.65, 0.65, 0.27))  # was not refused for its length when the hash was written down
    assert replace(literal_scene, camera=camera).hash == "75e1cf633da8e800"


def test_hash_is_the_same_in_every_process() -> None:
    code = "from para_bench.types import content_hash; print(content_hash({'b': [1, 0.1], 'a': None}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert found == content_hash({"a": None, "b": [1, 0.1]})


def test_scene_hash_is_sensitive_to_every_field(literal_scene: Scene) -> None:
    values = through_json(literal_scene)
    paths = [path for path in leaves(values) if path[0] not in ("task", "robot")]
    hashes = {scene_from_dict(changed(values, path)).hash for path in paths} | {literal_scene.hash}
    hashes |= {replace(literal_scene, task="another").hash, replace(literal_scene, robot="another").hash}
    assert len(hashes) == 3 + len(paths)
    fewer = scene_from_dict(values | {"room": values["room"] | {"clutter": []}})
    assert fewer.hash not in hashes


def test_scene_hash_does_not_hang_on_the_last_bit(literal_scene: Scene) -> None:
    """Which differs between processors (OpenBLAS has kernels for each) and versions of NumPy; nor does it tell -0.0 from 0.0."""
    camera = literal_scene.camera
    nudged = [tuple(float(np.nextafter(number, towards)) for number in camera.quat_wxyz) for towards in (-np.inf, np.inf)]
    for quat in nudged:
        assert quat != camera.quat_wxyz
        assert replace(literal_scene, camera=replace(camera, quat_wxyz=quat)).hash == literal_scene.hash
    zero, minus = (replace(literal_scene, home=(0.18, sign * 0.0, 0.1, 0.0)) for sign in (1, -1))
    assert zero.hash == minus.hash


def test_scene_hash_tells_a_thousandth_of_a_micrometre(literal_scene: Scene) -> None:
    x, y = literal_scene.layout.target_xy
    assert replace(literal_scene, layout=replace(literal_scene.layout, target_xy=(x + 1.1e-9, y))).hash != literal_scene.hash


def test_scene_is_frozen(literal_scene: Scene) -> None:
    with pytest.raises(AttributeError):
        literal_scene.room.ambient = 0.0  # type: ignore[misc]


def test_record_goes_through_json() -> None:
    assert from_dict(EpisodeRecord, through_json(RECORD)) == RECORD


def test_record_hash_is_sensitive_to_every_field() -> None:
    values = through_json(RECORD)
    values["place_error_m"] = 0.5  # a number like the others: leaves() gives None a camera
    paths = leaves(values)
    assert len({content_hash(changed(values, path)) for path in paths} | {content_hash(values)}) == 1 + len(paths)


@pytest.mark.parametrize("shape", [(5,), (12, 4), (12, 6), (1, 12, 5), (0,)])
def test_action_chunk_names_the_shape_found_and_the_shape_allowed(shape: tuple[int, ...]) -> None:
    with pytest.raises(ParaBenchError, match=r"shape \(.*\), allowed: \(T, 5\)") as caught:
        ActionChunk(np.zeros(shape))
    assert str(shape) in str(caught.value)


def test_action_chunk_of_any_length() -> None:
    for length in (1, 12, 30):
        assert ActionChunk(np.zeros((length, 5))).actions.shape == (length, 5)


def test_camera_matrices(literal_scene: Scene) -> None:
    camera = Camera((1.0, 2.0, 3.0), (1.0, 0.0, 0.0, 0.0), 90.0, 200, 100)
    np.testing.assert_allclose(camera.world_from_camera, [[1, 0, 0, 1], [0, 1, 0, 2], [0, 0, 1, 3], [0, 0, 0, 1]])
    np.testing.assert_allclose(camera.intrinsics, [[50, 0, 100], [0, 50, 50], [0, 0, 1]])  # 50 px = half the height over tan 45 degrees
