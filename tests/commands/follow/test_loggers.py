"""Loggers behind one adapter: each package is called as it wants to be, and one that is not there is told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from para_bench.commands.follow.loggers import LOGGERS, find_logger
from para_bench.types import ParaBenchError


class Recorder:
    """Stands for a package: remembers what was called."""

    def __init__(self, said: list[Any]) -> None:
        self._said = said

    def __getattr__(self, name: str) -> Any:
        def call(*words: Any, **named: Any) -> Recorder:
            self._said.append((name, words, named))
            return self

        return call


@pytest.mark.parametrize("name", LOGGERS)
def test_a_training_is_begun_logged_and_ended(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []
    monkeypatch.setitem(sys.modules, LOGGERS[name][0], Recorder(said))
    logger = find_logger(name, tmp_path)("para-s0")
    logger.log(3, {"loss": 0.5})
    logger.close()
    calls = [call for call, _, _ in said]
    expected = {"tensorboard": ["SummaryWriter", "add_scalar", "flush", "close"]}
    assert calls == expected.get(name, ["init", "log", "finish"])
    assert "para-s0" in str(said[0])
    assert (said[1][1:]) == ((("loss", 0.5, 3), {}) if name == "tensorboard" else (({"loss": 0.5},), {"step": 3}))


def test_one_that_is_not_installed_or_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trackio", None)
    with pytest.raises(ParaBenchError, match=r"--log trackio needs a package .*; allowed: pip install 'para-bench\[trackio\]'"):
        find_logger("trackio", tmp_path)
    with pytest.raises(ParaBenchError, match="--log is 'mlflow'; allowed: tensorboard, trackio, wandb"):
        find_logger("mlflow", tmp_path)


def test_real_tensorboard_writes_what_it_reads_again(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="an extra")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    logger = find_logger("tensorboard", tmp_path)("para-s0")
    for step in (1, 2):
        logger.log(step, {"val_loss": step / 4})
    logger.close()
    found = EventAccumulator(str(tmp_path / "logs/para-s0")).Reload().Scalars("val_loss")
    assert [(each.step, each.value) for each in found] == [(1, 0.25), (2, 0.5)]
