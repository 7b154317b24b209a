"""Collecting with the expert, and drawing stored states again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import mujoco
import numpy as np
import pytest

import para_bench.demonstrations.collect
from para_bench.data.augmentation import Augmentation
from para_bench.data.dataset import chunks_of
from para_bench.data.store import Demonstrations
from para_bench.demonstrations.collect import collect
from para_bench.demonstrations.frames import FrameImages
from para_bench.envs.env import TaskEnv
from para_bench.envs.scenes import expert_waypoints, simulation_of
from para_bench.envs.shifts.views import view_angle
from para_bench.geometry import project
from para_bench.sim.executor import Executor
from para_bench.tensors import thin_depth
from para_bench.types import ParaBenchError, Scene

SIZE = 64
SAME = 2
"""Levels of 255 between two drawings of one state: bit-equal here, but software GL is not bit-exact across drivers."""
LABEL_PX = 0.5
"""What is allowed, at 640 px."""

LENGTH = 29
"""Of the expert's waypoints."""


@pytest.fixture(scope="module")
def images(demonstrations: Demonstrations) -> FrameImages:
    return FrameImages(demonstrations, SIZE, Augmentation(copies=2), seed=3)


@pytest.fixture(scope="module")
def second(demonstrations: Demonstrations) -> FrameImages:
    """Another one of the same settings."""
    return FrameImages(demonstrations, SIZE, Augmentation(copies=2), seed=3)


@pytest.fixture
def fresh(demonstrations: Demonstrations) -> Iterator[TaskEnv]:
    env = TaskEnv(image_size=SIZE)
    yield env
    env.close()


def test_frames_are_what_the_expert_did(demonstrations: Demonstrations, scenes: list[Scene]) -> None:
    frames = demonstrations.frames
    assert demonstrations.scenes == tuple(scenes[:2])
    assert len(frames) == 2 * LENGTH
    assert frames.episode.tolist() == [0] * LENGTH + [1] * LENGTH
    assert frames.timestep.tolist() == list(range(LENGTH)) * 2
    for episode, scene in enumerate(demonstrations.scenes):
        np.testing.assert_array_equal(frames.actions[frames.episode == episode], expert_waypoints(scene))
        simulation = simulation_of(scene)
        driver = Executor(simulation)
        for frame in np.flatnonzero(frames.episode == episode):
            np.testing.assert_array_equal(frames.qpos[frame], simulation.data.qpos)
            np.testing.assert_array_equal(frames.gripper_pose[frame], simulation.gripper_pose)
            assert frames.gripper_yaw[frame] == simulation.gripper_yaw
            assert frames.gripper_opening[frame] == simulation.gripper_opening
            driver.execute(frames.actions[frame])


def test_collecting_twice_gives_the_same(demonstrations: Demonstrations) -> None:
    assert collect(demonstrations.scenes).hash == demonstrations.hash


@pytest.mark.parametrize("angle", [0, 25, 45])
def test_gripper_pixels_are_projections_of_the_gripper_by_mujocos_own_camera(scene: Scene, angle: float) -> None:
    moved = view_angle(angle)(scene, np.random.default_rng(angle))  # any direction
    frames = collect([moved]).frames
    simulation = simulation_of(moved)
    for frame in range(len(frames)):
        simulation.set_qpos(frames.qpos[frame])
        camera = simulation.data.camera("main")
        x, y, z = camera.xmat.reshape(3, 3).T @ (simulation.data.site("gripper").xpos - camera.xpos)
        focal = 0.5 / np.tan(np.radians(simulation.model.camera("main").fovy[0]) / 2)
        expected = np.array([0.5 + focal * x / -z, 0.5 - focal * y / -z])
        assert np.linalg.norm(640 * (frames.gripper_pixel[frame] - expected)) < LABEL_PX
        np.testing.assert_allclose(frames.world_from_camera[frame, :3, 3], camera.xpos, atol=1e-9)  # round-off
        pixel = frames.intrinsics[frame] @ np.linalg.inv(frames.world_from_camera[frame])[:3] @ np.r_[frames.gripper_pose[frame, :3], 1]
        np.testing.assert_allclose(pixel[:2] / pixel[2], frames.gripper_pixel[frame], atol=1e-9)


def test_a_scene_in_which_the_expert_fails_is_told(scene: Scene) -> None:
    wide = replace(scene.layout.object, half_size=(0.05, 0.05, 0.016))  # wider than the jaw
    held = replace(scene, layout=replace(scene.layout, object=wide))
    with pytest.raises(ParaBenchError, match=f"the expert failed in scene {held.hash}: it ends at stage '.*'; allowed: success of place"):
        collect([scene, held])
    away = replace(scene, layout=replace(scene.layout, target_xy=(0.5, 0.0)))
    with pytest.raises(ParaBenchError, match=f"the expert stopped in scene {away.hash}: unreachable"):
        collect([away])


def test_a_stored_state_is_drawn_as_it_was(demonstrations: Demonstrations, images: FrameImages, fresh: TaskEnv) -> None:
    frames = demonstrations.frames
    for episode, scene in enumerate(demonstrations.scenes):
        fresh.start(scene)
        for frame in np.flatnonzero(frames.episode == episode):
            if frame % 5 == 0:
                apart = np.abs(images.frame(frame).astype(int) - fresh.render())
                # What is seen live is one physics step (2 ms) behind the joint positions: an edge may move by 0.5 mm, a tenth of a pixel.
                assert (apart > 8).mean() < 0.01
                if frame == np.flatnonzero(frames.episode == episode)[0]:
                    assert apart.max() <= SAME  # nothing has moved yet
            fresh.advance(frames.actions[frame])


def test_images_do_not_depend_on_what_was_asked_before(images: FrameImages, second: FrameImages) -> None:
    chosen = [0, 1, 2, 40, 41, len(images) - 1]
    forward = {i: images(i, i + 1)[0] for i in chosen}
    for i in reversed(chosen):
        assert np.abs(second(i, i + 1)[0].astype(int) - forward[i]).max() <= SAME
    block = second(38, 44)
    assert block.shape == (6, SIZE, SIZE, 3)
    assert block.dtype == np.uint8
    for i in (40, 41):
        assert np.abs(block[i - 38].astype(int) - forward[i]).max() <= SAME


def test_copy_zero_is_the_frame_and_the_others_are_not(images: FrameImages) -> None:
    assert len(images) == 3 * 2 * LENGTH
    original, *others = images(30, 33)
    np.testing.assert_array_equal(original, images.frame(10))
    for other in others:
        assert (other != original).any()
    assert (others[0] != others[1]).any()


def test_the_last_block_may_be_short(images: FrameImages) -> None:
    assert len(images(len(images) - 2, len(images) + 30)) == 2


def test_cameras_of_copies(demonstrations: Demonstrations, images: FrameImages, second: FrameImages) -> None:
    own = demonstrations.scenes[0].camera.resized(SIZE)
    assert images.camera(0) == own
    assert images.camera(1) == second.camera(1) != own
    assert images.camera(1) != images.camera(2)
    assert images.camera(1).position == own.position
    assert FrameImages(demonstrations, SIZE, Augmentation(copies=2), seed=4).camera(1) != images.camera(1)


def test_the_turned_copy_shows_the_scene_where_its_camera_says(demonstrations: Demonstrations) -> None:
    """The white plate's middle, in a copy whose colours are left as they are."""
    settings = Augmentation(copies=3, jitter=0.0, hue=0.0, field=0.0)
    images = FrameImages(demonstrations, 224, settings, seed=0)
    scene = demonstrations.scenes[0]
    env = TaskEnv(image_size=224)
    for sample in (1, 2, 3):
        camera = images.camera(sample)
        turned = images(sample, sample + 1)[0].astype(int)
        env.start(replace(scene, camera=camera))
        drawn = env.render().astype(int)  # by MuJoCo, from that very camera
        u, v = project(np.array([*scene.layout.target_xy, 0.004]), camera)[0].astype(int)
        window = np.s_[v - 14 : v + 15, u - 14 : u + 15]
        assert np.abs(turned[window] - drawn[window]).mean() < 8  # of 255: edges are resampled; half a pixel of shift costs 12
    env.close()


def test_the_key_names_all_that_decides(
    demonstrations: Demonstrations, images: FrameImages, second: FrameImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = Demonstrations(demonstrations.scenes[:1], demonstrations.frames)
    others = [
        FrameImages(half, SIZE, Augmentation(copies=2), 3),
        FrameImages(demonstrations, 32, Augmentation(copies=2), 3),
        FrameImages(demonstrations, SIZE, Augmentation(copies=1), 3),
        FrameImages(demonstrations, SIZE, Augmentation(copies=2, hue=0.1), 3),
        FrameImages(demonstrations, SIZE, Augmentation(copies=2), 4),
    ]
    keys = [other.key for other in others]
    assert images.key == second.key
    monkeypatch.setattr("para_bench.demonstrations.frames.versions", lambda packages: dict.fromkeys(packages, "99.0"))
    keys.append(second.key)  # another renderer
    monkeypatch.undo()
    assert len({images.key, *keys}) == 7


def test_drawing_needs_no_simulation(demonstrations: Demonstrations, images: FrameImages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mujoco, "mj_step", None)  # a step would fail
    assert images.frame(7).shape == (SIZE, SIZE, 3)
    assert para_bench.demonstrations.collect.TaskEnv is TaskEnv


def test_depth_of_a_turned_copy_is_what_the_turned_camera_measures(demonstrations: Demonstrations, images: FrameImages) -> None:
    for sample in (0, 1, 2, 3 * LENGTH + 1):  # the frame itself, its copies, and one of the second demonstration
        frame = sample // 3
        scene = replace(demonstrations.scenes[int(demonstrations.frames.episode[frame])], camera=images.camera(sample))
        env = TaskEnv(image_size=448)
        env.start(scene)
        env.simulation.set_qpos(demonstrations.frames.qpos[frame])
        expected = thin_depth(env.depth())
        env.close()
        found = images.depths(sample, sample + 1)[0]
        assert found.shape == expected.shape
        seen = found > 0
        assert seen.mean() > 0.8  # the rest lies outside the frame's own image
        off = np.abs(found - expected)[seen]
        assert np.median(off) < 4e-3  # m; half a pixel of 64 on a table seen at 45 degrees
        assert np.quantile(off, 0.9) < 0.02  # edges fall on either side


def test_depths_follow_the_order_of_samples(images: FrameImages) -> None:
    whole = images.depths(0, 7)
    np.testing.assert_array_equal(images.depths(4, 7), whole[4:])
    assert len({depth.tobytes() for depth in whole}) == 7


@pytest.fixture(scope="module")
def dense(scenes: list[Scene]) -> Demonstrations:
    return collect(scenes[:2], frame_s=0.06)


def test_dense_frames_at_waypoints_are_the_frames_of_before(demonstrations: Demonstrations, dense: Demonstrations) -> None:
    assert dense.stride == 4
    assert len(dense.frames) == 4 * len(demonstrations.frames)
    assert dense.frames.timestep.tolist() == list(range(4 * LENGTH)) * 2
    thin = dense.at_waypoints()
    assert thin.stride == 1
    np.testing.assert_array_equal(thin.frames.qpos, demonstrations.frames.qpos)
    np.testing.assert_allclose(thin.frames.actions, demonstrations.frames.actions, atol=1e-12)  # round-off of the line's end
    (few, real), (many, also) = chunks_of(demonstrations), chunks_of(dense)
    np.testing.assert_allclose(many[::4], few, atol=1e-12)
    np.testing.assert_array_equal(also[::4], real)


def test_the_chunk_of_a_dense_frame_is_what_the_executor_is_told_from_there_on(dense: Demonstrations) -> None:
    """Its waypoint j is where the gripper is told to be 0.24 (j + 1) s later, on the line between the expert's waypoints."""
    waypoints = expert_waypoints(dense.scenes[0])
    way = np.concatenate([[dense.scenes[0].home[:3]], waypoints[:, :3]])
    chunks, real = chunks_of(dense)
    for frame in (0, 1, 6, 35, 4 * LENGTH - 1):
        for j in (0, 1, 7):
            at = min(frame / 4 + 1 + j, LENGTH)  # in waypoints of 0.24 s
            low = min(int(at), LENGTH - 1)
            np.testing.assert_allclose(chunks[frame, j, :3], way[low] + (at - low) * (way[low + 1] - way[low]), atol=1e-9)
            assert real[frame, j] == (frame + 4 * j < 4 * LENGTH)


def test_the_opening_is_the_one_of_the_longer_part(dense: Demonstrations) -> None:
    opening = expert_waypoints(dense.scenes[0])[:, 4]
    closes = int(np.flatnonzero(np.diff(opening) < 0)[0]) + 1  # the first waypoint with a closed jaw
    around = dense.frames.actions[4 * closes - 4 : 4 * closes + 1, 4]
    assert around.tolist() == [1, 1, 1, 0, 0]  # 0.18, 0.12 and 0.06 s of the time that lies ahead are open


def test_picture_and_state_of_a_dense_frame_are_of_one_instant(dense: Demonstrations) -> None:
    for frame in (3, 50, 77, 4 * LENGTH + 9):
        simulation = simulation_of(dense.scenes[int(dense.frames.episode[frame])])
        simulation.set_qpos(dense.frames.qpos[frame])
        np.testing.assert_array_equal(dense.frames.gripper_pose[frame], simulation.gripper_pose)
        assert dense.frames.gripper_yaw[frame] == simulation.gripper_yaw


@pytest.mark.integration
@pytest.mark.parametrize("offset", [0, 1, 2, 3])
def test_executing_the_chunks_of_dense_frames_does_the_task(dense: Demonstrations, offset: int, env: TaskEnv) -> None:
    """A policy that learned them by heart and looks after every second waypoint, started late by `offset` frames."""
    chunks, _ = chunks_of(dense)
    for episode, scene in enumerate(dense.scenes):
        frames = np.flatnonzero(dense.frames.episode == episode)
        env.start(scene)
        while not env.progress.success and env.steps < env.task.max_steps:
            chunk = chunks[frames[min(offset + 4 * env.steps, len(frames) - 1)]]
            for action in chunk[:2]:
                assert env.advance(action) == ""
        assert env.progress.success


def test_a_time_between_frames_that_does_not_fit_is_refused(scenes: list[Scene]) -> None:
    for wrong in (0.05, 0.1, 0.0, 0.3):
        with pytest.raises(ParaBenchError, match=f"time between frames is {wrong} s; allowed: 0.02, 0.04, 0.06, 0.08, 0.12, 0.24"):
            collect(scenes[:1], frame_s=wrong)
