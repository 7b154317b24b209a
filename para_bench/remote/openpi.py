"""openpi's protocol, client side: the server sends its metadata first, then one answer an observation; a text frame is an error.

Source: openpi-client 0.1.2 `websocket_client_policy.py`. The protocol has no episodes.
"""

from __future__ import annotations

from typing import Any

from para_bench.remote.link import Link


class OpenpiSession:
    """One connection."""

    def __init__(self, address: str, url: str, timeout_s: float) -> None:
        """Raises ServerError as `Link`, and where the first message is no metadata."""
        self._link, self._timeout_s = Link(address, url, text_keys=False), timeout_s
        found = self._link.receive(timeout_s)
        if not isinstance(found, dict):
            self._link.fail(f"sent a {type(found).__name__} first; allowed: the metadata of an openpi server")
        self.metadata: dict[str, Any] = found

    def begin(self, task: str) -> None:
        """Sends nothing: the protocol has no episodes."""

    def infer(self, observation: dict[str, Any]) -> Any:
        """The answer to an observation; errors as `Link.receive`."""
        self._link.send(observation)
        return self._link.receive(self._timeout_s)

    def close(self) -> None:
        self._link.close()
