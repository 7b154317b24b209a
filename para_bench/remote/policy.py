"""A policy behind a server, with the interface of every policy."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from para_bench.remote.actions import chunk, waypoints
from para_bench.remote.failures import BadAnswerError, ConnectionLostError, ServerError
from para_bench.remote.keys import DEFAULT, find_keys, from_text, presets
from para_bench.remote.looks import Look, sees, told
from para_bench.remote.openpi import OpenpiSession
from para_bench.remote.outside import Outside
from para_bench.remote.vla_eval import VlaEvalSession
from para_bench.text import printable
from para_bench.types import ActionChunk, Observation, content_hash

if TYPE_CHECKING:
    from para_bench.envs.env import TaskEnv

PATIENCE_S, FIRST_PATIENCE_S = 60.0, 5.0
"""Time to retry a connection [s], to a server that has answered before and to a new one: one that died may be started again."""
FIRST_TIMES = 10
"""The first looks of a run may take this many times `timeout_s`: a server compiles its model then."""
KEYS, VERSION = "policy_keys", "policy_version"
"""Keys of a server's metadata: the preset that it reads, and the version of its policy."""


class Session(Protocol):
    """A connection to a server."""

    metadata: dict[str, Any]

    def begin(self, task: str) -> None: ...

    def infer(self, observation: dict[str, Any]) -> Any: ...

    def close(self) -> None: ...


class RemotePolicy:
    """One connection, made when it is needed; every episode of this process goes through it, one after the other."""

    looks = True

    def __init__(self, outside: Outside, replan_steps: int) -> None:
        """Raises ServerError: no server answers, or its metadata have changed."""
        self._outside, self._replan_steps = outside, replan_steps
        self._session: Session | None = None
        self._expected = outside.metadata
        self.metadata = self._connect().metadata
        asked = self.metadata.get(KEYS)
        self.keys = from_text(outside.keys) if outside.keys else find_keys(asked if asked in presets() else DEFAULT)
        said = self.metadata.get(VERSION)
        self.version = printable(said)[:120] if isinstance(said, str) and said and outside.once else outside.version
        self.sees, self.sees_depth = sees(self.keys.observation), self.keys.needs_depth

    @property
    def said(self) -> str:
        """Hash of the metadata."""
        return self._expected

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        """Start an episode; a missing connection, or one that ended between two episodes, is opened again."""
        self._task, self._seed, self._index = env.task_description, int(rng.integers(2**31)), 0
        try:
            self._connect().begin(self._task)
        except ConnectionLostError:
            self._session = None
            self._connect().begin(self._task)

    def act(self, observation: Observation | None) -> ActionChunk:
        """Raises ServerError: the server, not the policy, failed. Only `begin` opens a lost connection again."""
        assert observation is not None
        if self._session is None:
            raise ConnectionLostError(f"policy server {self._outside.address} has no connection; its finished episodes are recorded")
        look = Look(observation, self._task, self._seed, self._index, self.keys.approach)
        try:
            answer = self._session.infer(told(self.keys.observation, look))
        except ServerError:
            self._session = None
            raise
        self._index += 1
        try:
            rows = waypoints(answer, self.keys.action, observation, self.keys.approach)
            return ActionChunk(chunk(rows, self._replan_steps))
        except BadAnswerError as error:
            self.close()
            raise ServerError(
                f"policy server {self._outside.address} answered {printable(str(error))}; its finished episodes are recorded"
            ) from None

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = None

    def _connect(self) -> Session:
        """The connection, or a new one if it opens in time."""
        if self._session is not None:
            return self._session
        until, wait = time.monotonic() + (PATIENCE_S if self._expected else FIRST_PATIENCE_S), 0.1
        while True:
            try:
                session = self._opened()
                break
            except ConnectionLostError:
                if time.monotonic() + wait > until:
                    raise
                time.sleep(wait)
                wait = min(2 * wait, 2.0)
        found = content_hash(_plain(session.metadata))
        if self._expected and found != self._expected:
            session.close()
            raise ServerError(
                f"policy server {self._outside.address} says something else of itself than when this run began; allowed: the same policy"
            )
        self._expected, self._session = found, session
        return session

    def _opened(self) -> Session:
        kind = OpenpiSession if self._outside.protocol == "openpi" else VlaEvalSession
        timeout_s = self._outside.timeout_s * (1 if self._outside.metadata else FIRST_TIMES)
        return kind(self._outside.address, self._outside.url, timeout_s)


def _plain(value: Any) -> Any:
    """For a hash: arrays and bytes as text."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, np.ndarray):
        return [value.dtype.str, _plain(value.tolist())]
    if isinstance(value, float):
        return repr(value)  # NaN too
    return value.hex() if isinstance(value, bytes) else value
