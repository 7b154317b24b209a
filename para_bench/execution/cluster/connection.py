"""The connection to a Ray cluster that is there already: no command of ours starts one, since Ray listens on every interface."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from para_bench.execution.cluster.driver import Driver
from para_bench.execution.cluster.tasks import Tasks
from para_bench.plugins import reason
from para_bench.text import printable
from para_bench.types import ParaBenchError


@contextmanager
def connected(address: str | None) -> Iterator[Driver]:
    """A driver on the cluster at HOST:PORT, or on the one that this machine is a node of; its tasks end with the block.

    Raises:
        ParaBenchError: Ray is not installed, there is no such cluster, or it refuses.
    """
    ray = _ray()
    try:
        ray.init(address=address or "auto", log_to_driver=False, logging_level="ERROR")
    except Exception as error:  # Ray has its own for each of a dead address, another version, a missing token
        where = f"at {address}" if address else "on this machine"
        raise ParaBenchError(
            f"no Ray cluster {where} can be used ({printable(reason(error, ''))}); allowed: --address HOST:PORT of a head that "
            "`ray start --head` started, on a machine that is a node of it"
        ) from None
    try:
        yield Driver(Tasks(ray))
    finally:
        ray.shutdown()


def _ray() -> Any:
    try:
        return importlib.import_module("ray")
    except ImportError:
        raise ParaBenchError("--executor ray needs a package that is not installed; allowed: pip install 'para-bench[ray]'") from None
