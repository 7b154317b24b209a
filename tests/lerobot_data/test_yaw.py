"""A jaw's yaw as two numbers: no jump where it turns past its end, and back."""

from __future__ import annotations

import numpy as np

from para_bench.lerobot_data.yaw import double_yaw, yaw_of_double


def test_there_and_back() -> None:
    yaw = np.linspace(-np.pi / 2, np.pi / 2, 50, endpoint=False)
    np.testing.assert_allclose(yaw_of_double(3 * double_yaw(yaw)), yaw, atol=1e-12)


def test_half_a_turn_is_the_same_and_a_small_turn_is_near() -> None:
    np.testing.assert_allclose(double_yaw(0.3), double_yaw(0.3 - np.pi), atol=1e-12)
    assert np.abs(double_yaw(np.pi / 2 - 0.01) - double_yaw(-np.pi / 2 + 0.01)).max() < 0.05
