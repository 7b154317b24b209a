"""A stand-in for the module `ray`: tasks are pickled and run in this process, in the order in which they were given."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


class RayError(Exception):
    """Of the cluster."""


class RayTaskError(RayError):
    """Of a task."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(f"traceback of {cause}")
        self.cause = cause


class FakeRay:
    """As much of Ray as is used."""

    exceptions = SimpleNamespace(RayError=RayError, RayTaskError=RayTaskError)
    util = SimpleNamespace(get_node_ip_address=lambda: "10.0.0.2")

    def __init__(self, cache: Path, patch: pytest.MonkeyPatch) -> None:
        self.cache, self._patch = cache, patch
        self.resources: dict[str, float] = {"CPU": 2.0}
        self.options: list[dict[str, Any]] = []
        self.most_waiting, self.connected, self.lost = 0, False, 0
        self._objects: list[Any] = []

    def init(self, address: str, **_: Any) -> None:
        if address == "10.0.0.9:1":
            raise ConnectionError("no answer\nat all")
        self.connected = True

    def shutdown(self) -> None:
        self.connected = False

    def cluster_resources(self) -> dict[str, float]:
        return self.resources

    def put(self, value: Any) -> int:
        self._objects.append(pickle.dumps(value))
        return len(self._objects) - 1

    def get(self, ref: int) -> Any:
        value = pickle.loads(self._objects[ref])
        if isinstance(value, RayError):
            raise value
        return value

    def wait(self, refs: list[int], num_returns: int, timeout: float) -> tuple[list[int], list[int]]:
        self.most_waiting = max(self.most_waiting, len(refs))
        return refs[:num_returns], refs[num_returns:]

    def remote(self, function: Callable[..., Any]) -> Any:
        def run(*given: Any) -> int:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("PARA_BENCH_CACHE", str(self.cache))
                try:
                    return self.put(function(*pickle.loads(pickle.dumps(given))))
                except Exception as error:
                    self._objects.append(pickle.dumps(None))
                    return self._failed(RayTaskError(error))

        return SimpleNamespace(options=lambda **needs: (self.options.append(needs), SimpleNamespace(remote=run))[1])

    def _failed(self, error: RayError) -> int:
        place = len(self._objects) - 1
        get = self.get
        self._patch.setattr(self, "get", lambda ref: (_ for _ in ()).throw(error) if ref == place else get(ref))
        return place


@pytest.fixture
def fake_ray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    """In place of the module."""
    fake = FakeRay(tmp_path / "node", monkeypatch)
    monkeypatch.setitem(sys.modules, "ray", fake)  # pyright: ignore[reportArgumentType]
    return fake
