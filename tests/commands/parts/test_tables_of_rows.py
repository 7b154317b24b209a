"""The tables of names: what each row says, and plug-ins that cannot be imported are shown as such."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console
from rich.table import Table

from para_bench.backbones import BACKBONES
from para_bench.benchmarks.splits import SPLITS, split_names
from para_bench.benchmarks.suites import SUITES
from para_bench.commands.parts import tables_of_rows as rows
from para_bench.heads import HEADS
from para_bench.plugins import Plugin
from para_bench.plugins import Table as Rows
from para_bench.robots import ROBOTS
from para_bench.rollouts.references import REFERENCES
from para_bench.tasks import TASKS


def shown(table: Table) -> dict[str, list[str]]:
    """Cells of each row by its name, as they reach the terminal."""
    console = Console(file=io.StringIO(), width=1000)
    console.print(table)
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in console.file.getvalue().splitlines() if "│" in line]
    return {name: cells for name, *cells in lines if name}


def test_rows_are_those_of_the_tables_in_their_order() -> None:
    assert list(shown(rows.head_table())) == [*HEADS, *REFERENCES]
    assert list(shown(rows.task_table())) == list(TASKS)
    assert list(shown(rows.robot_table())) == list(ROBOTS)
    assert [title.partition(" (revision")[0] for title in shown(rows.split_table())] == list(split_names())
    assert list(shown(rows.suite_table())) == list(SUITES)
    assert list(shown(rows.backbone_table())) == [*BACKBONES, "timm:NAME"]


def test_rows_say_what_they_are() -> None:
    heads = shown(rows.head_table())
    assert heads["para"][0] == "RGB + calibration"
    assert (heads["oracle"][0], heads["noop"]) == ("the simulator", ["nothing", "Stays where it is (reference)"])
    assert shown(rows.task_table())["stack"] == [TASKS["stack"].about, "none reach grasp lift stack"]
    assert shown(rows.robot_table())["so101"] == ["An arm of the SO-101 class with a symmetric jaw"]
    assert shown(rows.suite_table())["ci"][1] == "2 heads x 1 splits x 3 seeds, 64 demos, 100 scenes"
    assert "made by `para-bench pretrain multiview" in shown(rows.backbone_table())["lite0_multiview"][0]


@pytest.mark.parametrize(
    ("kind", "table", "show"),
    [
        ("head", HEADS, rows.head_table),
        ("task", TASKS, rows.task_table),
        ("robot", ROBOTS, rows.robot_table),
        ("split", SPLITS, rows.split_table),
        ("backbone", BACKBONES, rows.backbone_table),
    ],
)
def test_a_plugin_that_cannot_be_imported_is_shown_with_the_reason(
    kind: str, table: Rows, show: Callable[[], Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(table.__dict__, "plugins", {"mine": Plugin(kind, "mine", "nowhere_to_be_found:Mine", "pkg[red] 1.0")})
    cells = shown(show())["mine"]
    assert any("cannot be imported: ModuleNotFound" in cell and "pkg[red] 1.0" in cell for cell in cells)
