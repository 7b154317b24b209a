"""Errors in workers reach the parent as what they are, and end neither the pool nor the test."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from para_bench.rollouts.workers import _results, run_jobs
from para_bench.types import ParaBenchError


class NeedsTwoError(Exception):
    """Can be pickled, and not read again."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)


class ClosedError(Exception):
    """Cannot be pickled."""

    def __init__(self) -> None:
        super().__init__("closed")
        self.held = lambda: None


def fail(kind: str) -> str:
    if kind == "two":
        raise NeedsTwoError("first", "second")
    if kind == "closed":
        raise ClosedError
    if kind == "exit":
        raise SystemExit(0)
    if kind == "memory":
        raise MemoryError
    if kind == "value":
        raise ValueError("as it is")
    return kind


KINDS = {
    "two": (RuntimeError, r"(?s)Traceback.*NeedsTwoError: first"),
    "closed": (RuntimeError, "(?s)Traceback.*ClosedError: closed"),
    "exit": (ParaBenchError, "a job ended its process"),
    "memory": (ParaBenchError, r"this machine failed \(MemoryError\)"),
    "value": (ValueError, "as it is"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_here(kind: str) -> None:
    error, words = KINDS[kind]
    with pytest.raises(error, match=words):
        list(run_jobs([kind], 1, fail))


SCRIPT = """
import sys
sys.path.insert(0, {folder!r})
from test_workers_jobs import fail, KINDS
from para_bench.rollouts.workers import _results, run_jobs
if __name__ == "__main__":
    for kind, (error, _) in KINDS.items():
        try:
            list(run_jobs([kind, "fine"], 2, fail))
        except error as told:
            print(kind, type(told).__name__)
    print(list(run_jobs(["fine"] * 3, 2, fail)))
"""


@pytest.mark.slow
def test_an_error_in_another_process(tmp_path) -> None:
    (tmp_path / "test_workers_jobs.py").write_text(open(__file__).read())  # noqa: PTH123, SIM115 - by a name that a new process can import
    (tmp_path / "run.py").write_text(SCRIPT.format(folder=str(tmp_path)))
    done = subprocess.run([sys.executable, str(tmp_path / "run.py")], capture_output=True, text=True, timeout=200, check=False)
    expected = [f"{kind} {error.__name__}" for kind, (error, _) in KINDS.items()]
    assert done.stdout.splitlines() == [*expected, "['fine', 'fine', 'fine']"], done.stderr


def test_what_is_finished_is_not_lost_to_an_error_beside_it() -> None:
    failed, fine = Future[str](), [Future[str]() for _ in range(3)]
    failed.set_exception(ParaBenchError("the server died"))
    for number, future in enumerate(fine):
        future.set_result(str(number))
    found = []
    with pytest.raises(ParaBenchError, match="the server died"):
        iterate(_results([failed, *fine]), found)
    assert found == ["0", "1", "2"]


def iterate(results: Iterator[str], into: list[str]) -> None:
    for each in results:
        into.append(each)
