"""The runtime of frozen features that an option asks for."""

from __future__ import annotations

from pathlib import Path

from para_bench.backbones.runtimes import TORCH, missing_packages
from para_bench.benchmarks.versions import find_version
from para_bench.types import ParaBenchError

_DRIVERS = ("/proc/driver/nvidia", "/dev/nvidiactl", "/dev/kfd", "/dev/dxg")
"""Of which a machine with a GPU for torch has one: NVIDIA's, AMD's, and Windows' for Linux."""


def find_runtime(asked: str, suite_version: int, device: str) -> str:
    """A row of RUNTIMES; `auto` is ONNX Runtime where suite version and packages allow it and training is on the CPU, else torch.

    Args:
        asked: Value of --feature-runtime.
        suite_version: Row of VERSIONS.
        device: Value of --device.

    Raises:
        ParaBenchError: the suite version does not have it, or it is not installed.
    """
    allowed, missing = find_version(suite_version).runtimes, missing_packages()
    if asked == "auto":
        return allowed[-1] if not missing and not _on_gpu(device) else TORCH
    if asked not in allowed:
        raise ParaBenchError(f"--feature-runtime is {asked} with --suite-version {suite_version}; allowed: {', '.join(allowed)}")
    if asked != TORCH and missing:
        names = " ".join(missing)
        raise ParaBenchError(f"--feature-runtime is {asked}, which is not installed; allowed: torch, or after `pip install {names}`")
    return asked


def _on_gpu(device: str) -> bool:
    """Whether trainings are on a GPU; torch is loaded only where there may be one."""
    if device == "cpu" or not any(Path(driver).exists() for driver in _DRIVERS):
        return False
    import torch

    return torch.cuda.is_available()
