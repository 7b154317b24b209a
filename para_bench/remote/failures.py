"""What may go wrong with a policy that is not ours."""

from __future__ import annotations

from para_bench.types import HaltError


class ServerError(HaltError):
    """The server, not the policy behind it, failed: one line; nothing of the episode is recorded."""


class ConnectionLostError(ServerError):
    """The connection ended. The episode may begin again on another one: a server may keep a state that ended with it."""


class BadAnswerError(ValueError):
    """What came back is no chunk of actions; says what was found and what is allowed."""
