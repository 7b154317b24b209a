"""The figure of a declared suite says what its records and its declaration say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_figures import drawn, factorial_records, faults, source_of
from matplotlib.figure import Figure
from matplotlib.text import Text

from para_bench.benchmarks.suites import FACTORIAL
from para_bench.report.figures.source import Absent, Source, estimate
from para_bench.report.levels import pooled
from para_bench.report.tables.contrasts import contrast_table


@pytest.fixture
def source(record, tmp_path: Path) -> Source:
    """Without new_environment, which is yet to be run."""
    return source_of(factorial_records(record, ("id", "novel_view"), scenes=4), tmp_path)


def said(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text)]


def places(figure: Figure) -> list[float]:
    """Along x, of every point."""
    return [float(np.ravel(line.get_xdata())[0]) for axes in figure.findobj(lambda a: hasattr(a, "lines")) for line in axes.lines]


def test_every_head_and_contrast_has_its_place(source: Source) -> None:
    (figure,) = drawn(source, "factorial").values()
    assert not faults(figure)
    assert set(FACTORIAL) <= set(said(figure))
    assert any(text.endswith("para \N{MINUS SIGN} heatmap_rgb") for text in said(figure))
    points = places(figure)
    result = next(r for r in source.results if r.split == "novel_view")
    for head in FACTORIAL:
        assert any(abs(estimate(result, head, pooled(result.expected, "view_angle"))[0].value - x) < 1e-9 for x in points)
    declared = source.declared[0]
    table = contrast_table({r.split: r for r in source.results}, declared.contrasts, declared.alpha, declared.floor)
    for row in table.to_dict("records"):
        assert row["left_out"] == "not run" or any(abs(row["difference"] - x) < 1e-9 for x in points)


def test_what_was_not_run_says_so_and_is_no_zero(source: Source) -> None:
    (figure,) = drawn(source, "factorial").values()
    assert said(figure).count("not run") == 8 + 8  # heads and contrasts of the condition without records
    assert "resolved (Holm over 24)" in said(figure)  # the family stays whole


def test_a_suite_on_splits_that_it_does_not_name_is_not_drawn(record, tmp_path: Path) -> None:
    others = source_of(factorial_records(record, ("stack.id",), scenes=2), tmp_path)
    with pytest.raises(Absent, match="needs a split that suite factorial names: id, novel_view, new_environment"):
        drawn(others, "factorial")


def test_a_suite_without_all_of_its_heads_is_not_drawn(source: Source) -> None:
    few = Source([result.only(FACTORIAL[:6]) for result in source.results], declared=source.declared)
    with pytest.raises(Absent, match="there are no records of global_token_plucker, global_token"):
        drawn(few, "factorial")
