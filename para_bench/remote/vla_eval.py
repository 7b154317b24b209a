"""vla-eval's protocol, client side: a greeting, the start of every episode, then one action (or chunk) an observation.

A message is `{"type", "payload", "seq", "timestamp"}`; an answer has the number of what it answers. Source: vla-eval 0.8.0
`connection.py`, `model_servers/serve.py`, protocol version 1.
"""

from __future__ import annotations

import time
from typing import Any

from para_bench.remote.link import Link
from para_bench.text import printable

VERSION = 1
"""Version of the protocol."""


class VlaEvalSession:
    """One connection."""

    def __init__(self, address: str, url: str, timeout_s: float) -> None:
        """Raises ServerError as `Link`, and where no greeting comes back."""
        self._link, self._timeout_s, self._number, self._in_episode = Link(address, url, text_keys=True), timeout_s, 0, False
        self._send("hello", {"harness_version": "para-bench", "protocol_version": VERSION, "benchmark": "para-bench"})
        greeting = self._receive("hello")
        if (version := greeting.get("protocol_version")) != VERSION:
            self._link.fail(f"speaks version {str(version)[:20]} of vla-eval's protocol; allowed: {VERSION}")
        self.metadata: dict[str, Any] = greeting

    def begin(self, task: str) -> None:
        """Start an episode, after the end of the one before; the policy does not learn how that one ended."""
        if self._in_episode:
            self._send("episode_end", {})
        self._send("episode_start", {"task": {"name": task}})
        self._in_episode = True

    def infer(self, observation: dict[str, Any]) -> Any:
        """The answer to an observation; errors as `Link.receive`."""
        self._send("observation", observation)
        return self._receive("action")

    def close(self) -> None:
        self._link.close()

    def _send(self, kind: str, payload: dict[str, Any]) -> None:
        self._number += 1
        self._link.send({"type": kind, "payload": payload, "seq": self._number, "timestamp": time.time()})

    def _receive(self, wanted: str) -> dict[str, Any]:
        message = self._link.receive(self._timeout_s)
        if not isinstance(message, dict) or not isinstance(message.get("payload"), dict) or "type" not in message:
            self._link.fail(f"does not speak vla-eval's protocol (sent {printable(str(message)[:60])}); perhaps openpi+ws://")
        if message["type"] == "error":
            self._link.fail(f"failed: {printable(str(message['payload'].get('error', message['payload']))[:300])}")
        if message["type"] != wanted or message.get("seq") != self._number:
            found = printable(f"{message['type']!s} {message.get('seq')!s}"[:60])
            self._link.fail(f"answered with message {found}; allowed: {wanted} {self._number}")
        return message["payload"]
