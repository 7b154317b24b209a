"""What servers of tests answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from websockets.sync.server import ServerConnection

from para_bench.remote import codec

Handler = Callable[[ServerConnection], None]

STAY = np.tile([0.18, 0.0, 0.1, 0.0, 1.0], (12, 1))
"""A chunk that stays where the arm begins."""


def openpi_answers(*answers: object, metadata: object = {}) -> Handler:
    """A server of openpi's protocol: metadata, then these answers in turn, the last one again and again. Bytes and text go as they are."""

    def handle(connection: ServerConnection) -> None:
        send(connection, metadata)
        for count, _ in enumerate(connection):
            send(connection, answers[min(count, len(answers) - 1)])

    return handle


def send(connection: ServerConnection, value: object, text_keys: bool = False) -> None:
    connection.send(value if isinstance(value, bytes | str) else codec.packed(value, text_keys))


OPENPI_SERVER = """
import sys
import numpy as np
from openpi_server.websocket_policy_server import WebsocketPolicyServer
from openpi_client.base_policy import BasePolicy

class Policy(BasePolicy):
    looks = 0

    def infer(self, obs):
        Policy.looks += 1
        if Policy.looks == int(sys.argv[2]):
            sys.exit(9)  # dies without a word
        if "image" not in obs:
            raise KeyError("image")
        x, y, z = obs["gripper_pose"][:3]
        return {"actions": np.tile([x, y, z, obs["gripper_yaw"][0], 1.0], (12, 1)).astype(np.float32)}

import os
if int(sys.argv[2]):  # a policy's exit ends a real server at once
    def exit(code): os._exit(code)
    sys.exit = exit
WebsocketPolicyServer(Policy(), "127.0.0.1", int(sys.argv[1]), {"name": "stay"}).serve_forever()
"""
"""The real server of openpi's package with a policy that stays where it is: PORT, and the look at which it dies (0 for never)."""

VLA_EVAL_SERVER = """
import sys
import numpy as np
from vla_eval.model_servers.predict import PredictModelServer
from vla_eval.model_servers.serve import serve

class Policy(PredictModelServer):
    def predict(self, obs, ctx):
        image = obs["images"]["agentview"]
        assert image.dtype == np.uint8 and image.ndim == 3, image.shape
        assert ctx.task["name"] if hasattr(ctx, "task") else obs["task_description"]
        rows = np.zeros((3, 7))
        rows[:, 0] = [0.1, 0.2, 0.3]
        rows[:, 6] = -1
        return {"actions": rows}

chunks = int(sys.argv[2])
serve(Policy(chunk_size=chunks or None), "127.0.0.1", int(sys.argv[1]))
"""
"""The real server of vla-eval's package: PORT, and how many actions of a chunk it hands out one by one (0: the chunk as it is)."""
