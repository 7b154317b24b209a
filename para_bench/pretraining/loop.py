"""A pre-training: a model and its batches in the one optimisation loop. Its curve and state lie beside the weights that it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor, nn

from para_bench.files import writing
from para_bench.optimisation.loop import Problem, TrainConfig
from para_bench.optimisation.loop import optimise as optimise_any

STATE = ".partial"
"""Suffix of the state, beside the weights that will be."""

B = TypeVar("B")


@dataclass(frozen=True)
class Loop:
    """What decides the weights beside data, model and loss."""

    steps: int
    learning_rate: float
    weight_decay: float = 1e-2
    evaluations: int = 10
    """Points on the curve."""


def optimise(
    model: nn.Module,
    batches: Callable[[int], Iterable[B]],
    loss: Callable[[B], Tensor],
    evaluate: Callable[[], dict[str, float]],
    loop: Loop,
    out: Path,
    decides: dict[str, Any],
    progress: bool = True,
) -> None:
    """Train `model` in place and write its curve as `out` with the suffix .csv; an interrupted run continues to the same weights.

    Args:
        model: Its parameters that ask for gradients are trained.
        batches: From a step to the batches from that step on.
        loss: Of a batch.
        evaluate: Figures of the model on data that it is never trained on.
        loop: See Loop.
        out: The file of weights that will be; the state lies beside it until `save_weights`.
        decides: All else that decides the weights, plain JSON values; a state of other settings is not continued.
        progress: Show a bar.

    Raises:
        ParaBenchError: the loss is not finite, or a file cannot be written.
    """
    config = TrainConfig(loop.steps, learning_rate=loop.learning_rate, weight_decay=loop.weight_decay, evaluations=loop.evaluations)
    groups = [{"params": [p for p in model.parameters() if p.requires_grad], "peak": loop.learning_rate}]
    problem = Problem(model, groups, batches, loss, lambda _: evaluate(), evaluate_first=True)
    optimise_any(problem, config, decides, out.with_suffix(STATE), out.with_suffix(".csv"), f"pretrain {out.stem}", progress)


def save_weights(weights: Mapping[str, Tensor], out: Path) -> None:
    """Write them as .safetensors, then remove the state of their training.

    Raises:
        ParaBenchError: the file cannot be written.
    """
    with writing(out, SafetensorError, RuntimeError) as partial:
        save_file({name: value.contiguous().cpu() for name, value in weights.items()}, partial)
    out.with_suffix(STATE).unlink(missing_ok=True)
