"""What a file of declarations may say."""

from __future__ import annotations

from importlib import resources

import pytest

from para_bench.benchmarks.contrasts import parse
from para_bench.types import ParaBenchError

TEXT = (resources.files("para_bench.benchmarks.contrasts") / "factorial.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("suite =", "suite ", r"is not TOML \(.*\); allowed: a declaration of contrasts"),
        ("alpha = 0.05", "", "allowed: suite, question, measure, test, alpha, floor"),
        ("alpha = 0.05", "alpha = 5", "has the share 5; allowed: alpha and floor between 0 and 1"),
        ("alpha = 0.05", 'alpha = "often"', "does not hold a declaration; allowed: values as in factorial.toml"),
        ("asks = ", "says = ", "x, contrasts has heads, says; allowed: heads, asks, besides"),
        ('heads = ["para", "heatmap_rgb"]', 'heads = ["para"]', "does not hold a declaration"),
        ('heads = ["para", "heatmap_rgb"]', 'heads = ["para", "act"]', "compares act; allowed: para, heatmap_rgb"),
        ('heads = ["para", "heatmap_rgb"]', 'heads = ["para", "para"]', "para - para differ in no column; allowed: exactly one column"),
        ('heads = ["para", "heatmap_rgb"]', 'heads = ["para", "global_token_camera"]', "differ in output and loss and reads; allowed"),
        ('heads = ["para", "heatmap_rgb"]', 'heads = ["pixel_regression", "para"]', "declares para - pixel_regression twice"),
        ('loss = "dense"', 'loss = "sparse"', r"gives para .*'sparse'.*; allowed: one value of each"),
        ('factor = "view_angle"', 'factor = "id"\n\n[[conditions]]\nsplit = "id"\nfactor = "id"', "each once"),
        ('asks = "what', 'asks = "\\u001b[31mwhat', "control characters in a text; allowed: printable text"),
    ],
)
def test_what_cannot_be_tested_is_refused(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(ParaBenchError, match=said) as error:
        parse(TEXT.replace(old, new, 1), "x")
    assert "\n" not in str(error.value)
