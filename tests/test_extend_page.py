"""docs/EXTEND.md is what works: its task and its robot, one file and one line each, keep every rule and are drawn."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from page_blocks import ROOT, Block, blocks

PAGE = blocks(ROOT / "docs/EXTEND.md")
OF_TASK, OF_ROBOT = PAGE[:3], PAGE[3:6]
RULES = {
    "tasks": "from para_bench.{0} import find_{1}; from para_bench.robots import find_robot; from para_bench.conformance.{0} import RULES\n"
    "[rule(find_{1}('{2}'), find_robot('so101')) for rule in RULES.values()]",
    "robots": "from para_bench.{0} import find_{1}; from para_bench.conformance.{0} import RULES\n"
    "[rule(find_{1}('{2}')) for rule in RULES.values()]",
}
"""What the tests of the page's second command run, in the copy."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "para_bench", folder / "para_bench", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(("found", "room", "kind"), [(OF_TASK, "tasks", "task"), (OF_ROBOT, "robots", "robot")], ids=["task", "robot"])
def test_one_file_and_one_line_are_enough(found: list[Block], room: str, kind: str, checkout: Path) -> None:
    code, line, commands = (block.text for block in found)
    name = re.findall(r'"(\w+)": ', line)[0]
    table = checkout / "para_bench" / room / "__init__.py"
    (table.parent / f"{name}.py").write_text(code)
    table.write_text(re.sub(r"(?s)(BUILTIN = \{.*?),?\s*\}", rf"\1,\n{line.rstrip()}\n}}", table.read_text(), count=1))
    look, ask = commands.splitlines()
    assert ask == f"python -m pytest tests/conformance/test_{room}.py -k {name}"
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    for program in (["-m", "para_bench", *look.split()[1:]], ["-c", RULES[room].format(room, kind, name)]):
        command = [sys.executable, *program]
        done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
    assert (checkout / f"{name}.png").stat().st_size > 10_000
