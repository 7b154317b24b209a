"""An interrupt waits for the end of an import, since an exception in code that torch's C++ calls aborts the process."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from para_bench.commands.ending import interrupts
from para_bench.commands.ending.ends import run_to_the_end

MODULE = """
import signal
signal.raise_signal(signal.{name})
done = [1]
"""


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_an_import_goes_on_to_its_end(name: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = f"imports_{name.lower()}"
    (tmp_path / f"{module}.py").write_text(MODULE.format(name=name))
    monkeypatch.syspath_prepend(tmp_path)
    reached = []

    def action() -> None:
        reached.append(__import__(module).done)
        time.sleep(10)
        reached.append("the end of the command")

    with pytest.raises(SystemExit) as stop:
        run_to_the_end(action)
    assert stop.value.code == code
    assert reached == [[1]]
    assert module in sys.modules


def test_an_import_that_does_not_end_is_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupts, "PATIENCE_S", 0.2)
    (tmp_path / "imports_for_ever.py").write_text("import signal, time\nsignal.raise_signal(signal.SIGTERM)\ntime.sleep(30)\n")
    monkeypatch.syspath_prepend(tmp_path)
    start = time.monotonic()
    with pytest.raises(SystemExit) as stop:
        run_to_the_end(lambda: __import__("imports_for_ever"))
    assert stop.value.code == 143
    assert time.monotonic() - start < 10


def test_a_signal_that_still_waits_at_the_end_of_the_command_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "imports_last.py").write_text(MODULE.format(name="SIGTERM"))
    monkeypatch.syspath_prepend(tmp_path)
    before = signal.getsignal(signal.SIGTERM)
    run_to_the_end(lambda: __import__("imports_last"))
    time.sleep(0.2)
    assert signal.getsignal(signal.SIGTERM) is before
