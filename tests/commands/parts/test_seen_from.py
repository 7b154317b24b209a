"""What a table says of training cameras and rooms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from para_bench.benchmarks.profiles import PROFILES
from para_bench.commands.parts.seen_from import seen_from
from para_bench.rollouts.config import RunConfig


def said(split: str, *heads: str, **options: Any) -> str:
    return seen_from(RunConfig(split, heads, PROFILES["smoke"], out=Path("runs"), **options))


@pytest.mark.parametrize(
    ("split", "options", "words"),
    [
        ("id", {"cameras": 16}, "Demonstrations are seen from 16 cameras."),
        ("id", {"cameras": "each", "rooms": 4}, "Demonstrations are seen from a new camera for each and in 4 rooms."),
        ("lighting", {"cameras": 4}, "Demonstrations are seen from 4 cameras."),
    ],
)
def test_the_number_is_told_alone_where_tests_do_not_move_it(split: str, options: dict[str, Any], words: str) -> None:
    assert said(split, "para", **options) == words


def test_views_that_training_may_have_had_are_told() -> None:
    found = said("novel_view", "para", cameras=16)
    assert "Test views of novel_view are not kept apart from the training cameras, which stand at azimuth -40 to 40 deg" in found
    assert "Split camera_diversity keeps them apart." in found


def test_rooms_that_training_may_have_had_are_told() -> None:
    assert "Test rooms of new_environment have patterns that training rooms have too." in said("new_environment", "para", rooms=4)


def test_one_camera_and_room_and_references_alone_say_nothing() -> None:
    assert said("novel_view", "para") == ""
    assert said("novel_view", cameras=16) == ""
