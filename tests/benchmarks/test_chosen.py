"""What a run takes from the searches: the best of cells that may be compared, by one rule for every head."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from para_bench.benchmarks import chosen as module
from para_bench.benchmarks.chosen import best, nearest, newest, searched, searches_of
from para_bench.benchmarks.profiles import DEFAULT_LEARNING_RATE, PROFILES
from para_bench.benchmarks.searched import OWN_TABLE, AugmentationName, Measured, read, write
from para_bench.commands.parts.fairness import Heads
from para_bench.rollouts.config import RunConfig, strength

ROW = Measured(2, "place", "para", "efficientnet_lite0", 224, 20, 1600, 16, 1e-3, "colour", 12, 0, 100, 91, 80, 0.5, 1.2)
MINE = replace(ROW, head="mine:Head")
DEFAULT: dict[str, tuple[float, AugmentationName]] = {
    "para": (3e-3, "turns"),
    "heatmap_rgb": (3e-3, "off"),
    "pixel_regression": (3e-3, "turns"),
    "pixel_regression_rgb": (3e-3, "off"),
    "token_pixels": (3e-3, "colour"),
    "global_token": (3e-4, "off"),
    "global_token_camera": (1e-3, "off"),
    "global_token_plucker": (3e-4, "off"),
}
"""Rate and augmentation that each searched head of the package is trained with by default."""


def test_the_smallest_median_grasp_error_is_taken_and_then_more_successes() -> None:
    better = replace(ROW, grasp_cm=0.4, success=10)
    assert best([ROW, better]) == better
    assert best([ROW, replace(ROW, success=92), ROW]).success == 92
    assert best([ROW, replace(ROW, learning_rate=3e-4)]).learning_rate == 3e-4


def test_cells_of_other_numbers_of_demonstrations_are_not_compared() -> None:
    many = replace(ROW, demos=256, grasp_cm=0.1, learning_rate=3e-4)
    for demos, expected in ((20, ROW), (60, ROW), (90, many), (1024, many)):
        assert best(nearest([ROW, many], "demos", demos)) == expected


def test_a_run_takes_its_settings_from_the_table_unless_told_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "searched.csv"
    write(path, [replace(ROW, learning_rate=7e-4), replace(ROW, grasp_cm=0.9)])
    monkeypatch.setattr(module, "_package", lambda: read(path))
    config = RunConfig("id", ("para",), PROFILES["smoke"])
    training = config.find_split().training
    recipe = config.recipe("para", 0, training)
    assert (recipe.train.learning_rate, recipe.augmentation) == (7e-4, replace(strength("colour"), copies=1))
    told = replace(config, learning_rate=1e-2, augmentation="off").recipe("para", 0, training)
    assert (told.train.learning_rate, told.augmentation) == (1e-2, replace(strength("off"), copies=1))
    first = replace(config, suite_version=1)
    assert first.recipe("para", 0, first.find_split().training).train.learning_rate == 3e-3  # of the search of version 1
    assert searches_of("para") == {(2, "place"): ("0.0007, 0.001 x colour (20 demos, efficientnet_lite0)", frozenset({(7e-4, "colour")}))}


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
    other = replace(MINE, backbone="dinov2", grasp_cm=0.1, learning_rate=3e-4)
    write(tmp_path / OWN_TABLE, [MINE, other])
    assert searched(2, "place", "mine:Head", 20, tmp_path, "efficientnet_lite0") == MINE
    assert searched(2, "place", "mine:Head", 20, tmp_path, "dinov2") == other
    assert searched(2, "place", "mine:Head", 20, tmp_path, "a_third") == other  # the best of all
    words, found = searches_of("mine:Head", tmp_path)[2, "place"]
    assert words == "0.0003, 0.001 x colour (20 demos, efficientnet_lite0, dinov2)"
    assert found == {(MINE.learning_rate, "colour"), (3e-4, "colour")}


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ({"image_size": 448}, {"image_px": 448}),
        ({"replan_steps": 1}, {"replan_steps": 1}),
        ({"profile": {"steps": 20000}}, {"steps": 20000}),
    ],
    ids=["image size", "waypoints a look", "steps"],
)
def test_a_run_takes_the_best_of_cells_that_were_measured_as_it_is(asked: Any, other: Any, tmp_path: Path) -> None:
    better = replace(MINE, **other, grasp_cm=0.1, learning_rate=3e-4)
    write(tmp_path / OWN_TABLE, [MINE, better])
    config = RunConfig("id", ("mine:Head",), PROFILES["default"], out=tmp_path)
    asked = {name: replace(config.profile, **value) if name == "profile" else value for name, value in asked.items()}

    def rate(config: RunConfig) -> float:
        return config.recipe("mine:Head", 0, config.find_split().training).train.learning_rate

    assert (rate(config), rate(replace(config, **asked))) == (MINE.learning_rate, better.learning_rate)
    assert searches_of("mine:Head", tmp_path)[2, "place"][1] == {(MINE.learning_rate, "colour"), (3e-4, "colour")}


def test_as_many_epochs_on_more_demonstrations_are_the_same_search(tmp_path: Path) -> None:
    longer = replace(MINE, steps=3200, grasp_cm=0.1, learning_rate=3e-4)
    write(tmp_path / OWN_TABLE, [MINE, longer])
    config = RunConfig("id", ("mine:Head",), replace(PROFILES["default"], demos=64, steps=5120), out=tmp_path)
    assert config.recipe("mine:Head", 0, config.find_split().training).train.learning_rate == MINE.learning_rate


def test_words_name_image_sizes_and_waypoints_that_are_not_the_usual_ones(tmp_path: Path) -> None:
    write(tmp_path / OWN_TABLE, [MINE, replace(MINE, image_px=448, replan_steps=1)])
    words, _ = searches_of("mine:Head", tmp_path)[2, "place"]
    assert words == "0.001 x colour (20 demos, efficientnet_lite0, 224/448 px, 1/12 waypoints a look)"


def test_few_scenes_do_not_win_by_luck(tmp_path: Path) -> None:
    lucky = replace(MINE, scenes=2, success=2, grasp_cm=0.1, learning_rate=3e-4)
    write(tmp_path / OWN_TABLE, [MINE, lucky])
    assert searched(2, "place", "mine:Head", 20, tmp_path) == MINE
    assert searches_of("mine:Head", tmp_path)[2, "place"][1] == {(MINE.learning_rate, "colour")}


def test_cells_of_earlier_code_do_not_count() -> None:
    old, new, unknown = replace(ROW, code="a", grasp_cm=0.1), replace(ROW, code="b"), replace(ROW, grasp_cm=0.2)
    elsewhere = replace(old, demos=64)
    assert newest([old, new, unknown, elsewhere]) == [new, unknown, elsewhere]
    assert newest([new, old]) == [old]
    assert newest([unknown]) == [unknown]


def test_the_default_run_trains_as_the_package_s_search_found() -> None:
    config = RunConfig("id", tuple(DEFAULT), PROFILES["default"])
    assert {row.head for row in read()} == {*DEFAULT}
    for head, (rate, copies) in DEFAULT.items():
        recipe = config.recipe(head, 0, config.find_split().training)
        assert (head, recipe.train.learning_rate, recipe.augmentation) == (head, rate, strength(copies))
