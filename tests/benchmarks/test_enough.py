"""How many demonstrations are enough: the smallest number whose best cell places nine of ten."""

from __future__ import annotations

from dataclasses import replace

from para_bench.benchmarks.enough import enough
from para_bench.benchmarks.searched import Measured

ROW = Measured(2, "place", "para", "efficientnet_lite0", 224, 20, 1600, 16, 1e-3, "colour", 12, 0, 100, 71, 60, 0.5, 1.2)
MANY, MORE = replace(ROW, demos=64, success=90), replace(ROW, demos=256, success=99)


def words(*rows: Measured) -> list[str]:
    return [str(each) for each in enough(rows)]


def test_it_is_the_smallest_number_whose_best_cell_is_sound() -> None:
    lucky = replace(ROW, success=95, grasp_cm=0.9)  # judged by the grasp error, not by success
    assert words(MORE, ROW, lucky, MANY) == ["64"]
    assert words(ROW, lucky) == ["none to 20"]
    assert words(ROW, replace(MANY, success=89)) == ["none to 64"]
    assert words() == []


def test_few_scenes_do_not_count_beside_many() -> None:
    assert words(ROW, replace(ROW, scenes=2, success=2, grasp_cm=0.1)) == ["none to 20"]


def test_each_head_task_backbone_image_size_and_number_of_waypoints_has_its_own() -> None:
    changes = ({"head": "act"}, {"task": "stack"}, {"backbone": "dinov2"}, {"image_px": 448}, {"replan_steps": 2}, {"suite_version": 1})
    assert words(ROW, *(replace(MANY, **change) for change in changes)) == ["none to 20", *["64"] * 6]


def test_earlier_code_does_not_count() -> None:
    assert words(replace(MANY, code="old"), replace(MANY, code="new", success=10)) == ["none to 64"]
