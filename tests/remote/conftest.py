"""Servers of every kind on loopback, and the packages of others, installed once beside pytest's cache."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from websockets.sync.server import Server, ServerConnection, serve

from para_bench.rollouts.meeting import first_look
from para_bench.types import Observation

PACKAGES = {"openpi": ("openpi-client==0.1.2", "openpi-server==0.1.0"), "vla-eval": ("vla-eval==0.8.0",)}
"""Without what they depend on: openpi-client pins numpy < 2, vla-eval brings what its simulators need; what its protocol needs is here."""

Handler = Callable[[ServerConnection], None]


@pytest.fixture(scope="session")
def package(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Folder for PYTHONPATH with the real package of a protocol; skips, with the reason, where it cannot be had."""
    root = request.config.cache.mkdir("policy_servers")

    def install(name: str) -> Path:
        folder = root / "-".join(PACKAGES[name]).replace("=", "")
        with FileLock(root / f"{name}.lock"):
            if not (folder / "done").exists():
                command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder), *PACKAGES[name]]
                try:
                    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
                except subprocess.TimeoutExpired:
                    pytest.skip(f"{' '.join(PACKAGES[name])}: not installed within 120 s")
                if done.returncode:
                    pytest.skip(f"{' '.join(PACKAGES[name])}: {(done.stderr.strip().splitlines() or ['pip fails'])[-1]}")
                (folder / "done").touch()
        return folder

    return install


@pytest.fixture
def served() -> Iterator[Callable[[Handler], int]]:
    """Serves connections with a function, on a thread; returns the port."""
    servers: list[Server] = []

    def start(handler: Handler, port: int = 0) -> int:
        server = serve(handler, "127.0.0.1", port, compression=None, max_size=None)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.socket.getsockname()[1]

    yield start
    for server in servers:
        server.shutdown()


@pytest.fixture
def free_port() -> int:
    """Where nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def look() -> Observation:
    return first_look(64)


@pytest.fixture
def real_server(package: Callable[[str], Path], tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts a program with a protocol's package at hand, and waits until somebody listens at its first argument, a port."""
    started: list[subprocess.Popen] = []

    def start(protocol: str, program: str, port: int, *words: object) -> subprocess.Popen:
        environment = {**os.environ, "PYTHONPATH": str(package(protocol)), "HOME": str(tmp_path)}
        command = [sys.executable, "-c", program, str(port), *map(str, words)]
        log = (tmp_path / f"server-{len(started)}.log").open("wb")
        started.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment))
        until = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return started[-1]
            assert started[-1].poll() is None, Path(log.name).read_text()
            assert time.monotonic() < until, Path(log.name).read_text()
            time.sleep(0.1)

    yield start
    for process in started:
        process.kill()
        process.wait()
