"""One run at a time on one output folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.lock import output_lock
from para_bench.runs import run
from para_bench.types import ParaBenchError

HOLD = """
import sys, time
from pathlib import Path
from para_bench.rollouts.lock import output_lock
with output_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(100)
"""


@pytest.mark.integration
def test_a_living_process_holds_it_and_a_killed_one_does_not(tmp_path: Path, references: RunConfig) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(
                ParaBenchError, match=r"^another para-bench is writing to .*; allowed: wait for it, or another --out$"
            ) as told:
                run(references)
            assert "\n" not in str(told.value)
            assert [path.name for path in tmp_path.iterdir()] == [".lock"]  # nothing was begun
        finally:
            holder.kill()
    with output_lock(tmp_path):
        pass


def test_it_is_free_after_the_block_and_after_an_error_in_it(tmp_path: Path) -> None:
    kept = []  # nobody waits for the garbage collector
    for _ in range(2):
        kept.append(output_lock(tmp_path / "new/folder"))
        with pytest.raises(ZeroDivisionError), kept[-1]:
            _ = 1 / 0
        kept.append(output_lock(tmp_path / "new/folder"))
        with kept[-1], pytest.raises(ParaBenchError, match="another para-bench is writing"):
            output_lock(tmp_path / "new/folder").__enter__()


def test_two_folders_have_two_locks(tmp_path: Path) -> None:
    with output_lock(tmp_path / "a"), output_lock(tmp_path / "b"):
        pass


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file/below"):
        with (
            pytest.raises(ParaBenchError, match=r"^cannot write to --out .* \(.*\); allowed: a folder you may write to$"),
            output_lock(out),
        ):
            pass
