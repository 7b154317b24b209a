"""Curves ascend along an axis that is labelled, the control in its place, and no dot of a training lies on another head's interval."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from drawn_figures import drawn, faults, source_of
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from para_bench.records import EpisodeRecord, description
from para_bench.records.description import ConditionFacts, Description
from para_bench.records.factors import Factor
from para_bench.report.figures import curves
from para_bench.report.figures.source import Source

HEADS = tuple(f"head_{i}" for i in range(8))
SCENES = 4
LEVELS = {"elevation": ("-20", "-10", "10", "20"), "distance": ("0.6", "1"), "azimuth": ("15", "30", "45")}
CONTROL_AT = {"elevation": 0.0, "distance": 0.75, "azimuth": 0.0}


@pytest.fixture
def source(record: Callable[..., EpisodeRecord], tmp_path: Path) -> Source:
    """Eight heads of three trainings on the curves of novel_view."""
    rng = np.random.default_rng(0)
    conditions = [("id", "0"), *((factor, level) for factor, levels in LEVELS.items() for level in levels)]
    made = [
        record(head, key, i, bool(rng.random() < 0.5), split="novel_view", suite_version="2", train_seed=seed)
        for key in conditions
        for i in range(0, SCENES, 1 if key[0] == "id" else 4)
        for head in HEADS
        for seed in range(3)
    ]
    return source_of(made, tmp_path)


def panel(figure: Figure) -> Axes:
    FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    return axes


def test_curves_ascend_and_the_control_stands_where_training_is(source: Source) -> None:
    figures = drawn(source, "curves")
    assert set(figures) == set(LEVELS)
    for name, figure in figures.items():
        axes = panel(figure)
        wanted = sorted([CONTROL_AT[name], *map(float, LEVELS[name])])
        assert list(axes.get_xticks()) == wanted
        assert [label.get_text() for label in axes.get_xticklabels()] == [f"{place:g}" for place in wanted]
        assert len(axes.containers) == len(HEADS)
        for bars in axes.containers:
            x = np.asarray(bars[0].get_xdata())
            assert len(x) == len(wanted)
            assert (np.diff(x) > 0).all()
        assert not faults(figure)


def test_dots_lie_on_no_other_heads_interval(source: Source) -> None:
    axes = panel(drawn(source, "curves")["elevation"])
    across = axes.transData.transform
    ends = [across(part) for bars in axes.containers for part in bars[2][0].get_segments()]
    intervals = np.unique([end[0, 0] for end in ends])
    dots = [line for line in axes.lines if line.get_markersize() == pytest.approx(1.8)]
    assert len(dots) == len(HEADS) * (1 + len(LEVELS["elevation"]))
    for line in dots:
        x = across((np.ravel(line.get_xdata())[0], 0.0))[0]
        radius = (line.get_markersize() + line.get_markeredgewidth()) / 2 * axes.figure.dpi / 72
        own, *others = sorted(abs(intervals - x))
        assert own < others[0]
        assert others[0] > radius


@pytest.mark.parametrize(
    ("x", "logarithmic"), [((0.0, 1.0), False), ((0.0, 0.5, 1.0, 2.0, 5.0), False), ((4.0, 8.0, 256.0), True), ((7.0,), True)], ids=str
)
def test_heads_of_two_levels_do_not_mix(x: tuple[float, ...], logarithmic: bool) -> None:
    at = curves.beside(x, 24, logarithmic)
    places = [at(level, rank) for level in x for rank in np.arange(24) - 11.5]
    assert places == sorted(places)


def test_a_curve_without_a_half_says_why(source: Source) -> None:
    (result,) = source.results
    assert curves.no_half(result, result.description.factor("elevation")) == "two-sided"
    assert curves.no_half(result, result.description.factor("distance")) == "two-sided"
    assert curves.no_half(result, result.description.factor("azimuth")) == "levels on 1 of 4 scenes"
    assert curves.no_half(result, Factor("azimuth", "curve", logarithmic=True)) == ""
    (axes,) = drawn(source, "curves")["elevation"].axes
    assert axes.get_title(loc="left") == "novel view; no half of control: two-sided"


def test_the_control_is_that_of_the_levels_scenes(record, tmp_path: Path) -> None:
    """Levels in scene 0 of 4, in which nobody succeeds before the shift; elsewhere everybody does."""
    roll = [("roll", level) for level in ("15", "30")]
    made = [record("para", ("id", "0"), i, i > 0, split="novel_view", suite_version="2") for i in range(SCENES)]
    made += [record("para", key, 0, True, split="novel_view", suite_version="2") for key in roll]
    source = source_of(made, tmp_path)
    (bars,) = panel(drawn(source, "curves")["roll"]).containers
    assert list(bars[0].get_ydata()) == [0, 1, 1]


def test_a_row_of_the_overview_has_its_control_in_its_own_scenes(record, tmp_path: Path) -> None:
    roll = ("roll", "15")
    made = [record("para", ("id", "0"), i, i > 0, split="mine") for i in range(SCENES)] + [record("para", roll, 0, split="mine")]
    conditions = (ConditionFacts("id", "0"), ConditionFacts(*roll, share=(0, SCENES)))
    description.write(tmp_path / "mine", Description("mine", conditions=conditions))
    axes = panel(drawn(source_of(made, tmp_path), "success_by_split")["success_by_split"])
    (mark,) = [line for line in axes.lines if line.get_marker() == "|" and line.get_markersize() == 5]
    assert np.ravel(mark.get_xdata()).tolist() == [0]
