"""Errors of policies of others."""

from __future__ import annotations

from para_bench.types import HaltError


class ServerError(HaltError):
    """The server, not the policy behind it, failed: one line; nothing of the episode is recorded."""


class ConnectionLostError(ServerError):
    """The connection ended. The episode may start again on a new one; it cannot resume, since the server may have lost state."""


class BadAnswerError(ValueError):
    """The answer is no chunk of actions; the message says what was found and what is allowed."""
