"""Scenes of a baseline as text."""

from __future__ import annotations

from para_bench.report.gate.baselines import SceneSet, indices_text


def test_indices_text() -> None:
    for indices, text in (([0, 1, 2, 8], "0-2,8"), (list(range(200)), "0-199"), ([3, 11, 19], "3,11,19")):
        assert indices_text(indices) == text
        assert SceneSet("s", "c", "l", text, "").numbers == indices
