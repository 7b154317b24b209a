"""Bars: one tidy line on a terminal, one line a stage in a log."""

from __future__ import annotations

import io
import sys

import pytest

from para_bench import bars
from para_bench.bars import Bar, duration, said


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_one_line_a_stage(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in Bar(range(3), desc="demonstrations"):
        assert capsys.readouterr().err == ""
    assert capsys.readouterr().err == "demonstrations: 3 in 0.0 s\n"
    bar = Bar(total=10, initial=4, desc="episodes", unit="episode")
    bar.update(6)
    bar.close()
    bar.close()
    assert capsys.readouterr().err == "episodes: 10 episodes in 0.0 s\n"


def test_a_long_stage_writes_a_line_now_and_then_in_a_log(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bars, "EVERY_S", 0.0)
    with Bar(total=3, desc="train para-default-20-s0") as bar:
        assert capsys.readouterr().err == ""
        bar.update()
        assert capsys.readouterr().err == "train para-default-20-s0: 1 of 3 steps after 0.0 s\n"
        for _ in Bar(range(2), desc="inner"):
            pass
        assert capsys.readouterr().err == ""
        bar.update(2)
    assert capsys.readouterr().err.splitlines()[-1] == "train para-default-20-s0: 3 steps in 0.0 s"


def test_a_bar_within_a_bar_says_nothing_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in Bar(range(2), desc="outer"):
        for _ in Bar(range(5), desc="inner"):
            pass
    assert capsys.readouterr().err == "outer: 2 in 0.0 s\n"


def test_a_stage_that_was_cut_short_says_so_and_one_without_work_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar(total=5, desc="videos") as bar:
        bar.update(2)
    assert capsys.readouterr().err == "videos: 2 of 5 in 0.0 s\n"
    Bar(total=5, initial=5, desc="done before").close()
    Bar(range(5), desc="off", disable=True).close()
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    for _ in Bar(range(4), desc="features"):
        pass
    last = screen.getvalue().rstrip("\n").split("\r")[-1]
    assert last.startswith("features  ")
    assert "100 % |" in last
    assert "4/4" in last
    assert len(last) <= 100


def test_a_bar_that_an_interrupt_cut_off_at_its_start_closes_in_silence() -> None:
    Bar.__new__(Bar).close()  # as Python does when it throws the half-made bar away


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3.24, "3.2 s"), (42.4, "42 s"), (59.7, "1 min 0 s"), (252, "4 min 12 s"), (7500, "2 h 5 min")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_words_of_a_stage() -> None:
    assert said("features: ", 2, None, "batch", 2) == "features: 2 batches in 2.0 s"
    assert said("train", 1600, 1600, "it", 90) == "train: 1600 in 1 min 30 s"
