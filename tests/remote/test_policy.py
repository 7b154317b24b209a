"""A policy behind a server: every failure of the server is one line and nobody's episode, every good answer a chunk."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import msgpack
import numpy as np
import pytest
from policy_answers import STAY, openpi_answers, send
from websockets.sync.server import ServerConnection

from para_bench.remote import policy as module
from para_bench.remote.failures import ConnectionLostError, ServerError
from para_bench.remote.keys import find_keys
from para_bench.remote.outside import Outside
from para_bench.remote.policy import RemotePolicy
from para_bench.types import HaltError, Observation

ENV = cast(Any, SimpleNamespace(task_description="pick the box", image_size=64))


def policy(port: int, replan_steps: int = 12, protocol: str = "openpi", **changes: Any) -> RemotePolicy:
    return RemotePolicy(replace(Outside("it", f"{protocol}+ws://127.0.0.1:{port}", "one", timeout_s=2.0), **changes), replan_steps)


def asked(found: RemotePolicy, look: Observation) -> np.ndarray:
    found.begin(ENV, np.random.default_rng(0))
    return found.act(look).actions


def test_a_chunk_comes_back_as_it_was_sent(served: Callable[..., int], look: Observation) -> None:
    chunk = np.random.default_rng(0).normal(size=(12, 5))
    chunk[:, 4] = 0.25
    np.testing.assert_array_equal(asked(policy(served(openpi_answers({"actions": chunk}))), look), chunk)


def test_what_is_sent_is_what_the_keys_say(served: Callable[..., int], look: Observation) -> None:
    got: list[dict] = []

    def handle(connection: ServerConnection) -> None:
        from para_bench.remote import codec

        send(connection, {})
        for message in connection:
            assert isinstance(message, bytes)
            got.append(codec.unpacked(message))
            send(connection, {"actions": np.zeros((12, 7), np.float32)})

    asked(policy(served(handle), keys=find_keys("libero").text), look)
    assert got[0].keys() == {"observation/image", "observation/wrist_image", "observation/state", "prompt"}
    np.testing.assert_array_equal(got[0]["observation/image"], look.image)
    assert got[0]["observation/state"].shape == (8,)
    assert got[0]["prompt"] == "pick the box"


def test_longer_chunks_are_cut_and_shorter_ones_last_until_the_next_look(served: Callable[..., int], look: Observation) -> None:
    rows = np.repeat(np.arange(20.0)[:, None] / 100, 5, 1)
    np.testing.assert_array_equal(asked(policy(served(openpi_answers({"actions": rows}))), look), rows[:12])
    short = asked(policy(served(openpi_answers({"actions": rows[:3]})), replan_steps=2), look)
    np.testing.assert_array_equal(short, rows[[0, 1, 2, *[2] * 9]])
    one = asked(policy(served(openpi_answers({"actions": rows[1]})), replan_steps=1), look)
    np.testing.assert_array_equal(one, np.tile(rows[1], (12, 1)))


BAD = {
    "text": ("KeyError: 'observation/state'", "failed: KeyError: 'observation/state'"),
    "nan": ({"actions": np.full((12, 5), np.nan)}, "answered actions that are not finite; allowed: finite numbers"),
    "wrong shape": (
        {"actions": np.zeros((12, 8))},
        r"actions of shape \(12, 8\); allowed: \(n, 5\), the columns x y z yaw opening",
    ),
    "three axes": ({"actions": np.zeros((1, 12, 5))}, r"answered actions of shape \(1, 12, 5\)"),
    "no rows": ({"actions": np.zeros((0, 5))}, r"answered actions of shape \(0, 5\)"),
    "ragged": ({"actions": [[1.0], [1.0, 2.0]]}, "answered actions that are a list of dtype object; allowed: an array of numbers"),
    "text in it": ({"actions": "grasp"}, "answered actions that are a str"),
    "booleans": ({"actions": np.zeros((12, 5), bool)}, "answered actions that are a ndarray of dtype bool"),
    "another name": ({"action": STAY}, "answered an object with action; allowed: one with actions"),
    "too short": ({"actions": STAY[:4]}, "a chunk of 4 actions; allowed: 12 or more, or --replan-steps 4"),
    "object dtype": (
        msgpack.packb({"actions": {b"__ndarray__": True, b"data": b"", b"dtype": "|O", b"shape": [1]}}),
        r"answered an array of dtype '\|O'",
    ),
    "far too many rows": ({"actions": np.zeros((20_000, 5))}, r"answered actions of shape \(20000, 5\)"),
    "17 MiB": (bytes(17 * 2**20), "answered more than 16 MiB"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_one_line_and_the_server_s(name: str, served: Callable[..., int], look: Observation) -> None:
    answer, words = BAD[name]
    found = policy(served(openpi_answers(answer)))
    with pytest.raises(ServerError, match=words) as told:
        asked(found, look)
    assert "\n" not in str(told.value)
    assert str(told.value).startswith("policy server openpi+ws://127.0.0.1:")
    assert isinstance(told.value, HaltError)
    assert not isinstance(told.value, ConnectionLostError)


def test_a_server_that_hangs(served: Callable[..., int], look: Observation) -> None:
    def handle(connection: ServerConnection) -> None:
        send(connection, {})
        connection.recv()
        time.sleep(3)

    with pytest.raises(ServerError, match=r"gave no answer within 0\.5 s"):  # not met yet: ten times as long
        asked(policy(served(handle), timeout_s=0.05), look)
    said = policy(served(openpi_answers({}))).said
    with pytest.raises(ServerError, match=r"gave no answer within 0\.2 s"):
        asked(policy(served(handle), timeout_s=0.2, metadata=said), look)


def test_a_server_that_is_slow_is_waited_for(served: Callable[..., int], look: Observation) -> None:
    def handle(connection: ServerConnection) -> None:
        send(connection, {})
        connection.recv()
        time.sleep(0.5)
        send(connection, {"actions": STAY})

    np.testing.assert_array_equal(asked(policy(served(handle)), look), STAY)


@pytest.mark.parametrize("first", ["hello", b"\xc1", [1, 2]])
def test_what_comes_first_has_to_be_metadata(first: object, served: Callable[..., int]) -> None:
    with pytest.raises(ServerError, match=r"failed: hello|answered |sent a list first; allowed: the metadata of an openpi server"):
        policy(served(openpi_answers({}, metadata=first)))


def test_a_server_of_the_other_protocol(served: Callable[..., int]) -> None:
    with pytest.raises(ServerError, match=r"does not speak vla-eval's protocol \(sent \{.*\}\); perhaps openpi\+ws://"):
        policy(served(openpi_answers({})), protocol="vla-eval")
    with pytest.raises(ServerError, match=r"gave no answer within 0\.3 s"):  # one of vla-eval waits for a greeting
        policy(served(lambda connection: connection.recv()), timeout_s=0.03)


class Dying:
    """Answers so many looks, then ends the connection; counts connections."""

    def __init__(self, looks: int, metadata: Callable[[int], dict] = lambda count: {}) -> None:
        self.looks, self.metadata, self.connections = looks, metadata, 0

    def __call__(self, connection: ServerConnection) -> None:
        self.connections += 1
        send(connection, self.metadata(self.connections))
        for _ in range(self.looks):
            connection.recv()
            send(connection, {"actions": STAY})


def test_a_lost_connection_ends_the_episode_and_is_made_again_by_the_next(served: Callable[..., int], look: Observation) -> None:
    server = Dying(2)
    found = policy(served(server))
    asked(found, look)
    found.act(look)
    with pytest.raises(ConnectionLostError, match="ended the connection"):
        found.act(look)
    with pytest.raises(ConnectionLostError, match="has no connection"):
        found.act(look)  # never in mid-episode: the server may have kept a state
    asked(found, look)
    assert server.connections == 2


def test_episodes_share_one_connection(served: Callable[..., int], look: Observation) -> None:
    server = Dying(100)
    found = policy(served(server))
    for _ in range(5):
        asked(found, look)
    assert server.connections == 1


def test_another_policy_behind_the_same_address_is_refused(served: Callable[..., int], look: Observation) -> None:
    found = policy(served(Dying(1, lambda count: {"checkpoint": count})))
    asked(found, look)
    with pytest.raises(ConnectionLostError):
        found.act(look)
    with pytest.raises(ServerError, match="says something else of itself than when this run began; allowed: the same policy"):
        found.begin(ENV, np.random.default_rng(0))


def test_a_server_that_is_started_again_is_found_again(
    served: Callable[..., int], free_port: int, look: Observation, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    threading.Timer(0.7, served, (openpi_answers({"actions": STAY}), free_port)).start()
    np.testing.assert_array_equal(asked(policy(free_port), look), STAY)
    monkeypatch.setattr(module, "FIRST_PATIENCE_S", 0.3)
    with pytest.raises(ConnectionLostError, match="cannot be reached"):
        policy(1)


def test_a_server_may_say_which_policy_it_is_and_which_preset_it_reads(served: Callable[..., int]) -> None:
    metadata = {"policy_version": "pi-17", "policy_keys": "ours_depth", "reset_pose": [0.0, float("nan")]}
    port = served(openpi_answers({}, metadata=metadata))
    found = policy(port, version="not stated, run 0123")
    assert (found.version, found.sees, found.sees_depth) == ("pi-17", "RGB-D + calibration", True)
    assert policy(port, version="mine").version == "mine"
    assert policy(port, keys=find_keys("libero").text).sees == "RGB"
    assert policy(port).said == policy(port).said != policy(served(openpi_answers({}))).said
