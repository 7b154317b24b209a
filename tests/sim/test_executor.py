"""The executor at the edge of the arm's reach: what ends an episode in suite version 1 is driven as far as it goes in version 2."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from para_bench.course import Rules
from para_bench.envs.scenes import expert_waypoints, simulation_of
from para_bench.robots import find_robot
from para_bench.sim.base import BadActionError, UnreachableError
from para_bench.sim.executor import Executor, reach_along
from para_bench.types import Scene

ARM = find_robot("so101")
CLAMPS = Rules(clamps=True)


def executor(scene: Scene, rules: Rules) -> Executor:
    return Executor(simulation_of(replace(scene, rules=rules)))


def test_a_line_ends_where_the_reach_does(scene: Scene) -> None:
    start, far = np.array(scene.home[:3]), np.array([0.9, 0.0, 0.1])
    end = reach_along(ARM, start, far, 0.0)
    assert ARM.reachable(end[None])[0]
    beyond = end + 1e-5 * (far - start) / np.linalg.norm(far - start)
    assert not ARM.reachable(beyond[None])[0]
    assert np.linalg.norm(np.cross(end - start, far - start)) < 1e-12  # on the line
    near = np.array([0.2, 0.05, 0.05])
    assert reach_along(ARM, start, near, 0.0) is near


def test_the_first_version_refuses_and_the_second_drives(scene: Scene) -> None:
    far = np.array([0.9, 0.0, 0.1, 0.5, 0.0])
    first, second = executor(scene, Rules()), executor(scene, CLAMPS)
    with pytest.raises(UnreachableError):
        first.execute(far)
    assert np.array_equal(first.command, [*scene.home, 1.0])
    knots = second.execute(far)
    assert second.clamped == 1
    assert second.command[0] > scene.home[0]
    assert second.command[3:] == pytest.approx([0.5, 0.0])  # the jaw turns and closes as it was told
    assert np.linalg.norm(knots[-1].gripper - second.command[:3]) < 0.02
    second.execute(np.array([*second.command[:3], 0.5, 0.0]))
    assert second.clamped == 1
    second.execute(far)  # from the edge there is no way on
    assert second.clamped == 2


@pytest.mark.parametrize("place", [(1e9, 0.0, 0.1), (-0.3, 0.0, 0.05), (0.2, 0.0, 5.0), (0.2, 0.0, -0.3)])
def test_however_far_it_is_asked_to_go_it_stays_in_reach(scene: Scene, place: tuple[float, float, float]) -> None:
    drives = executor(scene, CLAMPS)
    knots = drives.execute(np.array([*place, 0.0, 1.0]))
    assert len(knots) < 100
    assert ARM.reachable(drives.command[None, :3])[0]
    assert drives.clamped == 1


def test_within_reach_both_versions_do_the_same_bit_for_bit(scene: Scene) -> None:
    ends = []
    for rules in (Rules(), CLAMPS):
        drives = executor(scene, rules)
        knots = [knot for action in expert_waypoints(scene) for knot in drives.execute(action)]
        assert drives.clamped == 0
        ends.append(np.array([knot.qpos for knot in knots]))
    assert np.array_equal(*ends)


def test_what_is_no_number_is_refused_in_both(scene: Scene) -> None:
    for rules in (Rules(), CLAMPS):
        with pytest.raises(BadActionError):
            executor(scene, rules).execute(np.array([0.2, 0.0, np.nan, 0.0, 1.0]))
