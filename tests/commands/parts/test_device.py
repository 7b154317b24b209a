"""A device or a runtime that is not here is one line with those that are, and --feature-runtime is never "auto" in the end."""

from __future__ import annotations

import pytest
import torch

from para_bench.backbones.runtimes import ONNXRUNTIME, TORCH
from para_bench.commands.parts import device
from para_bench.commands.parts.device import check_device, find_device, find_runtime
from para_bench.types import ParaBenchError


def gpus(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: count > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: count)


@pytest.mark.parametrize(
    ("count", "device", "message"),
    [
        (0, "cuda", "--device is 'cuda'; allowed here: auto, cpu$"),
        (0, "tpu", "--device is 'tpu'; allowed here: auto, cpu$"),
        (2, "cuda:2", "--device is 'cuda:2'; allowed here: auto, cpu, cuda, cuda:0, cuda:1$"),
    ],
)
def test_a_device_that_is_not_here_is_refused(count: int, device: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    gpus(monkeypatch, count)
    for ask in (check_device, find_device):
        with pytest.raises(ParaBenchError, match=message):
            ask(device)


@pytest.mark.parametrize(
    ("count", "device", "found"), [(0, "auto", "cpu"), (1, "auto", "cuda"), (1, "cpu", "cpu"), (2, "cuda:1", "cuda:1")]
)
def test_auto_takes_a_gpu_where_there_is_one(count: int, device: str, found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    gpus(monkeypatch, count)
    assert find_device(device) == torch.device(found)


def without_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "missing_packages", lambda: ["onnx"])


def test_auto_is_onnx_runtime_on_a_cpu_and_torch_in_version_1(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_runtime("auto", 2, "cpu") == ONNXRUNTIME
    assert find_runtime("auto", 1, "cpu") == TORCH
    monkeypatch.setattr(device, "_on_gpu", lambda device: device != "cpu")
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
