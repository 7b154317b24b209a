"""Where the cells of a run are executed: worker processes of this machine, or the nodes of a cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from para_bench.rollouts.config import RunConfig
    from para_bench.rollouts.jobs import Job, Result
    from para_bench.training.recipe import Recipe


class Executor(Protocol):
    """Runs cells elsewhere than in worker processes of this machine."""

    def train(self, left: Sequence[Recipe], run: RunConfig, at_once: int | None = None) -> None:
        """Train recipes whose checkpoints are missing into `run.out`, each after the one it starts from; at most `at_once` side by side."""
        ...

    def roll_out(self, jobs: Sequence[Job]) -> Iterator[list[Result]]:
        """Results of `run_job` for each job, as they come."""
        ...


@contextmanager
def executor(name: str, address: str | None) -> Iterator[Executor | None]:
    """The executor that `--executor` names; None for this machine.

    Raises:
        ParaBenchError: Ray is not installed, or there is no cluster at the address.
    """
    if name != "ray":
        yield None
        return
    from para_bench.execution.cluster.connection import connected

    with connected(address) as cluster:
        yield cluster
