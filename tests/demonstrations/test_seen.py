"""The same demonstrations seen again: states and experts stay, cameras and rooms are those of the training."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from para_bench.benchmarks.conditions import EACH, TrainingSet
from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.splits import find_split
from para_bench.data.augmentation import Augmentation
from para_bench.data.dataset import make_windows
from para_bench.data.store import Demonstrations
from para_bench.demonstrations import seen as module
from para_bench.demonstrations.frames import FrameImages
from para_bench.demonstrations.seen import seen_demonstrations, seen_in, viewpoint, views_of
from para_bench.demonstrations.stored import demonstrations_folder
from para_bench.envs.env import TaskEnv
from para_bench.envs.fair import problems
from para_bench.envs.ranges import held_out
from para_bench.envs.sampling import DEFAULT_CAMERA
from para_bench.tensors import pixel_shares
from para_bench.types import ParaBenchError, Scene

SIZE = 64
PLAIN = Augmentation(copies=0)


def cameras_of(training: TrainingSet, scenes: list[Scene], demo_seed: int = 0) -> list[list]:
    return [[view.camera for view in views] for views in views_of(training, tuple(scenes), demo_seed)]


def test_more_cameras_begin_with_the_fewer_and_the_first_is_the_default_one(scenes: list[Scene]) -> None:
    few, many = (cameras_of(TrainingSet(cameras=k), scenes[:3]) for k in (4, 16))
    for small, large in zip(few, many, strict=True):
        assert small[0] == large[0] == DEFAULT_CAMERA
        assert [camera for camera in large if camera in small] == small
        assert len(small) < len(large) <= 16
    other = cameras_of(TrainingSet(cameras=4), scenes[:3], demo_seed=1)
    assert other[0][0] == DEFAULT_CAMERA
    assert other[0][1] not in many[0]  # another set of demonstrations has other cameras


def test_all_of_the_task_is_seen_from_each_view(scenes: list[Scene]) -> None:
    training = TrainingSet(cameras=16, rooms=4)
    for scene, views in zip(scenes[:4], views_of(training, tuple(scenes[:4]), 0), strict=True):
        assert len({view.room for view in views}) == 4
        for view in views[::3]:
            assert problems(replace(scene, camera=view.camera, room=view.room)) == []


def test_a_camera_that_hides_something_is_skipped_or_drawn_again(scenes: list[Scene], monkeypatch: pytest.MonkeyPatch) -> None:
    banned = viewpoint(0, 1).camera
    monkeypatch.setattr(module, "hidden", lambda scene, cameras: [["hidden"] if camera == banned else [] for camera in cameras])
    shared = cameras_of(TrainingSet(cameras=4), scenes[:2])
    assert [len(cameras) for cameras in shared] == [3, 3]
    (first,), (second,) = cameras_of(TrainingSet(cameras=EACH), scenes[:2])
    assert first == DEFAULT_CAMERA
    assert second == viewpoint(0, 1, attempt=1).camera != banned
    monkeypatch.setattr(module, "hidden", lambda scene, cameras: [["hidden"] for _ in cameras])
    assert cameras_of(TrainingSet(cameras=4), scenes[:1]) == [[scenes[0].camera]]  # which is fair by itself
    with pytest.raises(ParaBenchError, match="no view of the range shows scene"):
        views_of(TrainingSet(cameras=EACH), tuple(scenes[:1]), 0)


def test_each_demonstration_has_a_view_of_its_own_and_both_counts_compose(scenes: list[Scene]) -> None:
    views = views_of(TrainingSet(cameras=EACH, rooms=2), tuple(scenes[:6]), 0)
    assert {len(each) for each in views} == {1}
    assert len({each[0].camera for each in views}) == 6
    assert len({each[0].room for each in views}) == 2
    rooms = views_of(TrainingSet(rooms=EACH), tuple(scenes[:4]), 0)
    assert len({each[0].room for each in rooms}) == 4
    assert all(each[0].camera == scene.camera for each, scene in zip(rooms, scenes, strict=False))


def test_training_cameras_and_rooms_are_none_of_the_tests(scenes: list[Scene]) -> None:
    trained = [viewpoint(seed, index) for seed in (-1, 0, 1) for index in range(64)]
    assert not any(held_out(view) for view in trained)
    cameras, rooms = {view.camera.position for view in trained[1:] if view.roll_deg}, set()
    for views in views_of(TrainingSet(rooms=16), tuple(scenes[:1]), 0):
        rooms |= {view.room for view in views[1:]}
    for name in ("camera_diversity", "room_diversity", "novel_view", "new_environment"):
        split = find_split(name)
        for condition in [each for each in split.conditions if each.share[1] == 1][::3]:
            scene = scene_of(split, condition, 0)
            assert scene.camera.position not in cameras
            assert scene.room not in rooms


def test_states_are_stored_once_whatever_they_are_seen_from(tmp_path: Path) -> None:
    plain, many = TrainingSet(), TrainingSet(cameras=4, rooms=EACH)
    assert demonstrations_folder(plain, 2, 0, tmp_path) == demonstrations_folder(many, 2, 0, tmp_path)
    states = seen_demonstrations(plain, 2, 0, tmp_path, progress=False)
    seen = seen_demonstrations(many, 2, 0, tmp_path, progress=False)
    assert len(list((tmp_path / "demonstrations").iterdir())) == 1
    assert seen.scenes == states.scenes
    assert states.views == ()
    assert {len(views) for views in seen.views} == {1}
    assert seen.hash != states.hash
    for field in fields(states.frames):
        np.testing.assert_array_equal(getattr(seen.frames, field.name), getattr(states.frames, field.name))
    held = seen_demonstrations(many, 2, -1, tmp_path, progress=False)
    assert held.views == ()  # one view each, as if collected in it
    assert len({scene.camera for scene in held.scenes} | {DEFAULT_CAMERA}) == 3


def test_one_view_is_as_if_it_had_been_collected_in_it(demonstrations: Demonstrations) -> None:
    views = tuple(view for (view,) in views_of(TrainingSet(cameras=EACH, rooms=EACH), demonstrations.scenes, 1))
    found = seen_in(demonstrations, views)
    pose, camera = found.frames.gripper_pose[40], views[1].camera
    np.testing.assert_allclose(found.frames.gripper_pixel[40], pixel_shares(pose[:3], camera))
    np.testing.assert_array_equal(found.frames.world_from_camera[40], camera.world_from_camera)
    assert [scene.room for scene in found.scenes] == [view.room for view in views]
    np.testing.assert_array_equal(found.frames.actions, demonstrations.frames.actions)


def test_images_are_drawn_in_their_views_and_labels_follow(demonstrations: Demonstrations) -> None:
    """Against a scene that is started under that camera and in that room."""
    training = TrainingSet(cameras=4, rooms=3)
    seen = replace(demonstrations, views=views_of(training, demonstrations.scenes, 0))
    images = FrameImages(seen, SIZE, Augmentation(copies=1), 0)
    block, env = images(20, 60), TaskEnv(image_size=SIZE)
    windows = make_windows(seen, [images.camera(s) for s in range(len(images))], images.samples.frame, [np.zeros((len(images), 1))])
    for sample in (20, 22, 24, 30, 58):
        frame, episode = sample // 2, int(seen.frames.episode[sample // 2])
        view = seen.views[episode][images.samples.view[sample]]
        assert images.camera(sample) == view.camera.resized(SIZE)
        env.start(replace(seen.scenes[episode], camera=view.camera, room=view.room))
        env.simulation.set_qpos(seen.frames.qpos[frame])
        np.testing.assert_array_equal(block[sample - 20], env.image())
        turned = images.camera(sample + 1)
        assert turned.position == seen.views[episode][images.samples.view[sample + 1]].camera.position  # a copy has a view of its own
        expected = pixel_shares(seen.frames.actions[frame, :3], turned)
        np.testing.assert_allclose(windows.batch.action_pixels[sample + 1, 0], expected, atol=1e-6)  # float32
        np.testing.assert_allclose(windows.batch.world_from_camera[sample + 1], turned.world_from_camera, atol=1e-6)
    env.close()
    assert np.array_equal(images(33, 34)[0], block[13])  # whatever was asked before


def test_depth_follows_the_view(demonstrations: Demonstrations) -> None:
    seen = replace(demonstrations, views=views_of(TrainingSet(cameras=4), demonstrations.scenes, 0))
    images = FrameImages(seen, SIZE, Augmentation(copies=1), 0)
    whole = images.depths(0, 6)
    np.testing.assert_array_equal(images.depths(3, 6), whole[3:])
    assert len({depth.tobytes() for depth in whole}) == 6
