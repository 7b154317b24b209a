"""A paper's tables as one text: every form, and what cannot be asked of some results."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from para_bench import records
from para_bench.commands.parts.tables import render
from para_bench.options import TableOptions
from para_bench.records.description import CONTROL
from para_bench.report.fairness.policies import PolicyFacts, write
from para_bench.types import ParaBenchError

Make = Callable[..., Path]


def test_markdown_has_a_title_a_split_in_the_order_of_splits(results: Make) -> None:
    text = render([results("stack.id", "id")], (), (), TableOptions(), titles=True)
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## id", "## stack.id", "## fairness"]
    assert "## " not in render([results("id")], ("id",), (), TableOptions(), titles=False)


def test_csv_is_the_long_form_with_the_facts_of_each_policy(results: Make) -> None:
    folder = results("id", "lighting")
    write(folder / "id", [PolicyFacts("para", 0, "para-0", ("id",), {"steps": 1234})])
    rows = list(csv.DictReader(io.StringIO(render([folder], (), (), TableOptions(format="csv"), titles=True))))
    assert [(row["split"], row["k"], row["n"], row["steps"]) for row in rows] == [("id", "2", "2", "1234"), ("lighting", "2", "2", "1234")]


@pytest.mark.parametrize(("form", "opens"), [("latex", "\\documentclass"), ("html", "<!doctype html>")])
def test_a_page_of_its_own(form, opens: str, results: Make) -> None:
    folder = results("id")
    page = render([folder], (), (), TableOptions(format=form, standalone=True), titles=True)
    assert page.lower().startswith(opens)
    part = render([folder], (), (), TableOptions(format=form), titles=True)
    assert opens not in part.lower()
    assert "2/2" in page
    assert "2/2" in part


def test_what_the_results_cannot_tell_is_refused(results: Make, tmp_path: Path, record) -> None:
    records.append(tmp_path / "untrained" / records.FILE_NAME, record("oracle", CONTROL, split="id", checkpoint_hash="", demos=0))
    with pytest.raises(ParaBenchError, match="--only fairness, but no head of these results was trained; allowed: results with trained"):
        render([tmp_path / "untrained"], (), (), TableOptions(only="fairness"), titles=True)
    with pytest.raises(ParaBenchError, match="nothing was published about lighting; allowed: without published figures"):
        render([results("lighting")], (), (), TableOptions(published=True), titles=True)
    assert "| oracle |" in render([tmp_path / "untrained"], (), (), TableOptions(), titles=True)


@pytest.mark.integration
def test_a_run_of_another_task_with_its_fairness_record(tiny) -> None:
    text = render([tiny.out], (), (), TableOptions(), titles=True)
    assert "## stack.new_environment" in text
    assert "275,056" in text.partition("## fairness")[2]
    alone = render([tiny.out], (), (), TableOptions(only="fairness", format="csv"), titles=True)
    assert alone == (tiny.folder / "fairness.csv").read_text()
