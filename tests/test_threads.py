"""How threads wait is chosen by what else the machine does, never against the user, and only before torch is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from para_bench import threads
from para_bench.threads import ASLEEP, SHORTLY, others_running, settle


@pytest.fixture(autouse=True)
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr(threads, "BETWEEN_S", 0)


@pytest.mark.parametrize(("running", "expected"), [("1/300", SHORTLY), ("2/300", ASLEEP), ("9/300", ASLEEP)])
def test_beside_other_work_they_sleep(running: str, expected: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loadavg").write_text(f"0.50 0.40 0.30 {running} 4711\n")
    monkeypatch.setattr(threads, "_RUNNING", tmp_path / "loadavg")
    chosen: dict[str, str] = {}
    settle(chosen)
    assert chosen == expected


@pytest.mark.parametrize("own", [{"OMP_WAIT_POLICY": "active"}, {"GOMP_SPINCOUNT": "7"}])
def test_what_the_user_chose_stays(own: dict[str, str]) -> None:
    chosen = dict(own)
    settle(chosen)
    assert chosen == own


def test_nothing_is_chosen_too_late_or_in_the_dark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: dict[str, str] = {}
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "torch", object())
        settle(chosen)
    for text in (None, "", "a b c d"):
        monkeypatch.setattr(threads, "_RUNNING", tmp_path / "loadavg")
        if text is not None:
            (tmp_path / "loadavg").write_text(text)
        assert others_running() is None
        settle(chosen)
    assert chosen == {}


@pytest.mark.skipif(not Path("/proc/loadavg").exists(), reason="Linux tells it there")
def test_linux_tells_how_many_run() -> None:
    assert (others_running() or 0) >= 0


FLUSHED = """
import sys, torch
torch.set_num_threads(2)
{before}
rows, eye = torch.full((8192, 512), 1e-40), torch.eye(512)
torch.set_flush_denormal(True)
print(int(((rows @ eye).view(torch.int32) != 0).any()))
"""


@pytest.mark.integration
@pytest.mark.parametrize(
    "before",
    [
        "from para_bench.threads import start_flushing; start_flushing()",
        "from para_bench.training.feature_specs import feature_spec; from para_bench.training.recipe import Recipe\n"
        "feature_spec(Recipe('para', 0, 20, image_size=64, feature_runtime='onnxruntime'), None)",
    ],
    ids=["by itself", "after a first look at a backbone"],
)
def test_every_thread_of_a_training_takes_denormal_numbers_for_zero(before: str, tmp_path: Path) -> None:
    """A first look at a backbone, with an empty cache, starts torch's threads."""
    environment = {**os.environ, "PARA_BENCH_CACHE": str(tmp_path), "OMP_NUM_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, "-c", FLUSHED.format(before=before)], env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.strip() == "0"
