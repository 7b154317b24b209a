from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.records.factors import Factor
from para_bench.report.roster import Expected
from para_bench.report.statistics.paired import PairCounts, paired_difference
from para_bench.report.statistics.rates import wilson
from para_bench.report.statistics.seeds import t_interval
from para_bench.report.tables import comparisons, failures
from para_bench.report.tables import success as tables
from para_bench.tasks import find_task
from para_bench.types import ParaBenchError

ID, VIEW = ("id", "0"), ("view_angle", "25")
GRID = [("view_grid", "a0e0"), ("view_grid", "a0e1")]
STAGES = find_task("place").stages
MAPS = Description("novel_view", stages=STAGES, factors=(Factor("view_grid", "map"),))
SEEN = ("lite0_multiview", "video")
Make = Callable[..., list[EpisodeRecord]]


def test_one_seed(episodes: Make) -> None:
    records = [*episodes("para", VIEW, "1100010000"), *episodes("para", ID, "1111111110")]
    table = tables.success_table(records, ID, Expected({"para": [0]}, {ID: 10, VIEW: 10}))
    assert list(table["condition"]) == ["id", "view_angle"]
    control, view = table.to_dict("records")
    assert (control["k"], control["n"], control["low"], control["high"]) == (9, 10, *wilson(9, 10))
    assert np.isnan(control["gap"])
    assert (view["k"], view["control_k"], view["control_n"], view["interval"], view["seeds"]) == (3, 9, 10, "checkpoint", 1)
    assert (view["gap"], view["gap_low"], view["gap_high"]) == paired_difference(PairCounts(3, 6, 0, 1))[:3]


@pytest.mark.parametrize(("backbone", "sentence"), [("lite0", "Features: lite0."), ("video", "Features: video, trained on images of this")])
def test_tables_say_whose_features_and_which_have_seen_the_renderer(episodes: Make, backbone: str, sentence: str) -> None:
    records = [*episodes("oracle", ID, "11", backbone="")]
    records += [r for head in ("para", "act") for r in episodes(head, ID, "10", backbone=backbone)]
    table = tables.success_table(records, ID, Expected({"oracle": [0], "para": [0], "act": [0]}, {ID: 2}))
    compared = comparisons.comparison_table(records, "para", ["act"], Expected({"para": [0], "act": [0]}, {ID: 2}))
    assert sentence in tables.caption(table, SEEN)
    assert sentence in comparisons.caption(compared, SEEN)
    assert "Features" not in tables.caption(table.iloc[:1])


def test_several_seeds(episodes: Make) -> None:
    outcomes = ["1111000000", "1110000000", "1111111100"]
    records = [r for seed, text in enumerate(outcomes) for r in episodes("para", VIEW, text, train_seed=seed)]
    records += [r for seed in range(3) for r in episodes("para", ID, "1111111111", train_seed=seed)]
    table = tables.success_table(records, ID, Expected({"para": range(3)}, {ID: 10, VIEW: 10}))
    view = table.iloc[1]
    assert (view["k"], view["n"], view["interval"], view["seeds"]) == (15, 30, "method", 3)
    low, high = t_interval(np.array([0.4, 0.3, 0.8]))
    assert (view["rate"], view["low"], view["high"]) == pytest.approx((0.5, low, high))
    assert (view["gap"], view["gap_low"], view["gap_high"]) == pytest.approx((0.5, *t_interval(np.array([0.6, 0.7, 0.2]), -1, 1)))


def test_rows_follow_the_caller(episodes: Make) -> None:
    records = [r for head in ("a", "b", "c") for condition in (ID, VIEW) for r in episodes(head, condition, "10")]
    table = tables.success_table(records, ID, Expected({"c": [0], "a": [0]}, {VIEW: 2, ID: 2}))
    assert list(zip(table["head"], table["condition"], strict=True)) == [("c", "view_angle"), ("c", "id"), ("a", "view_angle"), ("a", "id")]


def test_unknown_control(episodes: Make) -> None:
    records, expected = episodes("para", ID, "11"), Expected({"para": [0]}, {ID: 2})
    with pytest.raises(ParaBenchError, match=r"control is .*allowed: one of"):
        tables.success_table(records, VIEW, expected)


def test_grid_is_pooled_by_scene(episodes: Make) -> None:
    records = [*episodes("para", ID, "1111"), *episodes("para", GRID[0], "1100"), *episodes("para", GRID[1], "1000")]
    expected = Expected({"para": [0]}, {ID: 4, **dict.fromkeys(GRID, 4)}, MAPS)
    row = tables.success_table(records, ID, expected).iloc[1]
    assert (row["level"], row["levels"], row["k"], row["n"], row["control_k"], row["control_n"]) == ("all", 2, 3, 8, 4, 4)
    assert row["high"] == pytest.approx(t_interval(np.array([1, 0.5, 0, 0])).high)
    assert len(tables.success_table(records, ID, expected, pooled=False)) == 3


def test_grid_of_distinct_scenes_is_plain(record, episodes: Make) -> None:
    grid = [record("para", GRID[i // 2], i, success=i < 3) for i in range(4)]
    expected = Expected({"para": [0]}, {ID: 4, GRID[0]: [0, 1], GRID[1]: [2, 3]}, MAPS)
    row = tables.success_table([*episodes("para", ID, "1111"), *grid], ID, expected).iloc[1]
    assert (row["low"], row["high"]) == wilson(3, 4)
    assert (row["gap"], row["gap_low"], row["gap_high"]) == paired_difference(PairCounts(3, 1, 0, 0))[:3]
    with pytest.raises(ParaBenchError, match="share some scenes"):
        tables.success_table(grid, ID, Expected({"para": [0]}, {ID: 4, GRID[0]: [0, 1], GRID[1]: [1, 2]}, MAPS))


def test_gap_is_over_shared_scenes(episodes: Make) -> None:
    records = [*episodes("para", ID, "11110000"), *episodes("para", VIEW, "1100")]
    row = tables.success_table(records, ID, Expected({"para": [0]}, {ID: 8, VIEW: 4})).iloc[1]
    assert (row["control_k"], row["control_n"], row["gap"]) == (4, 4, 0.5)


def test_csv_holds_every_number(episodes: Make) -> None:
    records = [*episodes("para", ID, "1111"), *episodes("para", VIEW, "1100")]
    table = tables.success_table(records, ID, Expected({"para": [0]}, {ID: 4, VIEW: 4}))
    back = pd.read_csv(io.StringIO(tables.to_csv(table)))
    wanted = "head condition k n rate low high control_k control_n gap gap_low gap_high interval demos seeds suite_version split"
    assert set(wanted.split()) <= set(back.columns)
    assert np.allclose(back["gap_low"], table["gap_low"], atol=1e-6, equal_nan=True)  # six decimals are written


def many(episodes: Make, heads: dict[str, int]) -> tuple[list[EpisodeRecord], Expected]:
    """Records of 50 scenes, 5 seeds: `heads` give successes in distribution; a shift costs half of them."""
    scenes = {ID: 50, ("object_position", "0.15"): 50, **{("view_grid", f"a{i}e{j}"): 50 for i in range(4) for j in range(2)}}
    records = []
    for head, k in heads.items():
        for seed in range(5):
            for condition in scenes:
                good = (k if condition == ID else k // 2) + (seed if k else 0) // 2
                records += episodes(head, condition, "1" * good + "0" * (50 - good), train_seed=seed, demos=20)
    return records, Expected({head: range(5) for head in heads}, scenes, MAPS)


def test_renderings_fit_and_say_what_they_are(episodes: Make) -> None:
    records, expected = many(episodes, {"para": 40, "diffusion_camera_conditioned": 12, "noop": 0})
    success = tables.success_table(records, ID, expected)
    fails = failures.failure_table(records, expected)
    against = comparisons.comparison_table(records, "para", ["diffusion_camera_conditioned", "noop"], expected)
    for renderable in (tables.to_console(success), failures.to_console(fails), comparisons.to_console(against)):
        screen = io.StringIO()
        Console(file=screen, width=100).print(renderable)
        rows = renderable.plain.rpartition("\n")[0].splitlines()  # all but the caption, which may wrap
        assert max(map(len, rows)) <= 100
        assert "view_grid all 8" in screen.getvalue()
    text = tables.to_markdown(success)
    assert "suite version 1" in text
    assert "method" in text
    assert "| para: 20 demos, 5 seeds (method) | id 0 |" in text
    assert "reach" in failures.to_markdown(fails)
    assert "Holm over the 6 rows" in comparisons.to_markdown(against)


def test_failures(record) -> None:
    records = [
        record(scene=0),
        record(scene=1, success=False, reason="timeout", stage="none", grasp_error_m=None),
        record(scene=2, success=False, reason="ik_failure", grasp_error_m=0.02),
        record(scene=3, success=False, reason="timeout", stage="lift", grasp_error_m=0.05),
    ]
    expected = Expected({"para": [0]}, {ID: 4}, Description("novel_view", stages=STAGES))
    row = failures.failure_table(records, expected).iloc[0]
    assert (row["reason:success"], row["reason:timeout"], row["reason:ik_failure"]) == (1, 2, 1)
    assert [row[f"stage:{stage}"] for stage in STAGES] == [1, 1, 0, 1, 1]
    assert (row["grasp_error_cm"], row["grasps"], row["n"]) == (pytest.approx(2.0), 3, 4)
    assert "2 timeout, 1 ik_failure" in failures.to_console(failures.failure_table(records, Expected({"para": [0]}, {ID: 4}))).plain


def test_comparison_of_one_seed(episodes: Make) -> None:
    records = [*episodes("para", ID, "1" * 20), *episodes("global", ID, "1" * 8 + "0" * 12), *episodes("volume", ID, "1" * 19 + "0")]
    expected = Expected({"para": [0], "global": [0], "volume": [0]}, {ID: 20})
    table = comparisons.comparison_table(records, "para", ["global", "volume"], expected)
    assert list(table["verdict"]) == ["better", "not resolved at n = 20"]
    assert table.to_dict("records")[0]["p_holm"] == pytest.approx(2 * 2 * 0.5**12)  # two rows; twelve scenes, all one way
    turned = comparisons.comparison_table(records, "global", ["para"], expected)
    assert list(turned["verdict"]) == ["worse"]


def test_comparison_of_methods(episodes: Make) -> None:
    records, expected = many(episodes, {"para": 40, "global": 12})
    table = comparisons.comparison_table(records, "para", ["global"], expected)
    assert set(table["verdict"]) == {"better"}
    assert set(table["interval"]) == {"method"}
    unequal = Expected({"para": range(5), "global": [0]}, expected.scenes)
    with pytest.raises(ParaBenchError, match="with the same seeds"):
        comparisons.comparison_table(records, "para", ["global"], unequal)


def test_references_take_one_line_each_over_all_conditions(episodes: Make) -> None:
    records, expected = many(episodes, {"para": 40, "oracle": 50, "noop": 0})
    table = tables.success_table(records, ID, expected)
    lines = tables.to_console(table, references=("oracle", "noop")).plain.splitlines()
    title = lines.index(tables.REFERENCE_TITLE)
    oracle, noop = (line.split() for line in lines[title + 1 : title + 3])
    own = table[table["head"] == "oracle"]
    rates = f"{100 * own['rate'].min():.0f} to {100 * own['rate'].max():.0f}"
    assert oracle == ["oracle", f"{own['k'].sum()}/{own['n'].sum()}", *rates.split()]
    assert noop[2] == "0"
    assert sum("oracle" in line for line in lines) == 1
    assert sum("oracle" in line for line in tables.to_console(table).plain.splitlines()) == 1  # its title; conditions below
    assert len(tables.to_console(table).plain.splitlines()) > len(lines)


def test_a_reference_that_fails_once_in_a_thousand_has_not_all(episodes) -> None:
    found = [*episodes("oracle", ID, "1" * 999 + "0"), *episodes("noop", ID, "1" + "0" * 999), *episodes("random", ID, "1" * 1000)]
    table = tables.success_table(found, ID, Expected(dict.fromkeys(("oracle", "noop", "random"), (0,)), {ID: 1000}))
    shown = tables.to_console(table, references=("oracle", "noop", "random")).plain.splitlines()
    last = {line.split()[0]: line.split()[-1] for line in shown if "/1000" in line}
    assert last == {"oracle": "99", "noop": "1", "random": "100"}
    assert any("> 99" in line for line in shown)
    assert any("< 1" in line for line in shown)
