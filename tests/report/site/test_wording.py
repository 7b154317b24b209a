"""Names of records in words."""

from __future__ import annotations

import pytest

from para_bench.report.site.wording import of_split


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("id", "in distribution"),
        ("novel_view", "novel view"),
        ("stack.id", "stack, in distribution"),
        ("stack.novel_view", "stack, novel view"),
    ],
)
def test_a_split_has_words(name: str, words: str) -> None:
    assert of_split(name) == words
