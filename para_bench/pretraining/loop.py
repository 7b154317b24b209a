"""The optimisation that both ways of pre-training share: AdamW, warm-up and cosine, a curve, and a state to continue from."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.optim import AdamW
from tqdm import tqdm

from para_bench.optimisation.loop import TrainConfig, schedule

SAVE_SECONDS = 60
CLIP = 1.0
"""Largest gradient norm."""

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
    batches: Callable[[int], Iterator[B]],
    loss: Callable[[B], tuple[Tensor, dict[str, float]]],
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
        loss: Of a batch, and what the bar shows of it.
        evaluate: Figures on what is never trained on.
        loop: See Loop.
        out: The file of weights that will be; the state lies beside it until the end.
        decides: All else that decides the weights; a state of other settings is not continued.
        progress: Show a bar.
    """
    decides = {**decides, **asdict(loop)}
    optimiser = AdamW([p for p in model.parameters() if p.requires_grad], lr=loop.learning_rate, weight_decay=loop.weight_decay)
    state, rates = out.with_suffix(".partial"), TrainConfig(steps=loop.steps)
    done, rows = _resume(state, decides, model, optimiser)
    rows = rows or [{"step": 0, **evaluate()}]
    every, saved = max(1, loop.steps // loop.evaluations), time.monotonic()
    bar = tqdm(batches(done), initial=done, total=loop.steps, desc=f"pretrain {out.stem}", mininterval=1, disable=not progress)
    for step, batch in enumerate(bar, start=done):
        for group in optimiser.param_groups:
            group["lr"] = loop.learning_rate * schedule(step, rates)
        model.train()
        value, shown = loss(batch)
        optimiser.zero_grad()
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimiser.step()
        bar.set_postfix({"loss": f"{value.item():.4g}", **{name: f"{number:.3g}" for name, number in shown.items()}}, refresh=False)
        if (step + 1) % every == 0 or step + 1 == loop.steps:
            model.eval()
            rows.append({"step": step + 1, **evaluate()})
        if time.monotonic() - saved > SAVE_SECONDS:
            _save(
                state,
                {"step": step + 1, "rows": rows, "model": model.state_dict(), "optimiser": optimiser.state_dict(), "decides": decides},
            )
            saved = time.monotonic()
    model.eval()
    with out.with_suffix(".csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: f"{value:.6g}" for name, value in row.items()} for row in rows)
    state.unlink(missing_ok=True)


def _save(path: Path, state: dict) -> None:
    partial = path.with_name(f".{path.name}")
    torch.save(state, partial)
    partial.replace(path)


def _resume(path: Path, decides: dict[str, Any], model: nn.Module, optimiser: AdamW) -> tuple[int, list[dict]]:
    """Steps done by an interrupted run of the same settings, and its curve."""
    if not path.exists():
        return 0, []
    state = torch.load(path, weights_only=True)
    if state["decides"] != decides:
        return 0, []
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    return state["step"], state["rows"]
