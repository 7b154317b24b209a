"""docs/LEROBOT.md is what works: the tests here look at what its commands left, and its table names every key."""

from __future__ import annotations

from real_lerobot import ROOT, commands, smaller

from para_bench.lerobot_data import features as f

PAGE = (ROOT / "docs/LEROBOT.md").read_text()


def test_the_page_names_every_key() -> None:
    for name in (f.IMAGE, f.STATE, f.ACTION, f.INTRINSICS, f.POSE, f.PIXEL, "label.waypoint", f.ABOUT):
        assert f"`{name}" in PAGE, name


def test_the_programs_of_the_page_are_the_ones_that_the_tests_run_with_smaller_numbers() -> None:
    assert [words[1] if words[0] == "para-bench" else words[0] for words in commands()] == [
        *("demos", "export-lerobot", "lerobot-train", "lerobot-eval", "run", "table", "lerobot-train"),
    ]
    assert all(small != words for words, small in zip(commands(), map(smaller, commands()), strict=True) if "table" not in words)
