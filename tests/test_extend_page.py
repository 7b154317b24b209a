"""docs/EXTEND.md is what works: its task and its robot, one file and one line each, keep every rule and are drawn."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
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


@pytest.mark.slow
def test_a_task_and_a_robot_of_an_installed_package_are_rows(tmp_path: Path) -> None:
    """The page's two files in a package, with the page's entry points: listed, drawn, demonstrated and run."""
    points = tomllib.loads(PAGE[6].text)["project"]["entry-points"]
    info, package = tmp_path / "my_package-1.0.dist-info", tmp_path / "my_package"
    for folder in (info, package):
        folder.mkdir()
    lines = [f"[{group}]\n" + "".join(f"{name} = {path}\n" for name, path in rows.items()) for group, rows in points.items()]
    (info / "entry_points.txt").write_text("\n".join(lines))
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\nVersion: 1.0\n")
    (package / "__init__.py").touch()
    for group, found in (("tasks", OF_TASK), ("robots", OF_ROBOT)):
        (path,) = points[f"para_bench.{group}"].values()
        (package / f"{path.partition(':')[0].partition('.')[2]}.py").write_text(found[0].text)
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}", "PARA_BENCH_CACHE": str(tmp_path / "cache")}

    def para_bench(*words: str) -> str:
        command = [sys.executable, "-m", "para_bench", *words]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    assert "my-package 1.0" in para_bench("list")
    on = ("--task", "plateau", "--robot", "so101_low")
    para_bench("view", "--split", "id", "--n", "2", *on, "--out", "seen.png")
    assert (tmp_path / "seen.png").stat().st_size > 10_000
    shown = para_bench(
        "run", "--profile", "smoke", "--split", "id", *on, "--head", "para", "--no-videos", "--workers", "1", "--out", "runs"
    )
    assert "oracle" in shown
    (records,) = (tmp_path / "runs").glob("*/episodes.jsonl")
    assert '"task":"plateau","robot":"so101_low"' in records.read_text()
