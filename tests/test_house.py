"""The house: imports without circles, rooms of at most 20 files, files of at most 300 lines, and contracts that catch what breaks them."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "para_bench"
MAX_FILES, MAX_LINES, MEDIAN_LINES = 20, 300, 100
TABLES = ("commands", "heads")
"""Rooms with one file a row of a table."""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("para_bench", cache_dir=None)


def test_no_file_imports_itself_by_way_of_others(graph: grimp.ImportGraph) -> None:
    left = {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}
    while free := {module for module, found in left.items() if not found}:  # those that import nothing that is left
        left = {module: found - free for module, found in left.items() if module not in free}
    assert not left, f"circles among {sorted(left)}"


def test_no_two_rooms_import_each_other(graph: grimp.ImportGraph) -> None:
    arrows = {
        (importer.split(".")[1], imported.split(".")[1])
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if "." in importer and "." in imported
    }
    assert {(a, b) for a, b in arrows if a != b and (b, a) in arrows} == set()


def test_rooms_are_small() -> None:
    for folder in (PACKAGE, *(path for path in PACKAGE.rglob("*") if path.is_dir() and "assets" not in path.parts)):
        count = sum(path.name != "__init__.py" for path in folder.glob("*.py"))
        assert count <= MAX_FILES or folder.name in TABLES, f"{folder.relative_to(ROOT)} holds {count} files"


def test_files_are_small() -> None:
    lines = {path: len(path.read_text().splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {str(path.relative_to(ROOT)): count for path, count in lines.items() if count > MAX_LINES} == {}
    assert statistics.median(count for path, count in lines.items() if path.name != "__init__.py") <= MEDIAN_LINES


@pytest.mark.parametrize("room", ["benchmarks", "commands", "execution", "remote", "rollouts", "training"])
def test_every_module_has_its_tests(room: str) -> None:
    """In tests/ROOM or a folder below it, by its name."""
    tests = {path.name for path in (ROOT / "tests" / room).rglob("test_*.py")}
    modules = [path for path in (PACKAGE / room).rglob("*.py") if path.name != "__init__.py"]
    assert [str(path.relative_to(PACKAGE)) for path in modules if f"test_{path.name}" not in tests] == []


@pytest.mark.integration
@pytest.mark.parametrize(
    ("file", "planted"),
    [
        ("sim/textures.py", "import para_bench.heads"),
        ("heads/para.py", "import para_bench.envs.env"),
        ("report/roster.py", "import torch"),
        ("rollouts/rollout.py", "import mujoco"),
        ("records/episode.py", "import para_bench.tensors"),
        ("training/recipe.py", "import para_bench.rollouts.rollout"),
        ("new_room/__init__.py", "x = 1"),
    ],
)
def test_the_contracts_catch_a_planted_import(file: str, planted: str, tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "para_bench", ignore=shutil.ignore_patterns("__pycache__", "assets"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "para_bench" / file
    path.parent.mkdir(exist_ok=True)
    text = path.read_text() if path.exists() else '"""A room."""\n'
    path.write_text(text.replace("import annotations\n", f"import annotations\n{planted}\n") + f"\n{planted}\n")
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(linter), "--no-logo", "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
