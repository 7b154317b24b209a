from __future__ import annotations

import pytest

from para_bench.report.statistics.family_count import UNDECLARED, Family, sentence
from para_bench.types import ParaBenchError


def test_sentence() -> None:
    assert sentence([Family("factorial", 7), Family("novel_view", 27)]) == (
        "2 declared families of 34 comparisons in all: factorial (7), novel_view (27). Holm's correction holds the probability of any "
        "false claim to 5.0 % in each, not over all of them: up to 0.1 families with a false claim are to be expected where nothing "
        "differs."
    )
    assert sentence([Family("factorial", 1)]) == (
        "1 declared family of 1 comparison: factorial (1). Holm's correction holds the probability of any false claim to 5.0 % in it."
    )


def test_a_family_that_no_suite_declared_is_not_called_declared() -> None:
    said = sentence([Family("para against others", 22)], by_a_suite=False)
    assert said.startswith(f"1 family of 22 comparisons, {UNDECLARED}: para against others (22). Holm's correction")


def test_names_reach_a_terminal_as_letters() -> None:
    assert "\x1b" not in sentence([Family("\x1b[31mred", 2)])


@pytest.mark.parametrize("families", [[], [Family("a", 0)], [Family("a", 1), Family("a", 2)]])
def test_refuses(families: list[Family]) -> None:
    with pytest.raises(ParaBenchError, match=r"found families .*; allowed: "):
        sentence(families)
