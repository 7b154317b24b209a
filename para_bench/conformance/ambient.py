"""What a head must leave alone: settings of the process, global random numbers, and its inputs."""

from __future__ import annotations

import os
import random  # noqa: TID251 - its global state is under test
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from para_bench.plugins import torch_settings
from para_bench.tensors import Features

Settings = dict[str, tuple[Any, Callable[[Any], Any]]]
"""By name: the value, and what sets it."""


def settings() -> Settings:
    """The watched settings, as they are now."""
    cudnn = torch.backends.cudnn
    return {
        **torch_settings(),
        "torch's cuDNN flags": ((cudnn.deterministic, cudnn.benchmark), _set_cudnn),
        "torch's matmul precision": (torch.get_float32_matmul_precision(), torch.set_float32_matmul_precision),
        "whether torch records gradients": (torch.is_grad_enabled(), torch.set_grad_enabled),
        "torch's default device": (torch.get_default_device(), torch.set_default_device),
        "numpy's treatment of errors": (np.geterr(), lambda value: np.seterr(**value)),
        "sys.path": (list(sys.path), lambda value: sys.path.__setitem__(slice(None), value)),
        "the recursion limit": (sys.getrecursionlimit(), sys.setrecursionlimit),
        "the current folder": (Path.cwd(), os.chdir),
    }


def put_back(before: Settings) -> list[str]:
    """Restore all settings. Returns the names of those that had changed."""
    changed = [name for name, (value, _) in settings().items() if value != before[name][0]]
    for name in changed:
        value, put = before[name]
        put(value)
    return changed


@contextmanager
def own_random_numbers() -> Iterator[None]:
    """Restores the global random states at its end."""
    legacy, plain = np.random.get_state(), random.getstate()  # noqa: NPY002 - its global state is under test
    try:
        with torch.random.fork_rng(devices=[]):
            yield
    finally:
        np.random.set_state(legacy)  # noqa: NPY002
        random.setstate(plain)


def stir(seed: int, with_torch: bool = True) -> None:
    """Seed the global random states."""
    np.random.seed(seed)  # noqa: NPY002
    random.seed(seed)
    if with_torch:
        torch.manual_seed(seed)


def copied(value: Any) -> Any:
    """Features, batches and observations with tensors and arrays of their own; anything else as it is."""
    if isinstance(value, Features):
        return Features(tuple(map(copied, value.maps)), copied(value.summary))
    if is_dataclass(value) and not isinstance(value, type):
        arrays = {f.name: getattr(value, f.name) for f in fields(value)}
        return replace(value, **{name: copied(part) for name, part in arrays.items() if isinstance(part, Tensor | np.ndarray)})
    return value.clone() if isinstance(value, Tensor) else value.copy() if isinstance(value, np.ndarray) else value


def differences(before: Any, after: Any, name: str) -> Iterator[str]:
    """Names of the tensors and arrays in which two copies of one thing differ."""
    if isinstance(before, Tensor):
        yield from [] if torch.equal(before, after) else [name]
    elif isinstance(before, np.ndarray):
        yield from [] if np.array_equal(before, after) else [name]
    elif isinstance(before, Features):
        for part, one, other in zip(("maps", "summary"), before, after, strict=True):
            yield from differences(one, other, f"features.{part}")
    elif isinstance(before, tuple):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, f"{name}[{index}]")
    elif is_dataclass(before):
        for f in fields(before):
            yield from differences(getattr(before, f.name), getattr(after, f.name), f"{type(before).__name__.lower()}.{f.name}")


def _set_cudnn(value: tuple[bool, bool]) -> None:
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = value
