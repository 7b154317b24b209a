"""One of our policies behind a websocket, for clients of openpi and of vla-eval: the path of the address selects the protocol.

One look is answered at a time, on the thread that the server runs on, so that its arithmetic is that of a rollout.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.http11 import Request, Response

from para_bench.remote import codec
from para_bench.remote.requests import episode_of, observation_of
from para_bench.remote.vla_eval import VERSION
from para_bench.text import printable
from para_bench.types import ActionChunk, Observation, ParaBenchError

VLA_EVAL_PATH = "/vla-eval"
HEALTH = ("/healthz", "/health")
"""Where clients of openpi and of vla-eval ask whether a server is ready."""
MOST_CONNECTIONS = 64


class Served(Protocol):
    """The policy of one connection, with its own noise from look to look."""

    def seed(self, seed: int) -> None: ...

    def act(self, observation: Observation | None) -> ActionChunk: ...


class PolicyServer:
    """Server of one policy."""

    def __init__(self, make: Callable[[], Served], metadata: dict[str, Any], image_size: int, sees: str) -> None:
        """`make` returns the policy of a new connection; `metadata` is the first message to every client."""
        self._make, self._metadata, self._image_size, self._sees = make, metadata, image_size, sees
        self._open = 0
        self.looks = 0
        """Looks answered so far."""

    async def run(self, host: str, port: int, ready: Callable[[int], None]) -> None:
        """Serve until SIGINT or SIGTERM, or until it is cancelled; `ready` is called with the port.

        Raises:
            ParaBenchError: the address cannot be listened on.
        """
        logging.getLogger("websockets").setLevel(logging.CRITICAL)  # clients get their errors as answers
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        try:
            # Pages in browsers, which send an origin, are refused. No pings: a client may wait long between two looks.
            server = await serve(
                self._talk,
                host,
                port,
                origins=[None],
                compression=None,
                max_size=codec.LARGEST,
                ping_interval=None,
                close_timeout=1,
                process_request=self._admit,
            )
        except OSError as error:
            raise ParaBenchError(
                f"cannot listen on {host} port {port} ({error.strerror or error}); allowed: another --host or --port"
            ) from None
        async with server:
            with contextlib.suppress(ValueError, RuntimeError):  # not the main thread: cancelled by its owner
                for number in (signal.SIGINT, signal.SIGTERM):
                    loop.add_signal_handler(number, stop.set)
            ready(next(iter(server.sockets)).getsockname()[1])
            await stop.wait()

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.path in HEALTH:
            return connection.respond(HTTPStatus.OK, "OK\n")
        if self._open >= MOST_CONNECTIONS:
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, f"more than {MOST_CONNECTIONS} connections\n")
        return None

    async def _talk(self, connection: ServerConnection) -> None:
        self._open += 1
        path = connection.request.path if connection.request else ""
        try:
            await (self._vla_eval if path.startswith(VLA_EVAL_PATH) else self._openpi)(connection, self._make())
        except ConnectionClosed:
            return
        finally:
            self._open -= 1

    async def _openpi(self, connection: ServerConnection, policy: Served) -> None:
        await connection.send(codec.packed(self._metadata, text_keys=False))
        while True:
            message = await connection.recv()
            try:
                started = time.perf_counter()
                actions = self._answer(policy, _decoded(message))
                timing = {"infer_ms": 1000 * (time.perf_counter() - started)}
                await connection.send(codec.packed({"actions": actions, "server_timing": timing}, text_keys=False))
            except ParaBenchError as error:
                await connection.send(printable(str(error)))
                await connection.close(CloseCode.INTERNAL_ERROR, "the frame before says why")
                return

    async def _vla_eval(self, connection: ServerConnection, policy: Served) -> None:
        while True:
            number = 0
            raw = await connection.recv()
            try:
                message = _decoded(raw)
                kind, payload = message.get("type"), message.get("payload")
                number = message["seq"] if isinstance(message.get("seq"), int) else 0
                if kind == "hello":
                    said = {"harness_version": "para-bench", "protocol_version": VERSION, "model_server": "para-bench", "capabilities": {}}
                    await self._reply(connection, "hello", {**said, **self._metadata}, number)
                elif kind == "episode_start":
                    policy.seed(0)
                elif kind == "observation":
                    await self._reply(connection, "action", {"actions": self._answer(policy, payload)}, number)
                elif kind not in ("episode_end", "error"):
                    raise ParaBenchError(f"message type {str(kind)[:40]!r}; allowed: hello, episode_start, observation, episode_end")
            except ParaBenchError as error:
                await self._reply(connection, "error", {"error": printable(str(error))}, number)

    async def _reply(self, connection: ServerConnection, kind: str, payload: dict[str, Any], number: int) -> None:
        message = {"type": kind, "payload": payload, "seq": number, "timestamp": time.time()}
        await connection.send(codec.packed(message, text_keys=True))

    def _answer(self, policy: Served, request: Any) -> Any:
        """Actions (T, 5), float64.

        Raises:
            ParaBenchError: the request is invalid, or the policy fails.
        """
        if isinstance(request, dict) and request.get("type") == "hello":
            raise ParaBenchError(f"this address speaks openpi's protocol; vla-eval's is at the path {VLA_EVAL_PATH}")
        seed, index = episode_of(request)
        observation = observation_of(request, self._image_size, self._sees)
        if index == 0:
            policy.seed(seed)
        try:
            actions = policy.act(observation).actions
        except ParaBenchError:
            raise
        except Exception as error:  # whatever a plug-in's head raises
            raise ParaBenchError(f"the policy failed with {type(error).__name__}: {str(error)[:200]}") from error
        self.looks += 1
        return actions


def _decoded(message: str | bytes) -> dict[str, Any]:
    if isinstance(message, str):
        raise ParaBenchError("a text frame; allowed: msgpack")
    try:
        found = codec.unpacked(message)
    except ValueError as error:
        raise ParaBenchError(f"a message that cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise ParaBenchError(f"a message that is a {type(found).__name__}; allowed: an object")
    return found
