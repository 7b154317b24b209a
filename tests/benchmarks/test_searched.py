"""The table of the search: written and read strictly, and the rule that picks a cell, the same for every head."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.benchmarks import searched as module
from para_bench.benchmarks.profiles import DEFAULT_LEARNING_RATE, PROFILES
from para_bench.benchmarks.searched import OWN_TABLE, Measured, best, nearest, read, searched, searches_of, sound_demos, write
from para_bench.commands.parts.fairness import Heads
from para_bench.rollouts.config import RunConfig, strength
from para_bench.types import ParaBenchError

ROW = Measured(2, "place", "para", "efficientnet_lite0", 224, 20, 1600, 16, 1e-3, "colour", 12, 0, 100, 91, 80, 0.5, 1.2)


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [ROW, replace(ROW, head="act", learning_rate=3e-4, grasp_cm=99.0)]
    write(tmp_path / "searched.csv", rows)
    assert read(tmp_path / "searched.csv") == rows
    assert read(tmp_path / "nothing.csv") == []


@pytest.mark.parametrize(
    ("before", "after"), [("colour", "wild"), ("1600", "many"), ("head,", "heads,"), ("place", "pla\x00ce"), (",91,", ",")]
)
def test_a_damaged_table_is_one_line(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "searched.csv"
    write(path, [ROW])
    path.write_text(path.read_text().replace(before, after))
    if after == "pla\x00ce":
        path.write_bytes(b"\xff" + path.read_bytes())
    with pytest.raises(ParaBenchError, match=r"searched.csv is damaged .*allowed: as `para-bench tune` wrote it, or no file$") as told:
        read(path)
    assert "\n" not in str(told.value)


def test_the_smallest_median_grasp_error_is_taken_and_then_more_successes() -> None:
    better = replace(ROW, grasp_cm=0.4, success=10)
    assert best([ROW, better]) == better
    assert best([ROW, replace(ROW, success=92), ROW]).success == 92
    assert best([ROW, replace(ROW, learning_rate=3e-4)]).learning_rate == 3e-4


def test_cells_of_other_numbers_of_demonstrations_are_not_compared() -> None:
    many = replace(ROW, demos=256, grasp_cm=0.1, learning_rate=3e-4)
    for demos, expected in ((20, ROW), (60, ROW), (90, many), (1024, many)):
        assert best(nearest([ROW, many], demos)) == expected


def test_a_run_takes_its_settings_from_the_table_unless_told_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "searched.csv"
    write(path, [replace(ROW, learning_rate=7e-4), replace(ROW, grasp_cm=0.9)])
    monkeypatch.setattr(module, "TABLE", path)
    monkeypatch.setattr(module.read, "__defaults__", (path,))
    module._package.cache_clear()
    config = RunConfig("id", ("para",), PROFILES["smoke"])
    training = config.find_split().training
    recipe = config.recipe("para", 0, training)
    assert (recipe.train.learning_rate, recipe.augmentation) == (7e-4, replace(strength("colour"), copies=1))
    told = replace(config, learning_rate=1e-2, augmentation="off").recipe("para", 0, training)
    assert (told.train.learning_rate, told.augmentation) == (1e-2, replace(strength("off"), copies=1))
    first = replace(config, suite_version=1)
    assert first.recipe("para", 0, first.find_split().training).train.learning_rate == 3e-3  # of the search of version 1
    assert searches_of("para") == {(2, "place"): ("0.0007, 0.001 x colour (20 demos, efficientnet_lite0)", frozenset({(7e-4, "colour")}))}
    module._package.cache_clear()


def test_a_table_in_the_results_folder_speaks_for_heads_that_the_package_does_not_have(tmp_path: Path) -> None:
    mine = replace(ROW, head="mine:Head", learning_rate=7e-4, augmentation="off")
    write(tmp_path / OWN_TABLE, [mine, replace(ROW, learning_rate=7e-4, grasp_cm=0.0)])
    config = RunConfig("id", ("para", "mine:Head"), PROFILES["smoke"], out=tmp_path)
    training = config.find_split().training
    recipe = config.recipe("mine:Head", 0, training)
    assert (recipe.train.learning_rate, recipe.augmentation) == (7e-4, replace(strength("off"), copies=1))
    elsewhere = replace(config, out=tmp_path / "other")
    assert elsewhere.recipe("mine:Head", 0, training).train.learning_rate == DEFAULT_LEARNING_RATE
    assert config.recipe("para", 0, training) == elsewhere.recipe("para", 0, training)  # what the package found is not replaced
    words, found = searches_of("mine:Head", tmp_path)[2, "place"]
    assert (words, found) == ("0.0007 x off (20 demos, efficientnet_lite0)", frozenset({(7e-4, "off")}))
    assert Heads(tmp_path)["para"].searches == Heads()["para"].searches


def test_a_table_in_the_results_folder_speaks_for_tasks_that_the_package_did_not_search(tmp_path: Path) -> None:
    stacking = replace(ROW, task="stack", learning_rate=7e-4, augmentation="off")
    write(tmp_path / OWN_TABLE, [stacking, replace(ROW, learning_rate=7e-4, grasp_cm=0.0)])
    found = searched(2, "stack", "para", 20, tmp_path)
    assert found == stacking
    assert searched(2, "stack", "para", 20) == searched(2, "place", "para", 20)  # of a task without a search
    assert searched(2, "stack", "mine:Head", 20, tmp_path) is None
    assert searched(2, "place", "para", 20, tmp_path) == searched(2, "place", "para", 20)  # what the package found is not replaced
    assert searches_of("para", tmp_path)[2, "stack"][0] == "0.0007 x off (20 demos, efficientnet_lite0)"


def test_cells_on_the_backbone_of_the_run_count_where_there_are_some(tmp_path: Path) -> None:
    mine = replace(ROW, head="mine:Head")
    other = replace(mine, backbone="dinov2", grasp_cm=0.1, learning_rate=3e-4)
    write(tmp_path / OWN_TABLE, [mine, other])
    assert searched(2, "place", "mine:Head", 20, tmp_path, "efficientnet_lite0") == mine
    assert searched(2, "place", "mine:Head", 20, tmp_path, "dinov2") == other
    assert searched(2, "place", "mine:Head", 20, tmp_path, "a_third") == other  # the best of all
    words, found = searches_of("mine:Head", tmp_path)[2, "place"]
    assert words == "0.0003, 0.001 x colour (20 demos, efficientnet_lite0, dinov2)"
    assert found == {(mine.learning_rate, "colour"), (3e-4, "colour")}


def test_enough_is_the_smallest_number_whose_best_cell_places_nine_of_ten() -> None:
    few, lucky = replace(ROW, success=71), replace(ROW, success=95, grasp_cm=0.9)  # judged by the grasp error, not by success
    many, more = replace(ROW, demos=64, success=90), replace(ROW, demos=256, success=99)
    assert sound_demos([more, few, lucky, many]) == 64
    assert sound_demos([few, lucky]) is None
    assert sound_demos([]) is None
