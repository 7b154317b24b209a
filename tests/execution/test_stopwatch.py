"""CPU time of a call, and a cache that lasts as long as its block."""

from __future__ import annotations

import os
import time
from contextlib import suppress

import pytest

from para_bench.data.cache import cache_root
from para_bench.execution.stopwatch import CACHE, own_cache, timed


def test_waiting_costs_no_cpu_time() -> None:
    seconds, found = timed(lambda: (time.sleep(0.2), "done")[1])
    assert found == "done"
    assert 0 <= seconds < 0.1
    assert timed(lambda: sum(range(3_000_000)))[0] > seconds


@pytest.mark.parametrize("before", [None, "elsewhere"])
def test_the_cache_is_back_after_the_block_and_its_folder_gone(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if before is None:
        monkeypatch.delenv(CACHE, raising=False)
    else:
        monkeypatch.setenv(CACHE, before)
    usual = cache_root()
    with suppress(KeyError), own_cache() as folder:
        assert cache_root() == folder != usual
        (folder / "kept").write_text("x")
        raise KeyError
    assert (os.environ.get(CACHE), cache_root()) == (before, usual)
    assert not folder.exists()
