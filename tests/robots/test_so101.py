"""The arm's file against the published figures, and the closed-form inverse kinematics against the forward kinematics."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

import mujoco
import numpy as np
import pytest

from para_bench.geometry import jaw_yaw
from para_bench.robots import so101 as robot

# The published SO-101 geometry at zero joint angles: anchor [m], axis, limits [deg].
PUBLISHED = {
    "shoulder_pan": ((0.0388, 0, 0.0624), (0, 0, -1), (-110, 110)),
    "shoulder_lift": ((0.0692, -0.0183, 0.1166), (0, 1, 0), (-100, 100)),
    "elbow_flex": ((0.0972, -0.0183, 0.2292), (0, 1, 0), (-96.8, 96.8)),
    "wrist_flex": ((0.2321, -0.0183, 0.2344), (0, 1, 0), (-95, 95)),
    "wrist_roll": ((0.2932, -0.0002, 0.2344), (-1, 0, 0), (-157.2, 162.8)),
}
LINK_MASSES = (0.147, 0.100, 0.103, 0.104, 0.079, 0.087)
"""Base to gripper [kg]; the fingers belong to the gripper."""
# Where a strictly vertical gripper reaches: z -> pairs of x and the largest |y| [m]. The figures hold for SO-101's gripper
# frame; ours stands 7.9 mm aside on the roll axis, which moves the near edge out by 1 to 2 cm above z 0.06.
VERTICAL = {
    0.015: ((0.12, 0.17), (0.18, 0.17), (0.24, 0.17), (0.27, 0.12)),
    0.03: ((0.12, 0.17), (0.21, 0.17), (0.24, 0.15), (0.27, 0.10)),
    0.065: ((0.14, 0.17), (0.18, 0.17), (0.21, 0.15), (0.24, 0.10)),
    0.08: ((0.16, 0.15), (0.18, 0.15)),
}
YAWS = np.linspace(-np.pi / 2, np.pi / 2, 7)[:-1]


class Arm:
    """The arm alone, put into joint angles."""

    def __init__(self) -> None:
        self.model = mujoco.MjModel.from_xml_string(resources.files("para_bench").joinpath("assets/arm.xml").read_text())
        self.data = mujoco.MjData(self.model)

    def place(self, joints: np.ndarray) -> None:
        self.data.qpos[:5] = joints
        mujoco.mj_kinematics(self.model, self.data)

    def at(self, site: str) -> tuple[np.ndarray, np.ndarray]:
        """Position (3,) and rotation (3, 3) of a site."""
        return self.data.site(site).xpos.copy(), self.data.site(site).xmat.reshape(3, 3).copy()


@pytest.fixture(scope="module")
def arm() -> Arm:
    return Arm()


def reachable_grid() -> Iterator[np.ndarray]:
    for x in np.arange(0.08, 0.34, 0.02):
        for y in np.arange(-0.24, 0.25, 0.04):
            for z in (0.005, 0.016, 0.04, 0.075, 0.1, 0.15):
                if robot.reachable(np.array([[x, y, z]]))[0]:
                    yield np.array([x, y, z])


@pytest.mark.parametrize(
    ("joints", "expected"),
    [
        ((0, 0, 0, 0, 0), (0.3914, 0, 0.2265)),
        ((0.9509, 0.2233, 0.4654, 0.0868, 1.4871), (0.2084, -0.2515, 0.0264)),
        ((-1.0867, -0.7869, 0.346, 0.2929, 0.4159), (0.1575, 0.2187, 0.2944)),
    ],
)
def test_forward_kinematics_is_the_published_one(arm: Arm, joints: tuple, expected: tuple) -> None:
    arm.place(np.array(joints))
    np.testing.assert_allclose(arm.at("so101_gripper_frame")[0], expected, atol=1e-3)  # the samples are good to 1 mm


def test_arm_file_holds_the_published_joints(arm: Arm) -> None:
    arm.place(np.zeros(5))
    assert tuple(PUBLISHED) == robot.JOINTS
    for index, (name, (anchor, axis, limits)) in enumerate(PUBLISHED.items()):
        joint = arm.model.joint(name)
        assert joint.qposadr[0] == joint.dofadr[0] == arm.model.actuator(name).id == index  # the executor writes ctrl[:5]
        np.testing.assert_allclose(arm.data.xanchor[joint.id], anchor, atol=1e-6)  # the published digits end at 1e-4
        np.testing.assert_allclose(arm.data.xaxis[joint.id], axis, atol=1e-9)  # round-off
        np.testing.assert_allclose(np.degrees(joint.range), limits, atol=1e-9)
        assert arm.model.actuator(name).ctrlrange == pytest.approx(joint.range)
        assert arm.model.actuator(name).forcerange == pytest.approx([-3.35, 3.35])
    np.testing.assert_allclose(arm.at("gripper")[1], np.eye(3), atol=1e-9)  # x approaches, y closes


def test_arm_file_holds_the_published_masses(arm: Arm) -> None:
    mass = {arm.model.body(i).name: arm.model.body_mass[i] for i in range(1, arm.model.nbody)}
    links = [mass[name] for name in ("base", "shoulder", "upper_arm", "lower_arm", "wrist")]
    gripper = mass["gripper"] + mass["finger_left"] + mass["finger_right"]
    np.testing.assert_allclose([*links, gripper], LINK_MASSES, atol=1e-9)  # round-off
    assert (arm.model.body_gravcomp[1:] == 1).all()  # the servos alone would sag by about 8 mm


def test_inverse_kinematics_uses_the_arm_files_numbers(arm: Arm) -> None:
    arm.place(np.zeros(5))
    pan, lift, elbow, wrist, _ = (arm.data.joint(name).xanchor for name in robot.JOINTS)
    tool, _ = arm.at("gripper")
    across = [0, 2]  # x and z: the arm's plane at zero pan
    close = {"atol": 1e-9}  # round-off of sums
    np.testing.assert_allclose(robot._PAN, pan[:2], **close)
    np.testing.assert_allclose(robot._SHOULDER, [lift[0] - pan[0], lift[2]], **close)
    np.testing.assert_allclose(robot._UPPER, (elbow - lift)[across], **close)
    np.testing.assert_allclose(robot._LOWER, (wrist - elbow)[across], **close)
    np.testing.assert_allclose([robot._HAND, robot._SIDE], [tool[0] - wrist[0], tool[1]], **close)
    np.testing.assert_allclose(robot.LIMITS, [arm.model.joint(name).range for name in robot.JOINTS], **close)
    assert [arm.model.joint(f"finger_{side}").range[1] for side in ("left", "right")] == [robot.FINGER_TRAVEL] * 2


def test_inverse_kinematics_undoes_forward_kinematics(arm: Arm) -> None:
    count = 0
    for position in reachable_grid():
        for yaw in YAWS:
            joints = robot.solve(position[None], np.array([yaw]))[0]
            assert (joints >= robot.LIMITS[:, 0]).all()
            assert (joints <= robot.LIMITS[:, 1]).all()
            arm.place(joints)
            found, _ = arm.at("gripper")
            np.testing.assert_allclose(found, position, atol=1e-9)  # m; both are closed forms
            count += 1
    assert count > 2000  # the grid did cover the workspace


def test_jaw_closes_along_the_yaw_asked_for(arm: Arm) -> None:
    for position in reachable_grid():
        for yaw in YAWS:
            arm.place(robot.solve(position[None], np.array([yaw]))[0])
            rotation = arm.at("gripper")[1]
            vertical = -rotation[2, 0]
            off = (jaw_yaw(rotation) - yaw + np.pi / 2) % np.pi - np.pi / 2
            # A vertical tool turns exactly; one that leans by 12 degrees or less loses under half a degree.
            assert abs(off) < (1e-6 if vertical > 1 - 1e-12 else np.radians(0.5)) or vertical < np.cos(np.radians(12))


def test_gripper_points_straight_down_where_the_published_arm_can(arm: Arm) -> None:
    for z, places in VERTICAL.items():
        for x, far in places:
            for y in (-far, 0.0, far):
                arm.place(robot.solve(np.array([[x, y, z]]), np.array([0.3]))[0])
                lean = np.degrees(np.arccos(np.clip(-arm.at("gripper")[1][2, 0], -1, 1)))
                assert lean < 1e-3, (x, y, z)  # degrees; arccos near 1 keeps half of the digits


def test_roll_takes_the_turn_that_is_near() -> None:
    position = np.array([0.2, 0.0, 0.03])
    near, far = (robot.solve(position[None], np.zeros(1), roll_near=r)[0] for r in (-1.5, 1.5))
    assert near[4] < 0 < far[4]
    assert far[4] - near[4] == pytest.approx(np.pi)


@pytest.mark.parametrize("position", [(0.0, 0.0, 0.0), (0.5, 0.0, 0.05), (0.2, 0.0, 0.5), (-0.3, 0.0, 0.05), (0.2, 0.4, 0.02)])
def test_unreachable_raises_and_names_the_place(position: tuple[float, float, float]) -> None:
    with pytest.raises(robot.UnreachableError, match=f"x={position[0]} y={position[1]} z={position[2]}"):
        robot.solve(np.array([position]), np.zeros(1))
    assert not robot.reachable(np.array([position]))[0]


def test_what_is_reached_does_not_depend_on_the_company() -> None:
    """Vertical points are solved first and tilted ones apart: together they come out as alone."""
    places = np.random.default_rng(0).uniform([0.05, -0.25, 0.0], [0.5, 0.25, 0.3], (300, 3))
    inside = robot.reachable(places)
    assert 50 < inside.sum() < 250  # some of each
    assert inside.tolist() == [bool(robot.reachable(place[None])[0]) for place in places]
    some = places[inside]
    together = robot.solve(some, np.zeros(len(some)))
    before = [0.0, *map(float, together[:-1, 4])]
    alone = [robot.solve(place[None], np.zeros(1), roll)[0] for place, roll in zip(some, before, strict=True)]
    assert 10 < robot.upright(some).sum() < len(some) - 10
    assert np.array_equal(together, alone)
