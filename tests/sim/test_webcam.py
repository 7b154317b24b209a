"""What a webcam does to a picture, held against the formulas of its sources and against measured PSNR."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio

from para_bench.benchmarks.splits.webcam import LEVELS, ZHANG_K1
from para_bench.corruption import KINDS
from para_bench.envs.env import TaskEnv
from para_bench.sim import webcam
from para_bench.sim.cameras import default_camera_pose
from para_bench.types import Camera, Corruption, ParaBenchError, Scene

LEAST_DB = 0.5
"""By which the mean PSNR of a level lies below that of the level before it; severities 1 to 3 of JPEG lie nearest, 0.8 apart."""
CAMERA = Camera(*default_camera_pose(0.75, 0.0, 45.0), fovy_deg=42.0)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)  # any seed


def pictures(scene: Scene, corruption: Corruption | None, size: int = 224) -> np.ndarray:
    env = TaskEnv(image_size=size)
    env.start(replace(scene, corruption=corruption))
    image = env.image()
    env.close()
    return image


def test_every_kind_has_its_levels() -> None:
    assert list(LEVELS) == list(KINDS)


@pytest.mark.parametrize("kind", list(LEVELS))
@pytest.mark.parametrize("sign", [1, -1])
def test_each_level_is_worse_than_the_last(scenes: list[Scene], kind: str, sign: int) -> None:
    if sign < 0 and kind != "exposure":
        pytest.skip("only exposures go either way")
    found = []
    for amount in LEVELS[kind]:
        pairs = [(pictures(scene, None), pictures(scene, Corruption(kind, sign * amount))) for scene in scenes[:3]]
        found.append(np.mean([peak_signal_noise_ratio(clean, spoilt) for clean, spoilt in pairs]))
    assert found[0] < 40  # dB: seen by eye
    assert (np.diff(found) < -LEAST_DB).all(), found


def test_noise_has_its_deviation() -> None:
    grey = np.full((224, 224, 3), 128, np.uint8)
    found = webcam.corrupted(grey, Corruption("noise", 0.08), rng()).astype(float)
    assert found.std() == pytest.approx(0.08 * 255, rel=0.02)  # 150,000 numbers: 0.2 % of error, clipped tails aside
    assert found.mean() == pytest.approx(128, abs=0.3)


def test_blur_is_a_disk_whose_radius_grows_with_the_picture() -> None:
    for size in (112, 224, 448):
        point = np.zeros((size, size, 3), np.uint8)
        point[size // 2, size // 2] = 255
        spread = webcam._disk(6 * size / webcam.REFERENCE_PX)
        assert spread.sum() == pytest.approx(1)
        assert 1 / spread.max() == pytest.approx(np.pi * (6 * size / 224) ** 2, rel=0.02)  # its area [px]
        found = webcam.corrupted(point, Corruption("blur", 6), rng())
        reached = np.abs(np.argwhere(found[..., 0]) - size // 2).max(axis=0)
        np.testing.assert_allclose(reached, 6 * size / 224, atol=1)  # px
    flat = np.full((64, 64, 3), 90, np.uint8)
    np.testing.assert_array_equal(webcam.corrupted(flat, Corruption("blur", 6), rng()), flat)


def test_exposure_multiplies_light() -> None:
    grey = np.full((8, 8, 3), 118, np.uint8)  # 18 % of linear light
    one_up = webcam.corrupted(grey, Corruption("exposure", 1), rng())[0, 0, 0]
    assert webcam._linear(np.array(one_up)) == pytest.approx(2 * webcam._linear(np.array(118)), rel=0.01)
    back = webcam.corrupted(webcam.corrupted(grey, Corruption("exposure", 1), rng()), Corruption("exposure", -1), rng())
    assert int(np.abs(back.astype(int) - grey).max()) <= 1


@pytest.mark.parametrize("kelvin", [1700, 2222, 2850, 3800, 4000, 5500, 6500, 10000, 25000])
def test_white_balance_is_that_of_a_black_body(kelvin: float) -> None:
    """Against Planck's law with the analytic colour matching functions of Wyman et al. 2013 (JCGT 2:2), good to about 1 %."""
    wave = np.arange(380.0, 780.0)

    def bump(middle: float, below: float, above: float) -> np.ndarray:
        return np.exp(-0.5 * ((wave - middle) * np.where(wave < middle, 1 / below, 1 / above)) ** 2)

    x = 1.056 * bump(599.8, 37.9, 31.0) + 0.362 * bump(442.0, 16.0, 26.7) - 0.065 * bump(501.1, 20.4, 26.2)
    y = 0.821 * bump(568.8, 46.9, 40.5) + 0.286 * bump(530.9, 16.3, 31.1)
    z = 1.217 * bump(437.0, 11.8, 36.0) + 0.681 * bump(459.0, 26.0, 13.8)
    light = wave**-5 / np.expm1(1.4388e7 / (wave * kelvin))
    xyz = np.array([light @ x, light @ y, light @ z])
    wanted = np.maximum(webcam._SRGB_FROM_XYZ @ (xyz / xyz[1]), 0)
    np.testing.assert_allclose(webcam._light(kelvin), wanted, rtol=0.03, atol=0.03)


def test_white_balance_at_neutral_changes_nothing() -> None:
    image = rng().integers(0, 256, (16, 16, 3)).astype(np.uint8)
    np.testing.assert_array_equal(webcam.corrupted(image, Corruption("white_balance", webcam.NEUTRAL_K), rng()), image)


@pytest.mark.parametrize("k1", [ZHANG_K1 / 2, ZHANG_K1, 2 * ZHANG_K1, 0.3])
def test_the_lens_moves_points_as_brown_and_conrady_say(k1: float) -> None:
    margin, focal = webcam.margin_px(CAMERA, k1), CAMERA.intrinsics[0, 0]
    for u, v in ((20.0, -15.0), (60.0, 60.0), (-80.0, 30.0), (0.0, -90.0)):  # offsets of a bright dot from the middle, without a lens
        wide = np.zeros((224 + 2 * margin,) * 2 + (3,), np.uint8)
        y, x = np.mgrid[: wide.shape[0], : wide.shape[1]] + 0.5 - wide.shape[0] / 2
        wide[...] = (255 * np.exp(-((x - u) ** 2 + (y - v) ** 2) / 18))[..., None]
        found = webcam.distorted(wide, CAMERA, k1)[..., 0].astype(float)
        rows, columns = np.mgrid[:224, :224] + 0.5 - 112
        seen = np.array([(found * columns).sum(), (found * rows).sum()]) / found.sum()
        stretch = 1 + k1 * (u**2 + v**2) / focal**2
        np.testing.assert_allclose(seen, [u * stretch, v * stretch], atol=0.35)  # px: the dot is 3 px wide and bent itself


def test_the_lens_needs_no_point_beyond_its_margin() -> None:
    """A frame of another colour beyond the margin never shows; two pixels further in it does."""
    k1 = 2 * ZHANG_K1
    margin = webcam.margin_px(CAMERA, k1)
    for frame, shows in ((1, False), (3, True)):
        wide = np.zeros((224 + 2 * margin,) * 2 + (3,), np.uint8)
        wide[:frame] = wide[-frame:] = wide[:, :frame] = wide[:, -frame:] = 255
        assert (webcam.distorted(wide, CAMERA, k1).max() > 0) == shows
    assert webcam.margin_px(CAMERA, 0.3) == 1


def test_a_lens_that_folds_the_picture_is_refused() -> None:
    with pytest.raises(ParaBenchError, match=r"lens_distortion -0\.4572 folds a picture .*; allowed: below 0\.569"):
        webcam.margin_px(Camera(*default_camera_pose(0.75, 0.0, 45.0), fovy_deg=60.0), 2 * ZHANG_K1)
