"""A real Ray cluster of two nodes that share no disk, in network namespaces: one node dies in the middle, and the records are the same."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from perf_scripts import script

CLI = [sys.executable, "-c", "from para_bench.cli import main; main()"]
SIZE = ["--demos", "2", "--steps", "60", "--batch", "8", "--copies", "1", "--episodes", "12", "--seeds", "2", "--image-size", "96"]
RUN = ["run", "--head", "para", "global_token", "--split", "id", "--profile", "smoke", *SIZE, "--no-videos", "--device", "cpu"]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def harness() -> Any:
    pytest.importorskip("ray", reason="Ray is not installed (the extra `ray`)")
    found = script("two_nodes")
    if why := found.unavailable():
        pytest.skip(why)
    return found


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run on one machine."""
    import os

    root = tmp_path_factory.mktemp("here")
    environment = {**os.environ, "PARA_BENCH_CACHE": str(root / "cache"), "OMP_NUM_THREADS": "1"}
    words = [*CLI, *RUN, "--out", str(root / "runs"), "--workers", "2"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return root / "runs"


@pytest.fixture
def nodes(harness: Any, tmp_path: Path) -> Iterator[Any]:
    (tmp_path / "driver").mkdir()
    with harness.two_nodes(tmp_path, hidden=[tmp_path / "driver"]) as found:
        yield found


def lines(out: Path) -> list[bytes]:
    return sorted(re.sub(rb'"seconds":[^,]+,', b"", (out / "id/episodes.jsonl").read_bytes()).splitlines())


def weights(out: Path) -> dict[str, bytes]:
    return {path.parent.name: path.read_bytes() for path in out.glob("checkpoints/*/model.safetensors")}


def episodes(out: Path) -> int:
    path = out / "id/episodes.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def test_a_node_that_dies_loses_nothing(here: Path, nodes: Any, tmp_path: Path) -> None:
    out, environment = tmp_path / "driver/runs", {"PARA_BENCH_CACHE": str(tmp_path / "driver/cache")}
    words = [*CLI, *RUN, "--out", str(out), "--executor", "ray", "--address", nodes.address]
    with (tmp_path / "said").open("wb") as said:
        run = nodes.run(words, environment, stdout=said, stderr=said)
        until = time.monotonic() + 600
        while episodes(out) < 8 and run.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        assert 8 <= episodes(out) < len(lines(here)), (tmp_path / "said").read_text()[-3000:]  # in the middle
        watched = subprocess.run([*CLI, "watch", str(out), "--once"], capture_output=True, text=True, check=False)
        assert nodes.kill(1) > 1
        assert run.wait(timeout=600) == 0, (tmp_path / "said").read_text()[-3000:]
    assert lines(out) == lines(here)
    assert weights(out) == weights(here) != {}
    done, all_of_them = (int(number) for number in re.findall(r"all +\S+ +(\d+)/(\d+)", watched.stdout)[0])
    assert 8 <= done < all_of_them == len(lines(here))
    for index in (0, 1):  # both worked, and neither saw the driver's folder
        assert list((tmp_path / f"cache of node {index}/nodes/checkpoints").iterdir())
    again = nodes.run(words, environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    before = (out / "id/episodes.jsonl").read_bytes()
    assert again.wait(timeout=300) == 0
    assert (out / "id/episodes.jsonl").read_bytes() == before


def test_a_driver_that_was_stopped_continues(here: Path, nodes: Any, tmp_path: Path) -> None:
    out, environment = tmp_path / "driver/runs", {"PARA_BENCH_CACHE": str(tmp_path / "driver/cache")}
    words = [*CLI, *RUN, "--out", str(out), "--executor", "ray", "--address", nodes.address]
    run = nodes.run(words, environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 600
    while episodes(out) < 4 and run.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    run.kill()
    run.wait()
    begun = episodes(out)
    assert 4 <= begun < len(lines(here))
    trained = {path: path.stat().st_mtime_ns for path in out.glob("checkpoints/*/model.safetensors")}
    done = nodes.run(words, environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _, errors = done.communicate(timeout=600)
    assert done.returncode == 0, errors[-3000:]
    assert lines(out) == lines(here)
    assert {path: path.stat().st_mtime_ns for path in trained} == trained


def test_a_wrong_token_is_one_line(nodes: Any, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("0" * 32)
    words = [*CLI, *RUN, "--out", str(tmp_path / "driver/runs"), "--executor", "ray", "--address", nodes.address]
    run = nodes.run(words, {"RAY_AUTH_TOKEN_PATH": str(tmp_path / "other")}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _, errors = run.communicate(timeout=300)
    assert run.returncode == 1
    assert errors.strip().splitlines()[-1].startswith(f"para-bench: no Ray cluster at {nodes.address} can be used")
