"""`PolicyServer`: real clients of both packages get what the policy says, wrong ones one line, and nobody stops it but its owner."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from para_bench.remote import codec
from para_bench.remote.keys import find_keys
from para_bench.remote.looks import Look, told
from para_bench.remote.outside import Outside
from para_bench.remote.policy import RemotePolicy
from para_bench.remote.server import VLA_EVAL_PATH, PolicyServer
from para_bench.types import ActionChunk, Observation, ParaBenchError


class Counting:
    """Noise that goes on from look to look: the first number of a chunk."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(99)

    def seed(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def act(self, observation: Observation | None) -> ActionChunk:
        assert observation is not None
        if observation.gripper_opening < 0:
            raise RuntimeError("no such opening")
        actions = np.tile([*observation.gripper_pose[:3], observation.gripper_yaw, 0.5], (12, 1))
        actions[:, 0] = self._rng.normal()
        return ActionChunk(actions)


@pytest.fixture
def port() -> Iterator[int]:
    """Of a server on a thread."""
    ports: list[int] = []
    ready, loops = threading.Event(), []

    def run() -> None:
        async def main() -> None:
            loops.append((asyncio.get_running_loop(), asyncio.current_task()))
            server = PolicyServer(Counting, {"head": "counting", "policy_keys": "ours"}, 64, "RGB + calibration")
            await server.run("127.0.0.1", 0, lambda found: (ports.append(found), ready.set()))

        with pytest.raises(asyncio.CancelledError):
            asyncio.run(main())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield ports[0]
    loop, task = loops[0]
    loop.call_soon_threadsafe(task.cancel)
    thread.join(10)
    assert not thread.is_alive()


def request(look: Observation, index: int = 0, seed: int = 4, **changes: Any) -> dict[str, Any]:
    return told(find_keys("ours").observation, Look(look, "", seed, index)) | changes


def normal(seed: int, count: int) -> list[float]:
    return np.random.default_rng(seed).normal(size=count).tolist()


CLIENTS = {
    "openpi": """
import asyncio, json, pickle, sys
from openpi_client.websocket_client_policy import WebsocketClientPolicy
client = WebsocketClientPolicy("127.0.0.1", int(sys.argv[1]))
looks = pickle.load(sys.stdin.buffer)
print(json.dumps([client.get_server_metadata(), [client.infer(look)["actions"].tolist() for look in looks]]))
""",
    "vla-eval": """
import asyncio, json, pickle, sys
from vla_eval.connection import Connection
async def main():
    looks = pickle.load(sys.stdin.buffer)
    async with Connection(f"ws://127.0.0.1:{sys.argv[1]}/vla-eval") as client:
        await client.start_episode({"task": {"name": "pick"}})
        found = [(await client.act(look))["actions"].tolist() for look in looks]
        await client.end_episode({})
        print(json.dumps([client.server_info, found]))
asyncio.run(main())
""",
}


@pytest.mark.integration
@pytest.mark.parametrize("name", CLIENTS)
def test_the_real_client_gets_the_policy_s_own_numbers(name: str, port: int, package: Callable[[str], Path], look: Observation) -> None:
    import pickle

    looks = [request(look, index) for index in range(3)]
    environment = {**os.environ, "PYTHONPATH": str(package(name))}
    command = [sys.executable, "-c", CLIENTS[name], str(port)]
    done = subprocess.run(command, input=pickle.dumps(looks), capture_output=True, env=environment, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    metadata, answers = json.loads(done.stdout)
    assert metadata["head"] == "counting"
    assert [np.array(each)[0, 0] for each in answers] == normal(4, 3)
    assert np.array(answers).shape == (3, 12, 5)
    np.testing.assert_array_equal(np.array(answers)[0, 0, 1:4], [*look.gripper_pose[1:3], look.gripper_yaw])


@pytest.mark.parametrize(("protocol", "path"), [("openpi", ""), ("vla-eval", VLA_EVAL_PATH)])
def test_our_own_client_has_episodes_of_its_own_on_each_connection(protocol: str, path: str, port: int, look: Observation) -> None:
    from types import SimpleNamespace
    from typing import cast

    env = cast(Any, SimpleNamespace(task_description="", image_size=64))
    policies = [RemotePolicy(Outside("it", f"{protocol}+ws://127.0.0.1:{port}{path}", "one"), 12) for _ in range(2)]
    found: list[list[float]] = [[], []]
    for number, policy in enumerate(policies):
        policy.begin(env, np.random.default_rng(number))
    for _ in range(3):
        for number, policy in enumerate(policies):
            found[number].append(float(policy.act(look).actions[0, 0]))
    assert found == [normal(int(np.random.default_rng(number).integers(2**31)), 3) for number in range(2)]
    policies[0].begin(env, np.random.default_rng(0))
    assert policies[0].act(look).actions[0, 0] == found[0][0]


BAD = {
    "text": ("hello", "a text frame; allowed: msgpack"),
    "no msgpack": (b"\xc1", "a message that cannot be read"),
    "no object": (codec.packed([1], False), "a message that is a list; allowed: an object"),
    "nothing in it": (codec.packed({}, False), "the observation is without image"),
    "a greeting of vla-eval": (codec.packed({"type": "hello", "payload": {}, "seq": 1}, True), "vla-eval's is at the path /vla-eval"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_message_is_answered_in_one_line_and_the_server_goes_on(name: str, port: int, look: Observation) -> None:
    message, words = BAD[name]
    with connect(f"ws://127.0.0.1:{port}", compression=None) as client:
        assert codec.unpacked(client.recv())["head"] == "counting"  # type: ignore[arg-type]
        client.send(message)
        answer = client.recv(5)
        assert isinstance(answer, str)
        assert words in answer
        assert "\n" not in answer
        with pytest.raises(ConnectionClosed):
            client.recv(5)
    with connect(f"ws://127.0.0.1:{port}{VLA_EVAL_PATH}", compression=None) as client:
        client.send(message)
        if name != "a greeting of vla-eval":
            reply = codec.unpacked(client.recv(5))  # type: ignore[arg-type]
            assert reply["type"] == "error"
        client.send(codec.packed({"type": "observation", "payload": request(look), "seq": 7}, True))
        reply = codec.unpacked(client.recv(5))  # type: ignore[arg-type]
        while reply["seq"] != 7:
            reply = codec.unpacked(client.recv(5))  # type: ignore[arg-type]
        assert reply["type"] == "action"


def test_a_policy_that_fails_is_told_to_the_client(port: int, look: Observation) -> None:
    with connect(f"ws://127.0.0.1:{port}", compression=None) as client:
        client.recv()
        client.send(codec.packed(request(look, gripper_opening=np.array([-1.0])), False))
        assert client.recv(5) == "the policy failed with RuntimeError: no such opening"


def test_a_message_that_is_too_large_ends_its_connection_alone(port: int, look: Observation) -> None:
    with connect(f"ws://127.0.0.1:{port}", compression=None) as client:
        client.recv()
        with contextlib.suppress(ConnectionClosed):
            client.send(bytes(codec.LARGEST + 1))
        with pytest.raises(ConnectionClosed):
            client.recv(10)
    with connect(f"ws://127.0.0.1:{port}", compression=None) as client:
        client.recv()
        client.send(codec.packed(request(look), False))
        assert isinstance(client.recv(5), bytes)


def test_a_page_in_a_browser_is_refused(port: int) -> None:
    with pytest.raises(InvalidStatus) as told_, connect(f"ws://127.0.0.1:{port}", origin="https://example.com"):  # type: ignore[arg-type]
        pass
    assert told_.value.response.status_code == 403


@pytest.mark.parametrize("path", ["/healthz", "/health"])
def test_it_says_that_it_is_ready(path: str, port: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        assert answer.status == 200


def test_a_port_that_is_taken(port: int) -> None:
    server = PolicyServer(Counting, {}, 64, "RGB")
    with pytest.raises(
        ParaBenchError, match=rf"^cannot listen on 127\.0\.0\.1 port {port} \(.*in use.*\); allowed: another --host or --port$"
    ):
        asyncio.run(server.run("127.0.0.1", port, lambda _: None))
