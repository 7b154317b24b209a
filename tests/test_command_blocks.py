"""Every command that a page shows is one of the real command line, and is executed unless a mark says why not (page_blocks.py)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
import tyro
from page_blocks import OTHERS, PAGES, ROOT, SHELL, Block, blocks, inline_commands, para_bench_lines

from para_bench.backbones import backbone_row
from para_bench.benchmarks.profiles import find_profile
from para_bench.benchmarks.splits import find_split
from para_bench.benchmarks.suites import find_suite
from para_bench.commands import find_command
from para_bench.heads import HEADS
from para_bench.options import check_ranges
from para_bench.robots import ROBOTS
from para_bench.tasks import TASKS

ALL = [block for page in PAGES for block in blocks(page)]
EXECUTED = [block for block in ALL if block.language in (*SHELL, "python") and not block.mark.startswith(("not executed", "executed by"))]
SLOW = "executed with the slow tests"
SHOWN = [(str(block), words) for block in ALL for words in para_bench_lines(block)] + [
    (page.relative_to(ROOT).as_posix(), words) for page in PAGES for words in inline_commands(page)
]
COMMANDS = list({tuple(words): where for where, words in SHOWN}.items())
"""Each with a page that shows it."""
OF_PAGES = {"plateau", "so101_low", "mean_pool", "bumped", "mobilenet"}
"""Rows that pages add, each tested there (EXTEND.md, PLUGINS.md)."""
TINY = "--profile smoke --demos 1 --episodes 1 --steps 2 --batch 2 --copies 0 --image-size 64 --workers 1 --no-videos"
SMALLER = {
    "run": TINY,
    "demos": "--n 1 --image-size 64",
    "view": "--n 1 --image-size 64 --condition environment/1",
    "features": "--scenes 2 --image-size 64",
    "site": "--no-pictures",
}
"""Options that a command gets when it is executed here, unless the page states them: the page's commands take minutes and more."""


def known(name: str, rows: Any) -> None:
    assert ":" in name or name in OF_PAGES or name in rows, f"no such row: {name}"


NAMES: dict[str, Callable[[str, Any], object]] = {
    "head": lambda name, _: known(name, HEADS),
    "heads": lambda name, _: known(name, HEADS),
    "others": lambda name, _: known(name, HEADS),
    "beside": lambda name, _: known(name, HEADS),
    "task": lambda name, _: known(name, TASKS),
    "robot": lambda name, _: known(name, ROBOTS),
    "split": lambda name, options: name in OF_PAGES or find_split(name, "place", "so101", getattr(options, "suite_version", 2)),
    "splits": lambda name, options: find_split(name, "place", "so101", getattr(options, "suite_version", 2)),
    "backbone": lambda name, _: name in OF_PAGES or backbone_row(name),
    "profile": lambda name, _: find_profile(name),
}
"""Options whose values are names -> what refuses one that is not there."""


def check_names(options: Any, command: Any) -> None:
    for field in fields(options):
        value = getattr(options, field.name)
        if is_dataclass(value):
            check_names(value, command)
        elif field.name in NAMES and isinstance(value, str | tuple):
            for name in value if isinstance(value, tuple) else (value,):
                NAMES[field.name](name, command)


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=[f"{where} {' '.join(words)[:60]}" for words, where in COMMANDS])
def test_options_and_names_are_those_of_the_command_line(words: tuple[str, ...]) -> None:
    if "--help" in words:
        assert find_command(words[0])
        return
    options = tyro.cli(find_command(words[0]), args=words[1:])
    check_ranges(options)
    check_names(options, options)
    if words[0] == "suite":
        find_suite(options.name)


@pytest.mark.parametrize("block", ALL, ids=str)
def test_a_block_is_of_a_known_kind_and_its_mark_holds(block: Block) -> None:
    assert block.language in (*SHELL, "python", *OTHERS), "allowed: ```console for commands, ```text for what is neither"
    if file := re.fullmatch(r"executed by (\S+\.py)", block.mark):
        assert block.page.name in (ROOT / file[1]).read_text(), f"{file[1]} does not name {block.page.name}"
    elif block.mark.startswith(("executed", "not executed")):
        assert block.mark == SLOW or re.fullmatch(r"not executed: .{10,}", block.mark)
    if block.language == "toml":
        assert tomllib.loads(block.text)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def shell(tmp_path: Path, cache: Path) -> Callable[[Block], str]:
    """Runs a block in a folder of this test with `para-bench` on the path, and gives what it prints."""
    command = tmp_path / "bin/para-bench"
    command.parent.mkdir()
    command.write_text(
        f"#!{sys.executable}\nimport sys\nfrom para_bench.cli import main\n"
        f"words = {SMALLER!r}.get(sys.argv[1], '').split()\n"
        "while words:\n"
        "    count = 1 + next((i for i, word in enumerate(words[1:]) if word.startswith('--')), len(words) - 1)\n"
        "    sys.argv += words[:count] if words[0] not in sys.argv else []\n"
        "    words = words[count:]\n"
        "main()\n"
    )
    command.chmod(0o755)
    folder = tmp_path / "folder"
    folder.mkdir()
    front = {block.line: block.text for block in blocks(ROOT / "README.md") if block.language == "python"}
    (folder / "mine.py").write_text("\n".join(front.values()))  # the head and the policy of the front page, which other pages name
    environment = {
        **os.environ,
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PARA_BENCH_CACHE": str(cache),
        "OMP_NUM_THREADS": "1",
    }

    def run(block: Block) -> str:
        if "results/" in block.text and not (folder / "results").exists():
            shutil.copytree(ROOT / "results", folder / "results", ignore=shutil.ignore_patterns("*.png", "*.pdf"))
        program = [sys.executable, "-c", block.text] if block.language == "python" else ["bash", "-euo", "pipefail", "-c", block.script]
        done = subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False)
        assert done.returncode == 0, f"{block}\n{block.script}\n{done.stdout[-1000:]}{done.stderr[-3000:]}"
        return done.stdout

    return run


def execute(page: Path, shell: Callable[[Block], str], slow: bool) -> None:
    for block in (block for block in EXECUTED if block.page == page and (slow or block.mark != SLOW)):
        said = " ".join(shell(block).split())
        assert [line for line in block.printed if line not in said] == [], f"{block}: not printed by it; it prints {said[:3000]}"


@pytest.mark.integration
@pytest.mark.parametrize("page", sorted({b.page for b in EXECUTED if b.mark != SLOW}), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_blocks_do_what_the_page_says(page: Path, shell: Callable[[Block], str]) -> None:
    execute(page, shell, slow=False)


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted({b.page for b in EXECUTED if b.mark == SLOW}), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_long_blocks_do_what_the_page_says_in_order(page: Path, shell: Callable[[Block], str]) -> None:
    execute(page, shell, slow=True)
