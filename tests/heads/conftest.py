"""Windows that any head can be run on; how they are made is `para_bench.conformance.cases`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from para_bench.conformance.cases import SPECS, Case
from para_bench.conformance.cases import make_case as make


@pytest.fixture(params=list(SPECS))
def case(request: pytest.FixtureRequest) -> Case:
    return make(SPECS[request.param])


@pytest.fixture
def pyramid_case() -> Case:
    return make(SPECS["pyramid"])


@pytest.fixture
def make_case() -> Callable[..., Case]:
    torch.manual_seed(0)  # any weights of the heads that a test makes
    return make
