"""What stands on a command line, and would be lost without a word."""

from __future__ import annotations

import pytest

from para_bench.command_line import check_emptied, check_words, options_in
from para_bench.commands.run import Run
from para_bench.types import ParaBenchError


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "--out", ""], "--out is empty; allowed: a value"),
        (["run", "--out="], "--out is empty; allowed: a value"),
        (["run", "--out", "\x1b[31m"], "--out is .*; allowed: words without control characters"),
    ],
)
def test_words_that_no_option_means(words: list[str], message: str) -> None:
    with pytest.raises(ParaBenchError, match=message):
        check_words(words)


@pytest.mark.parametrize("again", [["--demo-seed", "2"], ["--demo_seed", "2"], ["--demo-seed=2"]])
def test_an_option_is_given_once(again: list[str]) -> None:
    assert list(options_in(["run", "--demo-seed", "1", "--head", "para", "-1"])) == ["--demo-seed", "--head"]
    with pytest.raises(ParaBenchError, match="--demo-seed is given twice; allowed: once"):
        options_in(["run", "--demo-seed", "1", *again])


def test_an_option_without_a_value_is_refused_in_groups_too() -> None:
    check_emptied(Run(), ["--split"])
    for name in ("--head", "--policy-keys"):
        with pytest.raises(ParaBenchError, match=f"^{name} names none; allowed: one or more, or leave it out"):
            check_emptied(Run(), [name])
