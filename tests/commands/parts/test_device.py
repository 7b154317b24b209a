"""A device that is not here is one line with those that are."""

from __future__ import annotations

import pytest
import torch

from para_bench.commands.parts.device import check_device, find_device
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
