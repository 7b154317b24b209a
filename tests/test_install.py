"""scripts/install.sh: which torch is installed where there is no GPU, and what is said before; with a python that installs nothing."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FAKE = """#!/usr/bin/env bash
case "$*" in
    *"import torch"*) exit {torch} ;;
    *"index versions torchvision"*) echo "torchvision (0.30.0)"; echo "Available versions: {visions}" ;;
    *"index versions torch"*) echo "torch (2.15.0)"; echo "Available versions: {versions}" ;;
    *" install "*) echo "$*" >"{asked}" ;;
esac
"""
CPU = "torch for the CPU, since no GPU was found"

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(any(map(os.path.exists, ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg"))), reason="this machine has a GPU"),
]


@pytest.mark.parametrize(
    ("versions", "visions", "torch", "wanted", "said"),
    [
        ("2.15.0, 2.13.0+cpu, 2.13.0", "0.30.0, 0.28.0+cpu", 1, ["torch==2.13.0+cpu", "torchvision==0.28.0+cpu"], f"({CPU}): at most 2 GB"),
        ("2.13.0+cpu, 2.12.1+cpu", "0.28.0, 0.27.1+cpu", 1, ["torch==2.12.1+cpu", "torchvision==0.27.1+cpu"], f"({CPU}): at most 2 GB"),
        ("2.15.0, 2.13.0+cpu", "0.30.0, 0.28.0", 1, [], "at most 6.5 GB"),  # of which torchvision would not load
        ("2.15.0, 2.14.1", "0.30.0", 1, [], "at most 6.5 GB"),
        ("2.15.0, 2.5.1+cpu", "0.20.1+cpu", 1, [], "at most 6.5 GB"),
        ("2.15.0, 2.13.0+cpu", "0.28.0+cpu", 0, [], "(the torch that is there): at most 1 GB"),
    ],
)
def test_torch_for_the_cpu_where_the_index_offers_one(
    versions: str, visions: str, torch: int, wanted: list[str], said: str, tmp_path: Path
) -> None:
    python, asked = tmp_path / "venv/bin/python", tmp_path / "asked"
    python.parent.mkdir(parents=True)
    python.write_text(FAKE.format(torch=torch, versions=versions, visions=visions, asked=asked))
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    command = [str(ROOT / "scripts/install.sh"), str(tmp_path / "venv")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert said in done.stdout
    assert "GB are free" in done.stdout
    words = asked.read_text().split()
    assert [word for word in words if word.startswith("torch")] == wanted
    assert "--editable" in words
    assert (tmp_path / "venv/.installed").exists()
