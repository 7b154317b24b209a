"""Which code a task and a robot depend on."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from para_bench.demonstrations import modules
from para_bench.demonstrations.modules import task_modules


class Thing:
    assets = ("assets/arm.xml",)


def test_a_row_of_ours_is_its_class_and_its_files() -> None:
    assert task_modules("stack") == ("para_bench.tasks.stack", "para_bench.robots.so101", "para_bench.envs.env", "assets/arm.xml")


@pytest.mark.parametrize("table", ["TASKS", "ROBOTS"])
def test_a_package_s_row_is_also_the_module_that_makes_it(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`mine = rows:MINE` names rows, and the class of MINE may be of another module."""
    monkeypatch.setattr(modules, "find_task" if table == "TASKS" else "find_robot", lambda _: Thing())
    monkeypatch.setattr(modules, table, SimpleNamespace(plugins={"mine": SimpleNamespace(module="rows")}))
    found = task_modules(**{"TASKS": {"task": "mine"}, "ROBOTS": {"robot": "mine"}}[table])
    assert {"rows", __name__} <= set(found)
