"""p values as they are printed."""

from __future__ import annotations

import pytest

from para_bench.report.tables.labels import p_text


@pytest.mark.parametrize(
    ("p", "text"), [(0.0004, "< 0.001"), (0.049, "0.049"), (0.04996, "0.04996"), (0.0500004, "0.0500004"), (0.05, "0.050"), (1.0, "1.000")]
)
def test_a_p_value_shows_on_which_side_of_the_level_it_lies(p: float, text: str) -> None:
    assert p_text(p) == text
