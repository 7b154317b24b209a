"""Workers are forks of one server that has imported what jobs need."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from para_bench.rollouts.workers import run_jobs

pytestmark = [pytest.mark.integration, pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each process starts anew")]


def origin(_: int) -> int:
    return os.getppid()


def already_there(name: str) -> bool:
    """Whether a module was there before the job was."""
    return name in sys.modules


def takes_ctrl_c(_: int) -> bool:
    return signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def variable(name: str) -> str | None:
    return os.environ.get(name)


def test_a_second_pool_imports_nothing_again() -> None:
    first, second = ({*run_jobs(range(4), 2, origin)} for _ in range(2))
    assert first == second  # one server, which has the modules
    assert first != {os.getpid()}
    assert all(run_jobs(["para_bench.rollouts.jobs", "torch"], 2, already_there))


def test_workers_have_the_environment_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("first", "second"):
        monkeypatch.setenv("PARA_BENCH_TEST", value)
        assert {*run_jobs(["PARA_BENCH_TEST"] * 2, 2, variable)} == {value}
    monkeypatch.delenv("PARA_BENCH_TEST")
    assert {*run_jobs(["PARA_BENCH_TEST"] * 2, 2, variable)} == {None}


def test_ctrl_c_is_the_parents() -> None:
    assert not any(run_jobs(range(2), 2, takes_ctrl_c))


ENDS_AT_ONCE = """
import signal, threading
from para_bench.rollouts.workers import run_jobs
threading.Timer(1, signal.raise_signal, (signal.SIGINT,)).start()  # the server imports for longer
try:
    list(run_jobs(range(2), 2, abs))
except KeyboardInterrupt:
    print("ended")
"""


def test_a_worker_whose_command_has_ended_says_nothing() -> None:
    ended = subprocess.run([sys.executable, "-c", ENDS_AT_ONCE], capture_output=True, text=True, timeout=280)  # until the last fork ends
    assert (ended.stdout, ended.stderr) == ("ended\n", "")


EARLY = """
import os
from multiprocessing.forkserver import _forkserver
from para_bench.rollouts.workers import run_jobs, start_early
from tests.execution.test_worker_server import origin
start_early(1)
assert _forkserver._forkserver_pid is None, "one worker needs no server"
start_early(2)
server = _forkserver._forkserver_pid
if WAITS:
    assert {*run_jobs(range(2), 2, origin)} == {server}
print("ended")
"""


@pytest.mark.parametrize("waits", [True, False])
def test_a_server_that_was_started_early_is_the_one_of_the_pool(waits: bool) -> None:
    ended = subprocess.run([sys.executable, "-c", EARLY.replace("WAITS", str(waits))], capture_output=True, text=True, timeout=280)
    assert (ended.stdout, ended.stderr) == ("ended\n", "")
