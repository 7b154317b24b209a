"""`para-bench features`: rows are kept and continued, table and figure follow from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.commands.features import Features
from para_bench.feature_study.pairs import CONDITIONS
from para_bench.report.tables import features as report
from para_bench.types import ParaBenchError


def test_a_report_needs_rows(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"features\.csv holds no rows; allowed: a folder that `para-bench features` wrote"):
        Features(out=tmp_path / "features", report_only=True)()


def test_a_file_of_weights_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"--backbone-weights .*none.* is not there; allowed: a file"):
        Features(backbone_weights=tmp_path / "none").check()


@pytest.mark.integration
def test_backbones_are_added_one_after_the_other_and_reported_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Features(backbone=("efficientnet_lite0",), scenes=2, image_size=64, out=tmp_path)()
    rows = report.read(tmp_path / "features.csv")
    assert {(row.condition, row.level) for row in rows} == set(CONDITIONS)
    assert len(rows) == 2 * 2 * len(CONDITIONS)  # the reference and the backbone, two scenes
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"features.csv", "features.md", "features.pdf", "features.png", "maps_efficientnet_lite0.png"}
    before = {name: (tmp_path / name).read_bytes() for name in ("features.csv", "features.md", "features.png")}
    (tmp_path / "features.md").unlink()
    said = capsys.readouterr().out
    Features(out=tmp_path, report_only=True)()
    assert capsys.readouterr().out == said
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
