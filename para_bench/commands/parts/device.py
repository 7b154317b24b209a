"""The device that training asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    import torch


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
