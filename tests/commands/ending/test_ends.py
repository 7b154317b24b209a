"""How a command ends: one line, the right exit code, and nobody left behind; whatever its streams and signals do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from para_bench.commands.ending.ends import run_to_the_end
from para_bench.types import ParaBenchError

COMMAND = [sys.executable, "-m", "para_bench"]
RESULTS = str(Path(__file__).parents[3] / "results/v1/lite0_multiview")
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
TERMINALS = ({"PYTHONIOENCODING": "latin-1"}, C_LOCALE)
SHOWN = [("run", "--help"), ("table", RESULTS, "--split", "id"), ("watch", RESULTS, "--once"), ("run", "--hed")]


def fails(error: BaseException) -> Callable[[], None]:
    def action() -> None:
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ParaBenchError("found 3; allowed: 1 or 2"), "para-bench: found 3; allowed: 1 or 2"),
        (ParaBenchError("two\nlines \x1b[31m"), "para-bench: two lines \\x1b[31m"),
        (MemoryError(), "para-bench: out of memory; the same command continues, fewer --workers need less"),
        (PermissionError(13, "Permission denied", "/a/b"), "para-bench: cannot use /a/b (Permission denied); allowed: a path that you may"),
        (KeyError("nothing"), "para-bench: unexpected KeyError: 'nothing' (ending/test_ends.py:"),
        (RecursionError("deep"), "para-bench: unexpected RecursionError: deep"),
        (BrokenPipeError(), ""),
    ],
)
def test_every_error_is_one_line(error: BaseException, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run_to_the_end(fails(error), error_code=3)
    shown = capsys.readouterr().err
    assert stop.value.code == 3
    assert shown.startswith(line)
    assert len(shown.splitlines()) == (1 if line else 0)


def test_the_traceback_of_a_bug_is_there_for_those_who_ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARA_BENCH_DEBUG", "1")
    with pytest.raises(SystemExit):
        run_to_the_end(fails(KeyError("nothing")))
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_is_one_line_and_its_handler_goes_back(number: int, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(number)

    def action() -> None:
        try:
            signal.raise_signal(number)
        except KeyboardInterrupt:
            raise ImportError("cannot load a library") from None  # as an interrupted import may end

    with pytest.raises(SystemExit) as stop:
        run_to_the_end(action)
    assert stop.value.code == code
    assert capsys.readouterr().err == "para-bench: interrupted; the same command continues\n"
    assert signal.getsignal(number) is before


def test_an_exit_code_passes_and_an_end_without_error_is_none() -> None:
    with pytest.raises(SystemExit) as stop:
        run_to_the_end(fails(SystemExit(2)), error_code=3)
    assert stop.value.code == 2
    run_to_the_end(lambda: None)


@pytest.mark.slow
@pytest.mark.parametrize("environment", TERMINALS, ids=lambda e: "-".join(e.values()))
@pytest.mark.parametrize("words", SHOWN)
def test_every_letter_finds_a_place_on_any_terminal(words: tuple[str, ...], environment: dict[str, str]) -> None:
    done = subprocess.run([*COMMAND, *words], capture_output=True, timeout=120, check=False, env={**os.environ, **environment})
    assert done.returncode == (2 if words[-1] == "--hed" else 0), done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("redirected", "lines", "code"),
    [
        (">&-", ["para-bench: standard output is closed; allowed: a terminal, a file or a pipe, also /dev/null"], 1),
        ("> /dev/full", ["para-bench: cannot write to standard output or a file (No space left on device)"], 1),
        ("2>&-", [], 0),
        ("2> /dev/full", [], 0),
        ("| true", [], 1),
    ],
)
@pytest.mark.parametrize("words", ["--help", f"table {RESULTS} --split id"])
def test_streams_that_take_nothing(words: str, redirected: str, lines: list[str], code: int) -> None:
    script = f"set -o pipefail; {sys.executable} -m para_bench {words} {redirected}"
    if redirected == "| true":
        script = f"set -o pipefail; {{ sleep 0.1; exec {sys.executable} -m para_bench {words}; }} | true"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.stderr.splitlines() == lines
    assert done.returncode == code


@pytest.mark.integration
def test_a_misspelt_word_is_told_before_torch_loads() -> None:
    code = """
import sys
from para_bench.cli import main
for words in (["rnu"], ["run", "--hed", "para"], ["run", "--episodes", "0"], ["run", "--profile", "huge"], ["power", "--family", "x"]):
    sys.argv = ["para-bench", *words]
    try:
        main()
    except SystemExit as stop:
        assert stop.code, words
    assert not {"torch", "mujoco", "timm"} & set(sys.modules), words
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "did you mean run?" in done.stderr
    assert "--head" in done.stderr


def processes_of(group: int) -> list[int]:
    """Processes of a process group that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            state, _, of_group = (entry / "stat").read_text().rpartition(")")[2].split()[:3] if entry.name.isdigit() else ("Z", 0, 0)
        except OSError:  # ended meanwhile
            continue
        if int(of_group) == group and state != "Z":
            found.append(int(entry.name))
    return found


@pytest.mark.integration
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("after_s", [0.4, *(pytest.param(s, marks=pytest.mark.slow) for s in (0.15, 1.0, 2.0, 5.0)), 3.5])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_at_any_time_is_one_line_and_leaves_no_worker(after_s: float, number: int, code: int, tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group, workers that are starting too."""
    words = ("run", "--head", "oracle", "--split", "new_environment", "--episodes", "60", "--workers", "2")
    with subprocess.Popen(
        [*COMMAND, *words], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, process_group=0
    ) as run:
        time.sleep(after_s)
        (os.killpg if number == signal.SIGINT else os.kill)(run.pid, number)
        _, shown = run.communicate(timeout=30)
    told = (
        "episodes new_environment:",
        "episodes new_environment ",
        "para-bench: oracle on",
        "  120 scenes for each of ",
        "  Stages: ",
        "  What is on record ",
    )  # what the run does, and its bars
    lines = [line for line in shown.replace("\r", "\n").splitlines() if line.strip() and not line.startswith(told)]
    assert lines == ["para-bench: interrupted; the same command continues"]
    assert run.returncode == code
    deadline = time.monotonic() + 5
    while processes_of(run.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes_of(run.pid) == []
