"""docs/POLICIES.md is what works: its policy is a row of a table, its keys file is one, its words are those of the code."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from para_bench import records
from para_bench.commands import find_command
from para_bench.remote.keys import keys_of, presets
from para_bench.remote.looks import PARTS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/POLICIES.md").read_text()
MAIN = "from para_bench.cli import main; main()"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.integration
def test_the_policy_of_the_page_is_a_row_of_a_table(tmp_path: Path) -> None:
    (code,), commands = blocks("python"), blocks("console")[0].splitlines()
    imported = [alias.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Import) for alias in node.names]
    assert imported == ["numpy"]
    assert len(code.splitlines()) <= 33
    (tmp_path / "red_box.py").write_text(code)
    said = []
    for command in commands:
        words = shlex.split(command)[1:] + (["--workers", "1", "--no-videos"] if " run " in command else [])
        done = subprocess.run([sys.executable, "-c", MAIN, *words], cwd=tmp_path, capture_output=True, text=True, timeout=250, check=False)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    found = [record for record in records.read(tmp_path / "runs/id") if record.head == "red_box:RedBox"]
    assert len(found) == 4
    assert not [record.reason for record in found if record.reason.startswith(("crash", "bad"))]
    assert "red_box:RedBox" in said[1]
    assert "| red_box:RedBox | 0 | RGB + calibration |" in said[1]
    first = [
        *shlex.split(commands[0])[1:],
        "--suite-version",
        "1",
        "--out",
        "first",
        "--workers",
        "1",
        "--no-videos",
    ]  # one red thing, one white
    subprocess.run([sys.executable, "-c", MAIN, *first], cwd=tmp_path, capture_output=True, timeout=250, check=True)
    found = [record for record in records.read(tmp_path / "first/id") if record.head == "red_box:RedBox"]
    assert [record.success_at_end for record in found] == [True] * 4


def test_the_keys_file_of_the_page_is_one_and_its_table_is_complete() -> None:
    (text,) = blocks("toml")
    keys = keys_of(tomllib.loads(text))
    assert (keys.action.kind, keys.action.frame, keys.approach) == ("delta", "gripper", "z")
    for name in (*PARTS, *presets()):
        assert re.search(rf"\b{name}\b", PAGE), name


def test_the_options_of_the_page_are_there() -> None:
    from dataclasses import fields

    from para_bench.options import PolicyOptions, TrainingOptions

    known = {
        field.name for options in (PolicyOptions, TrainingOptions, find_command("run"), find_command("serve")) for field in fields(options)
    }
    named = {name.replace("-", "_") for name in re.findall(r"--([a-z][a-z-]+)", PAGE)}
    assert named - known == {"episodes"}  # of the size
