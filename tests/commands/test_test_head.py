"""`para-bench test-head`: a line a rule, what broke it, and an exit code for scripts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from para_bench.commands.test_head import TestHead
from para_bench.conformance import RULES
from para_bench.types import ParaBenchError

BROKEN = """
from para_bench.heads.average_pool import AveragePool


class Wrong(AveragePool):
    def predict(self, features, observation, generator):
        print("looking")
        return super().predict(features, observation, generator)


class Nothing:
    def __init__(self, spec, config):
        pass
"""


def run(head: str, capsys: pytest.CaptureFixture[str]) -> tuple[object, list[str]]:
    with pytest.raises(SystemExit) as stop:
        TestHead(head, quick=True)()
    return stop.value.code, capsys.readouterr().out.splitlines()


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module in the current folder."""
    (tmp_path / "heads_that_break.py").write_text(BROKEN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "heads_that_break", raising=False)
    return "heads_that_break"


def test_a_head_that_keeps_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run("average_pool", capsys)
    assert code == 0
    assert [line.split()[:2] for line in lines[:-1]] == [["pass", name] for name in RULES]
    assert lines[-1] == f"average_pool: all {len(RULES)} rules kept"


def test_a_broken_rule_is_named_with_what_broke_it(mine: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run(f"{mine}:Wrong", capsys)
    assert code == 1
    assert [line.split()[1] for line in lines if line.startswith("FAIL")] == ["quiet"]
    assert "looking" in lines[[line.startswith("FAIL") for line in lines].index(True) + 1]
    assert lines[-1] == f"{mine}:Wrong: 1 rule broken"


def test_without_the_protocol_no_other_rule_is_tried(mine: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run(f"{mine}:Nothing", capsys)
    assert code == 1
    assert lines[0].startswith("FAIL  protocol")
    assert lines[-2].strip() == "the other rules were not checked: they need this one"
    assert len([line for line in lines if line.startswith(("FAIL", "pass"))]) == 1


def test_an_unknown_head_is_told_with_the_known_ones() -> None:
    with pytest.raises(ParaBenchError, match="'nobody' is unknown; allowed: para, "):
        TestHead("nobody")()
