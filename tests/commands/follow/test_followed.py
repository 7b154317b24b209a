"""Curves are handed on as they grow, each row once; a logger that fails ends nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from para_bench.commands.follow import followed as module
from para_bench.commands.follow.followed import Follower, followed
from para_bench.types import ParaBenchError

HEAD = "step,train_loss,position_error_cm\n"


class Kept:
    """A logger that remembers."""

    def __init__(self, name: str, said: list[Any]) -> None:
        self._name, self._said = name, said

    def log(self, step: int, figures: dict[str, float]) -> None:
        self._said.append((self._name, step, figures))

    def close(self) -> None:
        self._said.append((self._name, "closed"))


def curve(out: Path, name: str, text: str, finished: bool = False) -> None:
    folder = out / "checkpoints" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "curve.csv").write_text(HEAD + text)
    if finished:
        (folder / "config.json").write_text("{}")


def test_each_row_once_and_nothing_of_what_was_finished_before(tmp_path: Path) -> None:
    said: list[Any] = []
    curve(tmp_path, "old", "10,0.5,3\n", finished=True)
    follower = Follower(lambda name: Kept(name, said), tmp_path)
    follower.look()
    curve(tmp_path, "new", "10,0.5,3\n")
    follower.look()
    follower.look()
    curve(tmp_path, "new", "10,0.5,3\n20,0.25,\n", finished=True)
    follower.look()
    follower.close()
    assert said == [
        ("new", 10, {"train_loss": 0.5, "position_error_cm": 3.0}),
        ("new", 20, {"train_loss": 0.25}),
        ("new", "closed"),
    ]


def test_a_logger_that_fails_is_told_once_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def make(name: str) -> Kept:
        raise RuntimeError("no network\nat all")

    follower = Follower(make, tmp_path)
    curve(tmp_path, "one", "10,0.5,3\n")
    curve(tmp_path, "two", "10,0.5,3\n")
    for _ in range(2):
        follower.look()
    follower.close()
    said = capsys.readouterr()
    assert (said.out + said.err).count("the logger failed and is left out from here on: RuntimeError: no network") == 1


def test_what_was_written_last_is_handed_on_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []
    monkeypatch.setattr(module, "find_logger", lambda name, out: lambda run: Kept(f"{name} {run}", said))

    def interrupted() -> None:
        with followed("wandb", tmp_path):
            curve(tmp_path, "one", "10,0.5,3\n")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert said == [("wandb one", 10, {"train_loss": 0.5, "position_error_cm": 3.0}), ("wandb one", "closed")]


def test_none_is_no_logger_and_an_unknown_one_is_told_first(tmp_path: Path) -> None:
    with followed(None, tmp_path):
        pass
    with pytest.raises(ParaBenchError, match="--log is 'x'"), followed("x", tmp_path):
        pytest.fail("begun")
