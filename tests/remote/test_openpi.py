"""openpi's own server answers a client of ours, and its traceback is one line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from policy_answers import OPENPI_SERVER, openpi_answers

from para_bench.remote.failures import ConnectionLostError, ServerError
from para_bench.remote.keys import find_keys
from para_bench.remote.looks import Look, told
from para_bench.remote.openpi import OpenpiSession
from para_bench.types import Observation


@pytest.mark.integration
def test_the_real_server_answers_and_its_traceback_is_one_line(real_server: Callable, free_port: int, look: Observation) -> None:
    real_server("openpi", OPENPI_SERVER, free_port, 0)
    url = f"ws://127.0.0.1:{free_port}"
    session = OpenpiSession("openpi+" + url, url, 10)
    assert session.metadata == {"name": "stay"}
    session.begin("anything")
    answer = session.infer(told(find_keys("ours").observation, Look(look, "")))
    np.testing.assert_allclose(answer["actions"][:, :3], np.tile(look.gripper_pose[:3], (12, 1)), rtol=1e-6)
    assert answer["actions"].dtype == np.float32
    assert answer["server_timing"]["infer_ms"] >= 0
    with pytest.raises(ServerError, match="failed: KeyError: 'image'"):
        session.infer({"state": np.zeros(3)})


@pytest.mark.integration
def test_the_real_server_dies(real_server: Callable, free_port: int, look: Observation) -> None:
    real_server("openpi", OPENPI_SERVER, free_port, 2)
    url = f"ws://127.0.0.1:{free_port}"
    session = OpenpiSession("openpi+" + url, url, 10)
    request = told(find_keys("ours").observation, Look(look, ""))
    session.infer(request)
    with pytest.raises(ConnectionLostError, match="ended the connection"):
        session.infer(request)


def test_metadata_come_first(served: Callable[..., int]) -> None:
    port = served(openpi_answers({"actions": 1}, metadata={"a": np.arange(3)}))
    session = OpenpiSession("it", f"ws://127.0.0.1:{port}", 5)
    assert session.metadata["a"].tolist() == [0, 1, 2]
    assert session.infer({}) == {"actions": 1}
    session.close()
    session.close()
