"""LOGGERS: where curves may be followed while trainings run, behind one adapter; each is an extra that is imported when it is asked for.

A logger sees what curve.csv of each training says and decides nothing: trainings know of none, in this process and in workers alike.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from para_bench.text import meant
from para_bench.types import ParaBenchError

PROJECT = "para-bench"


class Logger(Protocol):
    """Of one training."""

    def log(self, step: int, figures: Mapping[str, float]) -> None: ...

    def close(self) -> None: ...


class Tensorboard:
    """Event files below `out`/logs; `tensorboard --logdir OUT/logs` shows them."""

    def __init__(self, module: Any, name: str, out: Path) -> None:
        self._writer = module.SummaryWriter(str(out / "logs" / name))

    def log(self, step: int, figures: Mapping[str, float]) -> None:
        for figure, value in figures.items():
            self._writer.add_scalar(figure, value, step)
        self._writer.flush()

    def close(self) -> None:
        self._writer.close()


class Trackio:
    """Local dashboards; `trackio show` shows them."""

    def __init__(self, module: Any, name: str, out: Path) -> None:
        self._run = module.init(project=PROJECT, name=name)

    def log(self, step: int, figures: Mapping[str, float]) -> None:
        self._run.log(dict(figures), step=step)

    def close(self) -> None:
        self._run.finish()


class Wandb:
    """Weights & Biases; WANDB_MODE=offline keeps everything on this machine."""

    def __init__(self, module: Any, name: str, out: Path) -> None:
        self._run = module.init(project=PROJECT, name=name, dir=str(out), reinit="create_new")

    def log(self, step: int, figures: Mapping[str, float]) -> None:
        self._run.log(dict(figures), step=step)

    def close(self) -> None:
        self._run.finish()


LOGGERS: dict[str, tuple[str, Callable[[Any, str, Path], Logger]]] = {
    "tensorboard": ("torch.utils.tensorboard", Tensorboard),
    "trackio": ("trackio", Trackio),
    "wandb": ("wandb", Wandb),
}
"""Name and extra -> module and adapter."""


def find_logger(name: str, out: Path) -> Callable[[str], Logger]:
    """What makes the logger of a training by its name.

    Raises:
        ParaBenchError: unknown, or not installed.
    """
    if name not in LOGGERS:
        raise ParaBenchError(f"--log is {name!r}; allowed: {', '.join(LOGGERS)}{meant(name, LOGGERS)}")
    path, adapter = LOGGERS[name]
    try:
        module = importlib.import_module(path)
    except ImportError:
        raise ParaBenchError(f"--log {name} needs a package that is not installed; allowed: pip install 'para-bench[{name}]'") from None
    return lambda run: adapter(module, run, out)
