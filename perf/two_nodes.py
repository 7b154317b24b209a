"""A Ray cluster of two nodes on one machine, each in a network namespace of its own: what they open is reachable from nowhere else.

Ray listens on every interface and asks for no token unless it is told to, so it is never started outside the namespaces. They are joined
by a pair of virtual interfaces, have no other way out, and are gone with the block. A folder may be hidden from both nodes, as on
machines that share no disk. Needs root, Linux and `ip`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ADDRESSES = ("10.213.77.1", "10.213.77.2")
PORT = 6379
START_S = 180.0
"""That a node may take to join."""
SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_raylet_start_wait_time_s": "120",  # a shared machine is slow
    "RAY_health_check_initial_delay_ms": "1000",  # a dead node is noticed within seconds instead of half a minute
    "RAY_health_check_period_ms": "500",
    "RAY_health_check_timeout_ms": "1000",
    "RAY_health_check_failure_threshold": "3",
}
"""Of Ray's processes."""


def unavailable() -> str:
    """Why namespaces cannot be made here; empty where they can."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("ip") is None:
        return "network namespaces need Linux, root and `ip`"
    name = f"probe{uuid.uuid4().hex[:6]}"
    made = [subprocess.run(words, capture_output=True, text=True, check=False) for words in _probe(name)]
    return next((f"network namespaces cannot be made here ({done.stderr.strip()})" for done in made[:3] if done.returncode), "")


def _probe(name: str) -> Iterator[list[str]]:
    yield ["ip", "netns", "add", name]
    yield ["ip", "-n", name, "link", "add", "v1", "type", "veth", "peer", "name", "v2"]
    yield ["ip", "netns", "exec", name, "true"]
    yield ["ip", "netns", "del", name]


class TwoNodes:
    """Nodes 0, the head, and 1; processes in their namespaces."""

    def __init__(self, root: Path, hidden: Sequence[Path] = ()) -> None:
        self.names = tuple(f"pb{uuid.uuid4().hex[:6]}{index}" for index in (0, 1))
        self.address = f"{ADDRESSES[0]}:{PORT}"
        self._root, self._hidden = root, hidden
        self._token = root / "token"
        self._token.write_text(uuid.uuid4().hex)
        self._temporary = tempfile.mkdtemp(prefix="pb", dir="/tmp")  # paths of sockets have at most 107 letters
        self._started: list[subprocess.Popen[bytes]] = []

    def open(self) -> None:
        """Make the namespaces and what joins them."""
        a, b = self.names
        for name in self.names:
            _ip("netns", "add", name)
        _ip("-n", a, "link", "add", "veth0", "type", "veth", "peer", "name", "veth0", "netns", b)
        for name, address in zip(self.names, ADDRESSES, strict=True):
            _ip("-n", name, "addr", "add", f"{address}/24", "dev", "veth0")
            for device in ("lo", "veth0"):
                _ip("-n", name, "link", "set", device, "up")

    def start(self, index: int) -> None:
        """Start the Ray node of a namespace, with one core, and wait until it has joined.

        Raises:
            RuntimeError: it does not.
        """
        head = ["--head", f"--port={PORT}", "--include-dashboard=false", f"--temp-dir={self._temporary}"]
        place = head if index == 0 else [f"--address={self.address}"]
        own = [f"--node-ip-address={ADDRESSES[index]}", "--num-cpus=1", "--num-gpus=0", "--object-store-memory=200000000"]
        words = [sys.executable, "-m", "ray.scripts.scripts", "start", *place, *own, "--block", "--disable-usage-stats"]
        hide = "".join(f"mount -t tmpfs none '{path}' && " for path in self._hidden)
        command = ["ip", "netns", "exec", self.names[index], "sh", "-c", f'{hide}exec "$@"', "sh", *words]
        environment = self.environment({"PARA_BENCH_CACHE": str(self._root / f"cache of node {index}")})
        log, until = self._root / f"node{index}.log", time.monotonic() + START_S
        with log.open("wb") as said:
            node = subprocess.Popen(command, env=environment, stdout=said, stderr=said, cwd=self._root)
        self._started.append(node)
        while "Ray runtime started" not in (text := log.read_text(errors="replace")):
            if node.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"node {index} does not start: {text[-2000:]}")
            time.sleep(0.2)

    def run(self, words: Sequence[str], environment: Mapping[str, str], **how: Any) -> subprocess.Popen[str]:
        """Start a command beside the head."""
        command = ["ip", "netns", "exec", self.names[0], *words]
        return subprocess.Popen(command, env=self.environment(environment), text=True, **how)

    def kill(self, index: int) -> int:
        """End all processes of a namespace at once, as a machine ends whose power fails; returns how many."""
        found = self.processes(index)
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return len(found)

    def processes(self, index: int) -> list[int]:
        """Of a namespace, by their numbers."""
        listed = subprocess.run(["ip", "netns", "pids", self.names[index]], capture_output=True, text=True, check=True)
        return [int(line) for line in listed.stdout.split()]

    def close(self) -> None:
        for index in (1, 0):
            with suppress(subprocess.CalledProcessError):
                self.kill(index)
        for process in self._started:
            process.wait()
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        shutil.rmtree(self._temporary, ignore_errors=True)

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """Of a process of the cluster, or of its driver."""
        return {**os.environ, **SETTINGS, "RAY_AUTH_TOKEN_PATH": str(self._token), "OMP_NUM_THREADS": "1", **more}


@contextmanager
def two_nodes(root: Path, hidden: Sequence[Path] = (), second: bool = True) -> Iterator[TwoNodes]:
    """Two namespaces with a running Ray node in the first, and with `second` in the other; gone with the block.

    Args:
        root: Gets logs, the token and the cache of each node.
        hidden: Folders that the nodes see empty.
        second: Whether the second node is started too.
    """
    nodes = TwoNodes(root, hidden)
    try:
        nodes.open()
        for index in (0, 1) if second else (0,):
            nodes.start(index)
        yield nodes
    finally:
        nodes.close()


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
