"""`para-bench doctor`: tables or JSON, and an exit code for scripts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from para_bench.commands.doctor import Doctor
from para_bench.commands.parts import examination

FOUND: dict[str, Any] = {
    "system": {"platform": "Linux", "python": "3.12", "cpus": 4},
    "versions": {"torch": "2.6"},
    "drawing": {"egl": {"renderer": "llvm[pipe]", "images_per_cpu_s": 9.5, "image_px": 128}, "osmesa": {"problem": "not installed"}},
    "torch": {"device": "cpu", "gpus": [], "threads": 2, "settings": {"OMP_NUM_THREADS": "2"}},
    "weights": {"lite0": "/there"},
    "disk": {"/runs": 100.0},
    "advice": [],
}


def test_tables_tell_all_of_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(examination, "examine", lambda out: FOUND)
    Doctor()()
    said = capsys.readouterr().out
    for words in ("llvm[pipe]", "9.5 (128 px)", "not installed", "2 of 4 threads, OMP_NUM_THREADS=2", "100.0 GB free", "/there"):
        assert words in said
    assert said.endswith("everything that a run needs is here\n")


def test_json_is_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(examination, "examine", lambda out: FOUND)
    Doctor(json=True)()
    assert json.loads(capsys.readouterr().out) == FOUND


def test_something_missing_is_exit_code_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(examination, "examine", lambda out: FOUND | {"torch": {"problem": "broken"}, "advice": ["pip install [x]"]})
    with pytest.raises(SystemExit) as stop:
        Doctor()()
    assert stop.value.code == 1
    assert "! pip install [x]" in capsys.readouterr().out
