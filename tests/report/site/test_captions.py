"""The caption tells the intervals of the records' own suite version."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.report.inventory import CONTROL
from para_bench.report.roster import Expected
from para_bench.report.site.build import Source, build_site
from para_bench.report.site.episodes import split_episodes

SAYS = {"1": "the hull of t intervals over seed means", "2": "a two-way model of trainings and scenes"}


@pytest.mark.parametrize("version", SAYS)
def test_the_caption_is_that_of_the_suite_version(record, tmp_path: Path, version: str) -> None:
    found = [record("para", CONTROL, i, split="id", suite_version=version) for i in range(2)]
    build_site(Source([split_episodes("id", "", Expected({"para": (0,)}, {CONTROL: 2}), found)]), tmp_path)
    for page in ("index.html", "split-id.html"):
        text = (tmp_path / page).read_text()
        assert [words for words in SAYS.values() if words in text] == [SAYS[version]]
        assert ("none where the control is below 20 %" in text) == (version == "2")
