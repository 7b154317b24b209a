"""vla-eval's own server answers a client of ours; messages that do not fit are one line."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from policy_answers import VLA_EVAL_SERVER, send
from websockets.sync.server import ServerConnection

from para_bench.remote import codec
from para_bench.remote.failures import ServerError
from para_bench.remote.keys import find_keys
from para_bench.remote.outside import Outside
from para_bench.remote.policy import RemotePolicy
from para_bench.remote.vla_eval import VlaEvalSession
from para_bench.types import Observation

ENV = cast(Any, SimpleNamespace(task_description="pick the box", image_size=64))


@pytest.mark.integration
def test_the_real_server_answers_with_chunks_and_one_by_one(real_server: Callable, free_port: int, look: Observation) -> None:
    real_server("vla-eval", VLA_EVAL_SERVER, free_port, 0)
    keys = find_keys("vla_eval_libero").text
    policy = RemotePolicy(Outside("it", f"vla-eval+ws://127.0.0.1:{free_port}", "one", keys), 3)
    assert policy.metadata["model_server"] == "Policy"
    for _ in range(2):
        policy.begin(ENV, np.random.default_rng(0))
        actions = policy.act(look).actions
        np.testing.assert_allclose(actions[:3, 0] - look.gripper_pose[0], [0.005, 0.015, 0.03], atol=1e-7)
        np.testing.assert_allclose(actions[:, 4], 1)


@pytest.mark.integration
def test_the_real_server_hands_out_its_buffer_and_begins_anew(real_server: Callable, free_port: int, look: Observation) -> None:
    real_server("vla-eval", VLA_EVAL_SERVER, free_port, 3)
    keys = find_keys("vla_eval_libero").text
    policy = RemotePolicy(Outside("it", f"vla-eval+ws://127.0.0.1:{free_port}", "one", keys), 1)
    moved = []
    for looks in (2, 3):
        policy.begin(ENV, np.random.default_rng(0))
        moved += [float(policy.act(look).actions[0, 0] - look.gripper_pose[0]) for _ in range(looks)]
    np.testing.assert_allclose(moved, [0.005, 0.01, 0.005, 0.01, 0.015], atol=1e-7)


@pytest.mark.integration
def test_the_real_server_s_error_is_one_line(real_server: Callable, free_port: int, look: Observation) -> None:
    real_server("vla-eval", VLA_EVAL_SERVER, free_port, 0)
    session = VlaEvalSession("it", f"ws://127.0.0.1:{free_port}", 10)
    session.begin("pick")
    with pytest.raises(ServerError, match="failed: observation_failed: KeyError: 'images'"):
        session.infer({"nothing": 1})


def answers(*replies: dict[str, Any]) -> Callable[[ServerConnection], None]:
    """Messages in turn, the number of what is answered where they have none."""

    def handle(connection: ServerConnection) -> None:
        for reply in replies:
            seq = codec.unpacked(connection.recv())["seq"]  # type: ignore[arg-type]
            send(connection, {"seq": seq, "timestamp": 0.0, **reply}, text_keys=True)

    return handle


HELLO = {"type": "hello", "payload": {"protocol_version": 1}}


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ([{"type": "hello", "payload": {"protocol_version": 2}}], "speaks version 2 of vla-eval's protocol; allowed: 1"),
        ([{"type": "hello"}], "does not speak vla-eval's protocol"),
        ([{"type": "error", "payload": {"error": "no weights"}}], "failed: no weights"),
        ([HELLO, {"type": "action", "payload": {"actions": 1}, "seq": 1}], "answered with message action 1; allowed: action 2"),
        ([HELLO, {"type": "hello", "payload": {}}], "answered with message hello 2; allowed: action 2"),
    ],
)
def test_messages_that_do_not_fit(replies: list[dict[str, Any]], words: str, served: Callable[..., int]) -> None:
    port = served(answers(*replies))
    with pytest.raises(ServerError, match=words):
        VlaEvalSession("it", f"ws://127.0.0.1:{port}", 5).infer({})
