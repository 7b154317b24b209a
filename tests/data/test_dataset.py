"""Training windows: labels in every copy's own camera, chunks and their ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from para_bench.data.augmentation import Augmentation, random_turn
from para_bench.data.dataset import Windows, make_windows
from para_bench.data.store import Demonstrations
from para_bench.geometry import project
from para_bench.tensors import DEPTH_SIZE, encode_actions, encode_state, unit_intrinsics
from para_bench.types import ACTIONS, Camera

COPIES = 3
FLOAT32 = 1e-6  # shares of the image and metres


@pytest.fixture(scope="module")
def cameras(demonstrations: Demonstrations) -> list[Camera]:
    """The frame's own camera, then two turned ones."""
    settings, cameras = Augmentation(), []
    for frame, episode in enumerate(demonstrations.frames.episode):
        camera = demonstrations.scenes[episode].camera
        cameras += [camera, *(random_turn(camera, settings, np.random.default_rng([frame, copy])) for copy in range(1, COPIES))]
    return cameras


@pytest.fixture(scope="module")
def windows(demonstrations: Demonstrations, cameras: list[Camera]) -> Windows:
    index = np.arange(len(cameras), dtype=np.float16)
    inputs = [np.broadcast_to(index[:, None, None, None], (len(index), 2, 3, 3)), np.broadcast_to(index[:, None], (len(index), 4))]
    depth = np.broadcast_to(index[:, None, None], (len(index), DEPTH_SIZE, DEPTH_SIZE))
    return make_windows(demonstrations, cameras, np.repeat(np.arange(len(demonstrations.frames)), COPIES), inputs, depth)


def test_labels_of_every_copy_are_projections_into_its_own_camera(demonstrations: Demonstrations, cameras, windows: Windows) -> None:
    batch = windows.batch
    assert len(windows) == COPIES * len(demonstrations.frames)
    for sample, camera in enumerate(cameras):
        frame = sample // COPIES
        size = [camera.width, camera.height]
        gripper = project(demonstrations.frames.gripper_pose[frame, :3], camera)[0] / size
        np.testing.assert_allclose(batch.gripper_pixel[sample], gripper, atol=FLOAT32)
        waypoints = project(batch.actions[sample, :, :3].numpy(), camera)[0] / size
        np.testing.assert_allclose(batch.action_pixels[sample], waypoints, atol=1e-5)  # the labels lift float32 waypoints
        np.testing.assert_allclose(batch.intrinsics[sample], unit_intrinsics(camera), atol=FLOAT32)
        np.testing.assert_allclose(batch.world_from_camera[sample], camera.world_from_camera, atol=FLOAT32)


def test_chunks_follow_the_demonstration_and_are_masked_at_its_end(demonstrations: Demonstrations, windows: Windows) -> None:
    frames = demonstrations.frames
    for frame, episode in enumerate(frames.episode):
        own = np.flatnonzero(frames.episode == episode)
        left = int(own[-1]) + 1 - frame
        for sample in range(COPIES * frame, COPIES * (frame + 1)):
            valid = windows.batch.valid[sample].numpy()
            assert valid.tolist() == [t < left for t in range(ACTIONS.horizon)]
            actions = windows.batch.actions[sample].numpy()
            count = min(left, ACTIONS.horizon)
            np.testing.assert_array_equal(actions[:count], frames.actions[frame : frame + count].astype(np.float32))
            last = frames.actions[own[-1]].astype(np.float32)
            np.testing.assert_array_equal(actions[count:], np.tile(last, (ACTIONS.horizon - count, 1)))


def test_states_and_encodings_are_the_shared_ones(demonstrations: Demonstrations, windows: Windows) -> None:
    frames = demonstrations.frames
    expected = encode_state(frames.gripper_pose[:, :3], frames.gripper_yaw, frames.gripper_opening)
    np.testing.assert_array_equal(windows.batch.state, np.repeat(expected, COPIES, axis=0))
    np.testing.assert_allclose(windows.batch.encoded, encode_actions(windows.batch.actions.numpy()), atol=1e-5)  # encoded before float32


@pytest.mark.parametrize("kept_as", ["numpy", "torch"])
def test_take_keeps_inputs_with_their_labels(windows: Windows, kept_as: str) -> None:
    if kept_as == "torch":  # as on a GPU
        windows = replace(windows, inputs=[torch.from_numpy(level.copy()) for level in windows.inputs])
    index = np.array([5, 0, 5, len(windows) - 1])
    (level, summary), batch = windows.take(index)
    assert level.shape == (4, 2, 3, 3)
    assert level.dtype == torch.float16  # the precision in which they are kept
    assert level[:, 0, 0, 0].tolist() == summary[:, 0].tolist() == index.tolist()
    for name in batch.__dataclass_fields__:
        assert torch.equal(getattr(batch, name), getattr(windows.batch, name)[torch.from_numpy(index)])


def test_windows_stay_where_they_are_without_a_gpu(windows: Windows) -> None:
    assert windows.on(torch.device("cpu")) is windows


def test_windows_without_depth_have_none(demonstrations: Demonstrations, cameras: list[Camera]) -> None:
    bare = make_windows(demonstrations, cameras, np.repeat(np.arange(len(demonstrations.frames)), COPIES), [np.zeros((len(cameras), 1))])
    assert bare.take(np.array([3, 1]))[1].to(torch.device("cpu")).depth is None


class Level:
    """Stands for a memory-mapped level of a gigabyte."""

    nbytes = 1 << 30


@pytest.mark.parametrize(
    ("free", "left", "moved"),
    [
        (10, 9, True),
        (4, 3, True),  # 2 GiB beyond the reserve: half of them
        (3.9, 3, False),  # no room
        (10, 1.5, False),  # another process took its own meanwhile: given back
    ],
)
def test_inputs_move_to_a_gpu_that_has_room_for_them(
    free: float, left: float, moved: bool, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, emptied = iter([free, left]), []
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (int(next(answers) * 2**30), 80 << 30))
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: emptied.append(1))
    monkeypatch.setattr(torch, "from_numpy", lambda _: torch.zeros(1))
    monkeypatch.setattr(torch.Tensor, "to", lambda value, _: value)
    many = replace(windows, inputs=[Level()])  # type: ignore[list-item]
    found = many.on(torch.device("cuda"))
    assert (found is not many) == moved
    assert bool(emptied) == (not moved and left < 2)


def test_inputs_stay_where_they_are_when_the_gpu_is_full_after_all(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> torch.Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (10 << 30, 80 << 30))
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    monkeypatch.setattr(torch.Tensor, "to", full)
    assert windows.on(torch.device("cuda")) is windows


def test_a_process_may_be_given_a_smaller_share(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (10 << 30, 80 << 30))
    many = replace(windows, inputs=[Level()])  # type: ignore[list-item]
    assert many.on(torch.device("cuda"), share=0.1) is many
