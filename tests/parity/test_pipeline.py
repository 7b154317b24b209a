"""The whole comparison at toy size; slow, and only where lerobot's environment is (`make parity`)."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from parity.dump import Dump, save

ROOT = Path(__file__).parents[2]
LEROBOT = ROOT / ".venv-lerobot/bin/python"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),  # imports of lerobot alone take half a minute on a busy machine
    pytest.mark.skipif(not LEROBOT.exists(), reason=f"no {LEROBOT.relative_to(ROOT)}; `make parity` installs it"),
]


def _run(python: Path | str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    found = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT)]), "OMP_NUM_THREADS": "1"}
    return subprocess.run([python, *words], check=True, env=found, capture_output=True, text=True)


def test_both_sides_get_a_row_and_the_second_run_skips_them(tmp_path: Path) -> None:
    words = ["--demos", "2", "--steps", "3", "--batch", "2", "--sizes", "ours", "--trainings", "ours:1e-3"]
    words += ["--out", str(tmp_path / "out"), "--table", str(tmp_path / "parity.csv"), "--python", str(LEROBOT)]
    first = _run(sys.executable, "-m", "parity.run", *words)
    with (tmp_path / "parity.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["policy"], row["side"]) for row in rows] == [
        (policy, side) for policy in ("act", "diffusion") for side in ("ours", "lerobot")
    ]
    assert all(0 < float(row["position_cm"]) < 100 for row in rows)
    again = _run(sys.executable, "-m", "parity.run", *words)
    assert again.stdout.strip().splitlines()[-3:] == first.stdout.strip().splitlines()[-3:]
    with (tmp_path / "parity.csv").open() as file:
        assert list(csv.DictReader(file)) == rows


def test_lerobot_reads_back_what_it_wrote(small_dump: Dump, tmp_path: Path) -> None:
    save(small_dump, tmp_path / "train.npz")
    lines = [
        "import sys",
        "from pathlib import Path",
        "from parity.dump import load",
        "from parity.lerobot_data import same, write",
        "root, dump = Path(sys.argv[1]), load(Path(sys.argv[1]) / 'train.npz')",
        "write(dump, root / 'set')",
        "assert same(dump, root / 'set')",
    ]
    _run(LEROBOT, "-c", "\n".join(lines), tmp_path)


def test_a_training_that_was_cut_off_continues_to_the_same_chunks(small_dump: Dump, tmp_path: Path) -> None:
    for name in ("train", "validation"):
        save(small_dump, tmp_path / f"{name}.npz")
    lines = [
        "import sys",
        "import numpy as np",
        "from parity import train_lerobot as t",
        "folder, keep = sys.argv[1], t._save",
        "def cut(path, step, policy, loop):",
        "    keep(path, step, policy, loop)",
        "    raise InterruptedError",
        "def run(policy, inputs, loop, rate, out):",
        "    words = f'--dumps {folder} --out {folder}/{out}.npz --policy {policy} --inputs {inputs} --loop {loop} --rate {rate}'",
        "    sys.argv[1:] = f'{words} --size ours --steps 4 --batch 2'.split()",
        "    t.main()",
        "    return np.load(f'{folder}/{out}.npz')['chunks']",
        "for way in (('act', 'images', 'ours', '1e-3'), ('diffusion', 'features', 'lerobot', 'preset')):",
        "    straight = run(*way, f'{way[0]}-straight')",
        "    t._save, t.SAVE_SECONDS = cut, 0",
        "    try:",
        "        run(*way, f'{way[0]}-cut')",
        "        raise SystemExit('was not cut off')",
        "    except InterruptedError:",
        "        t._save, t.SAVE_SECONDS = keep, 300",
        "    np.testing.assert_array_equal(run(*way, f'{way[0]}-cut'), straight)",
    ]
    _run(LEROBOT, "-c", "\n".join(lines), tmp_path)
