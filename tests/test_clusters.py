"""docs/CLUSTERS.md: the commands that need no cluster are executed, of the others every option is one that there is."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_type_hints

import pytest

from para_bench.commands import find_command

PAGE = (Path(__file__).parents[1] / "docs/CLUSTERS.md").read_text()
BLOCKS = re.findall(r"<!-- (executed|not executed)[^>]*-->\n```\w+\n(.*?)```", PAGE, re.DOTALL)


def test_every_block_says_whether_it_is_executed() -> None:
    assert len(BLOCKS) == PAGE.count("```") // 2 == 5
    assert [kind for kind, _ in BLOCKS].count("executed") == 1


def commands() -> list[list[str]]:
    lines = re.findall(r"para-bench (.*?)(?:&&|[\"\n#]|$)", "\n".join(text for _, text in BLOCKS), re.MULTILINE)
    return [shlex.split(re.sub(r"\$\{\{.*?\}\}", "1", line)) for line in lines if re.match(r"\w+ ", line)]


def options(command: type) -> Iterator[str]:
    """Of a command and of the groups that it has."""
    hints = get_type_hints(command)
    for field in fields(command):
        yield f"--{field.name.replace('_', '-')}"
        if is_dataclass(hints[field.name]):
            yield from options(hints[field.name])


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_options_are_there(words: list[str]) -> None:
    allowed = set(options(find_command(words[0])))
    assert [word for word in words if word.startswith("--") and word not in allowed] == []


@pytest.mark.slow
def test_the_block_by_hand_does_what_it_says(tmp_path: Path) -> None:
    (text,) = [text for kind, text in BLOCKS if kind == "executed"]
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin/para-bench"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from para_bench.cli import main; main()" "$@"\n')
    command.chmod(0o755)
    environment = {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}", "PARA_BENCH_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(["bash", "-ec", text], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "merged: runs" in done.stdout
    assert "in distribution" in done.stdout or "id 0" in done.stdout
    assert "missing" not in done.stdout
    assert sum(path.stat().st_size > 0 for path in (tmp_path / "runs").glob("*/table.md")) == 1
