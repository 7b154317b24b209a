"""What an interrupted optimisation leaves on disk, so that the next run continues to the same weights.

Read strictly: a state that is damaged, foreign or of other settings is not continued, and one line says so.
"""

from __future__ import annotations

import glob
import logging
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from para_bench.files import check_regular, writing

STATE = "training.pt"
FORMAT = 2
"""Layout of the file."""

logger = logging.getLogger(__name__)


@dataclass
class TrainingState:
    """How far an optimisation has come, beside its weights."""

    step: int = 0
    """Optimiser steps done."""
    rows: list[dict[str, float]] = field(default_factory=list)
    """The curve."""
    seconds: float = 0.0
    """Wall time so far, that of earlier runs included."""
    devices: list[str] = field(default_factory=list)
    """Where the runs computed, each device named once."""


class _UnusableError(Exception):
    """Why a state is not continued."""


def device_name(device: torch.device) -> str:
    """ "cpu", or "cuda (NVIDIA H200)"."""
    return f"cuda ({torch.cuda.get_device_name(device)})" if device.type == "cuda" else device.type


def save(
    path: Path, decides: Mapping[str, Any], state: TrainingState, model: nn.Module, average: nn.Module | None, optimiser: AdamW
) -> None:
    """Write the state, whole or not at all.

    Raises:
        ParaBenchError: the file cannot be written.
    """
    weights = {"model": model.state_dict(), "average": average.state_dict() if average else {}, "optimiser": optimiser.state_dict()}
    with writing(path, RuntimeError) as partial:  # what torch raises on a full disk
        torch.save({"format": FORMAT, "decides": dict(decides), "state": asdict(state), **weights}, partial)


def resume(path: Path, decides: Mapping[str, Any], model: nn.Module, average: nn.Module | None, optimiser: AdamW) -> TrainingState:
    """Load the state of an interrupted optimisation into model, average and optimiser; none of it where it cannot be continued.

    Raises:
        ParaBenchError: the path is taken by something that is no file.
    """
    for left in path.parent.glob(f".{glob.escape(path.stem)}.*.partial{path.suffix}"):  # of a run that was killed while it wrote
        left.unlink(missing_ok=True)
    if not check_regular(path, "the state of an interrupted training, or nothing (move it away)").exists():
        return TrainingState()
    try:
        kept = _read(path, next(model.parameters()).device)
        state = _state(kept, decides)
        _check_weights(kept["model"], model)
        _check_weights(kept["average"], average)
        _check_optimiser(kept["optimiser"], optimiser)
    except _UnusableError as error:
        logger.warning("%s is not continued (%s); training starts afresh", path, error)
        return TrainingState()
    model.load_state_dict(kept["model"])
    if average is not None:
        average.load_state_dict(kept["average"])
    optimiser.load_state_dict(kept["optimiser"])
    return state


def _read(path: Path, device: torch.device) -> dict[str, Any]:
    try:
        kept = torch.load(path, weights_only=True, map_location=device)
    except Exception as error:  # zip, pickle and torch each have their own errors
        raise _UnusableError(f"damaged: {type(error).__name__}") from None
    names = {"format", "decides", "state", "model", "average", "optimiser"}
    if not isinstance(kept, dict) or set(kept) != names or kept["format"] != FORMAT:
        raise _UnusableError("no state that this version wrote")
    return kept


def _state(kept: Mapping[str, Any], decides: Mapping[str, Any]) -> TrainingState:
    if kept["decides"] != decides:
        raise _UnusableError("of other settings")
    try:
        state = TrainingState(**kept["state"])
    except TypeError:
        raise _UnusableError("damaged: its progress") from None
    numbers = isinstance(state.rows, list) and all(
        isinstance(row, dict) and all(isinstance(name, str) and isinstance(value, int | float) for name, value in row.items())
        for row in state.rows
    )
    devices = isinstance(state.devices, list) and all(isinstance(name, str) for name in state.devices)
    step = isinstance(state.step, int) and 0 < state.step <= decides["steps"]
    if not (numbers and devices and step and isinstance(state.seconds, float) and 0 <= state.seconds < math.inf):
        raise _UnusableError("damaged: its progress")
    return state


def _check_weights(kept: Any, module: nn.Module | None) -> None:
    wanted = module.state_dict() if module is not None else {}
    if not isinstance(kept, dict) or set(kept) != set(wanted) or not all(_fits(kept[name], wanted[name]) for name in wanted):
        raise _UnusableError("damaged: its weights")


def _check_optimiser(kept: Any, optimiser: AdamW) -> None:
    try:
        groups, moments = kept["param_groups"], kept["state"]
        order = [index for group in groups for index in group["params"]]
        parameters = [value for group in optimiser.param_groups for value in group["params"]]
        same = [_fixed(group) for group in groups] == [_fixed(group) for group in optimiser.param_groups]
        same = same and all(isinstance(group["lr"], float) for group in groups)
        for index, value in zip(order, parameters, strict=True):
            for name, moment in moments.get(index, {}).items():
                same = same and _fits(moment, value if name != "step" else torch.zeros(()))
    except (KeyError, TypeError, AttributeError, ValueError):
        same = False
    if not same:
        raise _UnusableError("damaged: its optimiser")


def _fixed(group: Mapping[str, Any]) -> dict[str, Any]:
    """What the schedule does not change."""
    return {**group, "lr": None, "params": len(group["params"])}


def _fits(kept: Any, wanted: Tensor) -> bool:
    return isinstance(kept, Tensor) and kept.shape == wanted.shape and kept.dtype == wanted.dtype and bool(kept.isfinite().all())
