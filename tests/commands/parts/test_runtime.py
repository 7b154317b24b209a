"""What --feature-runtime means here: never "auto" in the end, and never what cannot be."""

from __future__ import annotations

import pytest

from para_bench.backbones.runtimes import ONNXRUNTIME, TORCH
from para_bench.commands.parts import runtime
from para_bench.commands.parts.runtime import find_runtime
from para_bench.types import ParaBenchError


def without_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "missing_packages", lambda: ["onnx"])


def test_auto_is_onnx_runtime_on_a_cpu_and_torch_in_version_1(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_runtime("auto", 2, "cpu") == ONNXRUNTIME
    assert find_runtime("auto", 1, "cpu") == TORCH
    monkeypatch.setattr(runtime, "_on_gpu", lambda device: device != "cpu")
    assert find_runtime("auto", 2, "cpu") == ONNXRUNTIME
    assert find_runtime("auto", 2, "cuda") == TORCH
    without_packages(monkeypatch)
    assert find_runtime("auto", 2, "cpu") == TORCH


def test_torch_is_always_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    without_packages(monkeypatch)
    assert [find_runtime("torch", version, "cpu") for version in (1, 2)] == [TORCH, TORCH]


def test_version_1_keeps_its_features() -> None:
    with pytest.raises(ParaBenchError, match=r"^--feature-runtime is onnxruntime with --suite-version 1; allowed: torch$"):
        find_runtime("onnxruntime", 1, "cpu")


def test_what_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_runtime("onnxruntime", 2, "cuda") == ONNXRUNTIME
    without_packages(monkeypatch)
    with pytest.raises(ParaBenchError, match=r"which is not installed; allowed: torch, or after `pip install onnx`$"):
        find_runtime("onnxruntime", 2, "cpu")
