"""What stands on a command line, and would be lost without a word."""

from __future__ import annotations

import sys

import pytest

from para_bench.cli import main
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


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("run --hed para", "found --hed, para; allowed: the options of this command (did you mean --head?)"),
        ("run --suite-version 3", "--suite-version is '3'; allowed: 1, 2"),
        ("table R --format xml", "--format is 'xml'; allowed: md, csv, latex, html"),
        ("run --episodes abc", "--episodes is 'abc'; allowed: a whole number"),
        ("power --effect a'b", '--effect is "a\'b"; allowed: a number'),
        ("power --baseline", "--baseline has no value; allowed: a value after it"),
        ("replay", "missing: PATH (A results folder, with its checkpoints), STR (SPLIT/CONDITION/LEVEL/SCENE/HEAD/SEED)"),
    ],
)
@pytest.mark.parametrize("columns", ["70", "200"])
def test_what_cannot_be_parsed_is_told_in_one_line(
    words: str, said: str, columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys, "argv", ["para-bench", *words.split()])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    assert capsys.readouterr().err == f"para-bench: {said}; para-bench {words.split()[0]} --help tells more\n"
