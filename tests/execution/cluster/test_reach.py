"""A policy server that only the driver's machine reaches is refused."""

from __future__ import annotations

import pytest

from para_bench.execution.cluster.reach import check_reachable
from para_bench.remote.outside import outsides
from para_bench.types import ParaBenchError


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "[::1]"])
def test_loopback_is_refused(host: str) -> None:
    with pytest.raises(ParaBenchError, match="with --executor ray; allowed: an address that every node reaches"):
        check_reachable(outsides([f"openpi+ws://{host}:8000"]))


def test_others_pass() -> None:
    check_reachable(outsides(["openpi+ws://10.0.0.3:8000", "vla-eval+ws://gpu-1:8000", "my_module:factory"]))
