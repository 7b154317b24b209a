"""Every row of HEADS keeps every rule of `para_bench.conformance`; a new head is tested by standing in the table."""

from __future__ import annotations

import pytest

from para_bench.conformance import LEARNING, RULES, broken
from para_bench.conformance.cases import CAMERA, Case
from para_bench.conformance.subject import SMALL, Subject
from para_bench.envs.sampling import DEFAULT_CAMERA
from para_bench.heads import HEADS
from para_bench.heads.create import create_head
from para_bench.types import ACTIONS, ParaBenchError


@pytest.mark.parametrize("rule", list(RULES))
@pytest.mark.parametrize("name", list(HEADS))
def test_head_keeps_the_rule(name: str, rule: str, case: Case) -> None:
    assert broken(RULES[rule], Subject(HEADS[name], case)) == ""


# Heads that take half a minute for it; they run with the slow tests.
HEAVY = ("act", "diffusion", "diffusion_plucker", "lift_splat", "rvt", "point_cloud")


@pytest.mark.integration
@pytest.mark.parametrize("rule", list(LEARNING))
@pytest.mark.parametrize("name", [pytest.param(head, marks=pytest.mark.slow if head in HEAVY else ()) for head in HEADS])
def test_head_can_learn(name: str, rule: str, pyramid_case: Case) -> None:
    assert broken(LEARNING[rule], Subject(HEADS[name], pyramid_case)) == ""


def test_heads_are_tested_under_the_camera_of_the_scenes() -> None:
    assert CAMERA.position == pytest.approx(DEFAULT_CAMERA.position, abs=1e-5)  # as many digits as are written there
    assert CAMERA.quat_wxyz == pytest.approx(DEFAULT_CAMERA.quat_wxyz, abs=1e-7)
    assert CAMERA.fovy_deg == DEFAULT_CAMERA.fovy_deg


def test_an_unknown_head_is_told_with_the_known_ones(pyramid_case: Case) -> None:
    with pytest.raises(ParaBenchError, match=f"'nonsense' is unknown; allowed: {', '.join(HEADS)}, or module:Class"):
        create_head("nonsense", pyramid_case.spec, SMALL)


def test_workspace_is_a_box() -> None:
    assert all(low < high for low, high in zip(ACTIONS.low, ACTIONS.high, strict=True))
