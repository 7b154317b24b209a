"""This machine needs no executor; Ray is connected to within the block."""

from __future__ import annotations

from typing import Any

import pytest

from para_bench.execution.executor import executor
from para_bench.types import ParaBenchError


def test_this_machine_is_none() -> None:
    with executor("local", None) as found:
        assert found is None


def test_ray_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ParaBenchError, match="--executor ray needs a package"), executor("ray", "10.0.0.1:6379"):
        pass


def test_ray_is_the_driver_s(monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    from para_bench.execution.cluster import connection

    asked: list[Any] = []
    monkeypatch.setattr(connection, "connected", lambda address: (asked.append(address), nullcontext("a driver"))[1])
    with executor("ray", "10.0.0.1:6379") as found:
        assert (found, asked) == ("a driver", ["10.0.0.1:6379"])
