"""Round trip of one look to a policy server on loopback, and of what it is made of.

    python perf/remote.py --looks 2000
    chrt -r 20 python perf/remote.py     # on a machine that others use: with a core of its own, for seconds

A server of each protocol in a process of its own answers at once with a chunk of 12 waypoints; `RemotePolicy.act` asks it with a look of
224 px and the calibration, as a rollout does. openpi's own server and client are measured beside it where `openpi-client` and
`openpi-server` can be imported (`pip install --no-deps --target FOLDER openpi-client openpi-server`, then PYTHONPATH=FOLDER). The goal is
2 ms, median and 99 %. Milliseconds of wall time count only on an idle machine: the load is printed with them, and the least is what
the machine can do.
"""

from __future__ import annotations

import asyncio
import importlib.util
import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import tyro

from para_bench.files import write_json
from para_bench.remote import codec
from para_bench.remote.keys import find_keys
from para_bench.remote.looks import Look, told
from para_bench.remote.outside import Outside
from para_bench.remote.policy import RemotePolicy
from para_bench.remote.server import VLA_EVAL_PATH, PolicyServer
from para_bench.rollouts.meeting import first_look
from para_bench.types import ActionChunk

GOAL_MS = 2.0
ROWS: dict[str, tuple[float, float, float]] = {}
"""What was measured: median, 99 % and least [ms]."""
WARM = 50


@dataclass(frozen=True)
class Args:
    looks: int = 2000
    image_size: int = 224
    json: Path | None = None


class Still:
    """Answers at once."""

    def seed(self, seed: int) -> None: ...

    def act(self, observation: Any) -> ActionChunk:
        return ActionChunk(np.zeros((12, 5)))


def main(args: Args) -> None:
    look = first_look(args.image_size)
    env = cast(Any, SimpleNamespace(task_description="pick the box and put it on the plate", image_size=args.image_size))
    request = told(find_keys("ours").observation, Look(look, ""))
    message = codec.packed(request, text_keys=False)
    print(f"a look of {args.image_size} px is {len(message) / 1000:.0f} kB; load of the last minute {os.getloadavg()[0]:.1f}\n")
    print("| what | median ms | 99 % ms | least ms |\n|---|---:|---:|---:|")
    _row("pack", args, lambda: codec.packed(request, text_keys=False))
    _row("unpack", args, lambda: codec.unpacked(message))
    port = _started(_serve_ours, args.image_size)
    for protocol, path in (("openpi", ""), ("vla-eval", VLA_EVAL_PATH)):
        policy = RemotePolicy(Outside("it", f"{protocol}+ws://127.0.0.1:{port}{path}", "one"), 12)
        policy.begin(env, np.random.default_rng(0))  # any seed
        found = _row(f"{protocol}: our client, our server", args, lambda policy=policy: policy.act(look))
        goal = f"median {'within' if found[0] <= GOAL_MS else 'beyond'}, 99 % {'within' if found[1] <= GOAL_MS else 'beyond'}"
        print(f"| (goal {GOAL_MS:g} ms: {goal}) | | | |")
    if importlib.util.find_spec("openpi_server") and importlib.util.find_spec("openpi_client"):
        _of_openpi(args, env, look, request, port)
    if args.json:
        write_json(args.json, {"image_px": args.image_size, "looks": args.looks, "unit": "ms: median, 99 %, least", "rows": ROWS})


def _of_openpi(args: Args, env: Any, look: Any, request: dict[str, Any], ours: int) -> None:
    from openpi_client.websocket_client_policy import WebsocketClientPolicy  # pyright: ignore[reportMissingImports]

    port = _started(_serve_openpi, 0)
    policy = RemotePolicy(Outside("it", f"openpi+ws://127.0.0.1:{port}", "one"), 12)
    policy.begin(env, np.random.default_rng(0))  # any seed
    _row("openpi: our client, openpi's server", args, lambda: policy.act(look))
    client = WebsocketClientPolicy("127.0.0.1", port)
    _row("openpi: openpi's client, openpi's server", args, lambda: client.infer(request))
    client = WebsocketClientPolicy("127.0.0.1", ours)
    _row("openpi: openpi's client, our server", args, lambda: client.infer(request))


def _row(name: str, args: Args, call: Callable[[], Any]) -> tuple[float, float]:
    times = []
    for _ in range(WARM + args.looks):
        started = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - started))
    median, high, least = *np.percentile(times[WARM:], [50, 99]).tolist(), min(times)
    ROWS[name] = (median, high, least)
    print(f"| {name} | {median:.2f} | {high:.2f} | {least:.2f} |", flush=True)
    return median, high


def _started(serve: Callable[[Any, int], None], argument: int) -> int:
    """The port of a server in a process of its own, which ends with this one."""
    context = multiprocessing.get_context("spawn")
    mine, its = context.Pipe()
    context.Process(target=serve, args=(its, argument), daemon=True).start()
    return mine.recv()


def _serve_ours(pipe: Any, image_size: int) -> None:
    server = PolicyServer(Still, {"policy_keys": "ours"}, image_size, "RGB + calibration")
    asyncio.run(server.run("127.0.0.1", 0, pipe.send))


def _serve_openpi(pipe: Any, _: int) -> None:
    import socket

    from openpi_server.websocket_policy_server import WebsocketPolicyServer  # pyright: ignore[reportMissingImports]

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = WebsocketPolicyServer(SimpleNamespace(infer=lambda _: {"actions": np.zeros((12, 5))}), "127.0.0.1", port)

    async def run() -> None:
        serving = asyncio.ensure_future(server.run())
        await asyncio.sleep(1)
        pipe.send(port)
        await serving

    asyncio.run(run())


if __name__ == "__main__":
    main(tyro.cli(Args))
