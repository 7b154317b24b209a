"""Every figure from synthetic records of the whole protocol: it is drawn, says what the records say, and is the same each time."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawn_figures import drawn
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from para_bench import records
from para_bench.benchmarks.descriptions import describe
from para_bench.benchmarks.splits import SPLITS
from para_bench.records import description
from para_bench.records.description import ConditionFacts, Description
from para_bench.records.factors import Axis, Factor
from para_bench.report.checkpoints import Cost, costs
from para_bench.report.figures import draw_all, files, reasons, success, view_grid
from para_bench.report.figures.source import Absent, Source, estimate
from para_bench.report.inventory import SplitResults, take
from para_bench.report.levels import pooled, shifted
from para_bench.report.tables.half_doses import curve
from para_bench.types import ParaBenchError


@pytest.mark.slow
def test_all_are_written_and_written_alike(source: Source, tmp_path: Path) -> None:
    first, second = [list(draw_all(source, tmp_path / name)) for name in ("a", "b")]
    assert [line.partition(":")[0] for line in first if "skipped" in line] == ["factorial"]  # these are four of its heads
    first, second = ([line for line in lines if "skipped" not in line] for lines in (first, second))
    files = sorted((tmp_path / "a").iterdir())
    assert len(files) == 2 * len(first) == 2 * len(second)
    for file in files:
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name
    pdf = (tmp_path / "a" / "reasons.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"CreationDate" not in pdf
    assert b"/Type3" not in pdf


def test_unchanged_pictures_are_left_alone(source: Source, tmp_path: Path) -> None:
    figure = drawn(source, "curves")["calibration"]
    files.save(figure, tmp_path / "f")
    (tmp_path / "f.pdf").write_bytes(b"of another version")
    again = drawn(source, "curves")["calibration"]
    files.save(again, tmp_path / "f")
    assert (tmp_path / "f.pdf").read_bytes() == b"of another version"
    other = drawn(source, "curves")["demonstrations"]
    files.save(other, tmp_path / "f")
    assert (tmp_path / "f.pdf").read_bytes().startswith(b"%PDF")


def test_points_are_the_rates(source: Source) -> None:
    (figure,) = drawn(source, "success_by_split").values()
    result = next(r for r in source.results if r.split == "lighting")
    points = {
        (round(float(line.get_xdata()[0]), 6), to_rgb(line.get_color()))  # type: ignore[index]
        for axes in figure.axes
        for line in axes.lines
        if line.get_marker() not in ("", "None", "|")
    }
    for head in result.learned:
        rate, means = estimate(result, head, pooled(result.expected, "lighting"))
        assert rate.value == pytest.approx(np.mean(means))
        assert (round(rate.value, 6), to_rgb(source.looks[head].colour)) in points


def of(source: Source, split: str) -> SplitResults:
    return next(result for result in source.results if result.split == split)


def test_view_angle_starts_at_the_control(source: Source) -> None:
    result = of(source, "novel_view")
    found = curve(result.roster, "para", "view_angle")
    assert found.angles_deg == (0, 5, 10, 15, 20, 25, 30, 45)
    assert found.rates[0].value == result.roster.outcomes("para", pooled(result.expected, "id")).mean()


def test_view_angle_refuses_unequal_scenes(source: Source) -> None:
    result = of(source, "novel_view")
    fewer = {c: (range(5) if c == ("view_angle", "45") else scenes) for c, scenes in result.expected.scenes.items()}
    with pytest.raises(ParaBenchError, match="tested on different scenes"):
        curve(replace(result, expected=replace(result.expected, scenes=fewer)).roster, "para", "view_angle")


def test_view_angle_has_room_for_every_head(source: Source) -> None:
    result = of(source, "novel_view")
    names = [f"head_{i}" for i in range(12)]
    records = [replace(r, head=name) for name in names for r in result.records if r.head == "para"]
    seeds = dict.fromkeys(names, result.expected.seeds["para"])
    many = replace(result, records=records, expected=replace(result.expected, seeds=seeds))
    figure = drawn(Source([many]), "view_angle")["view_angle_novel_view"]
    figure.draw_without_rendering()  # lays it out
    legend = figure.legends[0].get_window_extent()
    assert len(figure.legends[0].get_texts()) == 12
    assert legend.y0 >= 0
    assert legend.y1 <= figure.bbox.height


def test_view_grid_counts_add_up(source: Source) -> None:
    result = of(source, "novel_view")
    wins, counts = view_grid.cells(result, "para", "view_grid")
    outcomes = result.roster.outcomes("para", pooled(result.expected, "view_grid"))
    assert (wins.sum(), counts.sum()) == (outcomes.sum(), outcomes.size)


def test_table_top_needs_object_positions(source: Source) -> None:
    result = of(source, "left_to_right")
    bare = [replace(r, extra={}) if r.scene_index == 0 else r for r in result.records]
    with pytest.raises(Absent, match="records of split left_to_right hold no object_x_m and object_y_m"):
        drawn(Source([replace(result, records=bare)]), "table_top")


def test_what_is_not_there_is_skipped_with_one_line(source: Source, tmp_path: Path) -> None:
    lines = list(draw_all(Source([of(source, "lighting")]), tmp_path))
    skipped = [line for line in lines if "skipped, needs" in line]
    assert [line.split(":")[0] for line in skipped] == ["factorial", "view_angle", "view_grid", "curves", "cost", "paper"]
    assert {path.suffix for path in tmp_path.iterdir()} == {".pdf", ".png"}


def test_the_page_names_its_marks_and_shows_every_panel_of_a_curve(source: Source) -> None:
    few = Source([of(source, split) for split in ("lighting", "calibration")])
    for columns in (1, 2):
        figure = drawn(replace(few, columns=columns), "paper")["paper"]
        said = [" ".join(text.get_text().split()) for text in figure.findobj(Text)]
        shown = ["floor, below 10 %", "its control in the same scenes", "calibration"]
        shown += [f"{kind} error of the calibration [{unit}]" for kind, unit in (("rotation", "deg"), ("translation", "cm"))]
        assert [said.count(text) for text in shown] == [1] * len(shown)
        assert figure.get_figwidth() == few.width_in if columns == 2 else figure.get_figwidth() < 3.3


def test_a_split_with_a_map_shows_its_pooled_curve_too(record, tmp_path: Path) -> None:
    """The map of views is the mildest shift of novel_view; the angle that is pooled stands above it, a curve that is not does not."""
    factors = ("id", "0"), ("view_angle", "10"), ("view_angle", "20"), ("roll", "15"), *(("view_grid", f"a{i}e0") for i in range(4))
    made = [record("para", key, i, split="mine") for key in factors for i in range(4) if key[0] != "view_grid" or key[1] == f"a{i}e0"]
    said = (Factor("view_angle", "curve", unit="deg"), Factor("view_grid", "map"), Factor("roll", "curve", pooled=False))
    conditions = tuple(ConditionFacts(*key, share=(int(key[1][1]), 4) if key[0] == "view_grid" else (0, 1)) for key in factors)
    records_of = tmp_path / "mine"
    for one in made:
        records.append(records_of / "episodes.jsonl", one)
    description.write(records_of, Description("mine", factors=said, conditions=conditions))
    names = [row.name.replace("\n", " ") for row in success.rows(Source(take([tmp_path])))]
    assert names == ["mine: view angle, 2 levels", "mine: view grid"]


def test_cost_wants_the_checkpoints_of_the_records(source: Source) -> None:
    strangers = {f"x{digest}": cost for digest, cost in source.costs.items()}
    with pytest.raises(Absent, match="not those of the records"):
        drawn(replace(source, costs=strangers), "cost")
    assert list(drawn(source, "cost")) == ["cost"]


def test_costs_are_read_by_hash(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoints" / "para-1"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "config.json").write_text('{"parameters": {"head": 7}, "training_seconds": 2.5, "device": "cpu", "training_flops": 9}')
    found = costs([tmp_path / "novel_view"])
    assert list(found.values()) == [Cost(7, 2.5, "cpu", 9, folder)]
    assert next(iter(found)) == hashlib.sha256(b"weights").hexdigest()[:16]  # as records name their checkpoint
    (folder / "config.json").write_text("{")
    with pytest.raises(ParaBenchError, match="is damaged"):
        costs([tmp_path])


REASONS = describe(SPLITS["id"]).reasons


def test_every_reason_looks_its_own() -> None:
    fills = reasons.fills({*REASONS, "success", "crash_ValueError", "timeout"}, REASONS)
    assert list(fills) == ["success", *REASONS, "crash_ValueError", "timeout"]
    assert len(set(fills.values())) == len(fills)
    assert fills["dropped"] == reasons.fills({"dropped"}, REASONS)["dropped"]  # the same in every report


def test_an_unshifted_level_is_no_part_of_a_pooled_bar(source: Source) -> None:
    result = next(result for result in source.results if result.split == "view_adaptation")
    assert [level for _, level in pooled(result.expected, "adaptation").members] == ["5"]
    assert [level for _, level in shifted([("distractors", "0")])] == ["0"]


def test_a_split_that_nobody_knows_draws_what_it_describes(tmp_path: Path, record) -> None:
    """A plug-in's split: a map, a curve of trainings of their own, and names that are no file names."""
    split, grid, dose = "../../tilt", "tilt_map", "tilt_demos"
    levels = [("id", "0"), *((grid, f"x{i}y{j}") for i in range(2) for j in range(2)), (dose, "4"), (dose, "64")]
    made = []
    for condition, level in levels:
        own = {"checkpoint_hash": f"para-{level}", "demos": int(level)} if condition == dose else {}
        made += [record("para", (condition, level), i, success=i % 2 == 0, split=split, **own) for i in range(4)]
    for one in made:
        records.append(tmp_path / "results/tilt/episodes.jsonl", one)
    said = Description(
        split,
        factors=(
            Factor(grid, "map", unit="deg", axes=(Axis("tilt", -5, 5), Axis("turn", -10, 10))),
            Factor(dose, "curve", "demonstrations", pooled=False, logarithmic=True, figure="../../../demos"),
        ),
        conditions=tuple(ConditionFacts(*key, own_training=key[0] == dose) for key in levels),
    )
    description.write(tmp_path / "results/tilt", said)
    (result,) = take([tmp_path / "results"])
    lines = list(draw_all(Source([result]), tmp_path / "out/figures"))
    assert {"tilt_map_..-..-tilt.pdf", "-..-..-demos.pdf"} <= {Path(line).name for line in lines}
    assert not [line for line in lines if line.startswith(("view_grid: skipped", "curves: skipped"))]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "results"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["figures"]
