"""`para-bench teleop`: one line where there is no display; a run trains on what was recorded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from key_presses import Person

from para_bench.commands.run import Run
from para_bench.commands.teleop import Teleop
from para_bench.options import MachineOptions, SizeOptions, TrainingOptions
from para_bench.records import read
from para_bench.records.documents import parse_json, read_bytes


@pytest.mark.parametrize(
    ("words", "instead"),
    [(["teleop"], "`para-bench demos`, whose expert needs none"), (["view", "--interactive"], "`para-bench view`, which draws a picture")],
)
def test_without_a_display_one_line_says_so(words: list[str], instead: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-m", "para_bench", *words], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    command = " ".join(["para-bench", *words])
    assert done.stderr.strip() == f"para-bench: {command} opens a window, but DISPLAY is not set; allowed: a display, or {instead}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.integration
def test_a_run_trains_on_what_was_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Window(Person):
        def __init__(self, *_: str) -> None:
            super().__init__()

        def close(self) -> None: ...

    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("para_bench.training.prepare.VALIDATION_DEMOS", 1)
    monkeypatch.setattr("para_bench.sim.window.Window", Window)
    Teleop(n=2, out=tmp_path / "mine")()
    said = capsys.readouterr().out
    assert "demonstration 2 of 2: success" in said
    assert f"--demos-from {tmp_path / 'mine'}" in said

    run = Run(
        split="id",
        profile="smoke",
        size=SizeOptions(steps=1, batch=2, episodes=1, copies=0),
        training=TrainingOptions(demos_from=tmp_path / "mine", image_size=64),
        machine=MachineOptions(workers=1, out=tmp_path / "runs", device="cpu"),
        videos=False,
    )
    run()
    assert "on 2 given demonstrations" in capsys.readouterr().err
    recorded = parse_json(read_bytes(tmp_path / "mine/meta.json"))["hash"]
    (checkpoint,) = (tmp_path / "runs/checkpoints").iterdir()
    made = parse_json(read_bytes(checkpoint / "config.json"))
    assert made["demonstrations_hash"] == recorded
    assert made["state"]["recipe"]["training"]["name"] == f"recorded-{recorded}"
    assert {r.demos for r in read(tmp_path / "runs/id/episodes.jsonl") if r.head == "para"} == {2}
    config = parse_json(read_bytes(tmp_path / "runs/id/config.json"))
    assert config["given"] == {"hash": recorded, "count": 2}
