"""Augmented copies: the gripper stays under its label, the object stays what it is, and the same seed draws the same."""

from __future__ import annotations

import colorsys
from dataclasses import replace

import numpy as np
import pytest

from para_bench.data.augmentation import Augmentation, augment, random_turn
from para_bench.envs.sampling import DEFAULT_CAMERA
from para_bench.geometry import project
from para_bench.tasks.parts.pick_and_place import OBJECT_RGB
from para_bench.types import Camera

SIZE = 224
CAMERA = DEFAULT_CAMERA.resized(SIZE)
PLAIN = Augmentation(jitter=0.0, hue=0.0, field=0.0)
"""Geometry only."""
LABEL_PX = 0.5
"""What is allowed between the label and the gripper in the picture."""


def dot(pixel: np.ndarray) -> np.ndarray:
    """A bright spot of 2 px on black, at a place between pixels."""
    v, u = np.mgrid[:SIZE, :SIZE] + 0.5
    brightness = 250 * np.exp(-((u - pixel[0]) ** 2 + (v - pixel[1]) ** 2) / 8)
    return np.repeat(brightness[..., None], 3, axis=2).round().astype(np.uint8)


def centroid(image: np.ndarray) -> np.ndarray:
    v, u = np.mgrid[:SIZE, :SIZE] + 0.5
    weight = image.mean(-1)
    return np.array([(weight * u).sum(), (weight * v).sum()]) / weight.sum()


def patch(rgb: tuple[float, float, float]) -> np.ndarray:
    """A square of one colour on grey."""
    image = np.full((64, 64, 3), 120, np.uint8)
    image[20:44, 20:44] = np.round(255 * np.asarray(rgb))
    return image


@pytest.mark.parametrize("seed", range(12))  # any turns
def test_the_label_lands_on_the_warped_gripper(seed: int) -> None:
    """The label of a copy is the projection into its own camera; a spot painted at the gripper lands there."""
    rng = np.random.default_rng(seed)
    point = rng.uniform([0.13, -0.12, 0.01], [0.26, 0.12, 0.08])
    turned = random_turn(CAMERA, PLAIN, rng)
    label = project(point, turned)[0]
    assert (np.abs(label - SIZE / 2) < SIZE / 2 - 8).all()  # the spot is wholly in view
    warped = augment(dot(project(point, CAMERA)[0]), CAMERA, turned, PLAIN, rng)
    assert np.linalg.norm(centroid(warped) - label) < 0.1 < LABEL_PX  # px; bytes and bilinear reading


def test_turns_stay_within_their_settings_and_keep_the_centre() -> None:
    rng = np.random.default_rng(0)  # any seed
    for _ in range(100):
        turned = random_turn(CAMERA, PLAIN, rng)
        assert turned.position == CAMERA.position
        assert (turned.width, turned.height) == (SIZE, SIZE)
        assert abs(turned.fovy_deg / CAMERA.fovy_deg - 1) <= PLAIN.zoom
        between = CAMERA.world_from_camera[:3, 2] @ turned.world_from_camera[:3, 2]
        assert np.degrees(np.arccos(between)) <= np.sqrt(2) * PLAIN.pan_deg


def test_no_strength_is_no_change() -> None:
    image = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)  # any picture
    found = augment(image, CAMERA, CAMERA, PLAIN, np.random.default_rng(0))
    assert np.abs(found.astype(int) - image).max() <= 1  # a level: colours go through hue and back
    still = Augmentation(pan_deg=0.0, roll_deg=0.0, zoom=0.0)
    same = random_turn(CAMERA, still, np.random.default_rng(0))
    np.testing.assert_allclose(same.world_from_camera, CAMERA.world_from_camera, atol=1e-9)  # through a matrix and back
    assert same.fovy_deg == CAMERA.fovy_deg


def test_the_same_seed_draws_the_same() -> None:
    image = patch(OBJECT_RGB)
    camera = CAMERA.resized(64)

    def draw(seed: int) -> tuple[Camera, np.ndarray]:
        turned = random_turn(camera, Augmentation(), np.random.default_rng([seed, 0]))
        return turned, augment(image, camera, turned, Augmentation(), np.random.default_rng([seed, 1]))

    assert draw(3)[0] == draw(3)[0] != draw(4)[0]
    np.testing.assert_array_equal(draw(3)[1], draw(3)[1])
    assert (draw(3)[1] != draw(4)[1]).any()


def test_colours_keep_the_objects_identity() -> None:
    """Red stays red under jitter and hue: a permutation of channels would make the task ambiguous."""
    settings, camera = replace(Augmentation(), field=0.0), CAMERA.resized(64)
    for seed in range(50):
        image = augment(patch(OBJECT_RGB), camera, camera, settings, np.random.default_rng(seed))
        r, g, b = image[24:40, 24:40].reshape(-1, 3).mean(0) / 255
        hue = (colorsys.rgb_to_hsv(r, g, b)[0] - colorsys.rgb_to_hsv(*OBJECT_RGB)[0] + 0.5) % 1 - 0.5
        assert abs(hue) < settings.hue + 0.03, seed  # the circle's share asked for, and what clipping at white adds
        assert r > max(g, b) + 0.1, seed


def test_the_field_covers_at_most_its_share() -> None:
    camera, settings = CAMERA.resized(64), Augmentation(jitter=0.0, hue=0.0, field=0.5)
    image = np.full((64, 64, 3), 255, np.uint8)
    for seed in range(20):
        found = augment(image, camera, camera, settings, np.random.default_rng(seed))
        assert found.min() >= 255 * (1 - settings.field) - 1  # half of white at least is left; a level of rounding
        assert found.std() > 0
