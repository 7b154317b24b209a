"""How threads wait is chosen by what else the machine does, never against the user, and only before torch is there."""

from __future__ import annotations

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
