"""A cluster is joined, never started; what is wrong with it is one line."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from para_bench.execution.cluster.connection import connected
from para_bench.types import ParaBenchError


def test_it_ends_with_the_block(fake_ray: Any) -> None:
    def interrupted() -> None:
        with connected(None):
            assert fake_ray.connected
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not fake_ray.connected


def test_no_cluster_is_one_line(fake_ray: Any) -> None:
    with (
        pytest.raises(ParaBenchError, match=r"no Ray cluster at 10\.0\.0\.9:1 can be used \(.*no answer\); allowed: --address") as told,
        connected("10.0.0.9:1"),
    ):
        pass
    assert "\n" not in str(told.value)


def test_ray_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ParaBenchError, match=r"allowed: pip install 'para-bench\[ray\]'"), connected(None):
        pass
