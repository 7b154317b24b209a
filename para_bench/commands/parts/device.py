"""Where to compute: the device of trainings, and the runtime of frozen features."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from para_bench.backbones.runtimes import TORCH, missing_packages
from para_bench.benchmarks.versions import find_version
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    import torch

_DRIVERS = ("/proc/driver/nvidia", "/dev/nvidiactl", "/dev/kfd", "/dev/dxg")
"""Of which a machine with a GPU for torch has one: NVIDIA's, AMD's, and Windows' for Linux."""


def check_device(device: str) -> None:
    """Raises ParaBenchError for one that is not here; torch is asked for a GPU alone."""
    known = ["auto", "cpu"]
    if device in known:
        return
    import torch

    if torch.cuda.is_available():
        known += ["cuda", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]
    if device not in known:
        raise ParaBenchError(f"--device is {device!r}; allowed here: {', '.join(known)}")


def find_device(device: str) -> torch.device:
    """`auto` takes a GPU where there is one. Raises ParaBenchError as `check_device`."""
    import torch

    check_device(device)
    return torch.device(("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device)


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
