"""A node with other code or another simulator than the driver's is refused."""

from __future__ import annotations

import pytest

from para_bench.execution.cluster.sameness import check_same, installed
from para_bench.types import ParaBenchError


def test_the_same_passes_and_what_differs_is_named() -> None:
    check_same(dict(installed()))
    own = dict(installed())
    assert len(own["para-bench"]) == 16
    with pytest.raises(ParaBenchError, match=rf"another installation than the driver's: mujoco 1\.0 -> {own['mujoco']}; allowed: the same"):
        check_same({**own, "mujoco": "1.0"})
    with pytest.raises(ParaBenchError, match=f"para-bench abc -> {own['para-bench']}"):
        check_same({**own, "para-bench": "abc"})
