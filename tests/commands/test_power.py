"""`para-bench power`, which was called `plan`."""

from __future__ import annotations

import sys

import pytest

from para_bench.cli import main
from para_bench.commands.power import Power
from para_bench.types import ParaBenchError


def test_the_old_name_works_and_says_the_new_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["para-bench", "plan", "--effect", "0.3"])
    main()
    shown = capsys.readouterr()
    assert shown.err == "para-bench: plan is called power now\n"
    Power(effect=0.3)()
    assert capsys.readouterr().out == shown.out


@pytest.mark.parametrize(("baseline", "effect"), [(0.6, 0.0), (0.6, 0.5), (0.1, -0.2)])
def test_an_effect_leads_to_another_rate(baseline: float, effect: float) -> None:
    with pytest.raises(ParaBenchError, match="allowed: another rate in 0 to 1"):
        Power(baseline, effect)()


def test_the_largest_rate_is_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    Power(0.7, 0.3)()
    assert "0.7 from 1 with probability 0.8" in capsys.readouterr().out
