"""The feature report says of rows what their means over scenes are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from para_bench.report.figures.feature_match import draw
from para_bench.report.tables.features import SAME_PLACE, FeatureRow, read, summary, to_markdown, write
from para_bench.types import ParaBenchError


@pytest.fixture
def rows() -> list[FeatureRow]:
    return [
        FeatureRow(backbone, 224, condition, level, scene, 100, 4.0 + scene + shift, 80 - 10 * scene, 10 * (scene < 2), 9 * (scene < 2))
        for shift, backbone in enumerate(("a@12345678", SAME_PLACE))
        for condition, level in (("view_angle", "5"), ("view_angle", "45"), ("new_environment", "0"))
        for scene in range(3)
    ]


def test_means_are_over_scenes_with_students_interval(rows: list[FeatureRow]) -> None:
    found = summary(rows)
    assert list(found["backbone"]) == ["a@12345678"] * 3 + [SAME_PLACE] * 3
    first = found.iloc[0]
    assert (first["scenes"], first["points"], first["px"], first["near"], first["hits"]) == (3, 300, 5.0, pytest.approx(0.7), 0.9)
    low, high = stats.t.interval(0.95, 2, 5.0, np.std([4, 5, 6], ddof=1) / np.sqrt(3))
    assert (first["px_low"], first["px_high"]) == (pytest.approx(low), pytest.approx(high))
    assert "| a@12345678 | view_angle 5 | 300 | 5.0 [2.5, 7.5] |" in to_markdown(found)


def test_a_scene_without_points_of_the_object_does_not_count_as_missed(rows: list[FeatureRow]) -> None:
    assert {row.object_points for row in rows} == {0, 10}
    assert set(summary(rows)["hits"]) == {0.9}


def test_rows_survive_the_file_and_other_files_are_refused(rows: list[FeatureRow], tmp_path: Path) -> None:
    write(rows, tmp_path / "features.csv")
    assert read(tmp_path / "features.csv") == rows
    assert read(tmp_path / "none.csv") == []
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ParaBenchError, match="no feature report"):
        read(tmp_path / "other.csv")


def test_the_figure_has_a_line_a_backbone_and_the_reference(rows: list[FeatureRow]) -> None:
    figure = draw(summary(rows))
    assert len(figure.axes) == 3
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["a@12345678", SAME_PLACE]


def test_rows_of_two_sizes_are_not_pooled(rows: list[FeatureRow]) -> None:
    with pytest.raises(ParaBenchError, match=r"\[112, 224\] px; allowed: one size"):
        summary([*rows, replace(rows[0], image_size=112)])
