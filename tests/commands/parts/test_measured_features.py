"""Backbones are measured where they are missing, scene after scene."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import imageio.v2 as imageio
import numpy as np
import pytest

from para_bench.backbones.base import Backbone
from para_bench.backbones.create import create_backbone
from para_bench.commands.parts import measured_features
from para_bench.commands.parts.measured_features import maps, measure
from para_bench.feature_study.pairs import CONDITIONS, pairs
from para_bench.report.tables import features as report
from para_bench.report.tables.features import SAME_PLACE

SIZE = 64
pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    return create_backbone("efficientnet_lite0", SIZE, pretrained=False)


def test_what_is_there_is_kept_and_what_is_missing_is_measured(backbone: Backbone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def watched(scene: int, size: int) -> Iterator:
        seen.append(scene)
        yield from pairs(scene, size)

    monkeypatch.setattr(measured_features, "pairs", watched)
    path = tmp_path / "features.csv"
    reference = measure([], SIZE, 1, [], path)
    assert {row.backbone for row in reference} == {SAME_PLACE}
    both = measure([backbone], SIZE, 1, reference, path)
    name = backbone.spec.backbone
    assert [(row.backbone, row.condition, row.level) for row in both] == [(who, *key) for who in (SAME_PLACE, name) for key in CONDITIONS]
    assert report.read(path) == both
    assert measure([backbone], SIZE, 1, both, path) == both
    assert seen == [0, 0]  # the third time nothing was drawn
    unknown = [replace(row, code="") for row in both]
    assert measure([backbone], SIZE, 1, unknown, path) == unknown
    with monkeypatch.context() as patch:
        patch.setattr(measured_features, "_code", lambda name="": f"other code of {name}" if name else code_of[SAME_PLACE])
        code_of = {row.backbone: row.code for row in both}
        again = measure([backbone], SIZE, 1, both, path)
    assert seen == [0, 0, 0]
    assert {row.backbone: row.code for row in again} == {**code_of, name: "other code of efficientnet_lite0"}
    assert [replace(row, code="") for row in again] == unknown
    for row in both:
        assert 0 <= row.near <= row.points
        assert 0 <= row.object_hits <= row.object_points <= row.points
    (still,) = (row for row in both if (row.backbone, row.condition) == (SAME_PLACE, "new_environment"))
    assert (still.median_px, still.near) == (0, still.points)  # the camera has not moved


def test_maps_are_drawn_below_their_pictures(backbone: Backbone, tmp_path: Path) -> None:
    maps([backbone], SIZE, tmp_path)
    (path,) = tmp_path.iterdir()
    assert path.name == "maps_efficientnet_lite0.png"
    picture = imageio.imread(path)
    assert picture.shape[1] % (1 + len(CONDITIONS)) == 0
    above, below = np.split(picture, 2)
    assert above.std() > 5
    assert below.std() > 5
