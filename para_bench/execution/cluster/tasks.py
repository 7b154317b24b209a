"""Cells as Ray tasks: how many are under way, what each needs, what is tried again, and what becomes of errors."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from tqdm import tqdm

from para_bench.execution.cluster.cells import on_node
from para_bench.execution.cluster.parcels import Parcel, contents, digest
from para_bench.execution.cluster.sameness import installed
from para_bench.plugins import reason
from para_bench.text import printable
from para_bench.types import ParaBenchError

T = TypeVar("T")
RETRIES = 5
"""Retries of a task whose node or process died; errors of a cell end the run, as they do on one machine."""
AHEAD = 4
"""Tasks under way for each core, so that none waits for the driver."""
QUIET_S = 10.0
"""After this long without a result the driver checks whether the cluster has what tasks need."""


class Tasks:
    """Tasks of one connection."""

    def __init__(self, ray: Any) -> None:
        """`ray` is the module, connected."""
        self._ray, self._remote, self._installed = ray, ray.remote(_cell_on_node), installed()

    def has(self, resource: str) -> float:
        """How much of CPU or GPU the living nodes have together."""
        return float(self._ray.cluster_resources().get(resource, 0))

    def parcel(self, path: Path, name: str) -> Parcel:
        """A finished folder or a file, for tasks to ask for."""
        files = contents(path)
        return Parcel(name, digest(files), self._ray.put(files))

    def results(self, cell: Callable[..., Any], items: Iterable[T], gpus: int = 0, most: int | None = None) -> Iterator[tuple[T, Any]]:
        """Each item with the cell's result, as they come.

        Args:
            cell: `prepare_cell`, `train_cell`, `episodes_cell`.
            items: Inputs of the cell, one a task.
            gpus: GPUs that one task needs, beside one core.
            most: Tasks side by side; as many as the cluster takes if None.

        Raises:
            ParaBenchError: a cell failed, or the cluster lost one `RETRIES` times and once more.
            RuntimeError: an error in a cell that cannot be handed over as it is; its message has the trace.
        """
        task = self._remote.options(num_cpus=1, num_gpus=gpus, max_retries=RETRIES, retry_exceptions=False)
        left, waiting = iter(items), dict[Any, T]()
        told = False
        while True:
            room = most or max(1, int(AHEAD * self.has("CPU")))
            for item in islice(left, max(0, room - len(waiting))):
                waiting[task.remote(cell, self._installed, item)] = item
            if not waiting:
                return
            done, _ = self._ray.wait(list(waiting), num_returns=1, timeout=QUIET_S)
            if not done and not told and (missing := self._missing(gpus)):
                tqdm.write(f"no node that is alive has a free {missing}: waiting for one; Ctrl-C ends, and the same command continues")
                told = True
            more, _ = self._ray.wait(list(waiting), num_returns=len(waiting), timeout=0)
            failed: Exception | None = None
            for ref in dict.fromkeys((*done, *more)):
                item = waiting.pop(ref)
                try:
                    value = self._ray.get(ref)
                except Exception as error:  # raised once everything that is finished is handed on
                    failed = failed or error
                else:
                    yield item, value
            if failed is not None:
                raise self._said(failed) from None

    def _missing(self, gpus: int) -> str:
        if gpus and self.has("GPU") < gpus:
            return "GPU"
        return "CPU" if self.has("CPU") < 1 else ""

    def _said(self, error: Exception) -> Exception:
        """The error to raise, one line where the user can act on it."""
        known = self._ray.exceptions
        if isinstance(error, known.RayTaskError):
            cause = getattr(error, "cause", None)
            return ParaBenchError(str(cause)) if isinstance(cause, ParaBenchError) else RuntimeError(str(error))
        if isinstance(error, known.RayError):
            lost = printable(reason(error, ""))[:200]
            return ParaBenchError(f"the cluster lost a task {RETRIES + 1} times ({lost}); the same command continues")
        return error


def _cell_on_node(cell: Callable[..., Any], driver: Mapping[str, str], item: Any) -> Any:
    """What a node runs."""
    ray = importlib.import_module("ray")
    return on_node(cell, driver, ray.util.get_node_ip_address(), ray.get, item)
