"""Turning the camera and the gripper together about the vertical turns the answer with them, yaw included."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from para_bench.conformance.cases import CAMERA
from para_bench.geometry import quat_from_matrix, wrap_yaw
from para_bench.heads.base import HeadConfig
from para_bench.heads.para import Para
from para_bench.heads.para_camera_yaw import ParaCameraYaw
from para_bench.types import Camera, FeatureSpec

SPEC = FeatureSpec("toy@01234567", 224, (4,), (28,))


def about_vertical(camera: Camera, angle: float) -> Camera:
    turn = Rotation.from_euler("z", angle).as_matrix()
    pose = camera.world_from_camera
    return replace(camera, position=tuple(turn @ pose[:3, 3]), quat_wxyz=quat_from_matrix(turn @ pose[:3, :3]))


@pytest.mark.parametrize("angle", [0.3, -2.0])
@pytest.mark.parametrize(("kind", "turns"), [(ParaCameraYaw, True), (Para, False)])
def test_yaw_turns_with_the_camera(kind: type[Para], turns: bool, make_case, angle: float) -> None:
    head = kind(SPEC, HeadConfig(width=8)).eval()
    case = make_case(SPEC, count=1, camera=CAMERA.resized(224))
    still = replace(case.observations[0], gripper_pose=np.array([0.0, 0, 0.1, 1, 0, 0, 0]))  # on the axis: it stays at its pixel
    turned = replace(still, camera=about_vertical(still.camera, angle), gripper_yaw=float(wrap_yaw(still.gripper_yaw + angle)))
    first, second = (head.predict(case.one(0), o, torch.Generator()).actions for o in (still, turned))
    off = np.abs(wrap_yaw(second[:, 3] - first[:, 3] - angle))
    assert (off.max() < 1e-4) == turns
    if turns:
        np.testing.assert_allclose(second[:, :2], first[:, :2] @ Rotation.from_euler("z", angle).as_matrix()[:2, :2].T, atol=1e-4)
        np.testing.assert_allclose(second[:, [2, 4]], first[:, [2, 4]], atol=1e-5)


def test_loss_does_not_change_when_all_turns(make_case) -> None:
    head = ParaCameraYaw(SPEC, HeadConfig(width=8)).eval()
    case = make_case(SPEC, count=4, camera=CAMERA.resized(224))
    angle = 0.7
    pose = torch.from_numpy(np.tile(about_vertical(CAMERA, angle).world_from_camera, (4, 1, 1)).astype(np.float32))
    double = torch.atan2(case.batch.state[:, 3], case.batch.state[:, 4]) + 2 * angle
    state, actions = case.batch.state.clone(), case.batch.actions.clone()
    state[:, 3], state[:, 4] = double.sin(), double.cos()
    actions[..., 3] = torch.from_numpy(wrap_yaw(actions[..., 3].numpy() + angle))
    turned = replace(case.batch, state=state, actions=actions, world_from_camera=pose)
    assert head.loss(case.features, turned)[0].item() == pytest.approx(head.loss(case.features, case.batch)[0].item(), rel=1e-4)
