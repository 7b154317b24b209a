"""Scenes of impossible numbers are refused in one line, wherever they come in."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from para_bench.envs.env import TaskEnv
from para_bench.envs.scenes import scene_from_dict
from para_bench.quantities import UNIT_TOLERANCE
from para_bench.sim import build, textures
from para_bench.types import PATTERNS, SHAPES, Camera, Corruption, ParaBenchError, Scene, to_dict

NAN, FAR = math.nan, math.inf
WRONG: dict[str, tuple[tuple[str | int, ...], Any, str]] = {
    "flat lens": (("camera", "fovy_deg"), 0.0, "camera fovy_deg is 0.0; allowed: a number from 0 to 180, neither of them"),
    "lens behind": (("camera", "fovy_deg"), 180.0, "camera fovy_deg is 180.0"),
    "no lens": (("camera", "fovy_deg"), NAN, "camera fovy_deg is nan"),
    "long quaternion": (("camera", "quat_wxyz"), [1.0, 1.0, 0.0, 0.0], "of length 1.41421; allowed: length 1 within 0.0001"),
    "no quaternion": (("camera", "quat_wxyz"), [0.0, 0.0, 0.0, 0.0], "of length 0; allowed"),
    "nowhere": (("camera", "position"), [0.0, FAR, 1.0], "camera position"),
    "no picture": (("camera", "width"), 0, "camera width is 0"),
    "cloth": (("room", "table", "pattern"), "tartan", "surface pattern is 'tartan'; allowed: plain, checker"),
    "bright cloth": (("room", "table", "rgb"), [1.2, 0.0, 0.0], "surface rgb"),
    "grown cloth": (("room", "floor", "rgb2"), [NAN, 0.0, 0.0], "surface rgb2"),
    "cloth without a seed": (("room", "walls", "seed"), -1, "surface seed is -1"),
    "sphere": (("layout", "object", "shape"), "sphere", "prop shape is 'sphere'; allowed: box"),
    "flat": (("layout", "object", "half_size"), [0.01, 0.01, 0.0], "prop half_size"),
    "lost": (("layout", "object", "xy"), [NAN, 0.0], "prop xy"),
    "lost target": (("layout", "target_xy"), [0.1, FAR], "layout.target_xy is inf"),
    "dark light": (("room", "lights", 0, "diffuse"), [-0.1, 0.0, 0.0], "light diffuse"),
    "glare": (("room", "ambient"), 1.5, "room ambient is 1.5; allowed: a number from 0 to 1"),
    "no home": (("home",), [0.1, 0.0, NAN, 0.0], "scene home"),
    "fog": (("corruption",), {"kind": "fog", "amount": 1.0}, "corruption kind is 'fog'; allowed: noise, blur"),
    "blank": (("corruption",), {"kind": "noise", "amount": 2.0}, "noise amount is 2.0; allowed: a number from 0 to 1"),
}


def altered(value: Any, path: tuple[str | int, ...], leaf: Any) -> Any:
    if not path:
        return leaf
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = altered(copy[path[0]] if path[1:] else None, path[1:], leaf)  # type: ignore[index]
    return copy


@pytest.mark.parametrize(
    "way", [scene_from_dict, lambda scene: TaskEnv(image_size=32).reset(options={"scene": scene})], ids=["json", "reset"]
)
@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_scene_is_refused_in_one_line(literal_scene: Scene, case: str, way: Callable[[Any], Any]) -> None:
    path, leaf, told = WRONG[case]
    with pytest.raises(ParaBenchError) as error:
        way(altered(to_dict(literal_scene), path, leaf))
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert "; allowed: " in str(error.value)


def test_constructors_refuse_too() -> None:
    with pytest.raises(ParaBenchError, match="camera fovy_deg is 200"):
        Camera((0.0, 0.0, 1.0), (1.0, 0.0, 0.0, 0.0), 200.0)
    with pytest.raises(ParaBenchError, match=r"camera position is .*; allowed: 3 numbers"):
        Camera((0.0, 0.0), (1.0, 0.0, 0.0, 0.0), 40.0)  # type: ignore[arg-type]
    with pytest.raises(ParaBenchError, match="jpeg amount is True"):
        Corruption("jpeg", True)


def test_a_quaternion_may_be_rounded(literal_scene: Scene) -> None:
    """Both sides of the tolerance, which stays under half a pixel at the largest picture."""
    quat = np.array(literal_scene.camera.quat_wxyz)
    quat /= np.linalg.norm(quat)
    for stretch, good in ((1 + 0.9 * UNIT_TOLERANCE, True), (1 - 0.9 * UNIT_TOLERANCE, True), (1 + 1.1 * UNIT_TOLERANCE, False)):
        values = tuple((stretch * quat).tolist())
        if good:
            replace(literal_scene.camera, quat_wxyz=values)
        else:
            with pytest.raises(ParaBenchError, match="of length"):
                replace(literal_scene.camera, quat_wxyz=values)


def test_the_names_are_those_that_can_be_built() -> None:
    assert tuple(textures.PATTERNS) == PATTERNS
    assert tuple(build._SHAPES) == SHAPES
