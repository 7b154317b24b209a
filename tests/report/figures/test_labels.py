"""No label of any figure is cut, smaller than 7 pt or on another one, at one and at two columns of a page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from drawn_figures import drawn, factorial_records, faults, source_of
from matplotlib.figure import Figure

from para_bench.benchmarks.suites import FACTORIAL
from para_bench.report.figures import FIGURES, style
from para_bench.report.figures.paper import PAGE_IN
from para_bench.report.figures.source import Absent, Source

WIDTHS = {1: style.HALF_WIDTH_IN, 2: style.WIDTH_IN}
LONG = {"para": "a_head_with_a_name_that_is_long", "global_token": "global_token_of_my.package:Head"}


def check(source: Source, skipped: tuple[str, ...], wide: tuple[str, ...] = ()) -> None:
    """Every figure at both sizes; those `skipped` are at neither, those `wide` at two columns alone."""
    absent = dict[str, list[int]]()
    for columns in (1, 2):
        for name in FIGURES:
            try:
                figures = drawn(replace(source, columns=columns), name)
            except Absent:
                absent.setdefault(name, []).append(columns)
                continue
            for file, figure in figures.items():
                width, height = figure.get_size_inches()
                assert width <= WIDTHS[columns] + 0.01, file
                assert height <= PAGE_IN + 0.3, file
                assert faults(figure) == [], f"{file} at {columns} columns"
    assert absent == {name: [1, 2] for name in skipped} | {name: [1] for name in wide}


@pytest.mark.integration
def test_of_four_heads_on_every_split(source: Source) -> None:
    check(source, ("factorial",), wide=("paper",))  # a column is full with the first part


@pytest.mark.integration
def test_of_two_heads_with_long_names_and_three_levels(source: Source) -> None:
    (result,) = [r for r in source.results if r.split == "lighting"]
    renamed = [replace(r, head=LONG[r.head]) for r in result.records if r.head in LONG]
    seeds = {LONG[head]: seeds for head, seeds in result.expected.seeds.items() if head in LONG}
    few = replace(result, records=renamed, expected=replace(result.expected, seeds=seeds))
    check(Source([few]), ("factorial", "view_angle", "view_grid", "curves", "cost", "paper"))


@pytest.mark.integration
def test_of_the_factorial(record, tmp_path: Path) -> None:
    made = factorial_records(record, ("id", "novel_view", "new_environment"), scenes=6)
    check(source_of(made, tmp_path), ("cost",), wide=("paper",))


@pytest.mark.integration
def test_of_one_head_with_six_curves_and_a_map(record, tmp_path: Path) -> None:
    made = factorial_records(record, ("webcam", "novel_view", "camera_diversity"), scenes=4)
    check(source_of([r for r in made if r.head == "para"], tmp_path), ("factorial", "cost"))


@pytest.mark.integration
def test_of_twenty_four_heads(record, tmp_path: Path) -> None:
    made = factorial_records(record, ("new_environment",), scenes=3)
    copies = [replace(r, head=f"{r.head}_{i}", checkpoint_hash=f"{r.checkpoint_hash}_{i}") for i in range(3) for r in made]
    check(source_of(copies, tmp_path), ("factorial", "view_angle", "view_grid", "curves", "cost", "paper"))


def test_faults_are_found() -> None:
    figure = Figure(figsize=(2, 1))
    figure.text(0.1, 0.5, "one label")
    figure.text(0.15, 0.5, "upon another")
    figure.text(0.9, 0.9, "cut at the end")
    figure.text(0.1, 0.1, "small", fontsize=6)
    found = faults(figure)
    assert any("'one label' lies on 'upon another'" in fault for fault in found)
    assert any("'cut at the end' is cut" in fault for fault in found)
    assert any("'small' has 6" in fault for fault in found)


def test_names_are_wrapped_where_words_end() -> None:
    assert style.wrapped("global_token_plucker", 13) == "global_token_\nplucker"
    assert style.wrapped("global_token_plucker", 8) == "global_\ntoken_\nplucker"
    assert style.wrapped("_my__head.of:Mine", 5) == "_my__\nhead\n.of\n:Mine"
    assert style.wrapped("para", 3) == "para"
    assert style.wrapped("moved together right", 15) == "moved together\nright"
    assert "".join(style.wrapped(FACTORIAL[3], 6).split("\n")) == FACTORIAL[3]
