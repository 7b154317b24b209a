from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from para_bench.data.dataset import chunks_of
from para_bench.tensors import encode_actions
from parity.dump import Dump
from parity.errors import action_errors, chunks


def test_chunks_are_those_of_our_training(small_dump: Dump) -> None:
    frames = SimpleNamespace(episode=small_dump.episode, actions=small_dump.waypoint)
    ours: Any = SimpleNamespace(frames=frames, stride=1)
    for mine, theirs in zip(chunks(small_dump), chunks_of(ours), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_a_perfect_prediction_has_no_error(small_dump: Dump) -> None:
    found = action_errors(encode_actions(chunks(small_dump)[0]), small_dump)
    assert found.position_cm == pytest.approx(0, abs=1e-5)
    assert found.yaw_deg == pytest.approx(0, abs=1e-3)
    assert found.opening_accuracy == 1


def test_known_errors(small_dump: Dump) -> None:
    off = chunks(small_dump)[0] + [0.03, -0.04, 0, np.radians(10), 0]
    off[..., 4] = np.where(np.arange(off.shape[1]) == 0, 1 - off[..., 4].round(), off[..., 4].round())  # wrong at the first timestep alone
    found = action_errors(encode_actions(off), small_dump)
    valid = chunks(small_dump)[1]
    assert found.position_cm == pytest.approx(5, abs=1e-4)
    assert found.yaw_deg == pytest.approx(10, abs=1e-3)
    assert found.opening_accuracy == pytest.approx(1 - len(valid) / valid.sum())


def test_yaw_is_modulo_half_a_turn(small_dump: Dump) -> None:
    off = chunks(small_dump)[0] + [0, 0, 0, np.pi, 0]
    assert action_errors(encode_actions(off), small_dump).yaw_deg == pytest.approx(0, abs=1e-3)


def test_timesteps_past_the_end_do_not_count(small_dump: Dump) -> None:
    actual, valid = chunks(small_dump)
    far = np.where(valid[..., None], actual, actual + np.array([1, 1, 1, 1, 0]))
    assert action_errors(encode_actions(far), small_dump).position_cm == pytest.approx(0, abs=1e-5)


def test_a_bad_prediction_is_named(small_dump: Dump) -> None:
    good = encode_actions(chunks(small_dump)[0])
    with pytest.raises(ValueError, match=r"\(16, 12, 6\); allowed: \(17, 12, 6\)"):
        action_errors(good[:-1], small_dump)
    good[0, 0, 0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        action_errors(good, small_dump)
